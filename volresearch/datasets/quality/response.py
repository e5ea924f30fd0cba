"""Response and eligibility: outcome rates from disposition codes, and what the dataset declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from volresearch.datasets.declaration import ResponseRate
from volresearch.datasets.quality.codes import shown_code
from volresearch.datasets.quality.findings import Codes, Finding, Measure, Share
from volresearch.datasets.quality.outcomes import OUTCOMES, outcome_of, outcome_rates
from volresearch.datasets.quality.scope import Scope
from volresearch.text import mark

__all__ = ["check_response"]

_CASES = 500  # different codes of one column that are looked at
_TOLERATED = 0.5  # points of percent between a declared rate and the rate of its numbers

_RATES = mark(
    "Response rate RR1 {rr1}, RR3 {rr3} with e = {e}; cooperation COOP1 {coop1}; refusal REF1 {ref1} (AAPOR). Cases: {n}"
)
_UNKNOWN = mark("Cases whose disposition is no outcome of AAPOR: {n} of {base} ({share}). Codes: {codes}")
_NOT_SAID = mark(
    "No response rate and no disposition codes: say who was asked and how many answered (design: response)."
)
_DECLARED = mark("Declared response rate: {rate} ({responded} of {eligible})")
_DECLARED_RATE = mark("Declared response rate: {rate}")
_OTHER_RATE = mark("The declared response rate {rate} is not {responded} of {eligible}, which is {computed}")
_MORE = mark("More answered ({responded}) than were eligible ({eligible})")
_OTHER_ROWS = mark("The declaration counts {responded} respondents, the data have {n} rows")
_NO_CASES = mark("No case has a disposition that is an outcome of AAPOR")


def check_response(scope: Scope) -> Iterator[Finding | Measure]:
    """Compute the outcome rates of AAPOR where disposition codes exist; compare what is declared with itself."""
    dataset = scope.dataset
    declared = dataset.design.response if dataset.design else None
    if scope.disposition:
        yield from _computed(scope)
    if declared is not None:
        yield from _told(declared, scope.main.n)
    elif not scope.disposition and dataset.kind == "survey" and not dataset.synthetic:
        yield Finding("note", "response", _NOT_SAID)


def _computed(scope: Scope) -> Iterator[Finding | Measure]:
    given = scope.disposition
    column = given if isinstance(given, str) else next(iter(given or {}))
    codes: Mapping[str, str] = {} if isinstance(given, str) or given is None else given[column]
    rows = scope.main
    groups = rows.relation(rows.reads(column)).aggregate(
        f"{rows.text(column)} AS code, count(*) AS n", "code"
    )
    counted = groups.order("n DESC, code NULLS LAST").limit(_CASES).fetchall()
    cases, unknown = dict.fromkeys(OUTCOMES, 0), []
    for code, n in counted:
        outcome = outcome_of(codes.get(str(code), "") if codes else str(code)) if code is not None else None
        if outcome is None:
            unknown.append((code, int(n)))
        else:
            cases[outcome] += int(n)
    yield from _rates(scope, column, cases)
    lost = rows.n - sum(cases.values())
    if lost:
        named = Codes(
            tuple(("–" if code is None else shown_code(str(code), n), n) for code, n in unknown[:5])
        )
        values = {"base": rows.n, "codes": named}
        yield Finding("warning", "response", _UNKNOWN, "", column, lost, lost / rows.n, values)


def _rates(scope: Scope, column: str, cases: dict[str, int]) -> Iterator[Finding | Measure]:
    every = sum(cases.values())
    if not every - cases["NE"]:
        yield Finding("warning", "response", _NO_CASES, "", column)
        return
    for outcome, n in cases.items():
        yield Measure("response", "", column, outcome, n, every)
    rates = outcome_rates(cases, scope.eligible_share)
    for name, value in rates.items():
        yield Measure("response", "", column, name, value, every)
    wanted = ("RR1", "RR3", "COOP1", "REF1")
    values = {name.lower(): Share(rates[name]) if name in rates else "–" for name in wanted}
    yield Finding("note", "response", _RATES, "", column, every, None, {**values, "e": round(rates["e"], 3)})


def _told(declared: ResponseRate, rows: int) -> Iterator[Finding | Measure]:
    rate, responded, eligible = declared.rate, declared.responded, declared.eligible
    computed = responded / eligible * 100 if responded is not None and eligible else None
    shown = rate if rate is not None else computed
    parts = {
        name: "" if one is None else Share(one / 100)
        for name, one in (("rate", shown), ("computed", computed))
    }
    values = {"responded": responded, "eligible": eligible, **parts}
    if shown is not None:
        yield Measure("response", "", "", "declared_rate", shown / 100, eligible or 0)
        said = _DECLARED if computed is not None else _DECLARED_RATE
        yield Finding("note", "response", said, n=responded or 0, share=shown / 100, values=values)
    if computed is not None and rate is not None and abs(rate - computed) > _TOLERATED:
        yield Finding("warning", "response", _OTHER_RATE, n=responded or 0, values=values)
    if responded is not None and eligible is not None and responded > eligible:
        yield Finding("error", "response", _MORE, n=responded, values=values)
    if responded is not None and responded != rows:
        yield Finding("note", "response", _OTHER_ROWS, n=rows, values=values)
