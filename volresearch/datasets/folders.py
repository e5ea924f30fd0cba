"""A dataset as a folder: data files named by their content first, the YAML last, so that it is there wholly or not at all.

Whatever stops the writing, a reader finds the old dataset or the new one: the YAML is replaced in one move, and names
files that are complete by then. What a stopped writing left behind is named by no YAML; the next one removes it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.columns import is_lazy, rows_in
from volresearch.datasets.declaration import DatasetDeclaration, TableDeclaration
from volresearch.datasets.files import sha256_of
from volresearch.datasets.private import is_device
from volresearch.datasets.provenance import SetAside, Source, Step
from volresearch.declare import check, loads
from volresearch.declare.loader import SIZE_LIMIT
from volresearch.errors import VolResearchError, Where, short_path

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["Told", "commit", "locked", "swept", "to_parquet", "told_of", "write_parquet", "write_tables"]

FILES = "files"
_LOCK = ".volresearch.lock"
_PART = re.compile(r"\.[\w.-]+\.[0-9a-f]{8}\.part\Z")
_BY_CONTENT = re.compile(r".+-([0-9a-f]{12})\.(?:parquet|provenance\.json)\Z")

#: Steps, notes and what was set aside, as `told_of` reads them.
Told = tuple[tuple[Step, ...], tuple[str, ...], tuple[SetAside, ...]]


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for one writer; the system lets go of it when the writer ends, however it ends.

    The folder is made if it is not there; where nothing was written into it, it is removed again.

    Raises
    ------
    VolResearchError
        ``import.failed`` where another writer holds it, or it cannot be made.
    """
    made = _make(folder)
    path = folder / _LOCK
    try:
        with path.open("a+b") as stream:
            _hold(stream, folder)
            yield
    except OSError as error:
        raise failed(error, folder) from error
    finally:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        for one in (folder / FILES, *made):
            with contextlib.suppress(OSError):
                one.rmdir()  # only where it is empty


def failed(error: OSError, folder: Path) -> VolResearchError:
    """Return the error that says why a folder cannot be written."""
    return VolResearchError(
        "import.failed",
        f"The dataset cannot be written: {error.strerror or error}.",
        where=Where(file=short_path(error.filename or folder)),
        hint="What was there before still stands. Make room, or choose another folder.",
    )


def write_tables(
    dataset: Dataset, folder: Path, progress: Callable[[str], None]
) -> dict[str, TableDeclaration]:
    """Write every table as Parquet into ``files/``, named by its content, and return what declares them."""
    declared = dataset.declaration.tables
    (folder / FILES).mkdir(exist_ok=True)
    out = {}
    for name, frame in dataset.tables.items():
        progress(f"table {name}")
        path = write_parquet(frame, folder / FILES, slug(name))
        out[name] = declared[name].model_copy(
            update={
                "path": f"{FILES}/{path.name}",
                "sha256": sha256_of(path),
                "rows": rows_in(frame),
                "format": None,
            }
        )
    return out


def write_parquet(frame: Any, folder: Path, stem: str) -> Path:
    """Write a table as ``<stem>-<sha256, 12 signs>.parquet`` and return its path."""
    with _part(folder) as part:
        to_parquet(frame, part)
        return _named_by_content(part, folder, stem, ".parquet")


def to_parquet(frame: Any, path: Path) -> None:
    """Write a table, in memory or lazy, as Parquet.

    Raises
    ------
    VolResearchError
        ``import.failed`` for cells that Parquet has no type for.
    OSError
        Where the disk does not take it.
    """
    if not is_lazy(frame):
        try:
            _holdable(frame).to_parquet(path, index=False)
        except (ValueError, TypeError) as error:
            raise VolResearchError(
                "import.failed",
                f"A table cannot be written as Parquet: {error}.",
                where=Where(file=short_path(path.parent)),
            ) from error
        return
    import duckdb

    try:
        frame.write_parquet(str(path))
    except duckdb.IOException as error:
        raise OSError(str(error)) from error


def commit(dataset: Dataset, declaration: DatasetDeclaration, path: Path) -> Path:
    """Write what is told of a dataset, then its YAML: from this moment the new one is there.

    Raises
    ------
    VolResearchError
        ``import.failed`` where the YAML would not say the same when it is read.
    """
    from volresearch.instruments.writing import to_yaml

    folder = path.parent
    with _part(folder / FILES) as part:
        _write(part, json.dumps(_telling(dataset), ensure_ascii=False, indent=1).encode() + b"\n")
        told = _named_by_content(part, folder / FILES, path.stem, ".provenance.json")
    extra = {**declaration.extra, "provenance": f"{FILES}/{told.name}"}
    declaration = declaration.model_copy(update={"extra": extra})
    text = to_yaml(declaration)
    _refuse_other(text, declaration, path)
    with _part(folder) as part:
        _write(part, text.encode())
        part.replace(path)
        _flush(folder)
    return path


