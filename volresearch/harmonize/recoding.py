"""`harmonize`: new columns by a crosswalk, nothing overwritten, every code accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Codebook
from volresearch.datasets.columns import is_lazy
from volresearch.datasets.dataset import Dataset
from volresearch.datasets.provenance import Source, Step
from volresearch.errors import Fault, VolResearchError, Where, fault, near
from volresearch.harmonize.binding import Feed, Made, bind
from volresearch.harmonize.cells import UNCOVERED, Count
from volresearch.harmonize.crosswalk import Crosswalk, faults_of
from volresearch.harmonize.log import log_rows, with_choices
from volresearch.harmonize.targets import Target, codebook_from, crosswalk_from, name_of

if TYPE_CHECKING:
    from volresearch.datasets.codebook import Variable

__all__ = ["UNCOVERED_CHOICES", "harmonize"]

#: What may become of values that no rule covers.
UNCOVERED_CHOICES = ("refuse", "missing", "keep")
_SHOWN = 20


def harmonize(
    dataset: Dataset,
    crosswalk: Crosswalk | str | Path,
    *,
    target: Target | None = None,
    uncovered: str = "refuse",
    suffix: str = "",
) -> Dataset:
    """Return a dataset with harmonized variables beside its own; nothing is overwritten.

    Parameters
    ----------
    dataset : Dataset
        In memory, or lazy: then it is done in SQL and rows stay on disk.
    crosswalk : Crosswalk, path or id
        See `read_crosswalk`. One source may feed several targets; several sources may feed one target where the column
        ``priority`` says which is asked first: the first with an answer decides, and where none has one the first says
        why. Codes go before ranges, ranges before ``*``; the order of rows does not matter.
    target : Codebook, Dataset, Instrument, id or path, optional
        Where types, labels and allowed codes of the new variables are declared, for instance ``core.vol_work``. Without
        it a type follows from what the rules do, and labels stand in the column ``target_label``.
    uncovered : str
        Valid values that no rule covers: ``refuse`` lists them with counts; ``missing`` makes them missing
        (``invalid``); ``keep`` copies them as they are. What was done is in the log.
    suffix : str
        Ending of the names of new variables, for data whose own variables are called as those of the target.

    Returns
    -------
    Dataset
        Kinds of missing go over as themselves, row by row, unless a rule says otherwise. The log is `recode_log`.

    Raises
    ------
    VolResearchError
        ``harmonize.crosswalk`` with every rule that does not fit, ``harmonize.uncovered``, ``harmonize.unit``,
        ``crosswalk.unknown``.

    Examples
    --------
    >>> import volresearch as vr
    >>> from volresearch.harmonize import Crosswalk, Rule, recode_log
    >>> rules = Crosswalk((Rule("age", "15..24", "young", "1"), Rule("age", "25..", "young", "0")))
    >>> made = harmonize(vr.dataset("core.vol_work_synthetic"), rules)
    >>> int(recode_log(made)["n"].sum()) == len(made)
    True
    """
    if uncovered not in UNCOVERED_CHOICES:
        hint = near(uncovered, UNCOVERED_CHOICES)
        raise VolResearchError("harmonize.crosswalk", f'There is no uncovered="{uncovered}".', hint=hint)
    opened = crosswalk_from(crosswalk)
    faults = list(faults_of(opened))
    if faults:
        raise VolResearchError.of(faults)
    plan = bind(dataset, opened, codebook_from(target) if target is not None else None, suffix)
    tables = dict(dataset.tables)
    recodes: list[dict[str, Any]] = []
    told: list[Fault] = []
    variables: list[Variable] = []
    for table, many in plan.items():
        for made in many:
            tables[table], counts = _made(tables[table], made, uncovered)
            counted = [(feed, with_choices(feed, one)) for feed, one in counts]
            for feed, found in counted:
                told += _faults(opened, made, feed, [count for count, _ in found], uncovered)
                owner = made.variable.table
                recodes += log_rows(dataset.id, owner, made, feed, found, uncovered)
            variables.append(made.variable)
    if told:
        raise VolResearchError.of(told)
    step = _step(opened, target, uncovered, variables, recodes)
    codebook = Codebook(variables=(*dataset.codebook.variables, *variables))
    return dataset.with_tables(tables, step, codebook=codebook)


def _made(frame: Any, made: Made, uncovered: str) -> tuple[Any, list[tuple[Feed, list[Count]]]]:
    if is_lazy(frame):
        from volresearch.harmonize.lazy import make_lazily

        return make_lazily(frame, made, uncovered)
    from volresearch.harmonize.memory import make_in_memory

    columns, counts = make_in_memory(frame, made, uncovered)
    return frame.assign(**columns), counts


def _faults(crosswalk: Crosswalk, made: Made, feed: Feed, counts: list[Count], uncovered: str) -> list[Fault]:
    out = _unknown_codes(crosswalk, feed, counts)
    lost = sorted((one for one in counts if one.index == UNCOVERED), key=lambda one: (-one.n, one.key))
    if lost and uncovered == "refuse":
        rows = sum(one.n for one in lost)
        listed = ", ".join(_said(feed, one) for one in lost[:_SHOWN])
        more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
        file = crosswalk.where(feed.cases[0].rule).file if feed.cases else crosswalk.name
        out.append(
            fault(
                "harmonize.uncovered",
                f'The crosswalk does not cover {len(lost)} codes of "{feed.source.name}" ({rows:,} answers) '
                f'for "{made.name}".',
                where=Where(file=file, variable=feed.source.name),
                got=f"{listed}{more}",
                hint='Add a row for each (or one with * ), or say uncovered="missing" or "keep".',
            )
        )
    return out


def _said(feed: Feed, count: Count) -> str:
    label = feed.label(count.key)
    return f"{count.key or '(empty text)'}{f' {label!r}' if label else ''}: {count.n:,}"


def _unknown_codes(crosswalk: Crosswalk, feed: Feed, counts: list[Count]) -> list[Fault]:
    """A rule about a code that neither the codebook nor any row has is most likely a slip."""
    source = feed.source
    known = {*source.labels, *source.missing}
    found = {one.index for one in counts}
    out = []
    for number, case in enumerate(feed.cases):
        code = case.rule.source_code
        spelled = case.match.kind == "code" and case.match.code in {code, _as_plain(code)}
        if spelled and source.labels and code not in known and number not in found:
            said = f'"{source.name}" has no code "{code}": it is neither in the codebook nor in any row (0 of {_rows(counts):,}).'
            out.append(
                fault("harmonize.crosswalk", said, where=crosswalk.where(case.rule), hint=near(code, known))
            )
    return out


def _as_plain(code: str) -> str:
    return code[:-2] if code.endswith(".0") else code


def _rows(counts: list[Count]) -> int:
    return sum(one.n for one in counts)


def _step(
    crosswalk: Crosswalk,
    target: Target | None,
    uncovered: str,
    variables: list[Variable],
    recodes: list[dict[str, Any]],
) -> Step:
    names = ", ".join(variable.name for variable in variables)
    used = (
        (Source(crosswalk.name, crosswalk.sha256, crosswalk.size, "crosswalk"),) if crosswalk.sha256 else ()
    )
    lost = sum(row["n"] for row in recodes if row["note"] == "no rule covers it")
    told = f"; {lost:,} answers without a rule: {uncovered}" if lost else ""
    mark = f" (sha256 {crosswalk.sha256[:12]})" if crosswalk.sha256 else ""
    towards = name_of(target) if target is not None else ""
    return Step(
        f"harmonized by {crosswalk.name}{mark}{f' to {towards}' if towards else ''}: added {names}{told}",
        "harmonized",
        used=used,
        details={
            "crosswalk": crosswalk.name,
            "sha256": crosswalk.sha256,
            "target": towards,
            "uncovered": uncovered,
            "answers_without_a_rule": lost,
            "added": [variable.name for variable in variables],
            "recodes": recodes,
        },
    )
