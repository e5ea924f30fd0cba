"""Rows of the sheet ``survey`` from items and blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from volresearch.errors import VolResearchError
from volresearch.expressions.xpath_writing import to_xpath
from volresearch.instruments.formula import Formula
from volresearch.instruments.items import Block, Item
from volresearch.instruments.model import Instrument
from volresearch.instruments.xlsform.survey import ADDED
from volresearch.text import Text

__all__ = ["Rows"]

Cells = dict[str, str]

_TYPES = {
    "one": "select_one",
    "several": "select_multiple",
    "roster": "select_multiple",
    "ranking": "rank",
    "datetime": "dateTime",
    "consent": "acknowledge",
}
_ORDER = (
    "type", "name", "label", "hint", "guidance_hint", "image", "audio", "video", "big-image", "required", "required_message",
    "relevant", "constraint", "constraint_message", "readonly", "default", "calculation", "trigger", "choice_filter",
    "parameters", "appearance", "repeat_count",
)  # fmt: skip


class Rows:
    """Writes items and blocks as rows, taking notes of what an XLSForm cannot say."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.losses: list[str] = []
        self.external = {scale.name for scale in instrument.scales if scale.external}

    def language(self, tag: str) -> str:
        """Return the name of a language in headers."""
        declared = self.instrument.languages.get(tag)
        if declared and declared.name:
            return declared.name
        from babel import Locale, UnknownLocaleError

        try:
            name = Locale.parse(tag, sep="-").get_display_name("en")
        except (UnknownLocaleError, ValueError):
            name = None
        return f"{name.replace(':', ' ')} ({tag})" if name else tag

    def header(self, key: str, tag: str) -> str:
        """Return the header of a wording."""
        return key if tag == "und" else f"{key}::{self.language(tag)}"

    def labels(self, key: str) -> list[str]:
        """Return the headers of a wording in all languages of the form."""
        return [self.header(key, tag) for tag in self.instrument.tags] or [key]

    def wordings(self, key: str, text: Text) -> Cells:
        """Return the cells of a multilingual text; where it stands in one language, its column is there for all."""
        return {self.header(key, tag): wording for tag, wording in text.items()}

    def order(self, used: Iterable[str]) -> list[str]:
        """Return headers in the order that people expect, all languages of a wording where one is used."""
        heads = list(dict.fromkeys(used))
        tags = ["und", *self.instrument.tags]
        out = []
        for key in _ORDER:
            own = {self.header(key, tag): tag for tag in tags}
            found = [header for header in own if header in heads]
            translated = any(own[header] != "und" for header in found)
            out += [header for header, tag in own.items() if header in found or (translated and tag != "und")]
        return [*out, *(header for header in heads if header not in out)]

    def of(self, entry: Item | Block) -> Iterator[Cells]:
        """Yield the rows of an item or block."""
        if isinstance(entry, Item):
            yield from self._item(entry)
            return
        kind = f"begin {entry.kind}" + (
            f" over {entry.scale}" if entry.kind == "loop" and entry.scale else ""
        )
        cells = {
            "type": kind,
            "name": entry.name,
            **self.wordings("label", entry.text),
            **self.wordings("hint", entry.hint),
        }
        cells |= self._formulas(entry, {"relevant": entry.ask_if, "repeat_count": entry.count}, None)
        cells |= _filled(
            {
                "appearance": entry.appearance,
                "vr_sides": " ".join(entry.sides),
                "vr_waves": " ".join(entry.waves),
            }
        )
        for key, text in entry.media.items():
            cells |= self.wordings(key, text)
        if entry.at_most is not None:
            self.losses.append(f'The repeat "{entry.name}" has no bound of {entry.at_most} in the form.')
        yield cells | dict(entry.extras)
        for one in entry.items:
            yield from self.of(one)
        yield {"type": f"end {entry.kind}"} | self._closing(entry)

    def _closing(self, entry: Block) -> Cells:
        out = {}
        for header, value in entry.closing.items():
            key, mark, tag = header.partition("::")
            out[self.header(key, tag) if mark and key in _ORDER else header] = value
        return out

    def _item(self, item: Item) -> Iterator[Cells]:
        cells = {"type": self._type(item), "name": item.name, **self.wordings("label", item.text)}
        for key, text in (
            ("hint", item.hint),
            ("guidance_hint", item.guidance),
            ("constraint_message", item.constraint_message),
            ("required_message", item.required_message),
            *item.media.items(),
        ):
            cells |= self.wordings(key, text)
        formulas = {"relevant": item.ask_if, "constraint": item.constraint, "calculation": item.calculation}
        cells |= self._formulas(item, {**formulas, "choice_filter": item.choice_filter}, item.name)
        for key, value in (("required", item.required), ("readonly", item.read_only)):
            if isinstance(value, Formula):
                cells |= self._formulas(item, {key: value}, item.name)
            elif value:
                cells[key] = "yes"
        parameters = {key: value for key, value in item.parameters.items() if key != "source"}
        cells |= _filled(
            {
                "default": item.default,
                "trigger": item.trigger,
                "appearance": item.appearance,
                "parameters": " ".join(f"{key}={value}" for key, value in parameters.items()),
                "vr_unit": item.unit,
                "vr_reference_period": item.reference_period,
                "vr_coded_to": item.coded_to,
                "vr_measures": item.measures,
                "vr_sensitive": "yes" if item.sensitive else "",
                "vr_sides": " ".join(item.sides),
                "vr_waves": " ".join(item.waves),
            }
        )
        if item.type == "calculate" and (item.scale or item.choices):
            self.losses.append(f'The labels of what "{item.name}" calculates are not in the form.')
        if item.wording:
            self.losses.append(
                f'The wording of "{item.name}" for each side is left out: export one side at a time.'
            )
        silent = {ADDED, "type"} if item.type == "other" else {ADDED}
        yield cells | {key: value for key, value in item.extras.items() if key not in silent}
        if item.other_specify and ADDED not in item.extras:
            yield self._other(item)

    def _type(self, item: Item) -> str:
        if item.type == "other":
            return item.extras.get("type", "text")
        if item.type in {"metadata", "external"}:
            return item.parameters.get("source", item.type)
        word = _TYPES.get(item.type, item.type)
        if word not in {"select_one", "select_multiple", "rank"}:
            return word
        if item.choices_file:
            return f"{word}_from_file {item.choices_file}"
        if item.scale in self.external:
            word = f"{word}_external"
        return f"{word} {item.scale or item.name}" + (" or_other" if ADDED in item.extras else "")

    def _other(self, item: Item) -> Cells:
        assert item.other_specify is not None
        words = item.other_specify.text or Text(
            {tag: word for tag, word in _PLEASE.items() if tag in self.instrument.tags}
        )
        code = item.other_specify.code.replace("'", "")
        cells = {"type": "text", "name": f"{item.name}_other", **self.wordings("label", words)}
        return {**cells, "relevant": f"selected(${{{item.name}}}, '{code}')"}

    def _formulas(self, entry: Item | Block, formulas: dict[str, Formula | None], own: str | None) -> Cells:
        out = {}
        for key, formula in formulas.items():
            if formula is None:
                continue
            if formula.language == "xpath":
                out[key] = formula.text
                continue
            try:
                assert formula.expression is not None
                out[key] = to_xpath(formula.expression.node, own if key == "constraint" else None)
            except (ValueError, AssertionError, VolResearchError) as error:
                said = str(error) or formula.language
                self.losses.append(f'The {key} of "{entry.name}" is left out: XLSForm has no {said}.')
        return out


_PLEASE = {
    "en": "Please specify",
    "es": "Especifique, por favor",
    "fr": "Veuillez préciser",
    "zh": "请说明",
}


def _filled(cells: Cells) -> Cells:
    return {key: value for key, value in cells.items() if value}
