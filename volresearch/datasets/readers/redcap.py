"""What is REDCap's own: form status, survey timestamps, decimal commas, the logic of branching."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import is_lazy, names_of
from volresearch.datasets.readers.found import RawTable
from volresearch.errors import VolResearchError
from volresearch.expressions import Expression, parse
from volresearch.instruments import Instrument, Item
from volresearch.text import in_all_languages, mark

__all__ = ["comma_decimal", "from_logic", "of_redcap", "status_variables", "untouched", "unvalidated"]

_VALIDATION = "Text Validation Type OR Show Slider Number"
#: Keys in the extras of an item that only a REDCap dictionary gives.
_MARKS = (_VALIDATION, "redcap_type", "Section Header", "Field Annotation", "Matrix Group Name")
_STATUS = {"0": mark("Incomplete"), "1": mark("Unverified"), "2": mark("Complete")}
_NOT_COMPLETED = "[not completed]"


def of_redcap(form: Instrument) -> bool:
    """Whether a form was read from a REDCap dictionary: it keeps the words of one."""
    if any(formula.language == "redcap" for _, _, formula in form.formulas()):
        return True
    return any(mark in item.extras for item in form.all_items for mark in _MARKS)


def comma_decimal(item: Item) -> bool:
    """Whether the numbers of an item are written with a decimal comma: its validation says so."""
    return "comma_decimal" in item.extras.get(_VALIDATION, "").lower()


def unvalidated(item: Item) -> bool:
    """Whether a field of a dictionary is a line of text without validation: then only its content tells what it holds."""
    return item.type == "text" and not item.sensitive and not {"redcap_type", _VALIDATION} & set(item.extras)


def status_variables(table: RawTable, forms: Sequence[str] = ()) -> dict[str, Variable]:
    """Return variables for the columns that REDCap adds to a table: ``<form>_complete`` and ``<form>_timestamp``.

    Parameters
    ----------
    table : RawTable
    forms : sequence of str
        Names of the forms of the dictionary. Without one, a column is taken for a status where its name ends so
        and it holds nothing but 0, 1 and 2.
    """
    out = {}
    for column in names_of(table.frame):
        form, _, ending = column.rpartition("_")
        if ending == "complete" and (form in forms or (not forms and _holds_status(table, column))):
            out[column] = Variable(
                name=column,
                type="code",
                label=in_all_languages(_STATUS_OF, form=form),
                labels={code: in_all_languages(words) for code, words in _STATUS.items()},
            )
        elif ending == "timestamp" and (form in forms or not forms):
            out[column] = Variable(
                name=column,
                type="datetime",
                label=in_all_languages(_TIME_OF, form=form),
                missing={_NOT_COMPLETED: "no_answer"},
            )
    return out


def untouched(table: RawTable, forms: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the forms whose boxes are all 0 in rows that hold nothing else of the form, with the number of rows.

    REDCap writes 0 into every box, also of a form that nobody opened: such rows may be no answers at all.

    Parameters
    ----------
    table : RawTable
    forms : mapping of str to sequence of str
        The variables of each form.
    """
    out: list[str] = []
    if is_lazy(table.frame):
        return out
    for form, names in forms.items():
        here = [name for name in names if name in table.frame and name in table.variables]
        boxes = [name for name in here if table.variables[name].type == "multiple"]
        status = table.frame.get(f"{form}_complete")
        if not boxes or status is None:
            continue
        rest = table.frame[[name for name in here if name not in boxes]]
        bare = (
            rest.isna().all(axis=1) & (table.frame[boxes] == "").all(axis=1) & (status.astype("str") == "0")
        )
        if bare.any():
            out.append(
                f"{form} ({int(bare.sum())} rows: {', '.join(boxes[:3])}{' ...' if len(boxes) > 3 else ''})"
            )
    return out


_STATUS_OF = mark("Status of the form {form}")
_TIME_OF = mark("When the form {form} was completed")


def _holds_status(table: RawTable, column: str) -> bool:
    if is_lazy(table.frame):
        return False
    found = {str(cell).removesuffix(".0") for cell in table.frame[column].dropna().unique()}
    return found <= set(_STATUS)


