"""The catalog: from an id to a record to an opened object, with a wall around every plugin's faults."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from volresearch.errors import Fault, VolResearchError, near
from volresearch.plugins import KINDS, Host, PluginState, Record

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.catalog.factbase import FactBase
    from volresearch.datasets import Dataset
    from volresearch.declare import Declared

__all__ = ["Catalog", "default_catalog"]

Thing = TypeVar("Thing")
Model = TypeVar("Model", bound="Declared")

#: Kind of record -> what one of them is called, in messages and error codes.
SINGULAR = {kind: kind.removesuffix("s") for kind in KINDS} | {"policies": "policy"}


class Catalog:
    """All records of a host, opened on demand.

    Parameters
    ----------
    host : Host
        The loaded plugins.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self._facts: FactBase | None = None

    def records(self, kind: str) -> tuple[Record, ...]:
        """Return all records of a kind (``datasets``, ``indicators`` and so on) of working plugins."""
        return self.host.records(kind)

    def record(self, kind: str, id: str) -> Record:
        """Return one record.

        Raises
        ------
        VolResearchError
            ``<kind>.unknown`` with the nearest ids, ``record.duplicate`` naming both plugins.
        """
        named = [record for record in self.records(kind) if record.id == id]
        if len(named) > 1:
            owners = " and ".join(str(self.plugin_of(record)) for record in named)
            raise VolResearchError(
                "record.duplicate",
                f'Several {kind} have the id "{id}": {owners}.',
                hint="Uninstall one, or leave it out with VOLRESEARCH_PLUGINS.",
            )
        if not named:
            raise self._unknown(kind, id)
        return named[0]

    def plugin_of(self, record: Record) -> PluginState:
        """Return the plugin that brought `record`."""
        return self.host.plugin_of(record)

    def open(self, record: Record, opener: Callable[[Any], Thing]) -> Thing:
        """Open a record by its path (or call its function); a fault names plugin and maintainer.

        Parameters
        ----------
        record : Record
            From `record` or `records`.
        opener : callable
            Takes the record's path and returns the opened object.
        """
        with self.blaming(record):
            if record.target is not None:
                module, _, function = record.target.partition(":")
                return getattr(importlib.import_module(module), function)()  # type: ignore[no-any-return]
            return opener(record.path)

    @contextmanager
    def blaming(self, record: Record) -> Iterator[None]:
        """Give every fault raised inside the name of the plugin, its version and its maintainer."""
        try:
            yield
        except VolResearchError as error:
            raise VolResearchError.of(self._blamed(fault, record) for fault in error.faults) from error
        except Exception as error:
            said = f'"{record.id}" cannot be opened: {type(error).__name__}: {error}'
            raise VolResearchError("plugin.broken", said, hint=self._whom(record)) from error

    def declared(self, kind: str, id: str, model: type[Model]) -> Model:
        """Open one YAML declaration by id as `model`."""
        from volresearch.declare import read

        return self.open(self.record(kind, id), lambda path: read(model, path))

    def dataset(self, id: str, *, engine: str = "pandas") -> Dataset:
        """Open a dataset by id; `engine` as `open_dataset` takes it."""
        from volresearch.datasets import open_dataset

        return self.open(self.record("datasets", id), lambda path: open_dataset(path, engine=engine))

    def facts(self) -> FactBase:
        """Return the union of all published figures of all working plugins, read once."""
        if self._facts is None:
            from volresearch.catalog.factbase import FactBase

            self._facts = FactBase.of(self)
        return self._facts

    def table(self, kind: str, lang: str = "en") -> pd.DataFrame:
        """Return the records of a kind as a small table; what cannot be opened is listed with its fault."""
        from volresearch.catalog.listing import listing

        return listing(self, kind, lang)

    def _unknown(self, kind: str, id: str) -> VolResearchError:
        one = SINGULAR[kind]
        hint = near(id, (record.id for record in self.records(kind)))
        state = next((item for item in self.host.plugins if item.name == id.split(".")[0]), None)
        if state is not None and state.status != "ok":
            hint += f' The plugin "{state.name}" is {state.status}: {state.cause or "not selected"}'
        return VolResearchError(f"{one}.unknown", f'There is no {one} "{id}".', hint=hint)

    def _blamed(self, fault: Fault, record: Record) -> Fault:
        whom = self._whom(record)
        return fault if whom in fault.hint else replace(fault, hint=f"{fault.hint} {whom}".strip())

    def _whom(self, record: Record) -> str:
        state = self.plugin_of(record)
        maintainer = state.info.maintainer if state.info else ""
        return f"Plugin {state}{f'; maintainer: {maintainer}' if maintainer else ''}."

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self.records(kind))} {kind}" for kind in KINDS if self.records(kind))
        return f"<Catalog: {counts or 'empty'}>"


@cache
def default_catalog() -> Catalog:
    """Return the catalog of this environment, loaded once."""
    return Catalog(Host.load())
