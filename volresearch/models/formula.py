"""Model formulas: ``y ~ a + b:c + log(x)`` read into terms and a matrix, without ever evaluating code.

formulaic parses the formula language (Wilkinson and Rogers 1973, as in S); its factors are looked up by name,
or computed by the few functions below. Nothing else of a formula's text is run.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from volresearch.errors import VolResearchError, Where, near

__all__ = ["Column", "Formula", "Matrix", "code_text", "parse_formula"]

Floats = npt.NDArray[np.float64]

_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "log": np.log,
    "log10": np.log10,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "I": lambda value: value,
}
_OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_COMPARE: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
}
_LONGEST = 2000


@dataclass(frozen=True)
class Column:
    """One column of a model matrix: the term it belongs to and the level it stands for (empty for numbers)."""

    term: str
    level: str = ""

    @property
    def name(self) -> str:
        """Term and level in one word, as regression output prints it."""
        return f"{self.term}[{self.level}]" if self.level else self.term


@dataclass(frozen=True)
class Matrix:
    """A model matrix.

    Attributes
    ----------
    values : float array of shape (rows, columns)
    columns : tuple of Column
    levels : dict
        Factor -> its levels, the first being the reference.
    """

    values: Floats
    columns: tuple[Column, ...]
    levels: dict[str, tuple[Any, ...]]

    def of_term(self, term: str) -> list[int]:
        """Return the positions of the columns of `term` (``a:b`` and ``b:a`` are one term)."""
        wanted = frozenset(term.replace(" ", "").split(":"))
        found = [
            i for i, c in enumerate(self.columns) if frozenset(c.term.replace(" ", "").split(":")) == wanted
        ]
        if not found:
            known = sorted({column.term for column in self.columns})
            raise VolResearchError(
                "model.formula", f'The model has no term "{term}".', hint=near(term, known)
            )
        return found


@dataclass(frozen=True)
class Formula:
    """A parsed formula.

    Attributes
    ----------
    text : str
    outcome : str
        Expression of the left side.
    terms : tuple of tuples of str
        Factors of each term; the empty tuple is the intercept.
    offset : tuple of str
        Expressions added with coefficient 1.
    categorical : frozenset of str
        Factors marked ``C(...)``.
    """

    text: str
    outcome: str
    terms: tuple[tuple[str, ...], ...]
    offset: tuple[str, ...] = ()
    categorical: frozenset[str] = field(default_factory=frozenset)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables that the formula uses, the outcome's first."""
        seen: dict[str, None] = {}
        for expression in (self.outcome, *(f for term in self.terms for f in term), *self.offset):
            for name in _names_in(expression):
                seen[name] = None
        return tuple(seen)

    @property
    def term_names(self) -> tuple[str, ...]:
        """Names of the terms without the intercept."""
        return tuple(":".join(term) for term in self.terms if term)

    def without(self, term: str) -> Formula:
        """Return the formula with one term less."""
        wanted = frozenset(term.replace(" ", "").split(":"))
        kept = tuple(t for t in self.terms if frozenset(f.replace(" ", "") for f in t) != wanted)
        return Formula(self.text, self.outcome, kept, self.offset, self.categorical)

    def response(self, frame: pd.DataFrame) -> Any:
        """Return the outcome's column, as it stands where the left side is a plain name."""
        if self.outcome in frame.columns:
            return frame[self.outcome]
        return pd.Series(_evaluate(self.outcome, frame), index=frame.index)

    def offset_of(self, frame: pd.DataFrame) -> Floats | None:
        """Return the sum of the offsets, shape (rows,), or None."""
        if not self.offset:
            return None
        return np.asarray(sum(_evaluate(expression, frame) for expression in self.offset), dtype=np.float64)

    def matrix(self, frame: pd.DataFrame, levels: Mapping[str, Sequence[Any]] | None = None) -> Matrix:
        """Build the model matrix of complete rows.

        Parameters
        ----------
        frame : pandas.DataFrame
            Rows without missing values in the variables of the formula.
        levels : mapping, optional
            Factor -> levels in order, reference first; else categories in order, or sorted codes.
        """
        found: dict[str, tuple[Any, ...]] = {}
        blocks: dict[str, tuple[Any, tuple[Any, ...] | None]] = {}
        for name in dict.fromkeys(f for term in self.terms for f in term):
            values, its_levels = self._factor(name, frame, levels or {})
            blocks[name] = (values, its_levels)
            if its_levels is not None:
                found[name] = its_levels
        present = {frozenset(term) for term in self.terms}
        parts, columns = [], []
        for term in self.terms:
            block, names = _term_columns(term, blocks, present, len(frame))
            parts.append(block)
            columns.extend(names)
        values = np.concatenate(parts, axis=1) if parts else np.zeros((len(frame), 0))
        return Matrix(values, tuple(columns), found)

    def _factor(
        self, name: str, frame: pd.DataFrame, levels: Mapping[str, Sequence[Any]]
    ) -> tuple[Any, tuple[Any, ...] | None]:
        column = frame[name] if name in frame.columns else None
        if name in self.categorical or (column is not None and not _numeric(column)):
            series = column if column is not None else pd.Series(_evaluate(name, frame), index=frame.index)
            return series, _levels(series, levels.get(name))
        if column is not None:
            return np.asarray(column, dtype=np.float64), None
        return np.asarray(_evaluate(name, frame), dtype=np.float64), None