# branching logic

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<field>\[\s*[A-Za-z]\w*\s*(?:\(\s*-?\w+\s*\)\s*)?\])
    | (?P<text>'[^']*'|"[^"]*")
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<sign><>|!=|<=|>=|=|<|>)
    | (?P<mark>[()])
    | (?P<word>and|or|not|AND|OR|NOT|And|Or)\b
    )""",
    re.VERBOSE,
)
_SIGNS = {"=": "==", "<>": "!=", "!=": "!="}


def from_logic(text: str, kinds: Mapping[str, str]) -> Expression | None:
    """Read simple branching logic of REDCap as an expression; None where it says more than that.

    Comparisons of one field with a text or number, of a box of a checkbox with 0 or 1, of a field with nothing;
    ``and``, ``or``, ``not`` and brackets. Events, functions, arithmetic and smart variables are not read.

    Parameters
    ----------
    text : str
        As it stands in the dictionary.
    kinds : mapping of str to str
        Type of the variable of each field (``code``, ``multiple``, ``number``, ...).

    Examples
    --------
    >>> kinds = {"sex": "code", "gym": "multiple", "age": "integer"}
    >>> str(from_logic("[sex] = '0' and [gym(2)] = \\"1\\"", kinds))
    "sex == '0' and selected(gym, '2')"
    >>> str(from_logic("[age] > 17 or [sex] <> ''", kinds))
    'age > 17 or not is_missing(sex)'
    >>> from_logic("[baseline_arm_1][sex] = '0'", kinds) is None
    True
    """
    try:
        written = _Logic(list(_tokens(text)), kinds).whole()
        return parse(written)
    except (ValueError, VolResearchError):
        return None


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, clean = 0, text.translate(str.maketrans("\u2018\u2019\u201c\u201d\u00a0", "''\"\" ")).rstrip()
    while at < len(clean):
        found = _TOKEN.match(clean, at)
        if not found or not found.lastgroup:
            raise ValueError(clean[at:])
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()


class _Logic:
    """Recursive descent over the tokens of branching logic; ValueError where it says more than is read here."""

    def __init__(self, tokens: list[tuple[str, str]], kinds: Mapping[str, str]) -> None:
        self.tokens, self.kinds, self.at = tokens, kinds, 0
        self.depth = 0

    def whole(self) -> str:
        out = self.either()
        if self.at < len(self.tokens):
            raise ValueError("more")
        return out

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def next(self) -> tuple[str, str]:
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else ("", "")

    def takes(self, *words: str) -> bool:
        if self.peek()[0] in {"word", "mark"} and self.peek()[1].lower() in words:
            self.at += 1
            return True
        return False

    def either(self) -> str:
        parts = [self.both()]
        while self.takes("or"):
            parts.append(self.both())
        return " or ".join(parts)

    def both(self) -> str:
        parts = [self.one()]
        while self.takes("and"):
            parts.append(self.one())
        return " and ".join(parts)

    def one(self) -> str:
        self.depth += 1
        if self.depth > 50:
            raise ValueError("depth")
        if self.takes("not"):
            out = f"not {self.one()}"
        elif self.takes("("):
            out = f"({self.either()})"
            if not self.takes(")"):
                raise ValueError("bracket")
        else:
            out = self.comparison()
        self.depth -= 1
        return out

    def comparison(self) -> str:
        (kind, field), (sign_kind, sign), (value_kind, value) = self.next(), self.next(), self.next()
        if kind != "field" or sign_kind != "sign" or value_kind not in {"text", "number"}:
            raise ValueError("comparison")
        name, _, box = re.sub(r"[\[\]\s)]", "", field).partition("(")
        said = value[1:-1] if value_kind == "text" else value
        if name not in self.kinds:
            raise ValueError(name)
        if box:
            return self.box(name, box, sign, said)
        if not said:
            if sign not in {"=", "<>", "!="}:
                raise ValueError(sign)
            return f"is_missing({name})" if sign == "=" else f"not is_missing({name})"
        return f"{name} {_SIGNS.get(sign, sign)} {self.literal(name, said)}"

    def box(self, name: str, code: str, sign: str, said: str) -> str:
        if self.kinds[name] != "multiple" or sign not in {"=", "<>", "!="} or said not in {"0", "1"}:
            raise ValueError(name)
        chosen = f"selected({name}, '{code}')"
        return chosen if (said == "1") == (sign == "=") else f"not {chosen}"

    def literal(self, name: str, said: str) -> str:
        if self.kinds[name] in {"integer", "number"}:
            return repr(float(said)) if "." in said else str(int(said))
        if "'" in said or self.kinds[name] == "multiple":
            raise ValueError(said)
        return f"'{said}'"
