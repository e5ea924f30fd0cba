"""The workspace's ``private/``: raw files, what was set aside, the salt of each study.

Only its owner may read it, git ignores it, and nothing in it is served, shipped or exported. On Windows the
folder of a user is closed to others already; file modes say nothing more there.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import re
import secrets
import time
from pathlib import Path

from volresearch.errors import VolResearchError, Where, short_path

__all__ = [
    "in_private",
    "is_device",
    "private_folder",
    "refuse_outside",
    "refuse_private",
    "salt_of",
    "salted_key",
    "workspace_of",
    "write_private",
]

FOLDER, FILE = 0o700, 0o600
_SALT_BYTES = 32
_STUDY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)", re.IGNORECASE)
_README = """This folder is private.

It holds raw data files, columns that identify persons and were set aside when a file was imported, and the salt of
each study, from which the keys of its answers are made. Only you may read it; git ignores it; volresearch serves,
ships and exports nothing from it.

Whoever has the salt of a study can tell whose answer is whose. Without it later waves of the study do not link:
keep a copy where you keep the consent forms.
"""


def workspace_of(start: str | Path | None = None) -> Path:
    """Return the workspace that a folder lies in: the nearest one upwards with ``.volresearch/``, else itself.

    Parameters
    ----------
    start : path, optional
        A folder; the working folder unless given.
    """
    begin = Path(start) if start is not None else Path.cwd()
    for folder in (begin, *begin.resolve().parents):
        if (folder / ".volresearch").is_dir():
            return folder
    return begin


def private_folder(workspace: str | Path | None = None, *parts: str) -> Path:
    """Return the ``private/`` of a workspace, or a folder in it; what is not there is made, for its owner only.

    Parameters
    ----------
    workspace : path, optional
        Found by `workspace_of` unless given.
    *parts : str
        Folders below ``private/``.

    Raises
    ------
    VolResearchError
        ``read.option`` for a workspace that is not there, ``export.failed`` where it cannot be made.
    """
    home = Path(workspace) if workspace is not None else workspace_of()
    if not home.is_dir():
        raise VolResearchError(
            "read.option", "There is no such workspace.", where=Where(file=short_path(home))
        )
    top = home / "private"
    try:
        _own(top)
        _leave(top / ".gitignore", "*\n")
        _leave(top / "README.txt", _README)
        folder = top
        for part in parts:
            folder = folder / part
            _own(folder)
    except OSError as error:
        raise VolResearchError(
            "export.failed",
            f"The private folder cannot be made: {error.strerror or error}.",
            where=Where(file=short_path(top)),
            hint="Choose another workspace.",
        ) from error
    return folder


def salt_of(study: str, workspace: Path | None = None) -> bytes:
    """Return the salt of a study, 32 bytes; the first call makes it.

    Parameters
    ----------
    study : str
        Small letters, digits, ``-`` and ``_``; capitals count as small ones.
    workspace : Path, optional
        Found by `workspace_of` unless given.

    Raises
    ------
    VolResearchError
        ``read.option`` for a name that cannot be one of a folder, ``export.failed``, ``read.file`` for a salt
        that somebody changed.
    """
    name = _checked(study)
    path = private_folder(workspace, "studies", name) / "salt"
    if not path.exists():
        _make_once(path, secrets.token_hex(_SALT_BYTES) + "\n")
    return _read_salt(path, name)


def salted_key(value: str, salt: bytes) -> str:
    """Return the key that stands for a value: HMAC-SHA256 with the salt, the first 20 signs.

    >>> salted_key("uuid-1", b"salt of one study") == salted_key("uuid-1", b"salt of one study")
    True
    >>> salted_key("uuid-1", b"salt of another") == salted_key("uuid-1", b"salt of one study")
    False
    """
    return hmac.digest(salt, value.encode(), "sha256").hex()[:20]


def write_private(path: Path, content: bytes) -> Path:
    """Write a file that only its owner may read; it appears whole or not at all."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def in_private(path: str | Path) -> bool:
    """Whether a path lies in a ``private/`` folder, also by way of a link.

    A folder ``/private`` at the root of a file system is none: macOS keeps its temporary files there.
    """
    full = Path(path).absolute()
    return any("private" in (part.lower() for part in one.parts[2:]) for one in (full, full.resolve()))


def is_device(name: str) -> bool:
    """Whether Windows keeps a name of a file for itself, whatever its ending.

    >>> is_device("con"), is_device("LPT1.csv"), is_device("contacts.csv")
    (True, True, False)
    """
    return _DEVICES.match(name) is not None


def refuse_private(path: str | Path, done: str = "written") -> None:
    """Refuse a place in ``private/``: what is there stays there, and what may leave does not go there.

    Raises
    ------
    VolResearchError
        ``dataset.private``.
    """
    if in_private(path):
        raise VolResearchError(
            "dataset.private",
            f"{short_path(path)} lies in a private folder, and nothing in there is {done}.",
            hint="Choose a place outside of private/.",
        )


def refuse_outside(path: str | Path, purpose: str = "") -> None:
    """Refuse to write answers of persons outside of ``private/`` without a stated purpose.

    Raises
    ------
    VolResearchError
        ``write.purpose``.
    """
    if not in_private(path) and not purpose.strip():
        raise VolResearchError(
            "write.purpose",
            "These are answers of persons, and the place is not private.",
            where=Where(file=short_path(path)),
            hint='Write into private/, or say what for: purpose="analysis in SPSS by the study team".',
        )


def _checked(study: str) -> str:
    name = study.lower()
    if not _STUDY.match(name) or is_device(name):
        raise VolResearchError(
            "read.option",
            f'"{study}" cannot be the name of a study.',
            expected="letters a-z, digits, - and _, at most 64",
        )
    return name


def _own(folder: Path) -> None:
    """Make a folder, or take one that is there, and let nobody else in."""
    folder.mkdir(mode=FOLDER, exist_ok=True)
    if folder.stat().st_mode & 0o777 != FOLDER:
        with contextlib.suppress(OSError):  # a drive without modes
            folder.chmod(FOLDER)


def _leave(path: Path, text: str) -> None:
    if not path.exists():
        _make_once(path, text)


def _make_once(path: Path, text: str) -> None:
    """Make a file that appears whole; where another process was quicker, its file stands."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        write_private(temporary, text.encode())
        try:
            os.link(temporary, path)  # unlike a renaming, this never replaces
        except FileExistsError:
            return
        except OSError:  # a drive without links
            with (
                contextlib.suppress(FileExistsError),
                path.open("x", encoding="utf-8", newline="\n") as stream,
            ):
                stream.write(text)
    finally:
        temporary.unlink(missing_ok=True)


def _read_salt(path: Path, study: str) -> bytes:
    """Read it; where a drive has no links, another process may be about to write it."""
    for wait in (0, 0.02, 0.1, 0.5):
        time.sleep(wait)
        try:
            text = path.read_text(encoding="ascii", errors="replace").strip()
        except OSError as error:
            raise VolResearchError(
                "read.file",
                f"The salt of the study cannot be read: {error.strerror or error}.",
                where=Where(file=short_path(path)),
            ) from error
        if re.fullmatch(rf"[0-9a-f]{{{2 * _SALT_BYTES}}}", text):
            return bytes.fromhex(text)
    raise VolResearchError(
        "read.file",
        f'The salt of the study "{study}" is damaged: keys made with it would not link to earlier ones.',
        where=Where(file=short_path(path)),
        expected=f"{2 * _SALT_BYTES} signs 0-9 a-f",
        hint="Put back the copy you kept; or, where no wave was imported yet, delete the file.",
    )
