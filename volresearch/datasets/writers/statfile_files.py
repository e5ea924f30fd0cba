"""Files of statistical packages written whole or not at all, one for each table."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.columns import in_memory
from volresearch.datasets.typed import WHY
from volresearch.datasets.writers.statfile_columns import Column, columns_of, fit, options_of
from volresearch.datasets.writers.statfile_limits import Limits, Told, cut, size_of, written_names
from volresearch.errors import VolResearchError, Where, short_path

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets.dataset import Dataset

__all__ = ["write_tables"]

#: Takes columns with names, a title, what to tell into, and the path; writes one file.
Writer = Callable[[list[Column], str, Told, Path], None]
#: Decides how reasons are said: companion columns and codes.
Settler = Callable[[Column, Told], None]
#: Makes columns that stand after another one.
Maker = Callable[[Column, str, Told], list[Column]]


def write_tables(
    dataset: Dataset,
    path: Path,
    limits: Limits,
    *,
    lang: str,
    shorten: bool,
    overwrite: bool,
    settle: Settler,
    write: Writer,
    make: Maker = options_of,
) -> tuple[str, ...]:
    """Write every table of a dataset into a file of its own and return what is lost."""
    targets = dict(_targets(dataset, path))
    for target in targets.values():
        if target.exists() and not overwrite:
            raise VolResearchError(
                "export.exists",
                "This file is there already.",
                where=Where(file=short_path(target)),
                hint="Name another place, or say overwrite=True.",
            )
    told = Told(limits, shorten)
    ready = {name: _prepared(dataset, name, lang, told, settle, make) for name in targets}
    title = _title(dataset.title.get_in(lang, dataset.id), limits, told)
    told.done()
    for name, target in list(targets.items())[1:]:
        told.say(f'The linked table "{name}" is a file of its own, {target.name}.')
    _write_all(targets, ready, title, told, write)
    return tuple(dict.fromkeys(told.losses))


def _targets(dataset: Dataset, path: Path) -> Iterator[tuple[str, Path]]:
    taken = set()
    for name in dataset.tables:
        plain = re.sub(r"\W+", "_", name).strip("_") or "table"
        target = path if name == dataset.main else path.with_name(f"{path.stem}_{plain}{path.suffix}")
        while target.name.lower() in taken:
            target = target.with_name(f"{target.stem}_2{path.suffix}")
        taken.add(target.name.lower())
        yield name, target


def _prepared(
    dataset: Dataset, name: str, lang: str, told: Told, settle: Settler, make: Maker
) -> list[Column]:
    table = dataset.tables[name]
    frame = in_memory(table)
    known = {variable.name: variable for variable in dataset.variables_of(name)}
    columns: list[Column] = []
    for column in columns_of(frame, known, lang, told):
        made = make(column, lang, told)
        settle(column, told)
        for one in made:  # what is true of a column need not be told again of those that are made of it
            settle(one, Told(told.limits, shorten=True))
        columns += [column, *made]
    beside = [str(place) for place, column in enumerate(columns) if column.beside is not None]
    keys = [f"{column.variable.name}" for column in columns]
    names = _names(keys, [keys[int(place)] for place in beside], told.limits)
    for column, written in zip(columns, names, strict=True):
        column.name = written
    fit(columns, told)
    return columns


def _names(keys: list[str], beside: list[str], limits: Limits) -> list[str]:
    """Return names in the file, also where a column that was made has the name of another."""
    single: list[str] = []
    for key in keys:
        number, name = 1, key
        while name in single:
            number += 1
            name = f"{key}_{number}"
        single.append(name)
    return list(written_names(single, limits, beside).values())


def _title(title: str, limits: Limits, told: Told) -> str:
    if size_of(title, limits.unit) > limits.title:
        told.say(f"The title is cut to {limits.title} {limits.unit}, which the label of such a file holds.")
    return cut(title, limits.title, limits.unit)


def _write_all(
    targets: dict[str, Path], ready: dict[str, list[Column]], title: str, told: Told, write: Writer
) -> None:
    """Write into files beside the targets, then put all in place."""
    parts: dict[Path, Path] = {}
    try:
        for name, target in targets.items():
            handle, part = tempfile.mkstemp(
                prefix=f".{target.stem[:40]}.", suffix=target.suffix, dir=target.parent
            )
            os.close(handle)
            parts[target] = Path(part)
            _written(write, ready[name], title, told, parts[target], target)
        for target, made in parts.items():
            made.replace(target)
    except OSError as error:
        raise VolResearchError(
            "export.failed",
            f"This cannot be written: {error.strerror or error}.",
            where=Where(file=short_path(path_of(targets))),
        ) from error
    finally:
        for made in parts.values():
            made.unlink(missing_ok=True)


def path_of(targets: dict[str, Path]) -> Path:
    """Return the file of the main table."""
    return next(iter(targets.values()))


def _written(write: Writer, columns: list[Column], title: str, told: Told, part: Path, target: Path) -> None:
    try:
        import pyarrow  # noqa: F401
        import pyreadstat
    except ImportError as error:
        raise VolResearchError(
            "tool.missing",
            f"Writing files of {told.limits.format} needs pyreadstat and pyarrow.",
            hint='pip install "volresearch[files]"',
        ) from error
    try:
        write(columns, title, told, part)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeError) as error:
        raise VolResearchError(
            "write.limit",
            f"{told.limits.format} does not take this dataset: {str(error).rstrip('.')}.",
            where=Where(file=short_path(target)),
            hint="Write Parquet or CSV, which hold it as it is.",
        ) from error


def frame_of(columns: list[Column], values: dict[str, Any]) -> pd.DataFrame:
    """Return the frame that is written: values, and companions beside their column."""
    import pandas as pd

    out: dict[str, Any] = {}
    for column in columns:
        out[column.name] = values[column.name]
        if column.beside is not None:
            out[f"{column.name}{WHY}"] = column.beside.fillna("")
    return pd.DataFrame(out)
