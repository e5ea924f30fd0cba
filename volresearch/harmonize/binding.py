"""A crosswalk bound to a dataset: every rule meets its variable, and what does not fit is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Codebook, Variable, code_text, number_of
from volresearch.datasets.columns import names_of
from volresearch.datasets.typed import WHY
from volresearch.errors import Fault, VolResearchError, fault, near
from volresearch.harmonize.crosswalk import Crosswalk, Rule, circles
from volresearch.harmonize.matching import Match, Outcome, outcome_of
from volresearch.text import Text

if TYPE_CHECKING:
    from volresearch.datasets import Dataset

__all__ = ["Case", "Feed", "Made", "bind"]

_ORDER = {"code": 0, "reason": 1, "range": 3, "rest": 4}


@dataclass(frozen=True)
class Case:
    """One thing that a rule does: which values, what becomes of them, and the rule."""

    match: Match
    outcome: Outcome
    rule: Rule

    @property
    def rank(self) -> int:
        """What goes first: codes, kinds of missing, any missing, ranges, the rest."""
        return _ORDER[self.match.kind] + (self.match.kind == "reason" and not self.match.code)


@dataclass(frozen=True)
class Feed:
    """One source variable of one target, with its cases in the order in which they are tried."""

    source: Variable
    cases: tuple[Case, ...]

    @property
    def coded(self) -> bool:
        """Whether its values are codes to be listed one by one."""
        return self.source.type in {"code", "multiple"} or bool(self.source.labels)

    def label(self, code: str) -> str:
        """Return the label of a source code, in English where there is one: logs are in one language."""
        labels = self.source.labels
        found = labels.get(code)
        if found is None and self.source.numeric and (number := number_of(code)) is not None:
            found = next((text for key, text in labels.items() if number_of(key) == number), None)
        return found.get_in("en") if found else ""


@dataclass(frozen=True)
class Made:
    """One target variable with the sources that feed it, the first asked first."""

    variable: Variable
    feeds: tuple[Feed, ...]

    @property
    def name(self) -> str:
        """Its name."""
        return self.variable.name

    @cached_property
    def missing(self) -> frozenset[str]:
        """Codes of the target that are no answers."""
        return frozenset(self.variable.missing)


@dataclass
class _Binder:
    dataset: Dataset
    crosswalk: Crosswalk
    target: Codebook | None
    suffix: str = ""
    faults: list[Fault] = field(default_factory=list)

    def tell(self, rule: Rule, said: str, *, hint: str = "") -> None:
        where = self.crosswalk.where(rule)
        self.faults.append(fault("harmonize.crosswalk", said, where=where, hint=hint))


def bind(
    dataset: Dataset, crosswalk: Crosswalk, target: Codebook | None, suffix: str = ""
) -> dict[str, tuple[Made, ...]]:
    """Return what is to be made, by table.

    Raises
    ------
    VolResearchError
        ``harmonize.crosswalk`` with every fault.
    """
    binder = _Binder(dataset, crosswalk, target, suffix)
    rules = crosswalk.rules_for(dataset.id)
    if not rules:
        about = ", ".join(crosswalk.datasets) or "no dataset: no row is filled in"
        raise VolResearchError(
            "harmonize.crosswalk", f'No filled-in row of "{crosswalk.name}" is about "{dataset.id}".',
            where=crosswalk.where(Rule("", "", "", "")), got=f"rows about {about}",
            hint="Leave source_dataset empty where a rule holds for every dataset.",
        )  # fmt: skip
    binder.faults += circles(crosswalk, rules, suffix)
    grouped: dict[tuple[str, str], list[Rule]] = {}
    for rule in rules:
        grouped.setdefault((_table_of(binder, rule), rule.target_variable), []).append(rule)
    made: dict[str, list[Made]] = {}
    for (table, name), many in grouped.items():
        if table in dataset.tables:
            one = _made(binder, table, name, many)
            made.setdefault(table, []).extend([one] if one else [])
    if binder.faults:
        told = dict.fromkeys(binder.faults)
        raise VolResearchError.of(sorted(told, key=lambda one: one.where.line or 0))
    return {table: tuple(sorted(many, key=lambda one: _place(binder, one))) for table, many in made.items()}


def _table_of(binder: _Binder, rule: Rule) -> str:
    table = rule.source_table or binder.dataset.main
    if table not in binder.dataset.tables:
        hint = near(table, binder.dataset.tables)
        binder.tell(rule, f'"{binder.dataset.id}" has no table "{table}".', hint=hint)
    return table


def _place(binder: _Binder, made: Made) -> tuple[int, int, str]:
    """The order of new columns does not depend on the order of rows in the crosswalk."""
    names = binder.target.names if binder.target else ()
    sources = binder.dataset.codebook.names
    first = min(sources.index(feed.source.name) for feed in made.feeds)
    name = made.name.removesuffix(binder.suffix)
    return names.index(name) if name in names else len(names), first, name


def _made(binder: _Binder, table: str, name: str, rules: list[Rule]) -> Made | None:
    dataset = binder.dataset
    owner = "" if table == dataset.main else table
    columns = names_of(dataset.tables[table])
    new = f"{name}{binder.suffix}"
    if new in columns or f"{new}{WHY}" in columns or dataset.codebook.get(new, owner) is not None:
        said = f'"{dataset.id}" has a variable "{new}" already: nothing is overwritten.'
        binder.tell(rules[0], said, hint='Give it another name, or say suffix="_h": new names then end so.')
        return None
    declared = _declared(binder, name, rules)
    by_source: dict[str, list[Rule]] = {}
    for rule in rules:
        by_source.setdefault(rule.source_variable, []).append(rule)
    sources = {source: _source(binder, owner, columns, source, many) for source, many in by_source.items()}
    known = {source: variable for source, variable in sources.items() if variable is not None}
    if not known or (binder.target is not None and declared is None):
        return None
    variable = declared or _invented(binder, name, rules, known)
    feeds = []
    for source in sorted(known, key=lambda one: (by_source[one][0].priority or 0, one)):
        cases = tuple(_cases(binder, variable, known[source], by_source[source]))
        feeds.append(
            Feed(known[source], tuple(sorted(cases, key=lambda case: (case.rank, repr(case.match)))))
        )
    return Made(
        variable.model_copy(update={"name": new, "table": owner, "source": "", "blank": "no_answer"}),
        tuple(feeds),
    )


def _declared(binder: _Binder, name: str, rules: list[Rule]) -> Variable | None:
    if binder.target is None:
        return None
    if name not in binder.target:
        binder.tell(rules[0], f'The target has no variable "{name}".', hint=near(name, binder.target.names))
        return None
    return binder.target[name]


def _source(binder: _Binder, owner: str, columns: list[str], name: str, rules: list[Rule]) -> Variable | None:
    variable = binder.dataset.codebook.get(name, owner)
    if variable is None or name not in columns:
        known = [one.name for one in binder.dataset.variables_of(owner or None)]
        place = f' of the table "{owner}"' if owner else ""
        binder.tell(
            rules[0], f'"{binder.dataset.id}"{place} has no variable "{name}".', hint=near(name, known)
        )
        return None
    return variable


def _invented(binder: _Binder, name: str, rules: list[Rule], sources: Mapping[str, Variable]) -> Variable:
    """Return a target that no codebook declares: its type by what the rules do, its labels from the crosswalk."""
    outcomes = [(rule, _outcome(binder, rule)) for rule in rules]
    known = [(rule, outcome) for rule, outcome in outcomes if outcome is not None]
    copied = [
        sources[rule.source_variable]
        for rule, one in known
        if one.kind == "copy" and rule.source_variable in sources
    ]
    units = [one.conversion.unit for _, one in known if one.conversion]
    kind: Any = "number" if units else copied[0].type if copied else "code"
    if any(one.type == "multiple" for one in sources.values()) and kind == "code":
        kind = "multiple"
    stated = dict.fromkeys(rule.target_type for rule in rules if rule.target_type)
    if len(stated) > 1:
        binder.tell(rules[0], f'"{name}" is given several types: {", ".join(stated)}.')
    kind = next(iter(stated), kind)
    if kind == "integer" and any(one.type != "integer" for one in copied):
        kind = "number"
    labels = (
        _labels(binder, known, [one for one in copied if one.labels]) if kind in {"code", "multiple"} else {}
    )
    only = next(iter(sources.values()))
    same = len(sources) == 1 and (copied or units)
    return Variable(
        name=name,
        type=kind,
        label=only.label if same and only.label else Text(name),
        labels=labels,
        unit=units[0] if units else copied[0].unit if copied else "",
    )


def _labels(binder: _Binder, known: list[tuple[Rule, Outcome]], copied: list[Variable]) -> dict[str, Text]:
    out: dict[str, Text] = {}
    for variable in copied:
        out |= {code: text for code, text in variable.labels.items() if code not in variable.missing}
    for rule, outcome in known:
        for code in outcome.code.split() if outcome.kind == "code" else ():
            label, before = rule.target_label, out.get(code)
            if label and before and before != Text(code) and label != before:
                said = f'The target code "{code}" of "{rule.target_variable}" has two labels: "{before}" and "{label}".'
                binder.tell(rule, said)
            out[code] = label or before or Text(code)
    return dict(
        sorted(out.items(), key=lambda one: (number_of(one[0]) is None, number_of(one[0]) or 0, one[0]))
    )


def _outcome(binder: _Binder, rule: Rule) -> Outcome | None:
    try:
        return outcome_of(rule.target_code, rule.unit_rule, binder.crosswalk.where(rule))
    except ValueError as error:
        binder.tell(rule, str(error))
    except VolResearchError as error:
        binder.faults += error.faults
    return None


def _cases(binder: _Binder, target: Variable, source: Variable, rules: list[Rule]) -> Iterator[Case]:
    named: set[str] = set()
    spread: list[Case] = []
    for rule in rules:
        outcome = _outcome(binder, rule)
        match = _match(binder, rule, source)
        if outcome is None or match is None or not _fits(binder, rule, outcome, target, source):
            continue
        named |= {match.code} if match.kind == "code" else set()
        case = Case(match, outcome, rule)
        if outcome.kind == "copy" and match.kind in {"range", "rest"} and _listed(target):
            spread.append(case)
        else:
            yield case
    for case in spread:
        yield from _spread(case, target, named)


def _listed(target: Variable) -> bool:
    return target.type in {"code", "multiple"} and bool(target.labels)


def _spread(case: Case, target: Variable, named: set[str]) -> Iterator[Case]:
    """A value copied into a variable with a list of codes must be one of them: each becomes a case of its own."""
    for code in target.labels:
        number = number_of(code)
        inside = case.match.kind == "rest" or (number is not None and case.match.holds(number))
        if code not in named and code not in target.missing and inside:
            yield Case(Match("code", code), Outcome("code", code), case.rule)


def _match(binder: _Binder, rule: Rule, source: Variable) -> Match | None:
    """Return what a rule is about, its code written as the source has it."""
    if rule.source_code in source.labels or rule.source_code in source.missing:
        number = number_of(rule.source_code) if source.numeric else None
        return Match("code", rule.source_code if number is None else code_text(number))
    try:
        match = rule.match
    except ValueError as error:
        binder.tell(rule, str(error))
        return None
    numbers = source.numeric or all(number_of(code) is not None for code in source.labels)
    if match.kind == "range" and (not numbers or source.type not in {"integer", "number", "code"}):
        binder.tell(rule, f'"{source.name}" holds no numbers: the range {rule.source_code} has no meaning.')
        return None
    if match.kind == "code" and source.numeric:
        number = number_of(match.code)
        if number is None:
            binder.tell(
                rule,
                f'"{source.name}" holds numbers, and "{match.code}" is none.',
                hint=near(match.code, source.labels),
            )
            return None
        return Match("code", code_text(number))
    return match


def _fits(binder: _Binder, rule: Rule, outcome: Outcome, target: Variable, source: Variable) -> bool:
    """Whether the target can hold what a rule puts into it."""
    if outcome.kind == "code":
        return _code_fits(binder, rule, outcome.code, target)
    if outcome.kind == "unit" and not (source.numeric and target.numeric):
        said = f'A unit rule makes numbers of numbers; "{source.name}" is {source.type}, "{target.name}" {target.type}.'
        binder.tell(rule, said)
        return False
    if (
        outcome.kind == "unit"
        and outcome.conversion
        and target.unit
        and not _same_unit(outcome.conversion.unit, target.unit)
    ):
        said = f'"{target.name}" is in {target.unit}, and the rule makes {outcome.conversion.unit}.'
        binder.tell(rule, said)
        return False
    if outcome.kind == "copy" and rule.source_code.startswith("missing"):
        return True
    if outcome.kind == "copy" and not _copies(source, target):
        binder.tell(
            rule, f'Values of "{source.name}" ({source.type}) cannot be copied into "{target.name}" ({target.type}).',
            hint="Write the codes of the target, row by row.",
        )  # fmt: skip
        return False
    return True


def _code_fits(binder: _Binder, rule: Rule, code: str, target: Variable) -> bool:
    if target.numeric and code not in target.missing and number_of(code) is None:
        binder.tell(rule, f'"{target.name}" holds numbers, and "{code}" is none.')
        return False
    if target.type in {"date", "datetime"}:
        binder.tell(rule, f'"{target.name}" holds dates: values can be copied, not coded.')
        return False
    parts = code.split() if target.type == "multiple" else [code]
    lacking = [
        part for part in parts if target.labels and part not in target.labels and part not in target.missing
    ]
    if lacking and not target.numeric:
        said = f'The target variable "{target.name}" has no code "{lacking[0]}".'
        binder.tell(rule, said, hint=near(lacking[0], [*target.labels, *target.missing]))
    return not lacking or target.numeric


def _copies(source: Variable, target: Variable) -> bool:
    if target.type == source.type or target.type == "text":
        return True
    if target.type == "number":
        return source.numeric
    if target.type == "integer":
        return source.type == "integer"
    return (
        target.type in {"code", "multiple"}
        and source.type in {"code", "integer", "multiple"}
        and (source.type != "multiple" or target.type == "multiple")
    )


def _same_unit(made: str, wanted: str) -> bool:
    """Units of codebooks are words of people: only what is plainly another one is refused."""
    known = {"hours in four weeks", "hours per week", "hours per month", "hours per year", "hours per day"}
    wanted = (
        wanted.strip().lower().replace("4 weeks", "four weeks").replace("hours per four", "hours in four")
    )
    return wanted not in known or made == wanted
