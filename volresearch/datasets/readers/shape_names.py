"""Names of columns where no form says them: groups stripped where the rest is unique, what tools add labelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import is_lazy, names_of, quoted
from volresearch.datasets.readers.found import Link, RawTable
from volresearch.datasets.readers.paths import parts, separator_of
from volresearch.datasets.readers.text_headers import unique
from volresearch.datasets.readers.text_names import identifier_of, is_identifier, label_of
from volresearch.datasets.readers.tools import Tool, metadata_of, metadata_variable, position_of
from volresearch.text import LANGUAGES, Text, tr

__all__ = ["described", "renamed", "short_names", "stripped"]


def short_names(headers: Sequence[str], separator: str, kept: Iterable[str] = ()) -> dict[str, str]:
    """Return a name for each header: its last step where no other ends so, else all steps with ``_`` between them.

    Parameters
    ----------
    headers : sequence of str
    separator : str
        Between the steps of headers; empty where they have none.
    kept : iterable of str
        Columns that stay as they are.

    >>> short_names(["home/age", "child/age", "child/ice.creams", "_uuid"], "/")
    {'home/age': 'home_age', 'child/age': 'child_age', 'child/ice.creams': 'ice_creams', '_uuid': '_uuid'}
    """
    stay = list(kept)
    steps = {header: parts(header, separator) for header in headers}
    tails = {header: identifier_of(some[-1]) for header, some in steps.items()}
    # What is called so without a group, or only differs in its case, makes a tail no less ambiguous.
    count = Counter(tail.casefold() for tail in tails.values())
    count.update(name.casefold() for name in stay)
    made = [
        tails[header]
        if count[tails[header].casefold()] == 1
        else "_".join(identifier_of(step) for step in some)
        for header, some in steps.items()
    ]
    # A header that was a name already keeps it before one that was made of several steps.
    order = sorted(range(len(made)), key=lambda at: made[at] != headers[at])
    called, _ = unique([*stay, *(made[at] for at in order)])
    names = dict(zip(order, called[len(stay) :], strict=True))
    return {header: names[at] for at, header in enumerate(headers)}


def renamed(table: RawTable, names: Mapping[str, str]) -> RawTable:
    """Return a table with other names of columns; variables, hidden and guessed columns and its link go along.

    The name that a column had stays as the source of its variable, where that has none yet.
    """
    changed = {old: new for old, new in names.items() if old != new}
    if not changed:
        return table
    variables: dict[str, Variable] = {}
    guess = {changed.get(name, name) for name in table.guess}
    for old in names_of(table.frame):
        known, new = table.variables.get(old), changed.get(old)
        if new is None or old in table.hidden:
            variables |= {old: known} if known is not None else {}
            continue
        if known is None:
            guess.add(new)
        source = (known.source if known else "") or old
        variables[new] = (known or Variable(name=new)).model_copy(update={"name": new, "source": source})
    link = table.link
    if link is not None:
        link = Link(link.parent, link.key, changed.get(link.parent_key, link.parent_key))
    return table.with_(
        frame=_frame(table.frame, changed),
        variables=variables,
        guess=frozenset(guess),
        hidden=frozenset(changed.get(name, name) for name in table.hidden),
        link=link,
    )


def _frame(frame: object, changed: Mapping[str, str]) -> object:
    if not is_lazy(frame):
        return frame.rename(columns=dict(changed))  # type: ignore[attr-defined]
    columns = [f"{quoted(name)} AS {quoted(changed.get(name, name))}" for name in names_of(frame)]
    return frame.project(", ".join(columns))  # type: ignore[attr-defined]


def stripped(table: RawTable, tool: Tool) -> RawTable:
    """Return a table of Kobo or ODK with its groups stripped from the names of columns, labelled by what is left."""
    if not tool.kobo:
        return table
    headers = [name for name in names_of(table.frame) if name not in table.hidden]
    separator = separator_of(headers)
    names = short_names(headers, separator, table.hidden)
    done = renamed(table, {old: new for old, new in names.items() if old != new and _is_path(old, separator)})
    variables = dict(done.variables)
    for old, new in names.items():
        known = variables.get(new)
        label = label_of(parts(old, separator)[-1])
        if known is not None and not known.label and label and old != new:
            variables[new] = known.model_copy(update={"label": label})
    return done.with_(variables=variables)


def _is_path(header: str, separator: str) -> bool:
    """Whether a header has groups, or is no name: words alone are named (and labelled) with all other tables."""
    return len(parts(header, separator)) > 1 or (
        not is_identifier(header) and not any(map(str.isspace, header))
    )


def described(table: RawTable, tool: Tool) -> RawTable:
    """Return a table whose columns that the tool added have their variables; columns of coordinates have labels."""
    names = [name for name in names_of(table.frame) if name not in table.hidden]
    variables, guess = dict(table.variables), set(table.guess)
    for name in names:
        known = variables.get(name)
        if known is not None and (name not in guess or known.label):
            continue  # the file itself, or a form, says more
        found = metadata_of(name, tool)
        place = position_of(name, names) if tool.kobo and found is None else None
        if table.typed:
            if known is not None and found is not None and not known.label:
                variables[name] = known.model_copy(update={"label": metadata_variable(name, found).label})
        elif found is not None:
            variables[name] = metadata_variable(name, found, known.source if known else "")
            guess.discard(name)
            if not found.type:
                guess.add(name)
        elif place is not None:
            label = Text({lang: f"{place[0].split('/')[-1]}: {tr(place[1], lang)}" for lang in LANGUAGES})
            variables[name] = (known or Variable(name=name)).model_copy(update={"label": label})
            guess.add(name)
    return table.with_(variables=variables, guess=frozenset(guess))
