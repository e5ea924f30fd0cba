"""The words of XLSForm in all their spellings: headers, types of questions, names of languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

__all__ = [
    "HEADERS",
    "TEXTS",
    "TYPES",
    "Header",
    "Languages",
    "QuestionType",
    "question_type",
    "read_header",
    "truth_of",
]

#: Keys whose wording may stand in several languages.
TEXTS = frozenset(
    {
        "label",
        "hint",
        "guidance_hint",
        "constraint_message",
        "required_message",
        "image",
        "audio",
        "video",
        "big-image",
    }
)
#: Spelling (lower case, spaces and dashes as underscores) -> key.
HEADERS = {
    "type": "type", "command": "type", "name": "name", "tag": "name", "variable_name": "name", "value": "name",
    "label": "label", "caption": "label", "hint": "hint", "guidance_hint": "guidance_hint",
    "image": "image", "big_image": "big-image", "audio": "audio", "video": "video",
    "media:image": "image", "media:audio": "audio", "media:video": "video", "media:big_image": "big-image",
    "relevant": "relevant", "relevance": "relevant", "bind:relevant": "relevant",
    "constraint": "constraint", "bind:constraint": "constraint",
    "constraint_message": "constraint_message", "constraining_message": "constraint_message",
    "bind:jr:constraintmsg": "constraint_message", "jr:constraintmsg": "constraint_message",
    "required": "required", "bind:required": "required",
    "required_message": "required_message", "bind:jr:requiredmsg": "required_message", "jr:requiredmsg": "required_message",
    "read_only": "readonly", "readonly": "readonly", "bind:readonly": "readonly",
    "default": "default", "calculation": "calculation", "calculate": "calculation", "bind:calculate": "calculation",
    "trigger": "trigger", "choice_filter": "choice_filter", "parameters": "parameters",
    "appearance": "appearance", "control:appearance": "appearance",
    "repeat_count": "repeat_count", "jr:count": "repeat_count", "count": "repeat_count", "control:jr:count": "repeat_count",
    "list_name": "list_name",
}  # fmt: skip
_SHEET_ONLY = {
    "list_name": {"choices"},
    "value": {"choices"},
    "command": {"survey"},
    "count": {"survey"},
}


@dataclass(frozen=True)
class Header:
    """A column: what it holds (empty for what is unknown), in which language, and how it is written."""

    key: str
    language: str
    written: str


def read_header(written: str, sheet: str) -> Header:
    """Return what a column header means.

    Examples
    --------
    >>> read_header("Label::English (en)", "survey").language
    'English (en)'
    >>> read_header("media::image::French", "survey").key
    'image'
    """
    parts = [part.strip() for part in re.split(r"::?", written.strip())]
    for used in range(min(len(parts), 4), 0, -1):
        spelled = re.sub(r"[\s-]+", "_", ":".join(parts[:used]).lower())
        key = HEADERS.get(spelled, "")
        if not key or sheet not in _SHEET_ONLY.get(spelled, {sheet}):
            continue
        rest = ":".join(parts[used:])
        if rest and key not in TEXTS:
            break
        if sheet == "choices" and key not in TEXTS | {"list_name", "name"}:
            break
        return Header(key, rest, written)
    return Header("", "", written)


@dataclass(frozen=True)
class QuestionType:
    """What a cell of the column ``type`` says."""

    type: str
    list_name: str = ""
    source: str = ""
    or_other: bool = False
    opens: str = ""
    closes: str = ""


_METADATA = {
    "start": "start", "start time": "start", "get start time": "start", "end": "end", "end time": "end", "get end time": "end",
    "today": "today", "get today": "today", "deviceid": "deviceid", "device id": "deviceid", "get device id": "deviceid",
    "imei": "deviceid", "subscriberid": "subscriberid", "subscriber id": "subscriberid", "get subscriber id": "subscriberid",
    "simserial": "simserial", "sim id": "simserial", "get sim id": "simserial", "phonenumber": "phonenumber",
    "phone number": "phonenumber", "get phone number": "phonenumber", "username": "username", "email": "email",
    "audit": "audit", "start-geopoint": "start-geopoint", "background-audio": "background-audio",
    "background-geopoint": "background-geopoint",
}  # fmt: skip
#: Spelling of a type (lower case, single spaces) -> type of item.
TYPES = {
    **dict.fromkeys(["text", "string", "add text prompt", "add text question"], "text"),
    **dict.fromkeys(["integer", "int", "add integer prompt", "add integer question"], "integer"),
    **dict.fromkeys(["decimal", "add decimal prompt", "add decimal question"], "decimal"),
    **dict.fromkeys(["note", "add note prompt"], "note"),
    **dict.fromkeys(["date", "add date prompt", "add date question"], "date"),
    **dict.fromkeys(["time", "add time prompt"], "time"),
    **dict.fromkeys(["datetime", "date time", "add datetime prompt", "add date time prompt"], "datetime"),
    **dict.fromkeys(["geopoint", "gps", "location", "q geopoint", "add location prompt", "add gps prompt"], "geopoint"),
    **dict.fromkeys(["geotrace"], "geotrace"),
    **dict.fromkeys(["geoshape"], "geoshape"),
    **dict.fromkeys(["image", "photo", "add image prompt", "add photo prompt", "q image"], "image"),
    **dict.fromkeys(["audio", "add audio prompt", "q audio"], "audio"),
    **dict.fromkeys(["video", "add video prompt", "q video"], "video"),
    **dict.fromkeys(["file", "add file prompt"], "file"),
    **dict.fromkeys(["barcode", "add barcode prompt", "q barcode"], "barcode"),
    **dict.fromkeys(["acknowledge", "trigger", "add acknowledge prompt"], "consent"),
    **dict.fromkeys(["calculate", "add calculate prompt", "q calculate"], "calculate"),
    **dict.fromkeys(["hidden"], "hidden"),
    **dict.fromkeys(["range"], "range"),
}  # fmt: skip
_SELECTS = (
    (r"(?:add )?select[ _]one(?: prompt)? using", "one"),
    (r"(?:add )?select[ _]multiple(?: prompt)? using", "several"),
    (r"select[ _]one[ _]from[ _]file", "one file"),
    (r"select[ _]multiple[ _]from[ _]file", "several file"),
    (r"select[ _]one[ _]external(?: from)?", "one external"),
    (r"select[ _]one(?: from)?|select1", "one"),
    (r"select[ _]multiple(?: from)?|select[ _]all[ _]that[ _]apply(?: from)?", "several"),
    (r"rank(?: from)?", "ranking"),
)
_OTHER = re.compile(r"\s+(?:or[ _]other|or specify other)$", re.IGNORECASE)
_CONTROL = re.compile(
    r"(begin|end)[ _]+(group|repeat|loop|lgroup|looped[ _]group)(?:\s+over\s+(\S+))?$", re.IGNORECASE
)
_CONTROLS = {
    "group": "group",
    "repeat": "repeat",
    "lgroup": "repeat",
    "looped group": "repeat",
    "loop": "loop",
}


def question_type(written: str) -> QuestionType:
    """Return what a type means; one that is unknown here has the type ``other``.

    Examples
    --------
    >>> question_type("add select one prompt using yes_no").list_name
    'yes_no'
    >>> question_type("select_multiple colours or_other").or_other
    True
    >>> question_type("begin_repeat").opens
    'repeat'
    """
    text = " ".join(written.split())
    control = _CONTROL.match(text)
    if control:
        kind = _CONTROLS[control[2].lower().replace("_", " ")]
        opening = control[1].lower() == "begin"
        return QuestionType(
            "", control[3] or "", opens=kind if opening else "", closes="" if opening else kind
        )
    low = text.lower()
    if low in TYPES:
        return QuestionType(TYPES[low])
    if low in _METADATA:
        return QuestionType("metadata", source=_METADATA[low])
    if low in {"xml-external", "csv-external"}:
        return QuestionType("external", source=low)
    return _select(text) or QuestionType("other", source=text)


def _select(text: str) -> QuestionType | None:
    for pattern, meaning in _SELECTS:
        found = re.match(rf"(?:{pattern})\s+(\S.*)$", text, re.IGNORECASE)
        if found:
            kind, _, source = meaning.partition(" ")
            name = found[1]
            return QuestionType(kind, _OTHER.sub("", name), source, bool(_OTHER.search(name)))
    return None


def truth_of(written: str) -> bool | None:
    """Return yes or no in any spelling; None for what is a condition."""
    low = written.strip().lower()
    if low in {"yes", "true", "true()", "1"}:
        return True
    return False if low in {"", "no", "false", "false()", "0"} else None


_TAGGED = re.compile(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\)\s*$")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")


@lru_cache(maxsize=1)
def _named() -> dict[str, str]:
    """Names of languages, in English and in themselves -> tag."""
    from babel import Locale

    english = Locale("en").languages
    out = {name.lower(): tag.replace("_", "-") for tag, name in english.items()}
    for tag in ("ar", "bn", "de", "es", "fa", "fr", "he", "hi", "id", "it", "km", "lo", "my", "ne", "pt", "ru", "sw", "th", "uk", "ur", "vi", "zh"):  # fmt: skip
        own = Locale(tag).languages.get(tag)
        if own:
            out[own.lower()] = tag
    return {
        **out,
        "kiswahili": "sw",
        "bahasa indonesia": "id",
        "farsi": "fa",
        "khmer": "km",
        "mandarin": "zh",
    }


class Languages:
    """The languages of a form: the name that it gives to each -> a tag, none twice."""

    def __init__(self, names: Iterable[str]) -> None:
        self.tags: dict[str, str] = {}
        for name in dict.fromkeys(names):
            wanted = _tag_of(name)
            tag, number = wanted, 2
            while tag in self.tags.values():
                tag, number = f"{wanted}-alt{number}", number + 1
            self.tags[name] = tag

    def tag(self, name: str) -> str:
        """Return the tag of a name; a column without language has ``und``."""
        return self.tags[name] if name else "und"


def _tag_of(name: str) -> str:
    found = _TAGGED.search(name)
    if found:
        return _cased(found[1])
    known = _named().get(name.strip().lower())
    if known:
        return known
    if _TAG.match(name) and name.lower().split("-")[0].split("_")[0] in _named().values():
        return _cased(name)
    letters = re.sub(r"[^a-z0-9]", "", name.lower())
    chunks = [letters[start : start + 8] for start in range(0, len(letters), 8)] or ["other"]
    return "-".join(["qaa", *(chunk if len(chunk) > 1 else f"{chunk}0" for chunk in chunks[:4])])


def _cased(tag: str) -> str:
    head, *rest = re.split("[-_]", tag)
    return "-".join([head.lower(), *rest])
