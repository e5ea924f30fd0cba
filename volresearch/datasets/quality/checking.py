"""`check`: every check of a dataset, in the order of the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from volresearch.datasets.quality.findings import Finding, Measure
from volresearch.datasets.quality.report import Quality
from volresearch.datasets.quality.scope import Scope
from volresearch.errors import VolResearchError, near

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset
    from volresearch.instruments import Instrument

__all__ = ["CHECKS", "check"]

#: Every check: its module and function; takes a `Scope`, yields findings and measures.
CHECKS: tuple[str, ...] = (
    "duplicates:check_duplicates",
    "ranges:check_ranges",
    "codes:check_codes",
    "missingness:check_missing",
    "routing:check_routing",
    "straightlining:check_straightlining",
    "speeding:check_speed",
    "interviewers:check_interviewers",
    "weights:check_weights",
    "designs:check_design",
    "response:check_response",
)


def check(
    dataset: Dataset,
    *,
    instrument: Instrument | None = None,
    interviewer: str | None = None,
    minutes: str | tuple[str, str] | None = None,
    disposition: str | Mapping[str, Mapping[str, str]] | None = None,
    id: str | None = None,
    eligible_share: float | None = None,
    lang: str = "en",
) -> Quality:
    """Check the quality of a dataset: what stands in the way of analysis, and what should be known before it.

    Rows are never changed and never brought: of a lazy dataset every number is computed where the rows are. The
    report names no person: codes with their counts, never the words of a respondent, never a row.

    Parameters
    ----------
    dataset : Dataset
    instrument : Instrument, optional
        The form: its constraints and its routing are then checked too.
    interviewer : str, optional
        Column that says who asked; found by its usual names unless given.
    minutes : str, or two columns, optional
        Length of an interview in minutes, or the columns in which it starts and ends; found by their usual names.
    disposition : str, or mapping of column to mapping of code to outcome, optional
        Column of final disposition codes: those of AAPOR (1.1, 2.11, 110 ...), its letters (I, P, R, NC, O, UH, UO,
        NE), or any other with what they stand for: ``{"result": {"completed": "I", "refused": "R"}}``.
    id : str, optional
        Column that names each row once; found by its usual names unless given.
    eligible_share : float, optional
        The share (0 to 1) of cases of unknown eligibility that is eligible; estimated from the others unless given.
    lang : str
        Language in which the report shows itself.

    Returns
    -------
    Quality

    Raises
    ------
    VolResearchError
        ``dataset.variable`` for a column that is not there, ``survey.option`` for an outcome that is none.

    Examples
    --------
    >>> import volresearch as vr
    >>> quality = check(vr.dataset("core.vol_work_synthetic"))
    >>> [round(one.value, 3) for one in quality.numbers if one.measure == "kish_deff"]
    [1.044]
    """
    minutes = tuple(minutes) if isinstance(minutes, list) else minutes
    if minutes is not None and not isinstance(minutes, str) and len(minutes) != 2:
        raise VolResearchError("survey.option", "The length of interviews is one column, or start and end.")
    _checked(disposition)
    scope = Scope(dataset, instrument, id, interviewer, minutes, disposition, eligible_share)
    found = list(_all(scope))
    findings = tuple(one for one in found if isinstance(one, Finding))
    measures = tuple(one for one in found if isinstance(one, Measure))
    return Quality(dataset, findings, measures, lang)


def _all(scope: Scope) -> Iterator[Finding | Measure]:
    for named in CHECKS:
        module, _, function = named.partition(":")
        run: Callable[[Scope], Iterator[Finding | Measure]]
        run = getattr(import_module(f"volresearch.datasets.quality.{module}"), function)
        yield from run(scope)


def _checked(disposition: str | Mapping[str, Mapping[str, str]] | None) -> None:
    from volresearch.datasets.quality.outcomes import OUTCOMES, outcome_of

    if disposition is None or isinstance(disposition, str):
        return
    if len(disposition) != 1:
        raise VolResearchError(
            "survey.option", "The disposition is one column.", got=", ".join(disposition) or "none"
        )
    for outcome in next(iter(disposition.values())).values():
        if outcome_of(outcome) is None:
            raise VolResearchError(
                "survey.option", f'"{outcome}" is no outcome.', hint=near(outcome, OUTCOMES)
            )
