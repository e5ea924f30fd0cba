"""The columns of one table, called and coded as the form says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Variable
from volresearch.datasets.columns import is_lazy, names_of, quoted
from volresearch.datasets.readers.form_labels import coded, label_codes, speaks_labels
from volresearch.datasets.readers.form_names import Address, Matched, folded
from volresearch.datasets.readers.form_parts import part_of, stem_of
from volresearch.datasets.readers.form_versions import Place
from volresearch.datasets.readers.found import Note, RawTable
from volresearch.datasets.readers.redcap import comma_decimal
from volresearch.datasets.readers.several import code_of, decoded, split_codes
from volresearch.datasets.typed import codes_in
from volresearch.errors import Where

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Laid", "Options", "lay_columns"]

_SHOWN = 5


@dataclass(frozen=True)
class Options:
    """How the cells of a file are to be read.

    ``reasons`` are texts that stand for an empty cell, with what they say; ``labels`` is as asked; ``guess`` names items
    of which only the content tells the type.
    """

    reasons: Mapping[str, str] = field(default_factory=dict)
    labels: str = "auto"
    file: str = ""
    guess: frozenset[str] = frozenset()

    @property
    def blanks(self) -> frozenset[str]:
        """Texts that stand for an empty cell."""
        return frozenset(self.reasons)

    @property
    def unasked(self) -> list[str]:
        """Those of them that say that nothing was asked."""
        return [text for text, reason in self.reasons.items() if reason == "not_asked"]


@dataclass
class Laid:
    """A table with the form laid over it, and what is to be told of it."""

    table: RawTable
    renamed: dict[str, str] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def lay_columns(
    table: RawTable, matched: Matched, options: Options, versions: np.ndarray | None = None
) -> Laid:
    """Return a table whose recognized columns have the names, codes and variables of the form.

    Columns that the form does not know stay as they are; split and joined columns of one question become one.

    Parameters
    ----------
    table : RawTable
    matched : Matched
        What its columns hold.
    options : Options
    versions : array of int, optional
        The version of the form of each row, -1 for one that is not known.
    """
    if is_lazy(table.frame):
        return _lazily(table, matched)
    return _Table(table, matched, options, versions).laid()


class _Table:
    """Builds one table."""

    def __init__(
        self, table: RawTable, matched: Matched, options: Options, versions: np.ndarray | None
    ) -> None:
        self.table, self.matched, self.options, self.versions = table, matched, options, versions
        self.out = Laid(table)
        self.columns: dict[str, pd.Series] = {}
        self.variables: dict[str, Variable] = {}
        self.guess: set[str] = set()
        self.parts: dict[tuple[Place, str], dict[str, str]] = defaultdict(dict)
        for column, address in matched.columns.items():
            part = "answer" if address.part in {"option", "rank"} else address.part
            self.parts[address.place, part][column] = address.part + ":" + address.code

    def laid(self) -> Laid:
        done: set[tuple[Place, str]] = set()
        for column in names_of(self.table.frame):
            address = self.matched.columns.get(column)
            if address is None:
                self.kept(column)
                continue
            part = "answer" if address.part in {"option", "rank"} else address.part
            if (address.place, part) not in done:
                done.add((address.place, part))
                self.place(address, part)
        import pandas as pd

        frame = pd.DataFrame(self.columns, index=self.table.frame.index)
        self.out.table = self.table.with_(frame=frame, variables=self.variables, guess=frozenset(self.guess))
        return self.out

    def kept(self, column: str, place: Place | None = None) -> None:
        """Keep a column as it is; where an item takes its name (another one than `place`), under a further one."""
        name, number = column, 2
        taken = {one.name for one, _ in self.parts if one is not place} | set(self.columns)
        while name in taken:
            name, number = f"{column}_{number}", number + 1
        self.columns[name] = self.table.frame[column]
        known = self.table.variables.get(column)
        if name != column:
            self.out.renamed[column] = name
            known = (known or Variable(name=name, source=column)).model_copy(update={"name": name})
        if known is not None:
            self.variables[name] = known
        if column in self.table.guess or (name != column and column not in self.table.variables):
            self.guess.add(name)

    def place(self, address: Address, part: str) -> None:
        """Make the column of what an address says."""
        place, sources = address.place, self.parts[address.place, part]
        if part == "note":
            self.note(place, sources)
        elif part == "answer":
            self.answer(place, sources)
        elif part == "other":
            for column in sources:
                self.named(column, place.other or Variable(name=f"{place.name}_other"), place)
        else:
            for column, said in sources.items():
                code = said.partition(":")[2]
                self.named(column, part_of(place, part, code), place)

    def note(self, place: Place, sources: Mapping[str, str]) -> None:
        """Leave out the column of a text that asks nothing; one that holds something stays."""
        for column in sources:
            cells = self.table.frame[column].dropna()
            if cells.empty or set(cells.astype("str")) <= self.options.blanks:
                self.out.said["notes"].append(place.name)
            else:
                self.kept(column, place)

    def answer(self, place: Place, sources: Mapping[str, str]) -> None:
        variable = place.variable
        assert variable is not None
        if variable.type == "multiple":
            self.several(place, variable, sources)
            return
        for column in sources:
            self.single(place, variable, column)

    def single(self, place: Place, variable: Variable, column: str) -> None:
        cells = self.table.frame[column]
        known = self.table.variables.get(column)
        if place.slot.item.type == "metadata" and known is not None:
            if column not in self.table.guess:  # what the tool's own column is, is known already
                self.kept(column, place)
                self.out.places[column] = place
                return
            own = {"name": variable.name, "type": variable.type, "blank": variable.blank}
            variable = known.model_copy(update=own)
        if variable.type == "code":
            cells, read = coded(codes_in(cells), place.choices, self.options.blanks, self.options.labels)
            self._tell(place, read.labels, read.shared, read.unknown)
        elif comma_decimal(place.slot.item):
            cells = cells.str.replace(",", ".", regex=False)
            self.out.said["commas"].append(place.name)
        elif self.table.typed:
            variable = _as_it_is(variable, known, cells)
        if self.guessed(place, variable):
            self.guess.add(variable.name)
        self.named(column, variable, place, cells)

    def guessed(self, place: Place, variable: Variable) -> bool:
        """Whether only the content tells the type: the form says text, and not that words are meant."""
        return (
            variable.type == "text"
            and not self.table.typed
            and (place.slot.item.type in {"calculate", "hidden", "other"} or place.name in self.options.guess)
        )

    def several(self, place: Place, variable: Variable, sources: Mapping[str, str]) -> None:
        """Make one column of what stands in columns for each option, in one with all codes, or in both."""
        frame = self.table.frame
        split = {
            said.partition(":")[2]: column for column, said in sources.items() if said.startswith("option:")
        }
        ranks = {
            said.partition(":")[2]: column for column, said in sources.items() if said.startswith("rank:")
        }
        joined = next((column for column, said in sources.items() if said.startswith("answer:")), None)
        texts = frame[[*split.values(), *ranks.values(), *([joined] if joined else [])]].apply(codes_in)
        if "NA" not in place.codes and _of_r(texts[list(split.values())]):
            texts = texts.mask(texts == "NA")
        if ranks and joined is None:
            joined, texts["\0ranked"] = "\0ranked", _ranked(texts, ranks, self.options.blanks)
        if joined and len(place.types) > 1:
            texts[joined] = self.together(place, texts[joined])
        words = self.words(place, texts[joined]) if joined else {}
        order = {code: split[code] for code in (*place.codes, *split) if code in split}
        made = decoded(
            texts, place.name, order, joined, place.codes, blanks=self.options.blanks, words=words,
            where=Where(file=self.options.file),
        )  # fmt: skip
        self.out.notes += made.notes
        source = joined if joined and joined in frame else next(iter(sources))
        header = "" if source == joined else stem_of([self.header(column) for column in sources])
        self.named(source, variable, place, made.values, header)
        for column in sources:
            self.out.renamed[column] = variable.name

    def together(self, place: Place, cells: pd.Series) -> pd.Series:
        """Write what was answered in words as one code: in a version in which this was a text, or one not known."""
        import numpy as np

        rows = np.full(len(cells), "text" in place.types)
        if self.versions is not None:
            worded = [n for n, slot in place.slots.items() if slot.variable and slot.variable.type == "text"]
            rows = np.isin(self.versions, [-1, *worded])
        codes = set(place.codes)
        words = {
            str(cell): code_of(str(cell))
            for cell in cells[rows].dropna().unique()
            if str(cell) not in self.options.blanks and not codes & set(split_codes(str(cell), codes))
        }
        return cells.mask(rows & cells.isin(list(words)).to_numpy(), cells.map(words)) if words else cells

    def words(self, place: Place, cells: pd.Series) -> dict[str, str]:
        """Return the labels that joined cells hold, with their codes; none where they hold codes."""
        counts = {
            str(text): int(n)
            for text, n in cells.value_counts().items()
            if str(text) not in self.options.blanks
        }
        if not speaks_labels(counts, place.choices, True, self.options.labels):
            return _mangled(place)
        meaning, shared = label_codes(place.choices)
        self._tell(place, True, dict.fromkeys(shared & {folded(text) for text in counts}, 1), {})
        codes = set(place.codes)
        written = [words for choice in place.choices for words in choice.label.values()]
        return {
            words: meaning[folded(words)]
            for words in written
            if folded(words) in meaning and words not in codes
        }

    def named(
        self, column: str, variable: Variable, place: Place, cells: pd.Series | None = None, header: str = ""
    ) -> None:
        """Put a column under the name of its variable."""
        name = variable.name
        if name in self.columns:  # "x_other" that is an item of its own as well
            self.kept(column)
            return
        header = header or self.header(column)
        known = self.table.variables.get(column)
        missing = {**(known.missing if known else {}), **variable.missing}
        made = self.table.frame[column] if cells is None else cells
        own: dict[str, Any] = {"source": header if header != name else "", "missing": missing}
        if self.options.unasked and made.isin(self.options.unasked).any():
            own["blank"] = "no_answer"  # the file marks what was not asked
        self.columns[name] = made
        self.variables[name] = variable.model_copy(update=own)
        self.out.places[name] = place
        if column != name:
            self.out.renamed[column] = name

    def header(self, column: str) -> str:
        known = self.table.variables.get(column)
        return (known.source if known else "") or column

    def _tell(
        self, place: Place, labels: bool, shared: Mapping[str, int], unknown: Mapping[str, int]
    ) -> None:
        if labels:
            self.out.said["labels"].append(place.name)
        for kind, found in (("shared", shared), ("unknown", unknown)):
            if found:
                shown = ", ".join(f'"{text[:40]}" ({n})' for text, n in list(found.items())[:_SHOWN])
                self.out.said[kind].append(f"{place.name}: {shown}{' ...' if len(found) > _SHOWN else ''}")


def _mangled(place: Place) -> dict[str, str]:
    """Return how headers write the codes of a place, where that is no code itself: with ``_`` for what names lack."""
    codes = set(place.codes)
    written = {re.sub(r"\W", "_", code.lower()): code for code in place.codes}
    return {said: code for said, code in written.items() if said not in codes}


def _lazily(table: RawTable, matched: Matched) -> Laid:
    """Call the columns of a table that is not in memory as the form does; its cells stay as they are."""
    out = Laid(table)
    variables = {name: one for name, one in table.variables.items() if name not in matched.columns}
    picked = []
    for column in names_of(table.frame):
        address = matched.columns.get(column)
        variable = address.place.variable if address and address.part == "answer" else None
        if variable is None or address is None:
            picked.append(quoted(column))
            continue
        picked.append(f"{quoted(column)} AS {quoted(variable.name)}")
        source = (table.variables[column].source if column in table.variables else "") or column
        variables[variable.name] = variable.model_copy(
            update={"source": source if source != variable.name else ""}
        )
        out.renamed[column] = variable.name
        out.places[variable.name] = address.place
    split = [column for column, address in matched.columns.items() if address.part == "option"]
    if split:
        out.said["lazy"] += split
    out.table = table.with_(frame=table.frame.project(", ".join(picked)), variables=variables)
    return out


def _as_it_is(variable: Variable, known: Variable | None, cells: pd.Series) -> Variable:
    """Return the form's variable with the type that a column of a typed file has."""
    kind: Any = known.type if known else "number" if cells.dtype.kind in "iuf" else "text"
    if kind in {"code", "multiple"}:
        kind = "text"
    if {kind, variable.type} <= {"integer", "number"}:
        kind = variable.type
    ranges = known.missing_ranges if known else ()
    return variable.model_copy(update={"type": kind, "missing_ranges": ranges})


def _of_r(options: pd.DataFrame) -> bool:
    """Whether R wrote the columns of options: TRUE, FALSE, and NA for neither."""
    found = {str(cell) for column in options for cell in options[column].dropna().unique()}
    return "NA" in found and found <= {"TRUE", "FALSE", "NA"}


def _ranked(frame: pd.DataFrame, ranks: Mapping[str, str], blanks: frozenset[str]) -> pd.Series:
    """Return the codes of columns for first, second ... as one text, in this order; NA where all are empty."""
    columns = [frame[ranks[number]] for number in sorted(ranks, key=int)]
    blank = dict.fromkeys(blanks, "")
    said = [column.where(~column.isin(list(blank)), "").fillna("") for column in columns]
    out = said[0]
    for one in said[1:]:
        out = out + " " + one
    out = out.str.replace(r"\s+", " ", regex=True).str.strip()
    return out.where(out != "")
