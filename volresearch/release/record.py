"""The record that travels with every release: what was asked, of which data, and what the rules did."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from volresearch.release.sheet import Sheet
from volresearch.text import tr

if TYPE_CHECKING:
    from volresearch.release.control import Release
    from volresearch.results import ResultFacts

__all__ = ["command_of", "record_lines", "record_of"]


def command_of(facts: ResultFacts) -> str:
    """Return the call that repeats a result.

    >>> from volresearch.results import ResultFacts
    >>> command_of(ResultFacts({"verb": "facts", "area": ("PER",)}, "published figure"))
    "vr.facts(area='PER')"
    """
    question = dict(facts.question)
    verb = str(question.pop("verb", "result"))
    said = {name: _argument(value) for name, value in question.items() if value not in (None, "", (), [])}
    arguments = ", ".join(f"{name}={value}" for name, value in said.items())
    if verb == "facts":
        return f"vr.facts({arguments})"
    start = f"vr.dataset('{facts.datasets[0].id}').survey()" if facts.datasets else "survey"
    return f"{start}.{verb}({arguments})"


def record_of(release: Release) -> dict[str, Any]:
    """Return the record of a release as plain data, ready for JSON."""
    facts, comparison = release.facts, release.comparison
    return {
        "release": asdict(release.record),
        "comparability": comparison.sentence() if comparison else "",
        "command": command_of(facts),
        "unit": facts.unit,
        "method": facts.method,
        "confidence": facts.confidence,
        "domain": facts.domain,
        "assumptions": list(facts.assumptions),
        "synthetic": facts.synthetic,
        "datasets": [asdict(dataset) for dataset in facts.datasets],
        "sources": [asdict(source) for source in facts.sources],
        "notes": list(facts.notes),
        "software": list(facts.software),
    }


def record_lines(release: Release, lang: str) -> Sheet:
    """Return the record as a sheet of two columns, in `lang`."""
    facts, record, comparison = release.facts, release.record, release.comparison
    rows: list[tuple[str, str]] = [
        (tr("Rule", lang), record.rule),
        (tr("Reason", lang), record.reason),
        (tr("Cells", lang), str(record.cells)),
        (tr("Cells hidden", lang), str(record.hidden)),
        (tr("Time (UTC)", lang), record.time),
        (tr("Comparability", lang), comparison.sentence(lang) if comparison else ""),
        (tr("Command", lang), command_of(facts)),
        (tr("Method", lang), facts.method),
        (tr("Domain", lang), facts.domain),
    ]
    if facts.synthetic:
        rows.insert(0, (tr("Synthetic", lang), tr("Synthetic data: invented, with a known truth.", lang)))
    rows += [(tr("Assumption", lang), said) for said in facts.assumptions]
    rows += [
        (tr("Dataset", lang), f"{item.id} {item.version}, sha256 {item.sha256}") for item in facts.datasets
    ]
    rows += [(tr("Software", lang), said) for said in facts.software]
    rows += [(tr("Note", lang), said) for said in facts.notes]
    head = (tr("What", lang), tr("Value", lang))
    return Sheet(tr("record", lang), head, tuple(row for row in rows if row[1]))


def _argument(value: Any) -> str:
    if isinstance(value, tuple | list):
        return repr(value[0]) if len(value) == 1 else repr(list(value))
    return repr(value)