def code_text(code: Any) -> str:
    """Return a code as text, whole numbers without a decimal point.

    >>> code_text(2.0), code_text("b")
    ('2', 'b')
    """
    if isinstance(code, float) and code.is_integer():
        return str(int(code))
    return str(code)


def _numeric(column: Any) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype))


def _levels(series: Any, given: Sequence[Any] | None) -> tuple[Any, ...]:
    if given is not None:
        return tuple(given)
    if isinstance(series.dtype, pd.CategoricalDtype):
        used = set(series.dropna().unique())
        return tuple(level for level in series.cat.categories if level in used)
    return tuple(sorted(series.dropna().unique(), key=lambda code: (str(type(code)), code)))


def _term_columns(
    term: tuple[str, ...],
    blocks: Mapping[str, tuple[Any, tuple[Any, ...] | None]],
    present: set[frozenset[str]],
    rows: int,
) -> tuple[Floats, list[Column]]:
    """Columns of one term; a factor is coded by contrasts where its margin is in the model, else in full."""
    if not term:
        return np.ones((rows, 1)), [Column("(Intercept)")]
    block = np.ones((rows, 1))
    labels: list[tuple[str, ...]] = [()]
    for name in term:
        values, levels = blocks[name]
        if levels is None:
            block = block * values[:, None]
            labels = [(*label, "") for label in labels]
            continue
        margin = frozenset(term) - {name}
        coded = levels[1:] if margin in present else levels
        dummies = np.column_stack(
            [np.asarray(values == level, dtype=np.float64) for level in coded] or [np.zeros(rows)]
        )
        block = (dummies[:, :, None] * block[:, None, :]).reshape(rows, -1)
        labels = [(*label, code_text(level)) for level in coded for label in labels]
    name = ":".join(term)
    return block, [Column(name, ":".join(part for part in label if part)) for label in labels]


