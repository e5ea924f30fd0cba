"""The recode log: what became of every source code, with the number of rows, so that nothing is lost unseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from volresearch.harmonize.binding import Feed, Made
from volresearch.harmonize.cells import CARRY, CHOICES, UNCOVERED, Count, choices_of

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets import Dataset

__all__ = ["LOG_COLUMNS", "log_rows", "recode_log", "with_choices"]

#: Columns of the log.
LOG_COLUMNS = (
    "dataset", "source_table", "source_variable", "source_code", "source_label", "target_variable", "target_code",
    "target_label", "n", "n_used", "counted", "note", "reviewer",
)  # fmt: skip

#: Values without a rule that are listed one by one where they are numbers or texts, and how the others are called.
_LISTED = 100
OTHERS = "(others)"


def recode_log(dataset: Dataset) -> pd.DataFrame:
    """Return what harmonizing did, of every step so far.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    pandas.DataFrame
        One row for each source code or kind of missing of each source and target: `LOG_COLUMNS`. ``n`` counts rows,
        or choices where ``counted`` says so (variables with several answers); of one source and target the rows sum up
        to those of the dataset. ``n_used`` is smaller where another source of the same target went first.

    Examples
    --------
    >>> from volresearch.datasets import open_dataset
    >>> import volresearch as vr
    >>> list(recode_log(vr.dataset("core.vol_work_synthetic")).columns)[2:4]
    ['source_variable', 'source_code']
    """
    import pandas as pd

    rows = [
        dict(row)
        for step in dataset.steps
        if step.kind == "harmonized"
        for row in step.details.get("recodes", ())
    ]
    return pd.DataFrame(rows, columns=list(LOG_COLUMNS))


def with_choices(feed: Feed, counts: Iterable[Count]) -> list[tuple[Count, str]]:
    """Return counts with what they count: cells with several codes are counted code by code."""
    out: list[tuple[Count, str]] = []
    choices: dict[tuple[int, str], list[int]] = {}
    for count in _folded(feed, counts):
        if count.index != CHOICES or not count.key:
            out.append((count, "rows"))
            continue
        for found in choices_of(count.key, feed):
            total = choices.setdefault(found, [0, 0])
            total[0] += count.n
            total[1] += count.used
    out += [(Count(index, code, *total), "choices") for (index, code), total in choices.items()]
    return out


def _folded(feed: Feed, counts: Iterable[Count]) -> list[Count]:
    """Numbers and texts without a rule may be many: the most frequent are listed, the others counted together."""
    many = list(counts)
    lost = sorted((one for one in many if one.index == UNCOVERED), key=lambda one: (-one.n, one.key))
    if feed.coded or len(lost) <= _LISTED:
        return many
    rest = lost[_LISTED:]
    folded = Count(UNCOVERED, OTHERS, sum(one.n for one in rest), sum(one.used for one in rest))
    return [*(one for one in many if one.index != UNCOVERED), *lost[:_LISTED], folded]


def log_rows(
    dataset: str, table: str, made: Made, feed: Feed, counts: Iterable[tuple[Count, str]], uncovered: str
) -> list[dict[str, Any]]:
    """Return the log of one source and one target."""
    rows = [_row(dataset, table, made, feed, count, counted, uncovered) for count, counted in counts]
    return sorted(
        rows, key=lambda row: (row["counted"], row["source_code"].startswith("missing"), row["source_code"])
    )


def _row(
    dataset: str, table: str, made: Made, feed: Feed, count: Count, counted: str, uncovered: str
) -> dict[str, Any]:
    rule = feed.cases[count.index].rule if count.index >= 0 else None
    code = _target_code(feed, count, uncovered)
    label = made.variable.labels.get(code)
    return {
        "dataset": dataset,
        "source_table": table,
        "source_variable": feed.source.name,
        "source_code": count.key,
        "source_label": feed.label(count.key),
        "target_variable": made.name,
        "target_code": code,
        "target_label": label.get_in("en") if label else "",
        "n": count.n,
        "n_used": count.used,
        "counted": counted,
        "note": rule.note if rule else _NOTES.get(count.index, ""),
        "reviewer": rule.reviewer if rule else "",
    }


_NOTES = {CARRY: "kind of missing, carried over", UNCOVERED: "no rule covers it", CHOICES: "nothing chosen"}


def _target_code(feed: Feed, count: Count, uncovered: str) -> str:
    if count.index == CHOICES:
        return ""
    if count.index == UNCOVERED:
        return count.key if uncovered == "keep" else "missing:invalid"
    if count.index == CARRY:
        return _reason(count.key, feed)
    case = feed.cases[count.index]
    if case.outcome.kind == "copy":
        if case.match.kind == "reason":
            return _reason(count.key, feed)
        return count.key if feed.coded else "="
    return str(case.outcome)


def _reason(key: str, feed: Feed) -> str:
    missing: Mapping[str, str] = feed.source.missing
    if key in missing:
        return f"missing:{missing[key]}"
    if key.startswith("missing:"):
        return key
    numbers = {_as_number(code): reason for code, reason in missing.items()}
    return f"missing:{numbers.get(_as_number(key), 'invalid')}"


def _as_number(code: str) -> float | str:
    try:
        return float(code)
    except ValueError:
        return code
