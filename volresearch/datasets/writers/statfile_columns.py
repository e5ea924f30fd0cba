"""A dataset's variables as columns of a statistical file: numbers or texts, labels of one language, reasons apart.

What a value is and why it is missing are separated here; `spss` and `stata` say the reasons in their own ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import MissingRange, Variable, number_of
from volresearch.datasets.readers.reasons import reason_of_label, with_reason
from volresearch.datasets.readers.statfiles_dates import since_origin
from volresearch.datasets.typed import WHY, reason_of
from volresearch.datasets.writers.statfile_limits import Told, cut, size_of
from volresearch.declare import MISSING_REASONS
from volresearch.text import tr

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Column",
    "columns_of",
    "fit",
    "labelled",
    "options_of",
    "ranges_of",
    "raw_beside",
    "reasons_beside",
    "take_large",
    "whole",
]

_WHOLE_CODE = re.compile(r"0|-?[1-9][0-9]{0,14}")
_EXACT = 2**53
_MOST_OPTIONS = 200
_NO_LANGUAGE = "und"


@dataclass
class Column:
    """One variable on its way into a file.

    Attributes
    ----------
    variable : Variable
    label : str
        In the language of the file.
    values : pandas.Series
        Floats with NaN, or texts with NA; a missing code that the type holds is a value.
    words : pandas.Series
        Why a cell has no value: a declared code, the name of a reason, or what the file said; NA where nothing is
        known but that it is blank.
    labels : dict
        Code -> label; once it is settled, value in the file -> label.
    name : str
        In the file.
    beside : pandas.Series or None
        A companion column that has to be written.
    made : bool
        Whether the writer made it (a column of 0 and 1): its label is made of others, and may be cut.
    declared : list
        What the file declares missing, in the words of its format.
    """

    variable: Variable
    label: str
    values: pd.Series
    words: pd.Series
    labels: dict[Any, str]
    name: str = ""
    beside: pd.Series | None = None
    made: bool = False
    declared: list[Any] = field(default_factory=list)

    @property
    def numeric(self) -> bool:
        """Whether it is written as numbers."""
        return bool(self.values.dtype.kind == "f")

    @property
    def moment(self) -> str:
        """``date``, ``datetime``, or an empty text."""
        return self.variable.type if self.variable.type in {"date", "datetime"} else ""

    @property
    def held(self) -> dict[str, str]:
        """Declared missing codes that the column itself can hold, with their reason."""
        if not self.numeric:
            return dict(self.variable.missing)
        if self.moment:
            return {}
        return {code: why for code, why in self.variable.missing.items() if number_of(code) is not None}

    def kinds(self) -> dict[str, str]:
        """Return every distinct word with the reason it stands for."""
        return {str(word): reason_of(str(word), self.variable) for word in self.words.dropna().unique()}

    def raw(self) -> list[str]:
        """Return words that are neither a declared code nor the name of a reason: what the file said."""
        known = {*self.variable.missing, "invalid"}
        return [word for word, reason in self.kinds().items() if reason == "invalid" and word not in known]

    def put_beside(self, rows: pd.Series) -> None:
        """Write the words of some rows into a companion column: raw words as they are, others as their reason."""
        import numpy as np
        import pandas as pd

        raw = set(self.raw())
        texts = {word: _kept(word) if word in raw else reason for word, reason in self.kinds().items()}
        told = self.words.map(texts, na_action="ignore").where(rows).astype("str")
        if self.beside is None:
            self.beside = pd.Series(np.nan, index=self.words.index, dtype="str")
        self.beside = self.beside.fillna(told)


def raw_beside(column: Column, told: Told) -> list[str]:
    """Write what stood in place of a value into the companion column, and return it."""
    raw = column.raw()
    if raw:
        name = column.variable.name
        told.say(f"{name}: what was there in place of a value stands in {name}__why.")
        column.put_beside(column.words.isin(raw))
    return raw


def _kept(raw: str) -> str:
    """Return what a file said as such a file keeps it; what would mean something else then is only ``invalid``."""
    plain = raw.replace("\0", "").rstrip(" ")
    return (
        "invalid" if not plain or plain in MISSING_REASONS or re.fullmatch(r"\.[A-Za-z_]", plain) else plain
    )


def columns_of(frame: pd.DataFrame, variables: Mapping[str, Variable], lang: str, told: Told) -> list[Column]:
    """Return the columns of a table; companion columns go into their variable.

    Parameters
    ----------
    frame : pandas.DataFrame
    variables : mapping of str to Variable
        Columns that it does not name are written by what they hold.
    lang : str
        Language of labels.
    """
    names = [str(name) for name in frame.columns]
    companions = {f"{name}{WHY}" for name in names} & set(names)
    shown = frame.reset_index(drop=True)
    out = []
    for name in names:
        if name not in companions:
            variable = variables.get(name) or _guessed(name, shown[name])
            out.append(_column(shown[name], shown.get(f"{name}{WHY}"), variable, lang, told))
    _tell_languages(out, lang, told)
    return out


def _guessed(name: str, column: pd.Series) -> Variable:
    kinds = {"i": "integer", "u": "integer", "b": "integer", "f": "number", "M": "datetime"}
    return Variable(name=name, type=kinds.get(getattr(column.dtype, "kind", "O"), "text"))  # type: ignore[arg-type]


def _column(column: pd.Series, why: pd.Series | None, variable: Variable, lang: str, told: Told) -> Column:
    labels = {code: _line(text.get_in(lang)) for code, text in variable.labels.items()}
    values, lost = _values(column, variable, labels, told)
    words = lost if why is None else lost.fillna(why.astype("str").where(column.isna()))
    words = words.where(values.isna())
    if variable.blank != "no_answer" or variable.type == "multiple":
        words = words.mask(values.isna() & words.isna(), variable.blank)
    return Column(variable, _line(variable.label.get_in(lang)), values, words, labels)


def _line(text: str) -> str:
    return text.replace("\0", "").strip()


def _values(
    column: pd.Series, variable: Variable, labels: Mapping[str, str], told: Told
) -> tuple[pd.Series, pd.Series]:
    """Return the values as floats or texts, and as text what the type does not hold."""
    import numpy as np
    import pandas as pd

    nothing = pd.Series(np.nan, index=column.index, dtype="str")
    if variable.numeric:
        numbers = pd.to_numeric(column, errors="coerce").astype("float64")
        if column.dtype.kind in "iu" and (column.abs() > _EXACT).any():
            told.say(f"{variable.name} holds numbers of more than 15 digits, which are rounded.")
        return numbers, nothing.mask(numbers.isna() & column.notna(), column.astype("str"))
    if variable.type in {"date", "datetime"}:
        return _counted(column, variable, told.limits.format.lower(), nothing)
    texts = column.astype("str")
    if variable.type == "code" and _are_numbers(texts, variable, labels, told):
        return texts.astype("float64"), nothing
    return _plain(texts, variable, told), nothing


def _counted(
    column: pd.Series, variable: Variable, family: str, nothing: pd.Series
) -> tuple[pd.Series, pd.Series]:
    import pandas as pd

    moments = column
    if column.dtype.kind != "M":
        moments = pd.to_datetime(column.astype("str"), errors="coerce", format="ISO8601")
    if getattr(moments.dtype, "tz", None) is not None:
        moments = moments.dt.tz_convert("UTC").dt.tz_localize(None)
    lost = nothing.mask(moments.isna() & column.notna(), column.astype("str"))
    return pd.Series(since_origin(moments, variable.type, family), index=column.index), lost


def _are_numbers(texts: pd.Series, variable: Variable, labels: Mapping[str, str], told: Told) -> bool:
    """Whether all codes are whole numbers, so that the column can be one of numbers with labels.

    Stata tells codes from numbers by labels alone, so there a column without any stays text.
    """
    if told.limits.format == "Stata" and not set(labels) - set(variable.missing):
        return False
    declared = [code for code in (*labels, *variable.missing) if not code.startswith(".")]
    return all(_WHOLE_CODE.fullmatch(str(code)) for code in (*declared, *texts.dropna().unique()))


def _plain(texts: pd.Series, variable: Variable, told: Told) -> pd.Series:
    """Return texts as such a file keeps them; what it does not keep is told."""
    name = variable.name
    if texts.str.contains("\0", regex=False).any():
        told.say(f"{name} holds the sign NUL, which ends a text there: it was taken out.")
        texts = texts.str.replace("\0", "", regex=False)
    ends = texts.str.endswith(" ")
    if ends.any():
        told.say(f"{name}: spaces at the end of {int(ends.sum())} texts are not kept.")
        texts = texts.str.rstrip(" ")
    empty = (texts == "").fillna(False)
    if empty.any() and variable.type != "multiple":
        told.say(f"{name}: {int(empty.sum())} empty texts are blank, which such a file does not tell apart.")
        texts = texts.mask(empty)
    return texts


def _tell_languages(columns: Iterable[Column], lang: str, told: Told) -> None:
    many = list(columns)
    texts = [text for one in many for text in (one.variable.label, *one.variable.labels.values()) if text]
    others = sorted({tag for text in texts for tag in text} - {lang, _NO_LANGUAGE})
    if others:
        told.say(f"Labels are in one language ({lang}); {', '.join(others)} are not in the file.")
    known = {lang.split("-")[0], _NO_LANGUAGE}
    elsewhere = sum(text.language_for(lang).split("-")[0] not in known for text in texts)
    if elsewhere:
        told.say(f"{elsewhere} labels have no words in {lang} and stand in the language that they have.")
    for words, lost in (
        ("units", [one.variable.name for one in many if one.variable.unit]),
        ("wordings of questions", [one.variable.name for one in many if one.variable.question]),
        ("notes", [one.variable.name for one in many if one.variable.note]),
    ):
        if lost:
            some = ", ".join(lost[:5]) + (" and others" if len(lost) > 5 else "")
            told.say(f"The {words} of {some} are not in the file.")


def fit(columns: Iterable[Column], told: Told) -> None:
    """Make texts, names of variables and their labels fit; what does not is cut and told, or refused."""
    limits, cut_labels = told.limits, []
    for column in columns:
        name = column.variable.name
        if column.made and size_of(column.label, limits.unit) > limits.label:
            column.label = cut(column.label, limits.label, limits.unit)
            cut_labels.append(column.name)
        column.label = told.fitted(column.label, limits.label, "The label", name)
        if not column.numeric:
            long = column.values.str.len() * 4 > limits.text
            for row in long[long.fillna(False).astype(bool)].index:
                text = told.fitted(column.values[row], limits.text, f"Row {row + 1}", name, "bytes")
                column.values[row] = text
        if column.name != name and not column.made:
            told.say(f"{name} is called {column.name} there: {limits.format} does not take its name.")
    if cut_labels:
        told.say(f"Labels of {', '.join(cut_labels[:5])} are cut: they hold the question and the option.")


def labelled(column: Column, code: str, label: str, reason: str, told: Told) -> str:
    """Return a value label that fits; that of a missing code tells its reason when it is read again.

    Parameters
    ----------
    code : str
        As the file has it.
    reason : str
        Why the code is missing; an empty text for a valid one.
    """
    most, what, name = told.limits.value_label, f"The label of {code}", column.variable.name
    if not reason or (not label and reason_of_label("", code) == reason):
        return told.fitted(label, most, what, name) if label else ""
    if (
        with_reason(label, code, reason) == label
        and reason_of_label(cut(label, most, told.limits.unit), code) == reason
    ):
        return told.fitted(label, most, what, name)
    room = most - len(f" [{reason}]")
    return f"{told.fitted(label, room, what, name)} [{reason}]".lstrip()


def options_of(column: Column, lang: str, told: Told) -> list[Column]:
    """Return one 0/1 column for each option of a `multiple` variable; missing where the answer is. Others have none."""
    import pandas as pd

    variable = column.variable
    if variable.type != "multiple":
        return []
    answered, words = reasons_beside(column)
    chosen = column.values.where(answered, "").str.split()
    found = chosen.explode().dropna().unique()
    codes = [
        code for code in dict.fromkeys([*column.labels, *map(str, found)]) if code not in variable.missing
    ]
    if len(codes) > _MOST_OPTIONS:
        told.say(f"{variable.name} has {len(codes)} options, too many for columns of 0 and 1.")
        return []
    out = []
    for code in codes:
        marks = pd.Series([float(code in cell) for cell in chosen], index=answered.index, dtype="float64")
        option = Variable(name=re.sub(r"\W+", "_", f"{variable.name}_{code}"), type="integer")
        label = " - ".join(part for part in (column.label, column.labels.get(code) or code) if part)
        yes_no = {"0": tr("No", lang), "1": tr("Yes", lang)}
        out.append(Column(option, label, marks.where(answered), words.copy(), yes_no, made=True))
    if out:
        told.say(
            f"{variable.name} allows several answers: its codes are one text, and each of its {len(codes)} options "
            "is a column of 0 and 1 besides."
        )
    return out


def reasons_beside(column: Column) -> tuple[pd.Series, pd.Series]:
    """Return where a text column has an answer, and the names of reasons where it has none."""
    missing = column.variable.missing
    held = column.values.isin(list(missing))
    words = column.words.map(column.kinds(), na_action="ignore").astype("str")
    words = words.fillna(column.values.where(held).map(dict(missing), na_action="ignore").astype("str"))
    return column.values.notna() & ~held, words


def take_large(column: Column, told: Told) -> None:
    """Take out numbers that the format cannot hold, infinite ones too; the companion column says which."""
    large = column.values.abs() > told.limits.largest
    if large.any():
        name = column.variable.name
        told.say(
            f"{name}: {int(large.sum())} numbers are larger than {told.limits.format} holds: they stand in {name}__why."
        )
        column.words = column.words.mask(large, column.values.astype("str"))
        column.values = column.values.mask(large)


def ranges_of(variable: Variable) -> list[tuple[float, float]]:
    """Return the declared ranges with infinite ends."""

    def ends(one: MissingRange) -> tuple[float, float]:
        low = float("-inf") if one.low is None else one.low
        return low, float("inf") if one.high is None else one.high

    return [ends(one) for one in variable.missing_ranges]


def whole(value: float) -> Any:
    """Return a whole number as int, others as they are."""
    return int(value) if value == value and abs(value) < _EXACT and value == int(value) else value
