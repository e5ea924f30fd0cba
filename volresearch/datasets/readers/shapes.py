"""The shape that a tool gives its exports: which tool it was, and which tables hang together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from volresearch.datasets.columns import is_lazy, names_of
from volresearch.datasets.provenance import Step
from volresearch.datasets.readers.found import Asked, Found, Note, RawTable, some
from volresearch.datasets.readers.header_rows import headed, told_of_sums
from volresearch.datasets.readers.paths import separator_of
from volresearch.datasets.readers.repeat_sheets import STRUCTURE, beside, linked
from volresearch.datasets.readers.repeats import flattened, is_wide, unfolded
from volresearch.datasets.readers.shape_names import described, renamed, stripped
from volresearch.datasets.readers.shape_redcap import instruments_apart
from volresearch.datasets.readers.shape_several import joined_questions
from volresearch.datasets.readers.tools import Tool, recognized, unmangled
from volresearch.errors import VolResearchError, Where, short_path

__all__ = ["shaped"]

#: What old exports of Kobo and Ona write into a cell that holds no answer.
_NOT_ANSWERED = "n/a"
#: How Kobo called the columns of its files for SPSS, and what it wrote into empty cells of text.
_SPSS_NAME, _SPSS_EMPTY = "var", "None"
#: What LimeSurvey writes for a question that was not shown, or not reached.
_NOT_SHOWN = "N/A"


def shaped(found: Found, asked: Asked) -> Found:
    """Return what was found with its tool recognized and its repeats as linked tables.

    Parameters
    ----------
    found : Found
        As the reader of the format left it.
    asked : Asked
        With a form (given, or in the file itself) names and columns of options stay as they are, for the form says
        what they mean. Without one groups are stripped from names where the rest is unique, columns of options become
        one column, and what the tool added is labelled.

    Returns
    -------
    Found
        ``tool`` and ``blanks`` filled in; structure columns hidden; made ones are called ``_index`` and
        ``_parent_index``.

    Raises
    ------
    VolResearchError
        ``read.option``: repeats in the columns of a lazy frame.
    """
    where = Where(file=short_path(asked.path))
    notes: list[Note] = []
    found = _below_headers(found, where, notes)
    tool = _tool_of(found)
    tables = tuple(_own_headers(table, tool, where, notes) for table in found.tables)
    blanks = _blanks(found, tables, tool)
    if _NOT_SHOWN in blanks and _NOT_SHOWN not in asked.missing:
        notes.append(
            Note(
                f'LimeSurvey writes "{_NOT_SHOWN}" for questions that were not shown or not reached: not asked.',
                where,
            )
        )
    empty = {*blanks, *asked.missing}
    tables = _linked(tables, tool, empty, where, notes)
    if not (asked.forms or found.forms):
        tables = tuple(_without_form(table, tool, empty, where, notes) for table in tables)
    tables = tuple(described(table, tool) for table in tables)
    notes += [
        note for table in tables[:1] if len(found.tables) == 1 for note in beside(table, asked.path, where)
    ]
    notes += _about_na(tables, tool, asked, where)
    done = found.with_(tool=tool.name or found.tool, tables=tables, blanks={**found.blanks, **blanks})
    return done.noting(*notes).stepping(*_steps(found, done))


def _below_headers(found: Found, where: Where, notes: list[Note]) -> Found:
    """Return what was found without further rows of headers among the answers."""
    tables = []
    for table in found.tables:
        done, told = headed(table, where)
        tables.append(done)
        notes += [*told, *told_of_sums(done, where)]
    return found.with_(tables=tuple(tables))


def _tool_of(found: Found) -> Tool:
    """Return the tool, by the headers of every table; the labels of a statistics file may hold them."""
    for table in found.tables:
        labels = [str(variable.label) for variable in table.variables.values() if variable.label]
        tool = recognized(names_of(table.frame), labels)
        if tool.name:
            return replace(tool, r=tool.r or found.tool == "r")
    return Tool(found.tool, r=found.tool == "r")


def _own_headers(table: RawTable, tool: Tool, where: Where, notes: list[Note]) -> RawTable:
    """Return a table with the headers that the tool gave it, before R or SPSS made other names of them."""
    names = names_of(table.frame)
    if tool.name == "r":
        return renamed(table, dict(zip(names, unmangled(names), strict=True)))
    variables = table.variables
    if not tool.kobo or not all(name.startswith(_SPSS_NAME) and name[3:].isdigit() for name in names):
        return table
    paths = {
        name: str(variables[name].label) for name in names if name in variables and variables[name].label
    }
    if len(set(paths.values())) < len(names):
        return table
    done = renamed(table, paths)
    # The label was the header: it says no more than the name.
    plain = {
        name: one.model_copy(update={"label": type(one.label)()}) for name, one in done.variables.items()
    }
    return _without_none(done.with_(variables=plain), where, notes)


def _without_none(table: RawTable, where: Where, notes: list[Note]) -> RawTable:
    """Empty the cells that say None: the writer of these files knew no empty text."""
    texts = [name for name in table.frame.columns if table.frame[name].dtype.kind not in "fiubM"]
    count = sum(int((table.frame[name] == _SPSS_EMPTY).sum()) for name in texts)
    if not count:
        return table
    notes.append(
        Note(
            f"{count} cells hold the text None, which Kobo wrote into empty cells for SPSS: read as empty.",
            where,
        )
    )
    emptied = {name: table.frame[name].mask(table.frame[name] == _SPSS_EMPTY) for name in texts}
    return table.with_(frame=table.frame.assign(**emptied))


def _blanks(found: Found, tables: Collection[RawTable], tool: Tool) -> dict[str, str]:
    """Return what this tool writes for an empty cell: LimeSurvey, and exports of Kobo before they had row numbers."""
    if tool.name == "limesurvey":
        return {_NOT_SHOWN: "not_asked"} if any(map(_marks_not_shown, tables)) else {}
    names = {name for table in tables for name in names_of(table.frame)}
    legacy = tool.name == "kobo" and found.format in {"csv", "xlsx", "xls"}
    newer = {"_index", "_id", "KEY", "__id", "_submission__id"}
    return {_NOT_ANSWERED: "no_answer"} if legacy and not names & newer else {}


def _marks_not_shown(table: RawTable) -> bool:
    """Whether a mark stands in several columns: in one alone somebody may have typed it."""
    if table.typed or is_lazy(table.frame):
        return False
    return sum(bool((table.frame[name] == _NOT_SHOWN).any()) for name in table.frame.columns) >= 2


def _linked(
    tables: tuple[RawTable, ...], tool: Tool, blanks: Collection[str], where: Where, notes: list[Note]
) -> tuple[RawTable, ...]:
    """Return the tables with repeats apart and linked."""
    if any(is_lazy(table.frame) for table in tables):
        for table in tables:
            if is_wide(names_of(table.frame)) and tool.kobo:
                raise VolResearchError(
                    "read.option",
                    "Repeats stand in the columns of this file, and a lazy frame cannot set them apart.",
                    where=where,
                    hint='Read it with engine="pandas", or import it first: volresearch datasets import.',
                )
        return tuple(
            table.with_(hidden=table.hidden | (STRUCTURE & set(names_of(table.frame)))) for table in tables
        )
    tables, told = linked(tables, where.file or "")
    notes += told
    out: list[RawTable] = []
    for table in tables:
        parted, told = _parted(table, tool, blanks, where)
        notes += told
        out += _once(parted, {one.name for one in out})
    return tuple(out)


def _parted(
    table: RawTable, tool: Tool, blanks: Collection[str], where: Where
) -> tuple[tuple[RawTable, ...], tuple[Note, ...]]:
    """Return a table and the repeats that stand inside it."""
    if tool.name == "redcap":
        return instruments_apart(table, blanks, where)
    if is_wide(names_of(table.frame)) and tool.name != "limesurvey":
        return unfolded(table, blanks, where)
    if tool.kobo and table.link is None:
        return flattened(table, blanks, where, separator_of(names_of(table.frame)))
    return (table,), ()


def _once(tables: Sequence[RawTable], taken: set[str]) -> list[RawTable]:
    """Return the tables that came out of one with names that no other has; their links follow."""
    names: dict[str, str] = {}
    for table in tables:
        name, number = table.name, 2
        while name in taken:
            name, number = f"{table.name}_{number}", number + 1
        taken.add(name)
        names[table.name] = name
    own = {table.name for table in tables}
    return [
        table.with_(
            name=names[table.name],
            link=replace(table.link, parent=names[table.link.parent])
            if table.link and table.link.parent in own
            else table.link,
        )
        for table in tables
    ]


def _without_form(
    table: RawTable, tool: Tool, blanks: Collection[str], where: Where, notes: list[Note]
) -> RawTable:
    """Return a table as it can be understood without a form."""
    if not is_lazy(table.frame):
        table, told = joined_questions(table, tool, blanks, where)
        notes += told
    return stripped(table, tool)


def _about_na(tables: Collection[RawTable], tool: Tool, asked: Asked, where: Where) -> list[Note]:
    """Tell how to declare NA where R wrote it: it may be a code too, Namibia's for instance."""
    if not tool.r or "NA" in asked.missing:
        return []
    with_na = [
        str(name)
        for table in tables
        if not is_lazy(table.frame)
        for name in table.frame.columns
        if name not in table.hidden and _holds_na(table.frame[name])
    ]
    if not with_na:
        return []
    told = f'{len(with_na)} columns hold the text NA, which R writes for an empty cell: {some(with_na)}. Where it is none of the answers, say missing={{"NA": "no_answer"}}.'
    return [Note(told, where)]


def _holds_na(column: Any) -> bool:
    return column.dtype.kind not in "fiub" and bool((column == "NA").any())


def _steps(before: Found, after: Found) -> list[Step]:
    """Say in the provenance what was done to the tables."""
    if len(after.tables) == len(before.tables) and names_of(after.main.frame) == names_of(before.main.frame):
        return []
    told = ", ".join(f"{table.name} ({len(names_of(table.frame))} columns)" for table in after.tables)
    tool = f"as {after.tool} writes it" if after.tool else "as its headers say"
    return [
        Step(f"shaped {tool}: {told}", "shaped", details={"tables": [table.name for table in after.tables]})
    ]
