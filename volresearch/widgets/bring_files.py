"""Files of the working folder to choose from, and files that are uploaded: these go to ``private/``, for their owner only."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from volresearch.datasets.private import is_device, private_folder, workspace_of, write_private
from volresearch.errors import VolResearchError

__all__ = ["DATA", "FORMS", "UPLOADS", "files_in", "is_served", "relative", "safe_name", "save_uploads"]

#: Endings of data files and of forms; what a file is, is told by its bytes when it is read.
DATA = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xls", ".parquet", ".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt",
        ".xml", ".json", ".gz", ".zip")  # fmt: skip
FORMS = (".xlsx", ".xls", ".csv", ".tsv", ".txt", ".xml", ".json", ".yaml", ".yml", ".lss")
#: Folder of uploaded files, below ``private/``.
UPLOADS = "uploads"

#: Entries that are looked at, files that are listed, folders below one another: a home folder has no end.
_LOOKED_AT, _LISTED, _DEPTH = 5_000, 300, 3
_SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "venv", "private"})


def files_in(folder: Path, endings: tuple[str, ...]) -> list[str]:
    """Return files with some endings in a folder and below, and among its uploads: paths from the folder, sorted.

    Parameters
    ----------
    folder : Path
    endings : tuple of str
        In small letters.
    """
    found = [path for path in _walked(folder) if path.name.lower().endswith(endings)]
    uploads = workspace_of(folder) / "private" / UPLOADS
    if uploads.is_dir():
        found += [path for path in sorted(uploads.iterdir()) if path.name.lower().endswith(endings)]
    return [relative(path, folder) for path in found[:_LISTED]]


def relative(path: Path, folder: Path) -> str:
    """Return a path as it is written from a folder, with ``/`` on every system."""
    return Path(os.path.relpath(path, folder)).as_posix()


def _walked(folder: Path) -> Iterator[Path]:
    looked_at = 0
    for top, folders, names in os.walk(folder):
        depth = len(Path(top).relative_to(folder).parts)
        folders[:] = sorted(
            one for one in folders if depth < _DEPTH and not one.startswith(".") and one not in _SKIPPED
        )
        for name in sorted(names):
            looked_at += 1
            if looked_at > _LOOKED_AT:
                return
            if not name.startswith((".", "~$")):
                yield Path(top) / name


def safe_name(name: str) -> str:
    """Return the name of an uploaded file as one that every system takes, without any folder.

    >>> safe_name("../../etc/My file (1).CSV"), safe_name("con.csv"), safe_name("..")
    ('My file (1).CSV', '_con.csv', 'file')
    """
    last = re.split(r"[\\/]", name)[-1]
    plain = re.sub(r"[^\w .()+-]", "_", last).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    plain = f"{stem[:100]}{dot}{ending[:12]}" if dot else plain[:112]
    return f"_{plain}" if is_device(plain) else plain or "file"


def save_uploads(files: Iterable[Mapping[str, Any]], folder: Path) -> list[Path]:
    """Write uploaded files into ``private/uploads/`` of the workspace; a file that is there is never overwritten.

    Parameters
    ----------
    files : iterable of mapping
        As `ipywidgets.FileUpload` has them: ``name`` and ``content``.
    folder : Path
        The workspace, or a folder in it.

    Returns
    -------
    list of Path
        Where each lies; the same content under the same name is written once.

    Raises
    ------
    VolResearchError
        ``export.failed`` where the folder cannot be made or written.
    """
    place = private_folder(workspace_of(folder), UPLOADS)
    return [_saved(place, safe_name(str(one["name"])), bytes(one["content"])) for one in files]


def _saved(folder: Path, name: str, content: bytes) -> Path:
    stem, dot, ending = name.partition(".")
    for number in range(1, 1000):
        path = folder / (name if number == 1 else f"{stem}-{number}{dot}{ending}")
        if not path.exists():
            try:
                return write_private(path, content)
            except OSError as error:
                raise VolResearchError(
                    "export.failed", f"The file cannot be kept: {error.strerror or error}."
                ) from error
        if path.stat().st_size == len(content) and path.read_bytes() == content:
            return path
    raise VolResearchError("export.failed", f'There are too many files called "{name}".')


def is_served() -> bool:
    """Whether the kernel shows a page to visitors, who must not read the files of its owner."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila/") or "VOILA_PREHEAT" in os.environ
