"""Laws of the expression language: reading what was printed, and one meaning on every engine."""

from __future__ import annotations

import importlib.util
import math
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from volresearch.errors import VolResearchError
from volresearch.expressions import Expression, parse
from volresearch.expressions.xpath import Verbatim, from_xpath
from volresearch.expressions.xpath_writing import to_xpath

_spec = importlib.util.spec_from_file_location(
    "expressions_made", Path(__file__).with_name("expressions_made.py")
)
made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made)

TODAY = date(2026, 11, 22)
MISSING = {"age": {"99": "refused", "98": "dont_know"}, "sex": {"f m": "invalid"}}


@given(made.conditions | made.values)
@settings(max_examples=100, deadline=None)
def test_printing__any_expression__reads_back_as_the_same(node):
    printed = str(Expression(node))
    again = parse(printed)
    assert str(again) == printed
    assert parse(str(again)) == again


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_reading__any_text__is_an_expression_or_a_told_fault(text):
    try:
        expression = parse(text)
    except VolResearchError as error:
        told = error.code
    else:
        told = "" if parse(str(expression)) == expression else "differs"
    assert told == "" or told.startswith("expression.")


def _frames(rows):
    pandas = pd.DataFrame(rows).astype(
        {"age": "Int64", "hours": "Float64", "sex": "string", "skills": "string", "member": "boolean"}
    )
    pandas["born"] = pd.to_datetime(pandas["born"])
    schema = {
        "age": pl.Int64,
        "hours": pl.Float64,
        "sex": pl.String,
        "skills": pl.String,
        "born": pl.Date,
        "member": pl.Boolean,
    }
    polars = pl.DataFrame(rows, schema=schema)
    return {"pandas": pandas, "polars": polars.lazy(), "duckdb": duckdb.from_arrow(polars.to_arrow())}


def _column(frame):
    if isinstance(frame, pl.LazyFrame):
        return frame.collect()["value"].to_list()
    if isinstance(frame, duckdb.DuckDBPyRelation):
        return [row[0] for row in frame.fetchall()]
    return list(frame["value"])


def _same(a, b):
    nothing = [one is None or one is pd.NA or (isinstance(one, float) and math.isnan(one)) for one in (a, b)]
    if any(nothing):
        return all(nothing)
    if isinstance(a, str) or isinstance(b, str) or isinstance(a, bool):
        return a == b
    return math.isclose(float(a), float(b), rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
@given(node=made.conditions | made.values, rows=st.lists(made.answers, min_size=3, max_size=3))
@settings(max_examples=25, deadline=None)
def test_evaluation__on_each_engine__agrees_with_one_answer_set(engine, node, rows):
    expression = Expression(node)
    wanted = [expression.evaluate(row, MISSING, TODAY) for row in rows]
    found = _column(expression.on(_frames(rows)[engine], MISSING, TODAY))
    assert all(map(_same, found, wanted)), (str(expression), rows, found, wanted)


KINDS = {"age": "number", "hours": "number", "sex": "text", "skills": "text", "born": "day"}


@given(st.text(max_size=60) | st.text(alphabet="${}()'\"a=<>!.*+-/ 1,|andorivm", max_size=60))
@settings(max_examples=150, deadline=None)
def test_xpath__any_text__is_read_or_kept_word_for_word(text):
    found = from_xpath(text, own="age", kinds=KINDS)
    if isinstance(found, Verbatim):
        assert found.text == text
    else:
        assert parse(str(found)) == found


@given(node=made.conditions, row=made.answers)
@settings(max_examples=100, deadline=None)
def test_xpath__written_and_read_again__means_the_same(node, row):
    expression = Expression(node)
    try:
        written = to_xpath(node)
    except ValueError:
        return  # what XPath lacks is said, not written
    again = from_xpath(written, kinds=KINDS)
    if isinstance(again, Expression):
        assert again.evaluate(row, today=TODAY) == expression.evaluate(row, today=TODAY)
