"""LimeSurvey structures in: ``.lss`` (XML, of version 2 to 6) and the tab-separated ``.txt`` or ``.tsv``."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from volresearch.errors import VolResearchError, Where
from volresearch.instruments.exchange import Imported, file_bytes
from volresearch.instruments.limesurvey_questions import Group, Question, built
from volresearch.instruments.model import Instrument
from volresearch.instruments.xml import child, children, parsed, tag

__all__ = ["read", "read_with_notes"]

_MAX_ROWS = 100_000


def read(source: str | Path | bytes) -> Instrument:
    """Read a survey structure; see `read_with_notes`."""
    return read_with_notes(source).instrument


def read_with_notes(source: str | Path | bytes) -> Imported:
    """Read a survey structure, XML or tab-separated, told apart by its bytes.

    Parameters
    ----------
    source : path or bytes
        What LimeSurvey exports as survey structure.

    Returns
    -------
    Imported
        Arrays become one item for each of their rows, named ``question_row``; ``extras["column"]`` says how the
        column of the data is called. Conditions keep LimeSurvey's language.

    Raises
    ------
    VolResearchError
        ``instrument.format``, ``instrument.limit``, ``tool.missing``.
    """
    data, name = file_bytes(source)
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return _Structure(parsed(data, name), name).imported()
    return _tabbed(data, name)


class _Structure:
    """The tables of an .lss file."""

    def __init__(self, root: Any, file: str) -> None:
        if tag(root) != "document" or child(root, "LimeSurveyDocType") is None:
            raise VolResearchError(
                "instrument.format",
                "This is no LimeSurvey structure.",
                where=Where(file=file),
                expected="the element document with LimeSurveyDocType",
                got=f"the element {tag(root)}",
            )
        self.root, self.file = root, file

    def rows(self, table: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a table."""
        for number, row in enumerate(children(child(self.root, table, "rows"), "row")):
            if number > _MAX_ROWS:
                raise VolResearchError(
                    "instrument.limit",
                    f"There are more than {_MAX_ROWS:,} rows.",
                    where=Where(file=self.file),
                )
            yield {tag(cell): "".join(cell.itertext()).strip() for cell in row if isinstance(cell.tag, str)}

    def imported(self) -> Imported:
        texts = self.localized("question_l10ns", "qid", ("question", "help"))
        answers = self.localized("answer_l10ns", "aid", ("answer",))
        questions = self.questions("questions", texts)
        subquestions = [
            *self.questions("subquestions", texts).values(),
            *questions.values(),
        ]  # older files: one table
        for sub in subquestions:
            if sub.parent not in {"", "0"} and sub.parent in questions:
                questions[sub.parent].add("SQ", sub.code, sub.scale, sub.text)
        self.answers(questions, answers)
        self.attributes(questions)
        settings = next(self.rows("surveys"), {})
        titles = {
            row.get("surveyls_language", ""): row.get("surveyls_title", "")
            for row in self.rows("surveys_languagesettings")
        }
        groups = self.groups()
        for one in questions.values():
            if one.parent in {"", "0"}:
                groups.setdefault(one.group, Group(f"group_{one.group}")).questions.append(one)
        first = settings.get("language", "") or next(iter(titles), "")
        return built(
            list(groups.values()), titles, first, settings.get("sid", "") or Path(self.file).stem, self.file
        )

    def localized(self, table: str, key: str, names: tuple[str, ...]) -> dict[str, dict[str, dict[str, str]]]:
        """Return id -> kind of text -> language -> words."""
        out: dict[str, dict[str, dict[str, str]]] = {}
        for row in self.rows(table):
            kinds = out.setdefault(row.get(key, ""), {})
            for name in names:
                kinds.setdefault(name, {})[row.get("language", "")] = row.get(name, "")
        return out

    def questions(self, table: str, texts: dict[str, dict[str, dict[str, str]]]) -> dict[str, Question]:
        """Return the questions by id; older versions have a row for each language."""
        out: dict[str, Question] = {}
        for row in self.rows(table):
            qid = row.get("qid", "")
            kinds = texts.get(qid, {})
            one = out.setdefault(
                qid,
                Question(
                    code=row.get("title", ""),
                    type=row.get("type", ""),
                    group=row.get("gid", ""),
                    parent=row.get("parent_qid", ""),
                    scale=row.get("scale_id", "") or "0",
                    mandatory=row.get("mandatory", ""),
                    other=row.get("other", ""),
                    relevance=row.get("relevance", ""),
                    validation=row.get("preg", ""),
                    text=dict(kinds.get("question", {})),
                    help=dict(kinds.get("help", {})),
                ),
            )
            if "question" in row:
                one.text[row.get("language", "")] = row["question"]
                one.help[row.get("language", "")] = row.get("help", "")
        return out

    def answers(self, questions: dict[str, Question], texts: dict[str, dict[str, dict[str, str]]]) -> None:
        """Give each question its answers."""
        for row in self.rows("answers"):
            question = questions.get(row.get("qid", ""))
            if question is None:
                continue
            code, scale = row.get("code", ""), row.get("scale_id", "") or "0"
            words = texts.get(row.get("aid", ""), {}).get("answer") or {
                row.get("language", ""): row.get("answer", "")
            }
            question.add("A", code, scale, words)

    def attributes(self, questions: dict[str, Question]) -> None:
        """Note the attributes that the model has a word for."""
        for row in self.rows("question_attributes"):
            question = questions.get(row.get("qid", ""))
            if question and row.get("value"):
                question.attributes[row.get("attribute", "")] = row["value"]

    def groups(self) -> dict[str, Group]:
        """Return the groups by id, in their order."""
        out: dict[str, Group] = {}
        rows = sorted(self.rows("groups"), key=lambda row: _number(row.get("group_order", "")))
        for row in rows:
            group = out.setdefault(
                row.get("gid", ""), Group(f"group_{row.get('gid', '')}", row.get("grelevance", ""))
            )
            if row.get("group_name"):
                group.title[row.get("language", "")] = row["group_name"]
        for row in self.rows("group_l10ns"):
            if row.get("gid", "") in out:
                out[row["gid"]].title[row.get("language", "")] = row.get("group_name", "")
        return out


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,9}", text) else 0


