"""Files whose header takes several rows: Qualtrics writes names, questions and import ids; SurveyMonkey questions and options.

Left in, these rows would count as answers. Their words become labels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import is_lazy, names_of
from volresearch.datasets.readers.found import Note, RawTable
from volresearch.datasets.readers.shape_names import renamed
from volresearch.datasets.readers.text_headers import unique
from volresearch.errors import VolResearchError, Where
from volresearch.text import Text

__all__ = ["headed", "told_of_sums"]

_IMPORT_ID = re.compile(r'\s*\{\s*"ImportId"\s*:')
_FIRST = 3
#: Columns that Qualtrics adds, and that hold a digit in every answer.
_QUALTRICS = ("StartDate", "EndDate", "RecordedDate")
_MONKEY = frozenset({"respondent id", "collector id"})
#: What SurveyMonkey writes below a question that has one column.
_PLAIN = frozenset({"response", "open-ended response"})
_UNNAMED = re.compile(r"column_(\d+)(?:_\d+)?\Z")


#: First words of a row of sums below the answers.
_SUMS = frozenset(
    [
        "total",
        "totals",
        "totales",
        "totaux",
        "suma",
        "somme",
        "sum",
        "summe",
        "总计",
        "合计",
        "總計",
        "合計",
        "المجموع",
        "សរុប",
    ]
) | {"grand total", "gran total", "total general", "total général"}


def headed(table: RawTable, where: Where) -> tuple[RawTable, tuple[Note, ...]]:
    """Return a table whose first rows are answers, with the words of further header rows as labels.

    Parameters
    ----------
    table : RawTable
        Of text, as its reader left it.
    where : Where

    Raises
    ------
    VolResearchError
        ``read.option``: header rows among the rows of a lazy frame.
    """
    names = names_of(table.frame)
    if table.typed or not (
        {*_QUALTRICS} & set(names) or {name.strip().casefold() for name in names} >= _MONKEY
    ):
        return table, ()
    rows = _first_rows(table, names)
    tool, count = _of_qualtrics(rows) or _of_monkey(rows) or ("", 0)
    if not count:
        return table, ()
    if is_lazy(table.frame):
        raise VolResearchError(
            "read.option",
            f"This export of {tool} has {count + 1} rows of headers, and a lazy frame cannot pass over them.",
            where=where,
            hint='Read it with engine="pandas", or import it first: volresearch datasets import.',
        )
    kept = table.with_(frame=table.frame.iloc[count:].reset_index(drop=True))
    done = (
        _with_options(kept, rows[0])
        if tool == "SurveyMonkey"
        else _labelled(kept, rows[0] if _is_words(rows) else {})
    )
    rows_said = "The row" if count == 1 else f"The {count} rows"
    said = f"{rows_said} below the header {'is one' if count == 1 else 'are some'} of {tool}, no answers: their words are labels."
    return done, (Note(said.replace("their words", "its words") if count == 1 else said, where),)


def told_of_sums(table: RawTable, where: Where) -> tuple[Note, ...]:
    """Tell of a last row that begins with "Total": it counts as an answer, and may be a sum."""
    if table.typed or is_lazy(table.frame) or len(table.frame) < 2:
        return ()
    last = next((cell for cell in table.frame.iloc[-1] if isinstance(cell, str) and cell.strip()), "")
    if last.strip(" :.").casefold() not in _SUMS:
        return ()
    said = f'The last row begins with "{last.strip()}" and counts as an answer; where it is a sum, take it out of the file and read it again.'
    return (Note(said, where),)


def _first_rows(table: RawTable, names: Sequence[str]) -> list[dict[str, str]]:
    frame = table.frame.limit(_FIRST).df() if is_lazy(table.frame) else table.frame.head(_FIRST)
    return [
        {
            name: str(cell)
            for name, cell in zip(names, row, strict=True)
            if isinstance(cell, str) and cell.strip()
        }
        for row in frame.itertuples(index=False, name=None)
    ]


def _of_qualtrics(rows: Sequence[Mapping[str, str]]) -> tuple[str, int] | None:
    for number, row in enumerate(rows):
        if row and all(_IMPORT_ID.match(cell) for cell in row.values()):
            return "Qualtrics", number + 1
    own = [rows[0].get(name, "") for name in _QUALTRICS] if rows else []
    if (
        own
        and sum(bool(cell) for cell in own) >= 2
        and not any(sign.isdigit() for cell in own for sign in cell)
    ):
        return "Qualtrics", 1
    return None


def _of_monkey(rows: Sequence[Mapping[str, str]]) -> tuple[str, int] | None:
    if not rows or not rows[0] or not {name.strip().casefold() for name in rows[-1]} >= _MONKEY:
        return None
    blank = not _MONKEY & {name.strip().casefold() for name in rows[0]}
    return ("SurveyMonkey", 1) if blank else None


def _is_words(rows: Sequence[Mapping[str, str]]) -> bool:
    return not all(_IMPORT_ID.match(cell) for cell in rows[0].values())


def _labelled(table: RawTable, words: Mapping[str, str]) -> RawTable:
    variables, guess = dict(table.variables), set(table.guess)
    for name, label in words.items():
        known = variables.get(name)
        if known is None:
            guess.add(name)
        if label.strip() != name:
            variables[name] = (known or Variable(name=name)).model_copy(
                update={"label": Text(" ".join(label.split()))}
            )
        elif known is None:
            guess.discard(name)
    return table.with_(variables=variables, guess=frozenset(guess))


def _with_options(table: RawTable, below: Mapping[str, str]) -> RawTable:
    """Name the columns of SurveyMonkey by question and option; only the first column of a question names it."""
    names = names_of(table.frame)
    called, question = [], ""
    for number, name in enumerate(names, start=1):
        unnamed = _UNNAMED.match(name)
        question = question if unnamed and int(unnamed[1]) == number and question else name
        option = " ".join(below.get(name, "").split())
        called.append(f"{question} [{option}]" if option and option.casefold() not in _PLAIN else question)
    new, _ = unique(called)
    return renamed(table, dict(zip(names, new, strict=True)))
