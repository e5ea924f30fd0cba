"""Which encoding a text file is in: by its mark, by its bytes, else by a guess that is told as one."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from volresearch.datasets.readers.found import Note
from volresearch.datasets.readers.text_guess import guesses, high_lines
from volresearch.datasets.readers.text_kinds import looks_wide
from volresearch.errors import VolResearchError, Where

__all__ = ["Decoded", "decoded"]

#: Pieces that stay in the processor's cache, and that need no memory of the system each time.
_CHUNK = 1 << 16
_HEAD = 1 << 20
_SAMPLE = 4 << 20
_LOST = "\ufffd".encode()
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PLAIN = frozenset({"utf-8", "utf-8-sig", "ascii"})
#: Codecs of Python that are no encodings of files.
_NO_ENCODINGS = frozenset(
    {"unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined", "utf-7", "mbcs", "oem"}
)
#: So many right sequences stand beside one wrong byte in a text that is UTF-8 all the same.
_DAMAGED = 20
_FOREIGN = "volresearch.foreign"


@dataclass(frozen=True)
class Decoded:
    """A text file as UTF-8.

    Attributes
    ----------
    path : Path
        The file itself, or a copy in UTF-8.
    start : int
        Bytes of a byte order mark, to be passed over.
    why : str
        The encoding, and how it was found.
    quotes, lines, nul_line, lone_returns, filled
        Facts of the bytes: number of ``"``; number of lines; first line with a
        byte 0 (0: none); whether a carriage return stands alone; whether anything but blank is in it.
    """

    path: Path
    start: int
    why: str
    quotes: int = 0
    lines: int = 0
    nul_line: int = 0
    lone_returns: bool = False
    filled: bool = False
    notes: tuple[Note, ...] = field(default_factory=tuple)


def decoded(path: Path, asked: str | None, folder: Path, where: Where) -> Decoded:
    """Return a text file as UTF-8: itself, or a copy in `folder` where it is in another encoding.

    Parameters
    ----------
    path : Path
        A plain file.
    asked : str or None
        The encoding that the caller names.
    folder : Path
        For the copy.
    where : Where
        The file, as messages name it.

    Raises
    ------
    VolResearchError
        ``read.encoding`` with the line, where the named encoding does not fit, or none does.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    mark = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    if asked is not None:
        return _as_asked(path, asked, mark, folder, where)
    if mark and mark != "utf-8-sig":
        return _copied(path, mark, f"{mark.upper()} (byte order mark)", folder, where)
    if wide := looks_wide(head):
        note = Note(f"No byte order mark: read as {wide.upper()}, since every second byte is 0.", where)
        return _copied(path, wide, f"{wide} (every second byte is 0)", folder, where, note)
    facts = _facts(path)
    if facts.bad is None:
        why = (
            "UTF-8 (byte order mark)"
            if mark
            else "UTF-8 (every byte fits)"
            if facts.wide
            else "ASCII, read as UTF-8"
        )
        return _plain(path, facts, why, where)
    return _guessed(path, facts, folder, where)


def _as_asked(path: Path, asked: str, mark: str, folder: Path, where: Where) -> Decoded:
    name = _codec(asked, where)
    facts = _facts(path)
    if name not in _PLAIN:
        notes: tuple[Note, ...] = ()
        if facts.bad is None and facts.wide and not mark.startswith(("utf-16", "utf-32")):
            notes = (Note(f"Read as {asked}, as asked; its bytes are right UTF-8.", where),)
        return _copied(path, name, f"{asked} (as asked)", folder, where, *notes)
    if facts.bad is not None:
        raise _does_not_fit(asked, facts.bad, where)
    return _plain(path, facts, f"{asked} (as asked)", where)


def _codec(asked: str, where: Where) -> str:
    """Return the name of a codec of text."""
    try:
        name = codecs.lookup(asked).name
        "a".encode(name)  # refuses codecs that are none of text, such as zip
    except (LookupError, UnicodeError, ValueError):
        name = ""
    if not name or name in _NO_ENCODINGS or "escape" in name:
        raise VolResearchError(
            "read.encoding",
            f'There is no encoding "{asked}".',
            where=where,
            expected="a name such as utf-8, windows-1252, windows-1251, utf-16, gb18030",
        )
    return name


