"""Laws of harmonizing: counts are kept, every code and every kind of missing is accounted for, order does not matter."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from volresearch.datasets import MISSING_REASONS, Codebook, Dataset, DatasetDeclaration, Variable
from volresearch.datasets.declaration import TableDeclaration
from volresearch.harmonize import Crosswalk, Rule, harmonize, recode_log, stacked

CODES = ("1", "2", "3", "4", "77")
MISSING = {"88": "dont_know", "99": "refused", ".a": "not_asked"}
WHYS = (None, ".a", "not_in_version", "some raw text")
calm = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def dataset(
    cells: list[tuple[Any, str | None]], *, numeric: bool, id: str = "local.a", lazy: bool = False
) -> Dataset:
    frame = pd.DataFrame(
        {
            "q": pd.Series([cell for cell, _ in cells], dtype="float64" if numeric else "str"),
            "q__why": pd.Series([why if cell is None else None for cell, why in cells], dtype="str"),
        }
    )
    labels = {} if numeric else {code: f"Label {code}" for code in CODES}
    variable = Variable(name="q", type="number" if numeric else "code", labels=labels, missing=MISSING)
    declaration = DatasetDeclaration(
        id=id, kind="survey", version="1", title="T", unit="person", licence="CC0",
        tables={"rows": TableDeclaration(path="files/a.csv", sha256="0" * 64)}, codebook=Codebook(variables=(variable,)),
    )  # fmt: skip
    table: Any = frame
    if lazy:
        import duckdb

        table = duckdb.connect(":memory:").from_df(frame)
    return Dataset(declaration, {"rows": table})


rows = st.lists(st.tuples(st.sampled_from([*CODES, "88", "99", None]), st.sampled_from(WHYS)), max_size=30)
numbers = st.lists(
    st.tuples(st.sampled_from([0.5, 1.0, 2.0, 17.0, 18.0, 24.5, 88.0, 99.0, None]), st.sampled_from(WHYS)),
    max_size=30,
)
mapped = st.dictionaries(
    st.sampled_from(CODES), st.sampled_from(["x", "y", "missing:invalid", "="]), min_size=1
)
whither = st.dictionaries(
    st.sampled_from(["", *MISSING_REASONS]), st.sampled_from(["x", "missing:not_applicable", "="])
)


def crosswalk(mapping: dict[str, str], reasons: dict[str, str], rest: str = "") -> tuple[Rule, ...]:
    rules = [Rule("q", code, "t", target, line=1) for code, target in mapping.items()]
    rules += [
        Rule("q", f"missing:{one}" if one else "missing", "t", target) for one, target in reasons.items()
    ]
    return (*rules, *([Rule("q", "*", "t", rest)] if rest else []))


def state(made: Dataset) -> list[tuple[Any, Any]]:
    values, why = made.values("t"), made.missing("t")
    return [
        (None if value != value else value, None if reason != reason else reason)
        for value, reason in zip(values, why, strict=True)
    ]


@calm
@given(rows, mapped, whither, st.sampled_from(["missing", "keep"]))
def test_harmonize__any_codes__every_row_is_accounted_for(cells, mapping, reasons, uncovered):
    given_ = dataset(cells, numeric=False)
    made = harmonize(given_, Crosswalk(crosswalk(mapping, reasons)), uncovered=uncovered)
    log = recode_log(made)
    assert log["n"].sum() == log["n_used"].sum() == len(made) == len(cells)
    # every source code and every kind of missing that is there stands in the log, with its rows
    source, why = given_.frame["q"], given_.missing("q")
    counts = source[source.notna()].value_counts().to_dict()
    logged = log.groupby("source_code")["n"].sum().to_dict()
    assert {code: logged.get(code) for code in counts} == counts
    assert sum(n for code, n in logged.items() if code.startswith(("missing:", "."))) == int(
        source.isna().sum()
    )
    # what the log says became missing is what is missing, kind by kind
    said = log[log["target_code"].str.startswith("missing:")].groupby("target_code")["n"].sum()
    assert {code.removeprefix("missing:"): n for code, n in said.items()} == made.missing(
        "t"
    ).value_counts().to_dict()
    assert len(why) == len(cells)


@calm
@given(rows, mapped, whither, st.randoms())
def test_harmonize__rules_in_another_order__changes_nothing(cells, mapping, reasons, random):
    rules = list(crosswalk(mapping, reasons, "x"))
    one = harmonize(dataset(cells, numeric=False), Crosswalk(tuple(rules)))
    random.shuffle(rules)
    two = harmonize(dataset(cells, numeric=False), Crosswalk(tuple(rules)))
    assert state(one) == state(two)
    assert recode_log(one).equals(recode_log(two))


@calm
@given(numbers, st.sampled_from(["missing", "keep"]), st.booleans())
def test_harmonize__ranges_of_numbers__every_row_is_accounted_for(cells, uncovered, copies):
    target = "=" if copies else "1"
    rules = (Rule("q", "..1", "t", "0"), Rule("q", "2..17.5", "t", target), Rule("q", "18", "t", "7"))
    made = harmonize(dataset(cells, numeric=True), Crosswalk(rules), uncovered=uncovered)
    log = recode_log(made)
    assert log["n"].sum() == len(cells)
    lost = sum(cell == 24.5 for cell, _ in cells)
    assert log.loc[log["note"] == "no rule covers it", "n"].sum() == lost


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows, mapped, whither, st.sampled_from(["missing", "keep"]))
def test_harmonize__lazily__is_what_it_is_in_memory(cells, mapping, reasons, uncovered):
    rules = Crosswalk(crosswalk(mapping, reasons))
    memory = harmonize(dataset(cells, numeric=False), rules, uncovered=uncovered)
    lazy = harmonize(dataset(cells, numeric=False, lazy=True), rules, uncovered=uncovered)
    assert lazy.lazy
    assert state(memory) == state(lazy)
    assert recode_log(memory).equals(recode_log(lazy))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers, st.sampled_from(["missing", "keep"]))
def test_harmonize__numbers_lazily__is_what_it_is_in_memory(cells, uncovered):
    unit = Rule("q", "17..", "u", "=", unit_rule="hours_per_month -> hours_4_weeks * 12/13")
    rules = Crosswalk((Rule("q", "..1", "t", "0"), Rule("q", "2..17.5", "t", "="), unit))
    memory = harmonize(dataset(cells, numeric=True), rules, uncovered=uncovered)
    lazy = harmonize(dataset(cells, numeric=True, lazy=True), rules, uncovered=uncovered)
    assert state(memory) == state(lazy)
    assert memory.values("u").tolist() == lazy.values("u").tolist() or memory.values("u").equals(
        lazy.values("u")
    )
    assert recode_log(memory).equals(recode_log(lazy))


@calm
@given(rows, rows, mapped, whither)
def test_stacked__harmonized_one_by_one__is_both_under_one_another(first, second, mapping, reasons):
    rules = Crosswalk(crosswalk(mapping, reasons, "x"))
    one = harmonize(dataset(first, numeric=False, id="local.a"), rules)
    two = harmonize(dataset(second, numeric=False, id="local.b"), rules)
    made = stacked([one, two])
    assert state(made) == state(one) + state(two)
    assert recode_log(made)["n"].sum() == len(first) + len(second)
    both = harmonize(dataset(first + second, numeric=False), rules)
    assert state(both) == state(made)
