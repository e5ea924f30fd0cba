"""The elements of a DDI codebook, in the order that its schema asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from volresearch.instruments.formula import Formula
from volresearch.instruments.items import Block, Choice, Item
from volresearch.instruments.model import Instrument
from volresearch.text import Text
from volresearch.text.escaping import CONTROL

__all__ = ["NAMESPACE", "Writer"]

NAMESPACE = "ddi:codebook:2_5"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DOMAINS = {
    "one": "category", "several": "multiple", "ranking": "multiple", "roster": "multiple", "consent": "category",
    "integer": "numeric", "decimal": "numeric", "range": "numeric", "date": "datetime", "time": "datetime",
    "datetime": "datetime", "text": "text",
}  # fmt: skip
_NUMERIC = {"integer", "decimal", "range"}


class Writer:
    """Writes one instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.losses: list[str] = []
        self.ids: dict[str, int] = {}

    def element(self, parent: Any, name: str, text: str = "", lang: str = "", /, **attributes: str) -> Any:
        """Add an element."""
        from lxml import etree

        made = etree.SubElement(
            parent, f"{{{NAMESPACE}}}{name}", {key: one for key, one in attributes.items() if one}
        )
        if lang and lang != "und":
            made.set(_LANGUAGE, lang)
        if text:
            made.text = CONTROL.sub("", text)
        return made

    def texts(self, parent: Any, name: str, text: Text) -> None:
        """Add an element for each language."""
        for lang, words in text.items():
            self.element(parent, name, words, lang)

    def codebook(self) -> Any:
        """Return the root element."""
        from lxml import etree

        form = self.instrument
        root = etree.Element(f"{{{NAMESPACE}}}codeBook", {"version": "2.5"}, nsmap={None: NAMESPACE})
        study = self.element(root, "stdyDscr")
        self.citation(study, form.title)
        information = [text for text in (form.description, form.purpose) if text]
        if information:
            inner = self.element(study, "stdyInfo")
            for text in information:
                self.texts(inner, "abstract", text)
        if form.licence:
            self.element(self.element(self.element(study, "dataAccs"), "useStmt"), "conditions", form.licence)
        data = self.element(root, "dataDscr")
        self.groups(data)
        for entry, inside in form.walk():
            if isinstance(entry, Item):
                self.variable(data, entry, inside)
        self.losses.extend(f'The score "{score.name}" is left out.' for score in form.scores)
        return root

    def citation(self, study: Any, title: Text) -> None:
        """Add title, number, version and citation of the study."""
        form = self.instrument
        citation = self.element(study, "citation")
        titles = self.element(citation, "titlStmt")
        first, *others = title.items()
        self.element(titles, "titl", first[1], first[0])
        for lang, words in others:
            self.element(titles, "parTitl", words, lang)
        self.element(titles, "IDNo", form.settings.get("IDNo", form.id))
        self.element(self.element(citation, "verStmt"), "version", form.version)
        if form.citation:
            self.element(citation, "biblCit", form.citation)

    def groups(self, data: Any) -> None:
        """Add the blocks as groups of variables."""
        for block in self.instrument.blocks:
            names = [self.name_id(entry.name) for entry in block.items if isinstance(entry, Item)]
            if not names:
                continue
            group = self.element(
                data, "varGrp", ID=self.unique(f"G_{block.name}"), name=block.name, var=" ".join(names)
            )
            self.texts(group, "labl", block.text)
            if block.kind != "group":
                self.losses.append(
                    f'"{block.name}" is a group of variables there: that it repeats is left out.'
                )

    @staticmethod
    def name_id(name: str) -> str:
        """Return a name as XML identifiers are written."""
        return "V_" + re.sub(r"[^A-Za-z0-9_.-]", "_", name)

    def unique(self, wanted: str) -> str:
        """Return an identifier that no other element has."""
        one = made = re.sub(r"[^A-Za-z0-9_.-]", "_", wanted)
        while one in self.ids:
            self.ids[made] += 1
            one = f"{made}_{self.ids[made]}"
        self.ids[one] = 1
        return one

    def variable(self, data: Any, item: Item, inside: tuple[Block, ...]) -> None:
        """Add a variable: labels, question, categories, in the order of the schema."""
        extras = item.extras
        var = self.element(
            data, "var", ID=self.unique(self.name_id(item.name)), name=item.name,
            intrvl="contin" if item.type in _NUMERIC else "discrete",
            dcml="0" if item.type == "integer" else extras.get("dcml", ""), wgt=extras.get("wgt", ""), measUnit=item.unit,
        )  # fmt: skip
        short = {
            key.removeprefix("labl::"): words for key, words in extras.items() if key.startswith("labl::")
        }
        self.texts(var, "labl", Text(short) if short else item.text)
        self.question(var, item, [block.ask_if for block in inside])
        if "universe" in extras:
            self.element(var, "universe", extras["universe"])
        for choice in self.instrument.choices_of(item):
            self.category(var, choice)
        if item.measures:
            self.element(var, "concept", item.measures)
        form = {"type": "numeric" if item.type in _NUMERIC else "character", "schema": "other"}
        category = item.type if item.type in {"date", "time"} else ""
        self.element(var, "varFormat", **form, category=category)
        if item.sensitive:
            self.losses.append(f'That "{item.name}" identifies persons is left out.')

    def question(self, var: Any, item: Item, around: Iterable[Formula | None]) -> None:
        """Add the question; its parts stand in the order of the schema."""
        routing = [formula for formula in (*around, item.ask_if) if formula is not None]
        if not (item.text or item.hint or item.guidance or routing) or not item.asks:
            return
        question = self.element(var, "qstn", responseDomainType=_DOMAINS.get(item.type, "other"))
        self.texts(question, "preQTxt", item.hint)
        self.texts(question, "qstnLit", item.text)
        self.losses.extend(f'The wording of "{item.name}" for "{side}" is left out.' for side in item.wording)
        if routing:
            self.element(
                question, "backward", " and ".join(_said(formula, len(routing) > 1) for formula in routing)
            )
        self.texts(question, "ivuInstr", item.guidance)

    def category(self, var: Any, choice: Choice) -> None:
        """Add one answer; kinds of missing are marked."""
        category = self.element(var, "catgry", missing="Y" if choice.missing else "")
        self.element(category, "catValu", choice.code)
        self.texts(category, "labl", choice.label)


def _said(formula: Formula, several: bool) -> str:
    return f"({formula.text})" if several else formula.text