@dataclass
class _Bad:
    offset: int
    byte: int
    line: int


@dataclass
class _Facts:
    quotes: int = 0
    lines: int = 0
    nul_line: int = 0
    lone_returns: bool = False
    filled: bool = False
    wide: bool = False
    lost: int = 0
    lost_line: int = 0
    bad: _Bad | None = None


def _facts(path: Path) -> _Facts:
    """Read the bytes once: what they hold, and where they are no UTF-8."""
    facts, decoder = _Facts(), codecs.getincrementaldecoder("utf-8")()
    offset, returned, ended = 0, False, True
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            _count(piece, facts, path, offset)
            facts.lone_returns |= _lone_return(piece, returned)
            returned, ended = piece.endswith(b"\r"), piece.endswith(b"\n")
            if facts.bad is None and not (piece.isascii() and not decoder.getstate()[0]):
                facts.wide = True
                facts.bad = _wrong_byte(piece, decoder, path, offset)
            offset += len(piece)
    facts.lone_returns |= returned
    facts.lines += not ended
    left = decoder.getstate()[0]
    if facts.bad is None and left:
        facts.bad = _Bad(offset - len(left), left[0], _line_at(path, offset - len(left)))
    return facts


def _wrong_byte(piece: bytes, decoder: codecs.IncrementalDecoder, path: Path, offset: int) -> _Bad | None:
    kept = len(decoder.getstate()[0])
    try:
        decoder.decode(piece)
    except UnicodeDecodeError as error:
        at = offset - kept + error.start
        return _Bad(at, error.object[error.start], _line_at(path, at))
    return None


def _line_at(path: Path, offset: int) -> int:
    """Return the number of the line that a byte stands in."""
    lines = 1
    with path.open("rb") as stream:
        while offset > 0 and (piece := stream.read(min(_CHUNK, offset))):
            lines += piece.count(b"\n")
            offset -= len(piece)
    return lines


def _count(piece: bytes, facts: _Facts, path: Path, offset: int) -> None:
    """Count what matters; most pieces lack most of it, which one look at a byte tells."""
    facts.lines += piece.count(b"\n")
    if b'"' in piece:
        facts.quotes += piece.count(b'"')
    facts.filled = facts.filled or bool(piece.removeprefix(codecs.BOM_UTF8).strip())
    if not facts.nul_line and (at := piece.find(b"\0")) >= 0:
        facts.nul_line = _line_at(path, offset + at)
    if not piece.isascii() and b"\xef" in piece and (found := piece.count(_LOST)):
        if not facts.lost:
            facts.lost_line = _line_at(path, offset + piece.find(_LOST))
        facts.lost += found


def _lone_return(piece: bytes, returned: bool) -> bool:
    """Whether a carriage return without line feed stands in the piece, or ended the one before."""
    if returned and not piece.startswith(b"\n"):
        return True
    if b"\r" not in piece:
        return False
    return piece.count(b"\r") - piece.endswith(b"\r") != piece.count(b"\r\n")


def _plain(path: Path, facts: _Facts, why: str, where: Where, *notes: Note) -> Decoded:
    """Return what is in UTF-8 already, with its facts."""
    with path.open("rb") as stream:
        start = 3 if stream.read(3) == codecs.BOM_UTF8 else 0
    if facts.lost:
        said = f"{facts.lost} characters were lost before this file was written (they are U+FFFD in it), the first in line {facts.lost_line}."
        notes = (*notes, Note(said, where))
    return Decoded(
        path, start, why, facts.quotes, facts.lines, facts.nul_line, facts.lone_returns, facts.filled, notes
    )


