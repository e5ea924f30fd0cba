"""`import_dataset`: a file of the field becomes a dataset folder; raw data and personal data go to ``private/``."""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.declaration import ID
from volresearch.datasets.declaring import loadable
from volresearch.datasets.files import sha256_of
from volresearch.datasets.folders import commit, locked, slug, swept, to_parquet, write_tables
from volresearch.datasets.private import FILE, private_folder, workspace_of, write_private
from volresearch.datasets.readers import read
from volresearch.errors import VolResearchError, Where, near, short_path

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset
    from volresearch.instruments import Instrument

__all__ = ["import_dataset"]

_UNITS = ("person", "organization", "partnership")
_DESIGNS = ("nonprobability", "census", "probability")
_KEPT = "Personal data, not for release."


def import_dataset(
    path: str | Path,
    instrument: Instrument | str | Path | Sequence[Instrument | str | Path] | None = None,
    *,
    id: str,
    out: str | Path,
    workspace: str | Path | None = None,
    study: str | None = None,
    title: str | Mapping[str, str] | None = None,
    unit: str = "person",
    licence: str | None = None,
    design: str | Mapping[str, Any] | None = None,
    version: str = "1",
    overwrite: bool = False,
    progress: Callable[[str], None] | None = None,
    **options: Any,
) -> Path:
    """Read a data file and write it as a dataset folder, which `open_dataset` opens as the same dataset.

    The folder holds the YAML, Parquet files and where they come from. The raw file, the columns that identify
    persons and the list of them go to ``private/<id>/`` of the workspace. Whatever stops the import, the old dataset
    or the whole new one is there.

    Parameters
    ----------
    path, instrument, **options
        As `volresearch.datasets.readers.read` takes them: ``sheet, encoding, labels, engine, missing, personal``.
    id : str
        Id of the dataset, ``study.name``; the YAML is called ``name.yaml``.
    out : path
        The folder; made if it is not there.
    workspace : path, optional
        The folder with ``private/``; found from the working folder unless given.
    study : str, optional
        Whose salt makes the keys; the part of the id before the dot unless given, so that waves link.
    title, unit, licence, design, version : optional
        As the YAML declares them; a design by its kind, or with its columns:
        ``{"kind": "probability", "weights": "w"}``.
    overwrite : bool
        Whether a dataset of this name in the folder may be replaced.
    progress : callable, optional
        Told what is being done, in a few words.

    Returns
    -------
    Path
        The YAML.

    Raises
    ------
    VolResearchError
        ``export.exists``, ``import.failed``, ``declare.invalid`` for what cannot be declared, ``tool.missing``, and
        what `read` raises.
    """
    tell = progress or (lambda words: None)
    target = _checked(id, out, overwrite, options)
    _refuse_unknown("unit", unit, _UNITS)
    _refuse_unknown("design", design if isinstance(design, str) else "census", _DESIGNS)
    home = Path(workspace) if workspace is not None else workspace_of()
    tell("reading")
    dataset = read(path, instrument, study=study or id.split(".")[0], workspace=home, id=id, **options)
    dataset = _declared(dataset, title=title, unit=unit, licence=licence, design=design, version=version)
    with locked(target.parent):
        _refuse_existing(target, overwrite)
        swept(target.parent)
        tell("private copies")
        _keep_private(dataset, Path(path), home)
        declaration = dataset.declaration.model_copy(
            update={"tables": write_tables(dataset, target.parent, tell)}
        )
        tell("declaration")
        if options.get("personal") == "keep":
            declaration = declaration.model_copy(
                update={"extra": {**declaration.extra, "personal_data": _KEPT}}
            )
        commit(dataset, declaration, target)
        swept(target.parent)
    return target


