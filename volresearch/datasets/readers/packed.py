"""Packed files: gzip is unpacked within bounds, archives are checked before anything is unpacked.

How readers use it: ``with plain_file(path) as file: ...`` gives the path itself, or an unpacked copy that is gone
after the block; `kept_file` gives a copy that stays until the program ends, for lazy frames;
`check_archive` refuses a ZIP that is too large or leaves its folder, from its directory alone.
"""

from __future__ import annotations

import contextlib
import gzip
import shutil
import tempfile
import weakref
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from volresearch.errors import VolResearchError, Where, short_path

__all__ = [
    "bare_name",
    "check_archive",
    "head_of",
    "is_packed",
    "kept_file",
    "kept_folder",
    "plain_file",
    "unpacked",
]

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20
_MAX_BYTES = 2 << 30
#: Text of surveys shrinks 5 to 50 times; beyond this ratio a large file is made to fill the disk.
_MAX_RATIO = 200
_SMALL = 200 << 20
_MAX_MEMBERS = 10_000
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)


def is_packed(path: Path) -> bool:
    """Whether the file is gzipped, told by its first bytes."""
    with path.open("rb") as stream:
        return stream.read(2) == _GZIP


def bare_name(path: Path) -> str:
    """Return the name of a file without its ending, nor that of gzip: the name of its table.

    >>> bare_name(Path("people.csv.gz")), bare_name(Path(".csv"))
    ('people', 'data')
    """
    return path.name.removesuffix(".gz").rsplit(".", 1)[0] or "data"


def head_of(path: Path, size: int) -> bytes:
    """Return the first bytes of a file, unpacked where it is gzipped; never more than `size` are unpacked."""
    with _opened(path) as stream:
        try:
            return stream.read(size)
        except _BROKEN as error:
            raise _broken(path) from error


@contextlib.contextmanager
def plain_file(path: Path, *, limit: int = _MAX_BYTES) -> Iterator[Path]:
    """Give the file itself, or, where it is gzipped, an unpacked copy that is deleted after the block.

    Parameters
    ----------
    path : Path
        Any file.
    limit : int
        Bytes that the unpacked file may have.

    Raises
    ------
    VolResearchError
        ``read.limit`` for more than `limit` bytes, or more than 200 MB out of less than a 200th of it;
        ``read.file`` for a gzip file that is cut off or damaged.

    Examples
    --------
    >>> import gzip, tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.csv.gz"
    >>> _ = file.write_bytes(gzip.compress(b"a;b"))
    >>> with plain_file(file) as plain:
    ...     plain.read_bytes()
    b'a;b'
    """
    if not is_packed(path):
        yield path
        return
    folder = Path(tempfile.mkdtemp(prefix="volresearch-"))
    try:
        yield unpacked(path, folder, limit=limit)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def kept_folder() -> Path:
    """Return a new folder, for its owner only, that is deleted when the program ends."""
    folder = Path(tempfile.mkdtemp(prefix="volresearch-"))
    weakref.finalize(_KEPT, shutil.rmtree, folder, ignore_errors=True)
    return folder


def kept_file(path: Path) -> Path:
    """Return the file itself, or, where it is gzipped, an unpacked copy that stays until the program ends."""
    return unpacked(path, kept_folder()) if is_packed(path) else path


def unpacked(path: Path, folder: Path, *, limit: int = _MAX_BYTES) -> Path:
    """Unpack a gzipped file into a folder, within bounds, and return the copy."""
    target = folder / (path.name.removesuffix(".gz") or "file")
    packed = path.stat().st_size
    with gzip.open(path, "rb") as source, target.open("wb") as copy:
        size = 0
        try:
            while piece := source.read(_CHUNK):
                size += len(piece)
                if size > limit or (size > _SMALL and size > _MAX_RATIO * packed):
                    raise _too_large(path, size, packed)
                copy.write(piece)
        except _BROKEN as error:
            raise _broken(path) from error
    return target


def check_archive(
    path: Path, *, limit: int = _MAX_BYTES, members: int = _MAX_MEMBERS, ratio: int = _MAX_RATIO
) -> tuple[str, ...]:
    """Check what a ZIP says of itself before anything is unpacked; return the names of its members.

    Parameters
    ----------
    path : Path
        A ZIP archive: a workbook (.xlsx) is one.
    limit : int
        Bytes that all members may have together.
    members : int
        Number of members.
    ratio : int
        How many times smaller than its content an archive of more than 200 MB may be.

    Raises
    ------
    VolResearchError
        ``read.file`` for a damaged archive, ``read.limit`` for one that is too large, ``read.format`` for one
        whose members would leave the folder or stand in it twice.
    """
    where = Where(file=short_path(path))
    try:
        with zipfile.ZipFile(path) as archive:
            inside = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise VolResearchError(
            "read.file",
            "This ZIP archive is damaged or cut off.",
            where=where,
            hint="Download or export it again.",
        ) from error
    if len(inside) > members:
        raise VolResearchError(
            "read.limit",
            f"The archive has {len(inside):,} members.",
            where=where,
            expected=f"at most {members:,}",
        )
    size = sum(one.file_size for one in inside)
    packed = path.stat().st_size
    if size > limit or (size > _SMALL and size > ratio * packed):
        raise _too_large(path, size, packed)
    for name in (one.filename for one in inside):
        _check_inside(name, where)
    return tuple(one.filename for one in inside)


def _check_inside(name: str, where: Where) -> None:
    """Refuse a name that leads out of the folder it is unpacked into, on any system."""
    plain = name.replace("\\", "/")
    if (
        plain.startswith("/")
        or ":" in plain.split("/")[0]
        or ".." in PurePosixPath(plain).parts
        or "\0" in plain
    ):
        raise VolResearchError(
            "read.format",
            f'The archive holds "{name[:80]}", which would leave its folder.',
            where=where,
            hint="Do not unpack it; ask its sender for a plain file.",
        )


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if is_packed(path):
        with gzip.open(path, "rb") as packed:
            yield packed  # type: ignore[misc]
    else:
        with path.open("rb") as plain:
            yield plain


def _too_large(path: Path, size: int, packed: int) -> VolResearchError:
    return VolResearchError(
        "read.limit",
        f"Unpacked, this file has more than {size / 2**20:,.0f} MiB; packed it has {packed / 2**20:,.1f} MiB.",
        where=Where(file=short_path(path)),
        expected=f"at most {_MAX_BYTES / 2**30:g} GiB, and beyond 200 MiB at most {_MAX_RATIO} times the packed size",
        hint="If you trust it, unpack it yourself and read the unpacked file.",
    )


def _broken(path: Path) -> VolResearchError:
    return VolResearchError(
        "read.file",
        "This gzip file is damaged or cut off.",
        where=Where(file=short_path(path)),
        hint="Download or export it again.",
    )


class _Kept:
    """Lives as long as the program: what hangs on it is deleted when the interpreter ends."""


_KEPT = _Kept()
