"""The steps of a dataset as W3C PROV: files and states are entities, steps are activities, the software is the agent.

Follows PROV-DM (W3C Recommendation, 30 April 2013) in the PROV-JSON serialization (W3C Member Submission, 24 April 2013).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from volresearch import __version__
from volresearch.datasets.provenance import Source, Step

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["prov_json"]

_AGENT = "vr:software"
_RELATIONS = ("used", "wasGeneratedBy", "wasDerivedFrom", "wasAssociatedWith")


def prov_json(dataset: Dataset) -> dict[str, Any]:
    """Return the steps of a dataset as PROV-JSON; the same dataset gives the same document.

    Parameters
    ----------
    dataset : Dataset

    Returns
    -------
    dict
        ``prefix, entity, activity, agent, used, wasGeneratedBy, wasDerivedFrom, wasAssociatedWith``: names, hashes and
        sizes of files, sentences and numbers of steps. No values of the data, no folders.

    Examples
    --------
    >>> import volresearch as vr
    >>> document = prov_json(vr.dataset("core.facts"))
    >>> sorted(document["activity"])
    ['data:step-1']
    """
    out: dict[str, Any] = {
        "prefix": {
            "vr": "urn:volresearch:",
            "data": f"urn:volresearch:dataset:{dataset.id}:{dataset.version}:",
        },
        "entity": {},
        "activity": {},
        "agent": {
            _AGENT: {
                "prov:type": {"$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME"},
                "prov:label": f"volresearch {__version__}",
                "vr:version": __version__,
            }
        },
        **{name: {} for name in _RELATIONS},
    }
    for number, step in enumerate(dataset.steps, start=1):
        _add_step(out, number, step)
    last = f"data:state-{len(dataset.steps)}"
    out["entity"][last] = {**out["entity"].get(last, {}), **_described(dataset)}
    return out


def _add_step(out: dict[str, Any], number: int, step: Step) -> None:
    activity, state = f"data:step-{number}", f"data:state-{number}"
    out["activity"][activity] = {
        "prov:label": step.text,
        "prov:type": step.kind,
        "vr:number": number,
        **(
            {"vr:details": json.dumps(_plain(step.details), ensure_ascii=False, sort_keys=True)}
            if step.details
            else {}
        ),
    }
    out["entity"][state] = {"prov:type": "vr:state", "prov:label": f"the dataset after step {number}"}
    _relate(out, "wasAssociatedWith", {"prov:activity": activity, "prov:agent": _AGENT})
    _relate(out, "wasGeneratedBy", {"prov:entity": state, "prov:activity": activity})
    before = [f"data:state-{number - 1}"] if number > 1 else []
    for entity in [*(_add_file(out, source) for source in step.used), *before]:
        _relate(out, "used", {"prov:activity": activity, "prov:entity": entity})
        _relate(
            out,
            "wasDerivedFrom",
            {"prov:generatedEntity": state, "prov:usedEntity": entity, "prov:activity": activity},
        )


def _add_file(out: dict[str, Any], source: Source) -> str:
    """Add a file and return its name: by its content, so that a renamed copy is the same."""
    name = f"vr:file-{source.sha256}"
    out["entity"].setdefault(
        name,
        {
            "prov:type": "vr:file",
            "prov:label": source.name,
            "vr:sha256": source.sha256,
            "vr:size": source.size,
            "vr:role": source.role,
        },
    )
    return name


def _relate(out: dict[str, Any], relation: str, members: Mapping[str, str]) -> None:
    out[relation][f"_:{relation}{len(out[relation]) + 1}"] = dict(members)


def _described(dataset: Dataset) -> dict[str, Any]:
    return {
        "prov:type": "vr:dataset",
        "prov:label": f"{dataset.id} {dataset.version}",
        "vr:id": dataset.id,
        "vr:version": dataset.version,
        "vr:sha256": dataset.sha256,
    }


def _plain(value: Any) -> Any:
    """Return frozen details as JSON has them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
