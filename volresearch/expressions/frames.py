"""The value of an expression in every row of a frame, through narwhals: the meaning of `evaluation`, in columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import reduce
from typing import Any

import narwhals as nw

from volresearch.errors import VolResearchError, Where, near
from volresearch.expressions.columns import (
    Frame,
    Truth,
    Value,
    both,
    column_of,
    compared,
    conjunction,
    constant,
    day_of,
    disjunction,
    plain,
    presence,
    split,
)
from volresearch.expressions.evaluation import BLANK, Answers, evaluated, type_fault
from volresearch.expressions.nodes import (
    Arithmetic,
    Call,
    Compare,
    Literal,
    Logic,
    Member,
    Name,
    Negative,
    Node,
    Not,
    children,
    names_in,
)
from volresearch.expressions.patterns import checked_pattern

__all__ = ["truth", "valued"]


def truth(
    node: Node, frame: Any, missing: Mapping[str, Mapping[str, str]], today: date | None = None
) -> Truth:
    """Return where a condition is true and false in the rows of a narwhals frame; `missing` as in `Expression.evaluate`.

    Raises
    ------
    VolResearchError
        ``expression.unknown_name`` or ``expression.type``.
    """
    return _Compiler(_known(node, Frame(frame, missing)), today).truth(node)


def valued(
    node: Node, frame: Any, missing: Mapping[str, Mapping[str, str]], today: date | None, name: str
) -> Any:
    """Return a frame of one column; see `Expression.on`."""
    seen = nw.from_native(frame)
    compiler = _Compiler(_known(node, Frame(seen, missing)), today)
    value = compiler.value(node)
    anchor = ~nw.col(seen.collect_schema().names()[0]).is_null()  # a column, so that constants fill every row
    expr = nw.lit(value.expr) if value.constant and value.expr is not None else value.expr
    if value.expr is None:
        shown: Any = nw.when(anchor & ~anchor).then(nw.lit(True))
    elif value.kind == "truth" and not value.constant:
        found = compiler.truth(node)
        shown = nw.when(found.true).then(nw.lit(True)).otherwise(nw.when(found.false).then(nw.lit(False)))
    elif value.present is None:
        shown = nw.when(anchor | ~anchor).then(expr)
    else:
        shown = nw.when(value.present).then(expr)
    return seen.select(shown.alias(name)).to_native()


def _known(node: Node, columns: Frame) -> Frame:
    for name in names_in(node):
        if name not in columns.schema:
            raise VolResearchError(
                "expression.unknown_name",
                f'There is no column "{name}".',
                where=Where(variable=name),
                hint=near(name, list(columns.schema)),
            )
    return columns


def _fixed(node: Node) -> bool:
    return not isinstance(node, Name) and all(_fixed(child) for child in children(node))


class _Compiler:
    """From nodes to narwhals expressions."""

    def __init__(self, columns: Frame, today: date | None) -> None:
        self.columns = columns
        self.today = today

    # conditions

    def truth(self, node: Node) -> Truth:
        if _fixed(node):
            return self.constant_truth(evaluated(node, Answers({}, {}, self.today)))
        match node:
            case Compare(sign, left, right):
                return compared(sign, *self.days_alike(left, right))
            case Member(item, options, negated):
                found = self.member(item, options)
                return Truth(found.false, found.true) if negated else found
            case Logic(word, parts):
                return reduce(
                    conjunction if word == "and" else disjunction, [self.truth(part) for part in parts]
                )
            case Not(part):
                inner = self.truth(part)
                return Truth(inner.false, inner.true)
            case Call("is_missing", arguments):
                present = self.columns.present(plain(arguments[0]))
                return Truth(~present, present)
            case Call("selected", arguments):
                return self.selected(plain(arguments[0]), arguments[1])
            case Call("contains" | "starts_with" | "ends_with" | "matches", _):
                return self.textual(node)
            case Call("if" | "coalesce", _):
                return self.chosen_truth(node)
            case Name(name) if self.columns.schema[name] == nw.Boolean:
                present = self.columns.present(name)
                return Truth(present & nw.col(name), present & ~nw.col(name))
            case _:
                raise type_fault(
                    "A part of the condition is not true or false", "a comparison such as x == 1"
                )

    def constant_truth(self, value: Any) -> Truth:
        if value is not None and not isinstance(value, bool):
            raise type_fault("A part of the condition is not true or false", "a comparison such as x == 1")
        there = ~nw.col(next(iter(self.columns.schema))).is_null()  # a column, so that every row has it
        always, never = there | ~there, there & ~there
        return Truth(always if value is True else never, always if value is False else never)

    def days_alike(self, left: Node, right: Node) -> tuple[Value, Value]:
        """Compile two sides; a day written as text beside a day is a day."""
        a, b = self.value(left), self.value(right)
        if a.kind == "day" and isinstance(right, Literal):
            b = day_of(right, b)
        if b.kind == "day" and isinstance(left, Literal):
            a = day_of(left, a)
        return a, b

    def member(self, item: Node, options: tuple[Literal, ...]) -> Truth:
        value = self.value(item)
        if value.kind == "day":
            return reduce(
                disjunction, [compared("==", value, day_of(one, constant(one.value))) for one in options]
            )
        for option in options:
            if constant(option.value).kind != value.kind:
                raise type_fault(
                    f"A {value.kind} is looked up among other things", "numbers, or texts in quotes"
                )
        wanted = [option.value for option in options]
        exact = isinstance(item, Name) and self.columns.schema[item.name].is_integer()
        if value.kind != "number" or (exact and all(isinstance(one, int) for one in wanted)):
            return split(value.present, value.expr.is_in(wanted))
        numbers = [float(one) for one in wanted]  # polars does not look up one type among another
        return split(value.present, value.expr.cast(nw.Float64).is_in(numbers))

    def selected(self, name: str, code: Node) -> Truth:
        assert isinstance(code, Literal)
        if isinstance(self.columns.schema[name], nw.List):
            return split(self.columns.present(name), nw.col(name).list.contains(str(code.value)))
        text = nw.concat_str(nw.lit(" "), nw.col(name).cast(nw.String), nw.lit(" "))
        holds = text.str.contains(f" {code.value} ", literal=True) if str(code.value) else nw.lit(False)
        return split(self.columns.present(name), holds)

    def textual(self, node: Call) -> Truth:
        text = self.of_kind(node.arguments[0], "text")
        part = str(node.arguments[1].value)  # type: ignore[union-attr]
        words = text.expr.str
        if node.function == "matches":
            pattern = f"^(?:{checked_pattern(part)})$"
            return split(text.present, words.contains(pattern) & ~words.ends_with("\n"))
        holds = {
            "contains": lambda: words.contains(part, literal=True),
            "starts_with": lambda: words.starts_with(part),
            "ends_with": lambda: words.ends_with(part),
        }
        return split(text.present, holds[node.function]())

    def chosen_truth(self, node: Call) -> Truth:
        if node.function == "if":
            on, yes, no = (self.truth(argument) for argument in node.arguments)
            return Truth(
                (on.true & yes.true) | (on.false & no.true), (on.true & yes.false) | (on.false & no.false)
            )
        found = [self.truth(argument) for argument in node.arguments]
        return reduce(lambda a, b: Truth(a.true | (~a.false & b.true), a.false | (~a.true & b.false)), found)

    # values

    def value(self, node: Node) -> Value:
        if _fixed(node):
            return constant(evaluated(node, Answers({}, {}, self.today)))
        match node:
            case Name(name):
                return self.column(name)
            case Negative(part):
                inner = self.of_kind(part, "number")
                return Value(-inner.expr, inner.present, "number")
            case Arithmetic(sign, left, right):
                return self.arithmetic(sign, left, right)
            case Call(function, arguments) if function in _VALUES:
                return _VALUES[function](self, arguments)
            case Call("if" | "coalesce", _):
                return self.chosen(node)
            case _:
                found = self.truth(node)
                return Value(found.true, found.true | found.false, "truth")

    def of_kind(self, node: Node, kind: str) -> Value:
        value = self.value(node)
        if value.kind == "nothing":
            return Value(nw.lit(0 if kind == "number" else ""), nw.lit(False), kind)
        if value.kind != kind:
            article = {"number": "a number", "text": "a text", "day": "a day"}[kind]
            raise type_fault(f"A {value.kind} stands where {article} is needed", article)
        return Value(nw.lit(value.expr), value.present, kind) if value.constant else value

    def column(self, name: str) -> Value:
        kind, present = self.columns.schema[name], self.columns.present(name)
        if kind == nw.Boolean:
            return Value(nw.col(name), present, "truth")
        if kind.is_numeric():
            return Value(nw.col(name), present, "number")
        if isinstance(kind, nw.Date | nw.Datetime) or kind in (nw.Date, nw.Datetime):
            day = nw.col(name)
            if getattr(kind, "time_zone", None):
                day = day.dt.replace_time_zone(None)
            return Value(day.cast(nw.Datetime("us")).dt.truncate("1d"), present, "day")
        return Value(nw.col(name) if kind == nw.String else nw.col(name).cast(nw.String), present, "text")

    def arithmetic(self, sign: str, left: Node, right: Node) -> Value:
        a, b = self.days_alike(left, right) if sign == "-" else (self.value(left), self.value(right))
        if sign == "-" and a.kind == b.kind == "day":
            days = (column_of(a) - column_of(b)).dt.total_minutes() / 1440
            return Value(days, both(a.present, b.present), "number")
        a, b = self.of_kind(left, "number"), self.of_kind(right, "number")
        present = both(a.present, b.present)
        if sign != "/":
            done = {"+": lambda: a.expr + b.expr, "-": lambda: a.expr - b.expr, "*": lambda: a.expr * b.expr}
            return Value(done[sign](), present, "number")
        return _divided(a.expr, b.expr, present)

    def chosen(self, node: Call) -> Value:
        values = node.arguments if node.function == "coalesce" else node.arguments[1:]
        found = [self.value(one) for one in values]
        kinds = {one.kind for one in found} - {"nothing"}
        if len(kinds) > 1:
            raise type_fault(f"{node.function} gives a {' or a '.join(sorted(kinds))}", "values of one kind")
        kind = next(iter(kinds), "nothing")
        if kind == "nothing":
            return constant(None)
        if kind == "truth":
            one = self.chosen_truth(node)
            return Value(one.true, one.true | one.false, "truth")
        columns = [(column_of(one, kind), presence(one)) for one in found]
        if kind == "number":  # whole numbers of pandas that may be missing take no fractions beside them
            columns = [(one.cast(nw.Float64), there) for one, there in columns]
        if node.function == "coalesce":
            expr, present = columns[-1]
            for better, there in reversed(columns[:-1]):
                expr, present = nw.when(there).then(better).otherwise(expr), there | present
            return Value(expr, present, kind)
        on = self.truth(node.arguments[0])
        (yes, yes_there), (no, no_there) = columns
        return Value(
            nw.when(on.true).then(yes).otherwise(no), (on.true & yes_there) | (on.false & no_there), kind
        )

    def reason(self, arguments: tuple[Node, ...]) -> Value:
        name, columns = plain(arguments[0]), self.columns
        why: Any = nw.lit(columns.missing.get(name, {}).get("", BLANK))
        companion = f"{name}__why"
        if companion in columns.schema:
            given = columns.there(companion) & (nw.col(companion) != "")
            meant: Any = nw.col(companion)
            for code, reason in columns.missing.get(name, {}).items():
                if code:
                    meant = nw.when(nw.col(companion) == code).then(nw.lit(reason)).otherwise(meant)
            why = nw.when(given).then(meant).otherwise(why)
        answered: Any = nw.lit("")
        for holds, meaning in columns.coded(name):
            answered = nw.when(holds).then(nw.lit(meaning)).otherwise(answered)
        return Value(nw.when(columns.there(name)).then(answered).otherwise(why), None, "text")


_Compiled = Callable[[_Compiler, tuple[Node, ...]], Value]


def _where_fit(value: Value, fit: nw.Expr, done: Callable[[nw.Expr], nw.Expr]) -> Value:
    """Compute only where it can be computed: some engines stop at log(0)."""
    safe = nw.when(fit).then(value.expr).otherwise(1)
    return Value(done(safe), both(value.present, fit), "number")


def _log(compiler: _Compiler, arguments: tuple[Node, ...]) -> Value:
    value = compiler.of_kind(arguments[0], "number")
    return _where_fit(value, value.expr > 0, lambda x: x.log())


def _sqrt(compiler: _Compiler, arguments: tuple[Node, ...]) -> Value:
    value = compiler.of_kind(arguments[0], "number")
    return _where_fit(value, value.expr >= 0, lambda x: x.sqrt())


def _numeric(done: Callable[[nw.Expr], nw.Expr]) -> _Compiled:
    def compiled(compiler: _Compiler, arguments: tuple[Node, ...]) -> Value:
        value = compiler.of_kind(arguments[0], "number")
        return Value(done(value.expr), value.present, "number")

    return compiled


def _cut(value: nw.Expr) -> nw.Expr:
    return nw.when(value < 0).then(-((-value).floor())).otherwise(value.floor())


def _mod(compiler: _Compiler, arguments: tuple[Node, ...]) -> Value:
    a, b = (compiler.of_kind(argument, "number") for argument in arguments)
    quotient = _divided(a.expr, b.expr, both(a.present, b.present))
    return Value(a.expr - b.expr * _cut(quotient.expr), quotient.present, "number")


def _divided(a: nw.Expr, b: nw.Expr, present: nw.Expr | None) -> Value:
    whole = nw.when(b != 0).then(b).otherwise(1)
    return Value(a / whole, both(present, b != 0), "number")


def _length(compiler: _Compiler, arguments: tuple[Node, ...]) -> Value:
    text = compiler.of_kind(arguments[0], "text")
    return Value(text.expr.str.len_chars().cast(nw.Int64), text.present, "number")


def _concat(compiler: _Compiler, arguments: tuple[Node, ...]) -> Value:
    texts = [compiler.of_kind(argument, "text") for argument in arguments]
    return Value(
        nw.concat_str(*(text.expr for text in texts)), both(*(text.present for text in texts)), "text"
    )


def _count_selected(compiler: _Compiler, arguments: tuple[Node, ...]) -> Value:
    name = plain(arguments[0])
    present = compiler.columns.present(name)
    if isinstance(compiler.columns.schema[name], nw.List):
        return Value(nw.col(name).list.len().cast(nw.Int64), present, "number")
    text = nw.col(name).cast(nw.String).str.strip_chars(" ").str.replace_all(" +", " ")
    letters = text.str.replace_all(" ", "", literal=True).str.len_chars().cast(nw.Int64)
    spaces = text.str.len_chars().cast(nw.Int64) - letters
    return Value(nw.when(text == "").then(nw.lit(0)).otherwise(spaces + 1), present, "number")


def _day(compiler: _Compiler, arguments: tuple[Node, ...]) -> Value:
    return compiler.of_kind(arguments[0], "day")


def _part_of_day(part: str) -> _Compiled:
    def compiled(compiler: _Compiler, arguments: tuple[Node, ...]) -> Value:
        day = compiler.of_kind(arguments[0], "day")
        return Value(getattr(day.expr.dt, part)(), day.present, "number")

    return compiled


_VALUES: dict[str, _Compiled] = {
    "log": _log,
    "sqrt": _sqrt,
    "exp": _numeric(lambda x: x.exp()),
    "abs": _numeric(lambda x: x.abs()),
    "round": _numeric(lambda x: (x + 0.5).floor()),
    "int": _numeric(_cut),
    "mod": _mod,
    "length": _length,
    "concat": _concat,
    "count_selected": _count_selected,
    "reason": _Compiler.reason,
    "date": _day,
    "year": _part_of_day("year"),
    "month": _part_of_day("month"),
    "day": _part_of_day("day"),
}
