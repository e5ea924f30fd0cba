"""A result read for showing: every number with its words, unit, bound and marks in one language.

Tables, figures and sentences all start here, so that they say the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from volresearch.errors import VolResearchError
from volresearch.release import PUBLISHED, Release
from volresearch.results import Result
from volresearch.show.markup import plain
from volresearch.text import formats, tr

if TYPE_CHECKING:
    from volresearch.results import ResultFacts
    from volresearch.text import Text

__all__ = ["FEW", "SIGNS", "WIDE", "Reading", "Row", "Word", "bound_words", "read", "scale_of", "value_words"]

#: Marks of estimates and their signs.
SIGNS = {"few": "▲", "wide": "◆", "one_psu": "■", "no_interval": "□"}
#: A value with fewer than this many units behind it is marked "few".
FEW = 10
#: A value with a larger relative standard error than this is marked "wide".
WIDE = 0.25

_SHARES = frozenset({"proportion", "share", "prevalence"})
_SCALES = frozenset({"percent", "count", "money", "hours", "other"})
_EXTRA_DIMENSIONS = ("variable", "statistic", "term", "level")


@dataclass(frozen=True)
class Word:
    """A label and the language it really is in, which need not be the one asked for."""

    text: str
    lang: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", plain(self.text))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Row:
    """One number ready to be shown.

    ``value, low, high`` are in the unit that is shown (shares in percent); None is missing. ``marks`` holds
    ``"c"`` confidential, ``"x"`` not stated, ``"few"``, ``"wide"``, ``"one_psu"``. ``key`` is the measurement key by which
    values may be joined: two rows of different keys never share a line.
    """

    codes: Mapping[str, str]
    words: Mapping[str, Word]
    value: float | None
    low: float | None
    high: float | None
    scale: str
    unit: Word
    unit_label: Word
    decimals: int | None
    bound: str
    marks: tuple[str, ...]
    n: int | None
    n_cell: int | None
    source: str
    key: str
    vintage: Word
    note: str
    fact: str = ""

    @property
    def has_interval(self) -> bool:
        """Whether both ends of an interval are known."""
        return self.low is not None and self.high is not None


@dataclass(frozen=True)
class Reading:
    """A result in one language: its rows, its dimensions and what must be said beside it."""

    rows: tuple[Row, ...]
    dimensions: tuple[str, ...]
    names: Mapping[str, Word]
    lang: str
    facts: ResultFacts
    released: bool
    published: bool

    def varying(self) -> tuple[str, ...]:
        """Return the dimensions that take more than one code, in order."""
        return tuple(d for d in self.dimensions if len({row.codes[d] for row in self.rows}) > 1)

    def colliding(self) -> bool:
        """Return whether two rows agree in every dimension: only their vintage tells them apart."""
        return len({tuple(row.codes.values()) for row in self.rows}) < len(self.rows)

    def constant(self) -> tuple[str, ...]:
        """Return the dimensions that take one code only and have a word worth saying."""
        varying = set(self.varying())
        return tuple(d for d in self.dimensions if d not in varying and self.rows and self.rows[0].codes[d])


def read(x: Result | Release, lang: str = "en") -> Reading:
    """Read a result or release for showing in `lang`.

    Raises
    ------
    VolResearchError
        ``show.kind`` for anything else.
    """
    if isinstance(x, Release):
        result, released = x.result, True
    elif isinstance(x, Result):
        result, released = x, False
    else:
        raise VolResearchError(
            "show.kind",
            f"A {type(x).__name__} cannot be shown here.",
            expected="a Result or a Release",
            hint="vr.table also takes a pandas table.",
        )
    published = result.facts.unit == PUBLISHED
    table = result.table
    dimensions = list(result.by)
    if not published:
        dimensions += [name for name in _EXTRA_DIMENSIONS if _filled(table[name])]
    records = table.to_dict("records")
    rows = tuple(_row({str(k): v for k, v in record.items()}, dimensions, result, lang) for record in records)
    names = {name: _name(name, result, lang) for name in dimensions}
    return Reading(rows, tuple(dimensions), names, lang, result.facts, released, published)


def _filled(column: Iterable[Any]) -> bool:
    return any(_text(value) for value in column)


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = str(value)
    return "" if text in {"<NA>", "nan", "NaT", "None"} else text


def _float(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _int(value: Any) -> int | None:
    number = _float(value)
    return None if number is None else round(number)


def _row(record: Mapping[str, Any], dimensions: list[str], result: Result, lang: str) -> Row:
    published = result.facts.unit == PUBLISHED
    factor = 100.0 if not published and _text(record["statistic"]) in _SHARES else 1.0
    codes = {name: _text(record[name]) for name in dimensions}
    code = _text(record.get("unit"))
    scale = "percent" if factor == 100.0 else scale_of(code, result.facts)
    # A year is a number of another kind: it has no thousands.
    scale = "year" if code == "calendar_year" else scale
    value = _scaled(_float(record["estimate"]), factor)
    return Row(
        codes=codes,
        words={name: _word(name, codes[name], result, lang) for name in dimensions},
        value=value,
        low=_scaled(_float(record["ci_low"]), factor),
        high=_scaled(_float(record["ci_high"]), factor),
        scale=scale,
        unit=_unit(code, _text(record["variable"]), scale, result, lang),
        unit_label=_unit_label(code, scale, result, lang),
        decimals=None if published else _estimate_decimals(record, scale),
        bound=_text(record.get("bound")) or "exact",
        marks=_marks(record, value, published),
        n=_int(record["n"]),
        n_cell=_int(record["n_cell"]),
        source=_text(record.get("source_id")),
        key=_text(record.get("variant")) or _text(record["variable"]),
        vintage=_vintage(record, result, lang),
        note=_text(record.get("note")),
        fact=_text(record.get("fact_id")),
    )


def _vintage(record: Mapping[str, Any], result: Result, lang: str) -> Word:
    """Return the words by which two values of one series and period are told apart.

    The vintage of the measurement key; where none is stated, the measure in the source's own words.
    """
    variant = _text(record.get("variant"))
    text = result.labels.get("variant", {}).get(variant)
    if text is not None:
        return Word(text.get_in(lang, variant), text.language_for(lang))
    key = result.facts.extra.get("keys", {}).get(variant)
    stated = str(key.get("vintage", "") if isinstance(key, Mapping) else getattr(key, "vintage", ""))
    if stated and stated not in {"unknown", "not_applicable"}:
        return Word(stated.replace("_", " "), "en")
    return Word(_text(record.get("measure")) or variant.rpartition(".")[2].replace("_", " "), "en")


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _estimate_decimals(record: Mapping[str, Any], scale: str) -> int:
    # Estimates have one decimal; totals of persons have none, they are never that exact.
    if scale == "percent" or _text(record.get("unit")) == "ratio":
        return 1 if scale == "percent" else 2
    return 0 if _text(record["statistic"]) in {"total", "count", "sum"} else 1


def _marks(record: Mapping[str, Any], value: float | None, published: bool) -> tuple[str, ...]:
    flags = set(_text(record["flag"]).split())
    if flags & {"c", "confidential"}:
        return ("c",)
    if value is None:
        return ("x",)
    if published:
        return ()
    cell, se, estimate = _int(record["n_cell"]), _float(record["se"]), _float(record["estimate"])
    few = "few" in flags or (cell is not None and cell < FEW)
    wide = "wide" in flags or (se is not None and bool(estimate) and se / abs(estimate or 1.0) > WIDE)
    named = (("few", few), ("wide", wide), *((name, name in flags) for name in ("one_psu", "no_interval")))
    return tuple(name for name, holds in named if holds)


def scale_of(unit: str, facts: ResultFacts) -> str:
    """Return the kind of a unit: percent, count, money, hours or other."""
    known = facts.extra.get("unit_scales", {}).get(unit)
    if known in _SCALES:
        return str(known)
    if unit.startswith("percent"):
        return "percent"
    if "hour" in unit.lower():
        return "hours"
    return "money" if len(unit) == 3 and unit.isupper() and unit != "FTE" else "count"


def _unit(code: str, variable: str, scale: str, result: Result, lang: str) -> Word:
    text: Text | None = result.labels.get("unit_short", {}).get(code) or result.labels.get("unit", {}).get(
        code
    )
    if text is not None:
        return Word(text.get_in(lang, code), text.language_for(lang))
    if code:
        return Word("%" if scale == "percent" else code.replace("_", " "), "en")
    if scale == "percent":
        return Word("%", lang)
    unit = result.facts.extra.get("variable_units", {}).get(variable, "")
    return Word(str(unit), "en")


def _unit_label(code: str, scale: str, result: Result, lang: str) -> Word:
    text: Text | None = result.labels.get("unit", {}).get(code)
    if text is not None:
        return Word(text.get_in(lang, code), text.language_for(lang))
    if scale == "percent":
        return Word(tr("percent", lang), lang)
    return Word(code.replace("_", " "), "en")


def _name(name: str, result: Result, lang: str) -> Word:
    text = result.titles.get(name)
    if text is not None:
        return Word(text.get_in(lang, name), text.language_for(lang))
    return Word(_column_word(name, lang), lang)


def _column_word(name: str, lang: str) -> str:
    known = {
        "series": tr("Series", lang),
        "area": tr("Area", lang),
        "period": tr("Period", lang),
        "subgroup": tr("Group", lang),
        "variable": tr("Variable", lang),
        "statistic": tr("Statistic", lang),
        "term": tr("Term", lang),
        "level": tr("Level", lang),
        "sex": tr("Sex", lang),
    }
    return known.get(name) or name.replace("_", " ").capitalize()


def _word(name: str, code: str, result: Result, lang: str) -> Word:
    if name == "period":
        try:
            return Word(formats.period(code, lang), lang)
        except VolResearchError:
            return Word(code, "und")
    text = result.labels.get(name, {}).get(code)
    if text is None and name in {"variable", "series"}:
        text = result.titles.get(code)
    if text is not None:
        return Word(text.get_in(lang, code), text.language_for(lang))
    if name == "subgroup" and code in {"", "total"}:
        return Word(tr("All", lang), lang)
    return Word(_statistic_word(code, lang) if name == "statistic" else code.replace("_", " "), lang)


def _statistic_word(code: str, lang: str) -> str:
    known = {
        "mean": tr("Mean", lang),
        "total": tr("Total", lang),
        "proportion": tr("Share", lang),
        "share": tr("Share", lang),
        "ratio": tr("Ratio", lang),
        "median": tr("Median", lang),
        "quantile": tr("Quantile", lang),
        "count": tr("Count", lang),
    }
    return known.get(code) or code.replace("_", " ")


def bound_words(bound: str, words: str, lang: str) -> str:
    """Return `words` of a value with its bound: "at least 83", "up to US$3.5 billion", "about 2,000".

    >>> bound_words("up_to", "3.5 billion", "en"), bound_words("exact", "83", "en")
    ('up to 3.5 billion', '83')
    """
    if bound == "at_least":
        return tr("at least {value}", lang, value=words)
    if bound == "up_to":
        return tr("up to {value}", lang, value=words)
    if bound == "about":
        return tr("about {value}", lang, value=words)
    return words


def value_words(row: Row, lang: str, *, with_unit: bool = True) -> str:
    """Return the value of a row in words: bound, number, unit; ``[c]`` or ``[x]`` where there is none."""
    if "c" in row.marks:
        return "[c]"
    if row.value is None:
        return formats.MISSING
    if row.scale == "year":
        return bound_words(row.bound, f"{row.value:.0f}", lang)
    unit = row.unit.text if with_unit else ""
    words = formats.quantity(row.value, row.scale, unit, lang, row.decimals)
    return bound_words(row.bound, words, lang)
