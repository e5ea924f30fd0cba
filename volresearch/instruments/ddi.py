"""DDI-Codebook 2.5 in and out: the codebook that archives ask for.

Reading is lenient: any namespace, any order, versions 1 to 2.5; codes that stand in the coding instructions are found
there. Writing is strict: what is written validates against the schema of the DDI Alliance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from volresearch.errors import VolResearchError, Where, short_path
from volresearch.instruments.ddi_writing import Writer
from volresearch.instruments.exchange import Imported, Note, file_bytes, tool_missing
from volresearch.instruments.formula import Formula
from volresearch.instruments.items import Choice, Item, Translation
from volresearch.instruments.model import Instrument
from volresearch.instruments.xml import child, children, content, parsed, tag
from volresearch.text import Text

__all__ = ["read", "read_with_notes", "write"]

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CODED = re.compile(r"([A-Za-z0-9][\w.-]{0,11})(?:\s*[=:]\s*|\t\s*|\s{2,})(\S.*)")
_MAX_LINE = 500
_EXTRAS = ("dcml", "wgt")
_DOMAINS = {
    "multiple": "several",
    "text": "text",
    "numeric": "decimal",
    "datetime": "datetime",
    "category": "one",
}


def read(source: str | Path | bytes) -> Instrument:
    """Read a codebook; see `read_with_notes`."""
    return read_with_notes(source).instrument


def read_with_notes(source: str | Path | bytes) -> Imported:
    """Read the variables of a DDI codebook as the items of an instrument.

    Parameters
    ----------
    source : path or bytes
        XML; DDI-Codebook of any version and namespace.

    Raises
    ------
    VolResearchError
        ``instrument.format``, ``instrument.limit``, ``tool.missing``.

    References
    ----------
    DDI Alliance, DDI-Codebook 2.5.
    """
    data, name = file_bytes(source)
    root = parsed(data, name)
    if tag(root).lower() != "codebook":
        raise VolResearchError(
            "instrument.format",
            "This is no DDI codebook.",
            where=Where(file=name),
            expected="the element codeBook",
            got=f"the element {tag(root)}",
        )
    return _Reader(root, name).imported()


def write(instrument: Instrument, path: str | Path) -> tuple[str, ...]:
    """Write a codebook without data: study, variables, questions, answers, routing, in every language.

    Returns
    -------
    tuple of str
        What a codebook cannot say, one sentence each.

    Raises
    ------
    VolResearchError
        ``export.exists``, ``tool.missing``.
    """
    target = Path(path)
    if target.exists():
        where = Where(file=short_path(target))
        raise VolResearchError(
            "export.exists", "The file is there already.", where=where, hint="Name another one."
        )
    try:
        from lxml import etree
    except ImportError:
        tool_missing("lxml")
    writer = Writer(instrument)
    tree = etree.ElementTree(writer.codebook())
    tree.write(str(target), encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return tuple(dict.fromkeys(writer.losses))


class _Reader:
    """Reads one codebook."""

    def __init__(self, root: Any, file: str) -> None:
        self.root, self.file = root, file
        self.notes: list[Note] = []
        declared = root.get(_LANGUAGE, "")
        self.lang = declared if _TAG.fullmatch(declared) else "und"

    def imported(self) -> Imported:
        study = child(self.root, "stdyDscr", "citation")
        title = self.text(child(study, "titlStmt"), "titl") or Text(Path(self.file).stem)
        number = content(child(study, "titlStmt", "IDNo")) or Path(self.file).stem
        items = self.items()
        tags = dict.fromkeys(one for item in items for one in self.tags(item))
        instrument = Instrument(
            id=f"form.{re.sub(r'[^a-z0-9]+', '_', number.lower()).strip('_')[:80] or 'codebook'}",
            version=content(child(study, "verStmt", "version")) or "1",
            title=title,
            description=self.text(child(self.root, "stdyDscr", "stdyInfo"), "abstract"),
            citation=content(child(study, "biblCit")),
            languages={one: Translation() for one in tags if one != "und"},
            items=items,
            settings={"IDNo": number},
        )
        return Imported(instrument, tuple(self.notes))

    @staticmethod
    def tags(item: Item) -> Iterator[str]:
        for text in (item.text, item.hint, item.guidance, *(choice.label for choice in item.choices)):
            yield from text

    def items(self) -> tuple[Item, ...]:
        found = [self.item(one) for one in self.root.iter() if isinstance(one.tag, str) and tag(one) == "var"]
        if not found:
            self.notes.append(Note("The codebook describes no variables.", Where(file=self.file)))
        return tuple(found)

    def text(self, parent: Any, *names: str) -> Text:
        """Return the wordings of the first of these elements in each language."""
        wordings: dict[str, str] = {}
        for one in children(parent, *names):
            lang, words = one.get(_LANGUAGE) or self.lang, content(one)
            if words:
                wordings.setdefault(lang if _TAG.fullmatch(lang) else "und", words)
        return Text(wordings)

    def item(self, var: Any) -> Item:
        question = child(var, "qstn")
        label = self.text(var, "labl")
        said = self.text(question, "qstnLit")
        choices = self.choices(var)
        name = var.get("name") or var.get("ID") or f"unnamed_{var.sourceline}"
        kind = self.kind(var, question, choices)
        extras = {key: var.get(key) for key in _EXTRAS if var.get(key, "0") != "0"}
        if said and label and label != said:
            extras |= {f"labl::{lang}": words for lang, words in label.items()}
        universe, asked = content(child(var, "universe")), content(child(question, "backward"))
        return Item(
            name=name,
            type=kind,  # type: ignore[arg-type]
            text=said or label,
            hint=self.text(question, "preQTxt"),
            guidance=self.text(question, "ivuInstr"),
            choices=choices if kind in {"one", "several"} else (),
            ask_if=Formula.kept(asked, "ddi") if asked else None,
            unit=var.get("measUnit", ""),
            measures=content(child(var, "concept")),
            extras=extras | ({"universe": universe} if universe else {}),
        )

    def kind(self, var: Any, question: Any, choices: tuple[Choice, ...]) -> str:
        domain = question.get("responseDomainType", "") if question is not None else ""
        form = child(var, "varFormat")
        numeric = form is not None and form.get("type") == "numeric"
        if domain == "multiple" and choices:
            return "several"
        if choices and not self.continuous(var, choices):
            return "one"
        if form is not None and form.get("category") in {"date", "time"}:
            return str(form.get("category"))
        if domain == "numeric" or (numeric and not choices) or var.get("intrvl") == "contin":
            whole = var.get("dcml") == "0" if var.get("dcml") else numeric and domain != "numeric"
            return "integer" if whole else "decimal"
        return _DOMAINS.get(domain, "text") if domain not in {"category", "multiple"} else "text"

    @staticmethod
    def continuous(var: Any, choices: tuple[Choice, ...]) -> bool:
        return var.get("intrvl") == "contin" and all(choice.missing for choice in choices)

    def choices(self, var: Any) -> tuple[Choice, ...]:
        out = []
        for category in children(var, "catgry"):
            code = content(child(category, "catValu"))
            missing = category.get("missing", "N").upper() == "Y"
            if code:
                label = self.text(category, "labl")
                out.append(Choice(code=code, label=label, missing="no_answer" if missing else None))
        return tuple(out) or tuple(self.instructed(var))

    def instructed(self, var: Any) -> Iterator[Choice]:
        """Find codes in the coding instructions, where some archives hide them: one a line, ``01 = Yes``."""
        if var.get("intrvl") == "contin":
            return
        for instruction in children(var, "codInstr"):
            lines = [line.strip() for line in "".join(instruction.itertext()).splitlines()]
            found = [match for line in lines if len(line) <= _MAX_LINE and (match := _CODED.fullmatch(line))]
            if len(found) >= 2:
                name = var.get("name") or ""
                said = f'The codes of "{name}" were found in its coding instructions.'
                self.notes.append(Note(said, Where(file=self.file, line=var.sourceline)))
                yield from (Choice(code=match[1], label=Text({self.lang: match[2]})) for match in found)