def parse_formula(text: str) -> Formula:
    """Read a model formula.

    Parameters
    ----------
    text : str
        ``"hours ~ sex + age + sex:age + offset(log(weeks))"``; ``C(code)`` makes a factor of numbers;
        ``log, log10, exp, sqrt, abs, I(...)`` and arithmetic may be used.

    Returns
    -------
    Formula

    Examples
    --------
    >>> formula = parse_formula("hours ~ sex*age + I(age**2)")
    >>> formula.term_names, formula.variables
    (('sex', 'age', 'I(age ** 2)', 'sex:age'), ('hours', 'sex', 'age'))
    """
    from formulaic import Formula as Parsed
    from formulaic.errors import FormulaicError

    if len(text) > _LONGEST:
        raise VolResearchError("model.formula", f"The formula is longer than {_LONGEST} characters.")
    try:
        parsed = Parsed(text)
    except (FormulaicError, SyntaxError, ValueError, TypeError) as problem:
        first = str(problem).splitlines()[0] if str(problem) else "it cannot be parsed"
        raise VolResearchError(
            "model.formula",
            f'The formula "{text}" cannot be read: {first}',
            expected='for instance "hours ~ sex + age"',
        ) from None
    outcome = getattr(parsed, "lhs", None)
    if outcome is None or len(list(outcome)) != 1:
        raise VolResearchError(
            "model.formula",
            f'The formula "{text}" needs one outcome before the "~".',
            expected='"hours ~ sex + age"',
        )
    return _converted(text, parsed)


def _converted(text: str, parsed: Any) -> Formula:
    terms: list[tuple[str, ...]] = []
    offsets: list[str] = []
    categorical: set[str] = set()
    for term in parsed.rhs:
        factors: list[str] = []
        for factor in term.factors:
            expression = str(factor.expr)
            if factor.eval_method.value == "literal":
                continue
            inner = _wrapped(expression, "offset")
            if inner is not None:
                offsets.append(inner)
                break
            inner = _wrapped(expression, "C")
            if inner is not None:
                categorical.add(inner)
            factors.append(inner if inner is not None else expression)
        else:
            terms.append(tuple(factors))
    for expression in (*(f for term in terms for f in term), *offsets):
        _names_in(expression)
    return Formula(text, str(next(iter(parsed.lhs))), tuple(terms), tuple(offsets), frozenset(categorical))


def _wrapped(expression: str, function: str) -> str | None:
    if expression.startswith(f"{function}(") and expression.endswith(")"):
        return expression[len(function) + 1 : -1].strip()
    return None


def _tree(expression: str) -> ast.expr:
    try:
        return ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return ast.Name(expression)  # a name with blanks, written in backticks


def _refuse(expression: str) -> VolResearchError:
    return VolResearchError(
        "model.formula",
        f'"{expression}" cannot stand in a formula.',
        expected=f"a variable, arithmetic, a comparison, or one of {', '.join(_FUNCTIONS)}, C, offset",
        where=Where(variable=expression),
    )


def _names_in(expression: str) -> list[str]:
    names: list[str] = []

    def walk(node: ast.AST) -> None:
        match node:
            case ast.Name(id=name):
                names.append(name)
            case ast.Constant(value=int() | float() | str()):
                pass
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                walk(left)
                walk(right)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                walk(operand)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
                walk(left)
                walk(right)
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _FUNCTIONS:
                walk(argument)
            case _:
                raise _refuse(expression)

    walk(_tree(expression))
    return names


def _evaluate(expression: str, frame: pd.DataFrame) -> Any:
    """Compute a checked expression column-wise."""

    def value(node: ast.AST) -> Any:
        match node:
            case ast.Name(id=name):
                column = frame[name]
                return np.asarray(column, dtype=np.float64) if _numeric(column) else column.to_numpy()
            case ast.Constant(value=constant):
                return constant
            case ast.BinOp(left=left, op=op, right=right):
                return _OPERATORS[type(op)](value(left), value(right))
            case ast.UnaryOp(operand=operand):
                return -value(operand)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return np.asarray(_COMPARE[type(op)](value(left), value(right)), dtype=np.float64)
            case ast.Call(func=ast.Name(id=name), args=[argument]):
                return _FUNCTIONS[name](value(argument))
            case _:
                raise _refuse(expression)

    with np.errstate(divide="ignore", invalid="ignore"):
        return value(_tree(expression))
