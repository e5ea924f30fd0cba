"""The strict YAML loader: text stays text, every fault of a file at once, every value knows its line.

Only ``true``, ``false``, ``null`` and JSON numbers are typed; ``NO``, ``yes``, ``08``, ``010``, ``0x1F``,
``1:30`` and dates stay text, and so does every key. Anchors, aliases, tags and second documents are refused,
so a small file cannot become a large one in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from volresearch.errors import Fault, VolResearchError, Where, fault, short_path

__all__ = ["DEPTH_LIMIT", "SIZE_LIMIT", "Loaded", "Place", "load", "loads"]

#: Largest file that is read, in bytes, and deepest nesting.
SIZE_LIMIT = 5_000_000
DEPTH_LIMIT = 40

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)\Z")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_DIGITS_LIMIT = 300

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Where a value stands inside a document: keys and positions from the top.
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Loaded:
    """A document as plain data (dict, tuple, str, int, float, bool, None) with the line of every value."""

    data: Any
    file: str
    lines: dict[Place, int] = field(repr=False)

    def line(self, place: Place) -> int:
        """Return the line of `place`, or of the nearest thing around it that the file has."""
        return self.lines.get(self._known(place), 1)

    def where(self, place: Place) -> Where:
        """Return `place` as a `Where` that a person can find."""
        known = self._known(place)
        last = place[-1:] if known != place and known[-1:] != place[-1:] else ()
        path = ""
        for step in (*known, *last):
            path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
        return Where(file=self.file, line=self.line(place), path=path or None)

    def _known(self, place: Place) -> Place:
        """Return the steps of `place` that the file has: validators add names of their own, of union members."""
        known: Place = ()
        for step in place:
            if (*known, step) in self.lines:
                known = (*known, step)
        return known


def load(path: str | Path) -> Loaded:
    """Read a YAML file strictly.

    Raises
    ------
    VolResearchError
        ``declare.missing_file``, ``declare.syntax`` or ``declare.duplicate_key``, with all faults found.
    """
    path = Path(path)
    name = short_path(path)
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise VolResearchError(
                "declare.syntax",
                f"The file is larger than {SIZE_LIMIT:,} bytes.",
                where=Where(file=name),
                hint="Data belong in CSV or Parquet files beside the declaration.",
            )
        raw = path.read_bytes()
    except OSError as error:
        raise VolResearchError(
            "declare.missing_file",
            f"The declaration cannot be opened: {error.strerror or error}.",
            where=Where(file=name),
        ) from error
    return loads(raw, name)


def loads(raw: bytes | str, name: str = "<text>") -> Loaded:
    """Read YAML text strictly; `name` stands for the file in messages.

    Examples
    --------
    >>> loads("answer: NO\\ncode: 08\\nhours: 1.5\\nwhen: 2016-12-01").data
    {'answer': 'NO', 'code': '08', 'hours': 1.5, 'when': '2016-12-01'}
    """
    text = ""
    try:
        text = raw if isinstance(raw, str) else raw.decode("utf-8-sig")
        return _Reader(name).read(text)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise VolResearchError(
            "declare.syntax",
            "The file is not UTF-8 text.",
            where=Where(file=name, line=line),
            hint="Save it as UTF-8.",
        ) from error
    except yaml.YAMLError as error:
        raise _syntax_error(error, text, name) from error


class _Reader:
    """Turns the parser's events into data and collects the faults on the way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self.lines: dict[Place, int] = {}

    def read(self, text: str) -> Loaded:
        events: Iterator[Any] = iter(yaml.parse(text, Loader=_Loader))
        data: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self._fault(event, (), "A second document starts here", "One file holds one declaration.")
                value = self._value(next(events), events, ())
                data = value if documents == 1 else data
        if not documents:
            self.faults.append(
                fault("declare.syntax", "The file is empty.", where=Where(file=self.name, line=1))
            )
        if self.faults:
            raise VolResearchError.of(self.faults)
        return Loaded(data, self.name, self.lines)

    def _value(self, event: Any, events: Iterator[Any], place: Place) -> Any:
        self.lines.setdefault(place, _line(event))
        if len(place) > DEPTH_LIMIT:
            self._fault(event, place[:3], f"Nesting is deeper than {DEPTH_LIMIT} levels", "")
            raise VolResearchError.of(self.faults)
        self._refuse(event, place)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, place)
        return "" if isinstance(event, yaml.AliasEvent) else _scalar(event)

    def _mapping(self, events: Iterator[Any], place: Place) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self._fault(event, place, "A key must be a single word or text", "")
                self._value(event, events, (*place, "?"))
                self._value(next(events), events, (*place, "?", "?"))
                continue
            self._refuse(event, (*place, event.value))
            key, line = str(event.value), _line(event)
            first = self.lines.get((*place, key)) if key in out else None
            if first is not None:
                message = f'the key "{key}" stands here a second time (first on line {first})'
                where = Where(self.name, line, path=_dotted(place))
                self.faults.append(fault("declare.duplicate_key", message, where=where))
            self.lines.setdefault((*place, key), line)
            out[key] = self._value(next(events), events, (*place, key))
        return out

    def _sequence(self, events: Iterator[Any], place: Place) -> tuple[Any, ...]:
        out: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            out.append(self._value(event, events, (*place, len(out))))
        return tuple(out)

    def _refuse(self, event: Any, place: Place) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._fault(event, place, f'The alias "*{event.anchor}" is not allowed', "Write it out.")
        elif getattr(event, "anchor", None):
            self._fault(event, place, f'The anchor "&{event.anchor}" is not allowed', "Write it out.")
        elif getattr(event, "tag", None):
            self._fault(event, place, f'The tag "{event.tag}" is not allowed', "Leave it out.")

    def _fault(self, event: Any, place: Place, message: str, hint: str) -> None:
        where = Where(file=self.name, line=_line(event), path=_dotted(place))
        self.faults.append(fault("declare.syntax", f"{message}.", where=where, hint=hint))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any) -> str | int | float | bool | None:
    text = str(event.value)
    if event.style:  # quoted, or a block of text
        return text
    if not text:
        return None
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= _DIGITS_LIMIT and _NUMBER.match(text):
        if _INTEGER.match(text):
            return int(text)
        number = float(text)
        return text if number in (float("inf"), float("-inf")) else number
    return text


def _dotted(place: Place) -> str | None:
    return ".".join(str(step) for step in place) or None


def _syntax_error(error: yaml.YAMLError, text: str, name: str) -> VolResearchError:
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    context = getattr(error, "context", None)
    line = mark.line + 1 if mark is not None else None
    hint = 'Text that holds ": " or starts with a sign such as @ % [ { needs quotes.'
    if line is not None and text.splitlines()[line - 1 : line] and "\t" in text.splitlines()[line - 1]:
        hint = "Indent with spaces, not tabs."
    said = f"This is not valid YAML: {problem}{f' ({context})' if context else ''}."
    return VolResearchError("declare.syntax", said, where=Where(file=name, line=line), hint=hint)