def swept(folder: Path) -> None:
    """Remove what stopped writings left: parts, and files named by their content which no YAML names."""
    named = "".join(
        one.read_text(encoding="utf-8", errors="replace") for one in sorted(folder.glob("*.yaml"))
    )
    for path in [*folder.glob(".*.part"), *(folder / FILES).glob("*"), *(folder / FILES).glob(".*.part")]:
        by_content = _BY_CONTENT.match(path.name)
        stale = by_content and path.name not in named and sha256_of(path).startswith(by_content[1])
        if stale or _PART.match(path.name):
            with contextlib.suppress(OSError):  # open in another program: the next writing removes it
                path.unlink(missing_ok=True)


def told_of(declaration: DatasetDeclaration, path: Path) -> Told:
    """Return the steps, notes and columns set aside that were written beside a dataset; nothing where none were."""
    name = declaration.extra.get("provenance", "")
    by_content = _BY_CONTENT.match(Path(name).name)
    if not by_content or Path(name).parent.as_posix() != FILES:
        return (), (), ()
    file = path.parent / name
    try:
        content = file.read_bytes()
        if not sha256_of(file).startswith(by_content[1]):
            raise ValueError("changed")
        return _read_telling(json.loads(content))
    except (OSError, ValueError, KeyError, TypeError):
        return (), (f"The file {name} with the provenance of this dataset is missing or was changed.",), ()


def slug(name: str) -> str:
    """Return a name of a table as one of a file, on every system.

    >>> slug("group/niños"), slug("Sheet: 1"), slug("con")
    ('group_niños', 'Sheet_1', 'con_')
    """
    out = re.sub(r"\W+", "_", name).strip("_")[:60] or "table"
    return f"{out}_" if is_device(out) else out


def _make(folder: Path) -> list[Path]:
    """Make a folder with those above it; return what was not there before, the lowest first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise failed(error, folder) from error
    return missing


def _hold(stream: Any, folder: Path) -> None:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Who held it before may have removed the name meanwhile: then this lock holds nobody back.
            if os.fstat(stream.fileno()).st_ino != (folder / _LOCK).stat().st_ino:
                raise BlockingIOError
    except OSError as error:
        raise VolResearchError(
            "import.failed",
            "Another import into this folder is running.",
            where=Where(file=short_path(folder)),
            hint="Wait until it is done, or choose another folder.",
        ) from error


@contextlib.contextmanager
def _part(folder: Path) -> Iterator[Path]:
    """Give a name for a file that is being written; what is left of it is removed."""
    path = folder / f".writing.{secrets.token_hex(4)}.part"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _named_by_content(part: Path, folder: Path, stem: str, suffix: str) -> Path:
    """Bring a written file safely to the disk and give it the name of its content."""
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    path = folder / f"{stem}-{sha256_of(part)[:12]}{suffix}"
    part.replace(path)
    _flush(folder)
    return path


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _flush(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system offers it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _holdable(frame: Any) -> Any:
    """Return a frame whose mixed columns, which Parquet has no type for, are text."""
    mixed = {}
    for name in frame.columns:
        if frame[name].dtype == object:
            cells = frame[name]
            mixed[name] = cells.where(cells.isna(), cells.astype("str")).astype("str")
    return frame.assign(**mixed) if mixed else frame


def _refuse_other(text: str, declaration: DatasetDeclaration, path: Path) -> None:
    where = Where(file=short_path(path))
    if len(text.encode()) > SIZE_LIMIT:
        raise VolResearchError(
            "import.failed",
            f"The codebook would be larger than the {SIZE_LIMIT:,} bytes that a declaration may have.",
            where=where,
            hint="Keep fewer columns, or split the file.",
        )
    if check(DatasetDeclaration, loads(text, short_path(path))) != declaration:
        raise VolResearchError(
            "import.failed", "The codebook cannot be written so that it reads back the same.", where=where
        )


def _telling(dataset: Dataset) -> dict[str, Any]:
    return {
        "id": dataset.id,
        "version": dataset.version,
        "steps": [_step_data(step) for step in dataset.steps],
        "notes": list(dataset.notes),
        "set_aside": [vars(one) for one in dataset.set_aside],
        "prov": dataset.provenance_json(),
    }


def _step_data(step: Step) -> dict[str, Any]:
    details = json.loads(json.dumps(step.details, default=str))
    return {
        "text": step.text,
        "kind": step.kind,
        "used": [vars(one) for one in step.used],
        "details": details,
    }


def _read_telling(data: dict[str, Any]) -> Told:
    steps = [
        Step(
            str(one["text"]), str(one["kind"]), tuple(Source(**used) for used in one["used"]), one["details"]
        )
        for one in data["steps"]
    ]
    return (
        tuple(steps),
        tuple(str(note) for note in data["notes"]),
        tuple(SetAside(**one) for one in data["set_aside"]),
    )
