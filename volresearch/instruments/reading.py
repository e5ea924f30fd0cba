"""Reads an instrument from its YAML, with every fault of the file at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from volresearch.declare import Loaded, check, load
from volresearch.declare.loader import Place
from volresearch.errors import Fault, VolResearchError
from volresearch.instruments.model import Instrument

__all__ = ["check_instrument", "placed", "read_instrument"]


def read_instrument(path: str | Path) -> Instrument:
    """Read an instrument from its YAML.

    Raises
    ------
    VolResearchError
        ``declare.*`` and ``instrument.invalid``: all faults, each with file and line.
    """
    return check_instrument(load(path))


def check_instrument(loaded: Loaded) -> Instrument:
    """Check a loaded document; see `read_instrument`."""
    instrument = check(Instrument, loaded)
    faults = [placed(one, loaded) for one in instrument.faults()]
    if faults:
        raise VolResearchError.of(faults)
    return instrument


def placed(one: Fault, loaded: Loaded) -> Fault:
    """Return a fault with its line: the places of `Instrument.faults` go by name, those of a file by number."""
    head, _, rest = (one.where.path or "").partition(".")
    name, _, key = rest.partition(".")
    place = _find((head,), loaded.data.get(head), name)
    where = loaded.where((*place, key) if key else place)
    return replace(one, where=replace(where, path=one.where.path))


def _find(place: Place, value: object, name: str) -> Place:
    """Return the place of the entry called `name` below `place`, at any depth, else `place`."""
    if isinstance(value, tuple):
        for number, one in enumerate(value):
            if isinstance(one, dict):
                if one.get("name") == name:
                    return (*place, number)
                inner = (*place, number, "items")
                found = _find(inner, one.get("items"), name)
                if found != inner:
                    return found
    return place
