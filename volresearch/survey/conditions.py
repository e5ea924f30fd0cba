"""Conditions of the expression language on frames: the meaning that `volresearch.expressions` gives them, in narwhals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import narwhals as nw

from volresearch.errors import VolResearchError, Where, near
from volresearch.expressions import (
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
    parse,
    type_fault,
)
from volresearch.survey.engine import Engine
from volresearch.survey.totals import Condition

__all__ = ["condition"]


@dataclass(frozen=True)
class _Value:
    """A number or text of each row, and whether it is there (None: always)."""

    expr: Any
    present: nw.Expr | None
    kind: str


@dataclass(frozen=True)
class _Truth:
    """Where a condition is true and where it is false; elsewhere it is unknown."""

    true: nw.Expr
    false: nw.Expr


def condition(engine: Engine, where: str | None) -> Condition | None:
    """Return the domain that `where` describes, or None for the whole.

    Raises
    ------
    VolResearchError
        ``expression.syntax``, ``expression.unknown_name`` or ``expression.type``.
    """
    if where is None or not where.strip():
        return None
    expression = parse(where)
    for name in expression.names:
        if name not in engine.schema:
            raise VolResearchError(
                "expression.unknown_name",
                f'There is no column "{name}".',
                where=Where(variable=name),
                hint=near(name, engine.columns),
            )
    if not expression.names:
        raise type_fault("The condition names no variable", "a condition on the rows, such as age >= 15")
    truth = _truth(expression.node, engine)
    return Condition(str(expression), truth.true, ~(truth.true | truth.false))


def _truth(node: Node, engine: Engine) -> _Truth:
    match node:
        case Compare(sign, left, right):
            return _compared(sign, _value(left, engine), _value(right, engine))
        case Member(item, options, negated):
            found = _member(_value(item, engine), options)
            return _Truth(found.false, found.true) if negated else found
        case Logic(word, parts):
            truths = [_truth(part, engine) for part in parts]
            return reduce(_and if word == "and" else _or, truths)
        case Not(part):
            inner = _truth(part, engine)
            return _Truth(inner.false, inner.true)
        case Call("is_missing", arguments):
            present = engine.present(_plain(arguments[0]))
            return _Truth(~present, present)
        case Call("selected", arguments):
            return _selected(_plain(arguments[0]), arguments[1], engine)
        case Name(name) if engine.schema[name] == nw.Boolean:
            present = engine.present(name)
            return _Truth(present & nw.col(name), present & ~nw.col(name))
        case _:
            raise type_fault("A part of the condition is not true or false", "a comparison such as x == 1")


def _and(a: _Truth, b: _Truth) -> _Truth:
    return _Truth(a.true & b.true, a.false | b.false)


def _or(a: _Truth, b: _Truth) -> _Truth:
    return _Truth(a.true | b.true, a.false & b.false)


def _plain(node: Node) -> str:
    assert isinstance(node, Name)  # the parser lets nothing else through
    return node.name


def _value(node: Node, engine: Engine) -> _Value:
    match node:
        case Literal(value):
            return _Value(
                value,
                None,
                "truth" if isinstance(value, bool) else "text" if isinstance(value, str) else "number",
            )
        case Name(name):
            return _column(name, engine)
        case Negative(part):
            inner = _numeric(_value(part, engine))
            return _Value(-inner.expr, inner.present, "number")
        case Arithmetic(sign, left, right):
            return _arithmetic(sign, _numeric(_value(left, engine)), _numeric(_value(right, engine)))
        case Call(function, arguments) if function not in {"is_missing", "selected"}:
            return _function(function, _numeric(_value(arguments[0], engine)))
        case _:
            raise type_fault(
                "A condition stands where a value is needed", "a variable, a number or a text in quotes"
            )


def _column(name: str, engine: Engine) -> _Value:
    kind = engine.schema[name]
    if kind == nw.Boolean:
        return _Value(nw.col(name), engine.present(name), "truth")
    if kind.is_numeric():
        return _Value(nw.col(name), engine.present(name), "number")
    text = nw.col(name) if kind == nw.String else nw.col(name).cast(nw.String)
    return _Value(text, engine.present(name), "text")


def _numeric(value: _Value) -> _Value:
    if value.kind != "number":
        raise type_fault(
            "Text or a condition stands where a number is needed", "numbers on both sides of + - * /"
        )
    return value


def _both(a: nw.Expr | None, b: nw.Expr | None) -> nw.Expr | None:
    return b if a is None else a if b is None else a & b


def _arithmetic(sign: str, left: _Value, right: _Value) -> _Value:
    present = _both(left.present, right.present)
    if sign != "/":
        done = {
            "+": lambda: left.expr + right.expr,
            "-": lambda: left.expr - right.expr,
            "*": lambda: left.expr * right.expr,
        }
        return _Value(done[sign](), present, "number")
    if not isinstance(right.expr, nw.Expr):
        if right.expr == 0:
            raise type_fault("A number is divided by zero", "a divisor other than 0")
        return _Value(left.expr / right.expr, present, "number")
    whole = nw.when(right.expr != 0).then(right.expr).otherwise(1)
    return _Value(left.expr / whole, _both(present, right.expr != 0), "number")


def _function(name: str, inner: _Value) -> _Value:
    if not isinstance(inner.expr, nw.Expr):
        raise type_fault(f"{name} is taken of a constant", "a variable")
    if name == "abs":
        return _Value(inner.expr.abs(), inner.present, "number")
    if name == "exp":
        return _Value(inner.expr.exp(), inner.present, "number")
    fit = inner.expr > 0 if name == "log" else inner.expr >= 0
    safe = nw.when(fit).then(inner.expr).otherwise(1)
    return _Value(safe.log() if name == "log" else safe.sqrt(), _both(inner.present, fit), "number")


def _compared(sign: str, left: _Value, right: _Value) -> _Truth:
    if left.kind != right.kind:
        raise type_fault(
            f"A {left.kind} is compared with a {right.kind}",
            "both numbers, or both texts in quotes; codes of a text column stand in quotes",
        )
    a, b = left.expr, right.expr
    if not isinstance(a, nw.Expr) and isinstance(b, nw.Expr):
        a, b, sign = b, a, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
    if not isinstance(a, nw.Expr):
        raise type_fault("Two constants are compared", "a variable on one side")
    done = {
        "==": lambda: a == b,
        "!=": lambda: a != b,
        "<": lambda: a < b,
        "<=": lambda: a <= b,
        ">": lambda: a > b,
        ">=": lambda: a >= b,
    }
    present = _both(left.present, right.present)
    assert present is not None
    return _split(present, done[sign]())


def _split(present: nw.Expr, holds: nw.Expr) -> _Truth:
    true = nw.when(present & holds).then(True).otherwise(False)
    return _Truth(true, present & ~true)


def _member(value: _Value, options: tuple[Literal, ...]) -> _Truth:
    if not isinstance(value.expr, nw.Expr) or value.present is None:
        raise type_fault("A constant stands before in", "a variable")
    for option in options:
        if isinstance(option.value, str) != (value.kind == "text"):
            raise type_fault(f"A {value.kind} is looked up among other things", "numbers, or texts in quotes")
    return _split(value.present, value.expr.is_in([option.value for option in options]))


def _selected(name: str, code: Node, engine: Engine) -> _Truth:
    assert isinstance(code, Literal)
    text = nw.concat_str(nw.lit(" "), nw.col(name).cast(nw.String), nw.lit(" "))
    return _split(engine.present(name), text.str.contains(f" {code.value} ", literal=True))
