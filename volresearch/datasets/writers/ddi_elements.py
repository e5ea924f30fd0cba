"""The elements of a DDI codebook that describes data: study, files, variables, in the order that its schema asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Variable, number_of
from volresearch.datasets.columns import rows_in
from volresearch.datasets.writers.csv_package import REASON_WORDS, Plan, plain, stated
from volresearch.datasets.writers.safe import Coding, armed, number_text
from volresearch.declare.model import LANGUAGE_TAG
from volresearch.instruments import Instrument
from volresearch.instruments.ddi_writing import Writer
from volresearch.text import Text, mark, tr
from volresearch.text.escaping import CONTROL

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["NOTE", "Category", "Elements", "categories_of"]

#: Type of the notes that only our own reader reads.
NOTE = "volresearch"
_DOMAINS = {
    "code": "category", "multiple": "multiple", "integer": "numeric", "number": "numeric", "date": "datetime",
    "datetime": "datetime", "time": "datetime", "text": "text",
}  # fmt: skip
_NUMERIC = frozenset({"integer", "number"})
#: What stands in elements of its own, and not in the note.
_ELEMENTS = frozenset({"name", "label", "labels", "question", "note", "table"})
_SAMPLES = {
    "probability": mark("Probability sample"),
    "census": mark("Census or register"),
    "nonprobability": mark("Nonprobability sample"),
}


@dataclass(frozen=True)
class Category:
    """A cell with what it means; `code` is how our codebook calls it, None for a reason that is no code."""

    cell: str
    code: str | None
    label: Text
    reason: str = ""


def categories_of(variable: Variable, coding: Coding, lang: str) -> list[Category]:
    """Return the cells of a column that have a meaning of their own: codes, and why there is no value."""
    out: dict[str, Category] = {}
    for code in dict.fromkeys([*variable.labels, *variable.missing]):
        reason = variable.missing.get(code, "")
        cell = _cell(code, variable, coding)
        out.setdefault(cell, Category(cell, code, variable.labels.get(code, Text()), reason))
        token = f"[{code}]"
        if token in coding.words:
            out.setdefault(token, Category(token, code, variable.labels.get(code, Text()), reason))
    for cell, word in coding.words.items():
        if word in REASON_WORDS:
            out.setdefault(cell, Category(cell, None, Text({lang: tr(REASON_WORDS[word], lang)}), word))
    return list(out.values())


def _cell(code: str, variable: Variable, coding: Coding) -> str:
    if coding.kind == "string":
        return armed(code)
    number = number_of(code)
    return (
        number_text(number) if variable.numeric and number is not None and number == number else f"[{code}]"
    )


class Elements:
    """Makes the codebook of one dataset."""

    def __init__(self, dataset: Dataset, plans: list[Plan], files: list[str], lang: str, marked: str) -> None:
        self.dataset, self.plans, self.files = dataset, plans, files
        self.lang, self.marked = lang, marked
        self.losses: list[str] = []
        declared = dataset.declaration
        self.writer = Writer(
            Instrument(
                id="data.codebook",
                title=self.text(dataset.title) or Text(dataset.id),
                version=declared.version,
                citation=declared.citation,
                settings={"IDNo": dataset.id},
            )
        )

    def element(self, parent: Any, name: str, text: str = "", lang: str = "", /, **attributes: str) -> Any:
        """Add an element."""
        return self.writer.element(parent, name, text, lang, **attributes)

    def text(self, text: Mapping[str, str] | None) -> Text:
        """Return a text as XML holds it; what is lost is told."""
        out: dict[str, str] = {}
        for tag, words in (text or {}).items():
            plain_words = CONTROL.sub("", words)
            if plain_words != words:
                self.losses.append(f"Control signs are left out of {words[:40]!r}.")
            known = LANGUAGE_TAG.match(tag)
            if not known:
                self.losses.append(f'"{tag}" is no tag of a language; its words stand without one.')
            if plain_words:
                out.setdefault(tag if known else "und", plain_words)
        return Text(out)

    def texts(self, parent: Any, name: str, text: Mapping[str, str] | None) -> None:
        """Add an element for each language."""
        self.writer.texts(parent, name, self.text(text))

    def note(self, parent: Any, subject: str, said: Any) -> None:
        """Add a note for our own reader; signs that XML cannot hold are escaped as JSON does."""
        self.element(parent, "notes", json.dumps(said, separators=(",", ":")), type=NOTE, subject=subject)

    def codebook(self) -> Any:
        """Return the root element."""
        from lxml import etree

        from volresearch.instruments.ddi_writing import NAMESPACE

        root = etree.Element(f"{{{NAMESPACE}}}codeBook", {"version": "2.5"}, nsmap={None: NAMESPACE})
        self.document(root)
        self.study(root)
        numbers = {plan.name: f"F{number}" for number, plan in enumerate(self.plans, 1)}
        ids = [
            [self.writer.unique(self.writer.name_id(name)) for name in plan.columns] for plan in self.plans
        ]
        for plan, file, mine in zip(self.plans, self.files, ids, strict=True):
            self.file(root, plan, file, numbers[plan.name], dict(zip(plan.columns, mine, strict=True)))
        data = self.element(root, "dataDscr")
        for plan, mine in zip(self.plans, ids, strict=True):
            names = iter(mine)
            for coding in plan.codings:
                self.variable(data, plan, coding, next(names), numbers[plan.name])
                if coding.companion:
                    self.companion(data, coding, next(names), numbers[plan.name])
        return root

    def document(self, root: Any) -> None:
        """Add what made this document."""
        from volresearch import __version__

        citation = self.element(self.element(root, "docDscr"), "citation")
        title = self.dataset.title.get_in(self.lang, self.dataset.id)
        said = tr("Codebook of {title}", self.lang, title=CONTROL.sub("", title))
        self.element(self.element(citation, "titlStmt"), "titl", said, self.lang)
        self.element(self.element(citation, "prodStmt"), "software", "volresearch", version=__version__)

    def study(self, root: Any) -> None:
        """Add the study: citation, what it is about, how it was made, how it may be used."""
        declared = self.dataset.declaration
        study = self.element(root, "stdyDscr")
        self.writer.citation(study, self.text(self.dataset.title) or Text(self.dataset.id))
        information = self.element(study, "stdyInfo")
        self.texts(information, "abstract", declared.description)
        summary = self.element(information, "sumDscr")
        self.element(summary, "anlyUnit", declared.unit)
        if declared.design is not None and declared.design.population:
            self.texts(summary, "universe", declared.design.population)
        kind = (
            tr("Synthetic data: invented, with a known truth.", "en") if declared.synthetic else declared.kind
        )
        self.element(summary, "dataKind", kind)
        self.method(study)
        use = self.element(self.element(study, "dataAccs"), "useStmt")
        if self.marked:
            self.element(use, "restrctn", self.marked, self.lang)
        self.element(use, "conditions", declared.licence)
        self.note(study, "declaration", stated(self.dataset))

    def method(self, study: Any) -> None:
        """Add how the data were collected: mode, sample, weights, response."""
        design, mode = self.dataset.declaration.design, self.dataset.declaration.measurement.mode
        mode = "" if mode in {"unknown", "not_applicable"} else mode
        if design is None and not mode:
            return
        method = self.element(study, "method")
        collection = self.element(method, "dataColl")
        if design is not None:
            how = getattr(design, "how", "")
            said = tr(_SAMPLES[design.kind], self.lang) + (f" ({how})" if how else "")
            self.element(collection, "sampProc", "; ".join([said, *_columns(design)]), self.lang)
        if mode:
            self.element(collection, "collMode", mode)
        weights = getattr(design, "weights", None)
        if weights:
            self.element(collection, "weight", weights)
        if design is not None and design.response is not None:
            response = {name: one for name, one in plain(design.response).items() if one != ""}
            said = "; ".join(f"{name}: {one}" for name, one in response.items())
            self.element(self.element(method, "anlyInfo"), "respRate", said)

    def file(self, root: Any, plan: Plan, file: str, number: str, ids: Mapping[str, str]) -> None:
        """Add a data file; one that is linked says by which variable."""
        described = self.element(root, "fileDscr", ID=number, URI=file)
        text = self.element(described, "fileTxt")
        self.element(text, "fileName", file)
        link = plan.declared
        if link.parent:
            said = tr("Each row belongs to a row of {table}: {parent_key} is its {key}.", self.lang,
                      table=link.parent, parent_key=link.parent_key, key=link.key)  # fmt: skip
            self.element(text, "fileCont", said, self.lang)
            structure = self.element(text, "fileStrc", type="relational")
            self.element(structure, "recGrp", keyvar=ids.get(link.parent_key, ""))
        dimensions = self.element(text, "dimensns")
        self.element(dimensions, "caseQnty", str(rows_in(plan.frame)))
        self.element(dimensions, "varQnty", str(len(plan.columns)))
        self.element(text, "fileType", "CSV, UTF-8, RFC 4180", charset="UTF-8")
        self.element(text, "format", "delimited")
        told: dict[str, Any] = {"table": plan.name, "main": plan.main}
        if link.parent:
            told["link"] = {name: getattr(link, name) for name in ("parent", "key", "parent_key")}
        self.note(described, "file", told)

    def variable(self, data: Any, plan: Plan, coding: Coding, id: str, file: str) -> None:
        """Add a variable: labels, question, what is no value, categories, in the order of the schema."""
        known = plan.variables.get(coding.name)
        variable = known or Variable(name=coding.name)
        design = self.dataset.declaration.design
        weight = plan.main and getattr(design, "weights", None) == coding.name
        var = self.element(
            data, "var", ID=id, name=coding.name, files=file, wgt="wgt" if weight else "",
            intrvl="contin" if coding.kind in _NUMERIC and not variable.labels else "discrete",
            dcml="0" if coding.kind == "integer" else "", measUnit=variable.unit,
        )  # fmt: skip
        self.texts(var, "labl", variable.label)
        if variable.question:
            question = self.element(var, "qstn", responseDomainType=_DOMAINS[variable.type])
            self.texts(question, "qstnLit", variable.question)
        self.invalid(var, variable)
        self.texts(var, "txt", variable.note)
        codes: dict[str, str] = {}
        for one in categories_of(variable, coding, self.lang):
            self.category(var, one, codes)
        category = variable.type if variable.type in {"date", "time"} else ""
        kind = "numeric" if coding.kind in _NUMERIC else "character"
        self.element(var, "varFormat", type=kind, schema="other", category=category)
        told: dict[str, Any] = {"coding": coding.as_dict()}
        if codes:
            told["codes"] = codes
        if bare := [code for code in variable.missing if code not in variable.labels]:
            told["bare"] = bare
        if known is not None:
            told["variable"] = {name: one for name, one in plain(known).items() if name not in _ELEMENTS}
        self.note(var, "variable", told)

    def companion(self, data: Any, coding: Coding, id: str, file: str) -> None:
        """Add the column that says what stood where there is no valid value."""
        var = self.element(data, "var", ID=id, name=coding.companion, files=file, intrvl="discrete")
        said = tr("What the file said where {name} has no valid value", self.lang, name=coding.name)
        self.element(var, "labl", said, self.lang)
        self.element(var, "varFormat", type="character", schema="other")
        self.note(var, "variable", {"companion_of": coding.name})

    def invalid(self, var: Any, variable: Variable) -> None:
        """Add the codes and ranges of numbers that are no values."""
        if not variable.numeric or not (variable.missing or variable.missing_ranges):
            return
        items = list(_numbers_of(variable))
        if not items and not variable.missing_ranges:
            return
        invalid = self.element(var, "invalrng")
        for number in items:
            self.element(
                invalid, "item", VALUE=number_text(number), UNITS="INT" if number % 1 == 0 else "REAL"
            )
        for one in variable.missing_ranges:
            ends = {"min": one.low, "max": one.high}
            said = {name: number_text(end) for name, end in ends.items() if end is not None}
            self.element(invalid, "range", **said)

    def category(self, var: Any, one: Category, codes: dict[str, str]) -> None:
        """Add one answer; kinds of missing are marked, and named."""
        category = self.element(var, "catgry", missing="Y" if one.reason else "", missType=one.reason)
        cell = CONTROL.sub("", one.cell)
        self.element(category, "catValu", cell)
        self.texts(category, "labl", one.label)
        if one.code is not None and one.code != cell:
            codes[cell] = one.code


def _numbers_of(variable: Variable) -> Iterator[float]:
    for code in variable.missing:
        number = number_of(code)
        if number is not None and number == number and abs(number) != float("inf"):
            yield number


def _columns(design: Any) -> Iterator[str]:
    for role in ("weights", "strata", "psu", "fpc"):
        named = getattr(design, role, None)
        if named:
            yield f"{role}: {named if isinstance(named, str) else ', '.join(named)}"