def _guessed(path: Path, facts: _Facts, folder: Path, where: Where) -> Decoded:
    """Return a file that is no UTF-8 by the encoding that explains its letters best."""
    bad = facts.bad
    assert bad is not None
    reason = f"not UTF-8: byte 0x{bad.byte:02X} in line {bad.line}"
    with path.open("rb") as stream:
        stream.seek(max(0, bad.offset - _SAMPLE // 2))
        sample = stream.read(_SAMPLE)
    if _is_damaged(sample):
        return _mended(path, reason, folder, where)
    ranked = guesses(high_lines(sample, 200_000))
    for share, name in ranked:
        try:
            other = next((one for _, one in ranked if one != name), "")
            note = Note(
                f"Not UTF-8 (byte 0x{bad.byte:02X} in line {bad.line}): read as {name}, by its letters. "
                f'If accents or letters look wrong, say encoding="{other or "utf-8"}" or another.',
                where,
            )
            return _copied(
                path,
                name,
                f"{name} ({reason}; {share:.0%} of its letters stand as in words)",
                folder,
                where,
                note,
            )
        except VolResearchError:
            continue
    note = Note(
        f"Not UTF-8 (byte 0x{bad.byte:02X} in line {bad.line}), and no encoding that is known here: read as iso-8859-1.",
        where,
    )
    return _copied(path, "iso-8859-1", f"iso-8859-1 ({reason}; nothing else fits)", folder, where, note)


def _is_damaged(sample: bytes) -> bool:
    """Whether it is UTF-8 with a few wrong bytes: many right sequences beside each."""
    text = sample.decode("utf-8", "surrogateescape")
    wrong = sum("\udc80" <= sign <= "\udcff" for sign in text)
    right = sum(sign > "\x7f" for sign in text) - wrong
    return right >= _DAMAGED * wrong


def _mended(path: Path, reason: str, folder: Path, where: Where) -> Decoded:
    """Read UTF-8 with a few foreign bytes: each of these as windows-1252, nothing lost."""
    codecs.register_error(_FOREIGN, _as_latin)
    copy = _transcoded(path, "utf-8", folder, where, _FOREIGN)
    count = _foreign_bytes(path)
    note = Note(f"UTF-8, but {count} bytes are not ({reason}): each was read as windows-1252.", where)
    return _plain(copy, _facts(copy), f"UTF-8 with {count} bytes of windows-1252 ({reason})", where, note)


def _as_latin(error: UnicodeError) -> tuple[str, int]:
    """Give one byte that is no UTF-8 as the letter it is in windows-1252."""
    assert isinstance(error, UnicodeDecodeError)
    byte = error.object[error.start : error.start + 1]
    return byte.decode("cp1252", "ignore") or byte.decode("iso-8859-1"), error.start + 1


def _foreign_bytes(path: Path) -> int:
    decoder, count = codecs.getincrementaldecoder("utf-8")("surrogateescape"), 0
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            count += len(re.findall("[\udc80-\udcff]", decoder.decode(piece)))
    return count + len(decoder.getstate()[0])


def _copied(path: Path, name: str, why: str, folder: Path, where: Where, *notes: Note) -> Decoded:
    copy = _transcoded(path, name, folder, where)
    return _plain(copy, _facts(copy), why, where, *notes)


def _transcoded(path: Path, name: str, folder: Path, where: Where, errors: str = "strict") -> Path:
    """Write a copy in UTF-8, piece by piece."""
    copy = folder / f"utf8-{path.name}"
    decoder = codecs.getincrementaldecoder(name)(errors)
    lines, first = 0, True
    with path.open("rb") as source, copy.open("w", encoding="utf-8", newline="") as target:
        while True:
            piece = source.read(_CHUNK)
            try:
                text = decoder.decode(piece, final=not piece)
                target.write(text.removeprefix("\ufeff") if first else text)
            except UnicodeError as error:
                raise _wrong(name, error, lines, where) from None
            first = first and not text
            lines += text.count("\n")
            if not piece:
                return copy


def _wrong(name: str, error: UnicodeError, lines: int, where: Where) -> VolResearchError:
    if isinstance(error, UnicodeDecodeError):
        before = error.object[: error.start].decode(name, "replace").count("\n")
        return _does_not_fit(name, _Bad(error.start, error.object[error.start], lines + before + 1), where)
    return _does_not_fit(name, _Bad(0, 0, lines + 1), where)  # half of a pair in UTF-16


def _does_not_fit(name: str, bad: _Bad, where: Where) -> VolResearchError:
    return VolResearchError(
        "read.encoding",
        f"The text is not {name}: byte 0x{bad.byte:02X} does not fit.",
        where=Where(file=where.file, line=bad.line),
        hint="Leave out encoding= to have it found by its bytes, or name another. If the file was cut off, export it again.",
    )
