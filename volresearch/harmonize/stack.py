"""Several datasets under one another: only what stands on one footing, and what differs is said in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

from volresearch.datasets.codebook import MISSING_REASONS, Codebook, Variable
from volresearch.datasets.columns import brought, names_of
from volresearch.datasets.compare import Reason, key_reasons
from volresearch.datasets.dataset import Dataset
from volresearch.datasets.declaration import DatasetDeclaration, MeasurementDeclaration, TableDeclaration
from volresearch.datasets.opening import combined_sha256
from volresearch.datasets.provenance import Source, Step
from volresearch.datasets.typed import WHY, reasons_of, values_of
from volresearch.errors import Fault, VolResearchError, fault, near
from volresearch.harmonize.codebooks import ASPECTS, Difference, compare_codebooks
from volresearch.harmonize.designs import Combined, combined_design
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["stacked"]

#: Differences of codebooks that keep variables from being one; the others are noted.
_PARTING = frozenset({"type", "unit", "code"})


def stacked(
    datasets: Sequence[Dataset],
    variables: Sequence[str] | None = None,
    *,
    id: str = "local.stacked",
    anyway: str = "",
) -> Dataset:
    """Return several datasets under one another, for variables that mean the same in all of them.

    Parameters
    ----------
    datasets : sequence of Dataset
        At least two, harmonized; their ids differ. Of a lazy dataset the variables asked for are brought into memory.
    variables : sequence of str, optional
        Names of variables; those that harmonizing added, in any of the datasets, unless given.
    id : str
        Id of the new dataset.
    anyway : str
        The reason for stacking what is not comparable, in words; it stands in the provenance and in the notes.

    Returns
    -------
    Dataset
        A column ``dataset_id``, then the variables. Every missing value has its kind; where a dataset lacks a variable
        it is ``not_in_version``. A declared design goes over where all have one of the same kind: columns ``weight``,
        ``stratum``, ``psu``, with the id before every stratum and unit. Otherwise a note says why there is none.

    Raises
    ------
    VolResearchError
        ``harmonize.compare`` where type, unit or the meaning of a code differ, or where the datasets were measured in
        ways that cannot be compared (reference period, mode ...): the reasons are told; ``dataset.variable``.

    Examples
    --------
    >>> import volresearch as vr
    >>> one = vr.dataset("core.vol_work_synthetic")
    >>> two = one.declared(id="local.again")
    >>> len(stacked([one, two], ["sex"])) == 2 * len(one)
    True
    """
    many = list(datasets)
    names = _checked(many, variables)
    books = [
        Codebook(variables=tuple(_plain(one.codebook[name]) for name in names if _has(one, name)))
        for one in many
    ]
    judged = list(_judged(many))
    found = compare_codebooks(books).found
    notes = [*_notes(judged, "caution"), *_codebook_notes(found, many)]
    parted = [*_parted_codebooks(found, many), *_parted_keys(judged)]
    if parted and not anyway:
        raise VolResearchError.of(parted)
    notes += [f"Stacked all the same ({anyway}): {one.message} {one.got}".strip() for one in parted]
    design = combined_design(many)
    taken = sorted({"dataset_id", *design.names} & set(names))
    if taken:
        said = f'The name "{taken[0]}" is needed for the stacked data themselves.'
        raise VolResearchError(
            "harmonize.compare", said, hint="Give the variable another name by a crosswalk."
        )
    table = _rows(many, names, design)
    declared = _declaration(many, id, names, books, design, len(table))
    return Dataset(
        declared,
        {"rows": table},
        sha256=combined_sha256(declared),
        provenance=(_step(many, names, anyway),),
        notes=tuple(dict.fromkeys([*notes, *design.notes])),
    )


def _checked(many: list[Dataset], variables: Sequence[str] | None) -> list[str]:
    if len(many) < 2:
        raise VolResearchError(
            "harmonize.compare", f"Stacking needs at least two datasets; here is {len(many)}."
        )
    ids = [one.id for one in many]
    if len(set(ids)) < len(ids):
        raise VolResearchError(
            "harmonize.compare", "Two datasets have one id.", got=", ".join(ids),
            hint='Give each its own: dataset.declared(id="local.peru").',
        )  # fmt: skip
    if len({(one.kind, one.unit) for one in many}) > 1:
        said = ", ".join(f"{one.id}: {one.kind} of {one.unit}" for one in many)
        raise VolResearchError("harmonize.compare", "The datasets are of different kinds or units.", got=said)
    names = list(variables) if variables is not None else _added(many)
    for name in names:
        if not any(_has(one, name) for one in many):
            known = {variable.name for one in many for variable in one.variables_of()}
            raise VolResearchError(
                "dataset.variable", f'No dataset has a variable "{name}".', hint=near(name, known)
            )
    if not names:
        raise VolResearchError(
            "harmonize.compare",
            "No variables are named, and none was harmonized.",
            hint="stacked(datasets, [names])",
        )
    return list(dict.fromkeys(names))


def _added(many: list[Dataset]) -> list[str]:
    steps = (step for one in many for step in one.steps if step.kind == "harmonized")
    return list(dict.fromkeys(name for step in steps for name in step.details.get("added", ())))


def _has(dataset: Dataset, name: str) -> bool:
    return name in names_of(dataset.frame) and dataset.codebook.get(name) is not None


def _plain(variable: Variable) -> Variable:
    """A variable as it is compared: kinds of missing become one way of saying, whatever their codes were."""
    labels = {code: text for code, text in variable.labels.items() if code not in variable.missing}
    return variable.model_copy(update={"labels": labels, "missing": {}, "missing_ranges": (), "table": ""})


def _judged(many: list[Dataset]) -> Iterator[tuple[str, str, Reason]]:
    """Yield, for every pair, what differs in how they were measured."""
    for one, two in combinations(many, 2):
        if one.synthetic != two.synthetic:
            first, second = ("synthetic" if dataset.synthetic else "observed" for dataset in (one, two))
            yield one.id, two.id, Reason("data", first, second, "not_comparable")
        for reason in key_reasons(one.measurement, two.measurement):
            yield one.id, two.id, reason


def _notes(judged: list[tuple[str, str, Reason]], effect: str) -> Iterator[str]:
    for one, two, reason in judged:
        if reason.effect == effect:
            yield f"{one} and {two}: {reason.sentence()}"


def _parted_keys(judged: list[tuple[str, str, Reason]]) -> list[Fault]:
    said = list(_notes(judged, "not_comparable"))
    if not said:
        return []
    return [
        fault(
            "harmonize.compare",
            "These datasets were measured in ways that cannot be compared.",
            got=" ".join(said),
            hint='Report them apart, or say why they stand together: anyway="...".',
        )
    ]


def _said(one: Difference, many: list[Dataset]) -> str:
    return "; ".join(f"{dataset.id}: {words or '–'}" for dataset, words in zip(many, one.said, strict=True))


def _parted_codebooks(found: Sequence[Difference], many: list[Dataset]) -> list[Fault]:
    return [
        fault(
            "harmonize.compare",
            f'"{one.variable}" is not one variable: {ASPECTS[one.aspect]}{f" ({one.code})" if one.code else ""}.',
            got=_said(one, many),
            hint="Let the crosswalk give it one type, unit and meaning.",
        )
        for one in found
        if one.aspect in _PARTING
    ]


def _codebook_notes(found: Sequence[Difference], many: list[Dataset]) -> Iterator[str]:
    for one in found:
        if one.aspect not in _PARTING:
            code = f" ({one.code})" if one.code else ""
            yield f"{one.variable}: {ASPECTS[one.aspect]}{code}: {_said(one, many)}"


def _rows(many: list[Dataset], names: list[str], design: Combined) -> pd.DataFrame:
    import pandas as pd

    parts = []
    for number, one in enumerate(many):
        columns: dict[str, Any] = {}
        size = len(one)
        for name in names:
            columns |= _column(one, name, size)
        frame = pd.DataFrame(columns, index=range(size))
        frame.insert(0, "dataset_id", pd.Series([one.id] * size, index=frame.index, dtype="str"))
        parts.append(frame.assign(**design.columns[number]))
    table = pd.concat(parts, ignore_index=True)
    for name in names:
        if table[name].dtype.kind == "O":  # some dataset has no such variable, and holds nothing here
            variable = next(one.codebook[name] for one in many if _has(one, name))
            table[name] = table[name].astype(_dtype(variable))
    for name in table.columns:
        if str(name).endswith(WHY):
            table[name] = table[name].astype("str")
    kept = [name for name in table.columns if not (str(name).endswith(WHY) and table[name].isna().all())]
    return table[kept]


def _dtype(variable: Variable) -> Literal["float64", "datetime64[us]", "str"]:
    if variable.numeric:
        return "float64"
    return "datetime64[us]" if variable.type in {"date", "datetime"} else "str"


def _column(dataset: Dataset, name: str, size: int) -> dict[str, Any]:
    """Return one variable with every missing value empty, and why it is."""
    import pandas as pd

    if not _has(dataset, name):
        return {name: pd.Series([None] * size, dtype="object"), f"{name}{WHY}": ["not_in_version"] * size}
    variable = dataset.codebook[name]
    companion = [f"{name}{WHY}"] if f"{name}{WHY}" in names_of(dataset.frame) else []
    frame = brought(dataset.frame, [name, *companion]).reset_index(drop=True)
    reasons = reasons_of(frame, variable)
    return {name: values_of(frame, variable), f"{name}{WHY}": reasons.where(reasons != "no_answer")}


def _variables(names: list[str], books: list[Codebook]) -> Iterator[Variable]:
    for name in names:
        same = [book[name] for book in books if name in book]
        labels: dict[str, Text] = {}
        for variable in same:
            for code, text in variable.labels.items():
                labels[code] = Text({**text, **labels.get(code, Text())})
        yield same[0].model_copy(update={"labels": labels, "blank": "no_answer", "source": ""})


def _declaration(
    many: list[Dataset], id: str, names: list[str], books: list[Codebook], design: Combined, rows: int
) -> DatasetDeclaration:
    first = many[0].declaration
    origin = Variable(
        name="dataset_id",
        type="code",
        label=Text({"en": "Dataset"}),
        labels={one.id: one.title or Text(one.id) for one in many},
    )
    variables = (origin, *_variables(names, books), *design.variables)
    keys = [one.declaration.measurement.model_dump() for one in many]
    shared = {
        key: value if all(one[key] == value for one in keys) else "unknown" for key, value in keys[0].items()
    }
    table = TableDeclaration(path="stacked.csv", sha256=_sha256_of(many), rows=rows, format="csv")
    return DatasetDeclaration(
        id=id,
        kind=first.kind,
        version="1",
        title=Text({"en": "Stacked: " + ", ".join(one.id for one in many)}),
        unit=first.unit,
        licence="; ".join(dict.fromkeys(one.declaration.licence for one in many)),
        citation="; ".join(
            dict.fromkeys(one.declaration.citation for one in many if one.declaration.citation)
        ),
        languages=tuple(dict.fromkeys(tag for one in many for tag in one.declaration.languages)),
        synthetic=any(one.synthetic for one in many),
        undeclared_codes="keep",
        tables={"rows": table},
        codebook=Codebook(variables=variables),
        design=design.design,
        measurement=MeasurementDeclaration(**shared),
    )


def _sha256_of(many: list[Dataset]) -> str:
    import hashlib

    lines = "".join(f"{one.sha256}  {one.id}\n" for one in many)
    return hashlib.sha256(lines.encode()).hexdigest()


def _step(many: list[Dataset], names: list[str], anyway: str) -> Step:
    sources = [source for one in many for step in one.steps for source in step.used]
    used = tuple(dict.fromkeys(sources)) or tuple(Source(one.id, one.sha256, 0) for one in many)
    why = f"; stacked all the same: {anyway}" if anyway else ""
    recodes = [row for one in many for step in one.steps for row in step.details.get("recodes", ())]
    return Step(
        f"stacked {', '.join(f'{one.id} ({len(one):,} rows)' for one in many)}: {', '.join(names)}{why}",
        "harmonized" if recodes else "stacked",
        used=used,
        details={
            "datasets": {one.id: list(one.provenance) for one in many},
            "variables": names,
            "added": names,
            "anyway": anyway,
            "kinds_of_missing": list(MISSING_REASONS),
            "recodes": [dict(row) for row in recodes],
        },
    )