def _tabbed(data: bytes, name: str) -> Imported:
    """Read the tab-separated structure: one row for each thing and language."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t")
    if not {"class", "type/scale", "name"} <= set(reader.fieldnames or ()):
        raise VolResearchError(
            "instrument.format",
            "This is no LimeSurvey structure.",
            where=Where(file=name, row=1),
            expected="XML (.lss), or tab-separated columns class, type/scale, name ...",
        )
    rows = _Tabbed(name)
    try:
        for number, row in enumerate(reader, start=2):
            if number > _MAX_ROWS:
                raise VolResearchError(
                    "instrument.limit", f"There are more than {_MAX_ROWS:,} rows.", where=Where(file=name)
                )
            rows.take({key: value or "" for key, value in row.items() if isinstance(key, str)}, number)
    except csv.Error as error:
        raise VolResearchError(
            "instrument.format", f"The table cannot be read: {error}.", where=Where(file=name)
        ) from None
    stem = Path(name).stem
    return built(
        list(rows.groups.values()),
        rows.titles,
        rows.settings.get("language", ""),
        rows.settings.get("sid", stem),
        name,
    )


class _Tabbed:
    """Takes the rows of the tab-separated structure one by one."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.settings: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self.groups: dict[str, Group] = {}
        self.group: Group | None = None
        self.question: Question | None = None

    def take(self, row: dict[str, str], number: int) -> None:
        """Take a row; what it belongs to stands above it."""
        kind, lang = row["class"].strip(), row.get("language", "")
        if kind == "S":
            self.settings[row["name"]] = row.get("text", "")
        elif kind == "SL" and row["name"] == "surveyls_title":
            self.titles[lang] = row.get("text", "")
        elif kind == "G":
            key = row["type/scale"] or row["name"]
            self.group = self.groups.setdefault(key, Group(f"group_{key}", row.get("relevance", "")))
            self.group.title[lang] = row["name"]
        elif kind == "Q":
            self.question = self._question(row, lang, number)
        elif kind in {"SQ", "A"} and self.question:
            words = {lang: row.get("text", "")}
            self.question.add(kind, row["name"], row["type/scale"] or "0", words)

    def _question(self, row: dict[str, str], lang: str, number: int) -> Question:
        if self.group is None:
            where = Where(file=self.file, row=number)
            raise VolResearchError(
                "instrument.format", "A question stands before the first group.", where=where
            )
        known = self.group.known.get(row["name"])
        if known is None:
            known = Question(
                code=row["name"], type=row["type/scale"], mandatory=row.get("mandatory", ""), other=row.get("other", ""),
                relevance=row.get("relevance", ""), validation=row.get("validation", ""), default=row.get("default", ""),
            )  # fmt: skip
            known.attributes.update({key: row[key] for key in ("em_validation_q", "hidden") if row.get(key)})
            self.group.questions.append(known)
            self.group.known[known.code] = known
        known.text[lang], known.help[lang] = row.get("text", ""), row.get("help", "")
        return known