def _checked(id: str, out: str | Path, overwrite: bool, options: Mapping[str, Any]) -> Path:
    """Refuse what cannot work before anything is read, and return the path of the YAML."""
    if not ID.match(id):
        raise VolResearchError(
            "declare.invalid",
            f'"{id}" is no id of a dataset.',
            expected="study.name in letters, digits and underscores, for instance kenya.tracer_2026",
        )
    known = [name for name, one in inspect.signature(read).parameters.items() if one.kind is one.KEYWORD_ONLY]
    for name in options:
        if name not in known:
            raise VolResearchError(
                "read.option", f'"{name}" is no option of reading.', hint=near(name, known)
            )
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise VolResearchError(
            "tool.missing",
            "A dataset folder holds Parquet, and pyarrow is not installed.",
            hint='pip install "volresearch[files]"',
        ) from error
    target = Path(out) / f"{id.split('.')[1]}.yaml"
    _refuse_existing(target, overwrite)
    return target


def _refuse_unknown(what: str, word: str, known: Sequence[str]) -> None:
    if word not in known:
        raise VolResearchError(
            "declare.invalid", f'"{word}" is no {what}.', where=Where(path=what), hint=near(word, known)
        )


def _refuse_existing(target: Path, overwrite: bool) -> None:
    if target.exists() and not overwrite:
        raise VolResearchError(
            "export.exists",
            "A dataset of this name is there already.",
            where=Where(file=short_path(target)),
            hint="Choose another id or folder; overwrite=True (--overwrite) replaces it.",
        )


def _declared(dataset: Dataset, **given: Any) -> Dataset:
    """Return the dataset with what the caller declares, and with texts that YAML can hold."""
    changes = {name: value for name, value in given.items() if value is not None}
    if isinstance(changes.get("design"), str):
        changes["design"] = {"kind": changes["design"]}
    if isinstance(changes.get("title"), str) and not changes["title"].strip():
        raise VolResearchError("declare.invalid", "The title is empty.", where=Where(path="title"))
    asked = {name: value for name, value in changes.items() if value != getattr(dataset.declaration, name)}
    if asked:
        dataset = dataset.declared(**asked)
    return type(dataset)(
        loadable(dataset),
        dataset.tables,
        sha256=dataset.sha256,
        provenance=dataset.steps,
        notes=dataset.notes,
        set_aside=dataset.set_aside,
        private_tables=dataset._private_tables,
    )


def _keep_private(dataset: Dataset, path: Path, workspace: Path) -> None:
    """Write the raw files, what was set aside, and the list of it into ``private/<id>/<sha256 of the raw file>/``."""
    sources = [source for step in dataset.steps for source in step.used if source.role == "data"]
    folder = private_folder(workspace, dataset.id, sources[0].sha256[:12])
    raw = private_folder(workspace, dataset.id, folder.name, "raw")
    beside = path if path.is_dir() else path.parent
    for source in sources:
        origin = path if path.is_file() and source.name == path.name else beside / source.name
        if origin.is_file() and sha256_of(origin) == source.sha256:
            _copy(origin, raw / origin.name)
    tables: dict[str, str] = {}
    for name, frame in dataset._private_tables.items():
        tables[name] = _file_of(name, tables.values())
        with _private_part(folder / tables[name]) as part:
            to_parquet(frame, part)
    listed = {
        "id": dataset.id,
        "version": dataset.version,
        "raw": [vars(source) for source in sources],
        "tables": tables,
        "set_aside": [vars(one) for one in dataset.set_aside],
    }
    write_private(
        folder / "set_aside.json", json.dumps(listed, ensure_ascii=False, indent=1).encode() + b"\n"
    )


def _file_of(table: str, taken: Collection[str]) -> str:
    """Return the name of the file of a table; no two are one on a system that does not tell capitals apart."""
    file, number = f"{slug(table)}.parquet", 1
    while file.lower() in {one.lower() for one in taken}:
        number += 1
        file = f"{slug(table)}_{number}.parquet"
    return file


def _copy(origin: Path, target: Path) -> None:
    """Copy a file piece by piece, for its owner only; it appears whole or not at all."""
    with _private_part(target) as part, origin.open("rb") as source, part.open("wb") as stream:
        while piece := source.read(1 << 20):
            stream.write(piece)
        stream.flush()
        os.fsync(stream.fileno())


@contextlib.contextmanager
def _private_part(target: Path) -> Iterator[Path]:
    """Give an empty file of the owner's only, and move it to its place when it was written."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))
        yield part
        with contextlib.suppress(OSError):
            part.chmod(FILE)  # a writer may have made it anew
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
