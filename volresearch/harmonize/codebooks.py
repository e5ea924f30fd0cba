"""Codebooks side by side: variable by country, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.datasets import Codebook, Variable
from volresearch.datasets.looks import esc, framed, grid
from volresearch.errors import VolResearchError
from volresearch.harmonize.crosswalk import Crosswalk
from volresearch.harmonize.targets import Target, codebook_from, crosswalk_from, name_of
from volresearch.text import Text, formats, mark, tr

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ASPECTS", "CodebookComparison", "Difference", "compare_codebooks"]

#: What may differ, with the words for it.
ASPECTS = {
    "absent": mark("not in this dataset"),
    "type": mark("another type"),
    "unit": mark("another unit"),
    "label": mark("another label"),
    "question": mark("another question"),
    "code": mark("a code means something else"),
    "codes": mark("codes that others do not have"),
    "missing": mark("other codes for missing"),
    "language": mark("no language in common to compare"),
}
#: Signs of the table; the legend explains them.
_SIGNS = {
    "absent": "–", "type": "T", "unit": "U", "label": "L", "question": "Q", "code": "≠", "codes": "+", "missing": "M",
    "language": "?",
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One thing that differs: of which variable (and code), in what, and what each source says, in their order."""

    variable: str
    aspect: str
    code: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class CodebookComparison:
    """Codebooks side by side; see `compare_codebooks`."""

    sources: tuple[str, ...]
    variables: tuple[str, ...]
    found: tuple[Difference, ...]
    lang: str
    _books: tuple[dict[str, Variable], ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row a variable and source: ``variable, source, present, name, type, unit, label, codes, missing, marks``."""
        import pandas as pd

        rows = [
            self._row(name, source, book)
            for name in self.variables
            for source, book in zip(self.sources, self._books, strict=True)
        ]
        columns = [
            "variable",
            "source",
            "present",
            "name",
            "type",
            "unit",
            "label",
            "codes",
            "missing",
            "marks",
        ]
        return pd.DataFrame(rows, columns=columns)

    @property
    def wide(self) -> pd.DataFrame:
        """One row a variable, one column a source: its type, and the signs of what differs."""
        import pandas as pd

        cells = {
            source: [self._cell(name, book) for name in self.variables]
            for source, book in zip(self.sources, self._books, strict=True)
        }
        return pd.DataFrame(cells, index=pd.Index(self.variables, name="variable"))

    @property
    def differences(self) -> pd.DataFrame:
        """What differs, one row each: ``variable, aspect, code``, and a column for each source."""
        import pandas as pd

        rows = [[one.variable, one.aspect, one.code, *one.said] for one in self.found]
        return pd.DataFrame(rows, columns=["variable", "aspect", "code", *self.sources])

    def marks(self, variable: str) -> str:
        """Return the signs of what differs for a variable."""
        aspects = {one.aspect for one in self.found if one.variable == variable}
        return " ".join(_SIGNS[aspect] for aspect in ASPECTS if aspect in aspects and aspect != "absent")

    def _row(self, name: str, source: str, book: dict[str, Variable]) -> list[object]:
        variable = book.get(name)
        if variable is None:
            return [name, source, False, "", "", "", "", "", "", _SIGNS["absent"]]
        codes = "; ".join(
            f"{code} = {text.get_in(self.lang, code)}" for code, text in variable.labels.items()
        )
        missing = "; ".join(f"{code} = {reason}" for code, reason in variable.missing.items())
        label = variable.label.get_in(self.lang)
        return [
            name,
            source,
            True,
            variable.name,
            variable.type,
            variable.unit,
            label,
            codes,
            missing,
            self.marks(name),
        ]

    def _cell(self, name: str, book: dict[str, Variable]) -> str:
        variable = book.get(name)
        return f"{variable.type} {self.marks(name)}".strip() if variable else _SIGNS["absent"]

    def __repr__(self) -> str:
        return (
            f"<CodebookComparison of {', '.join(self.sources)}: {len(self.variables)} variables, "
            f"{len(self.found)} differences>"
        )

    def _repr_html_(self) -> str:
        lang, wide = self.lang, self.wide
        rows = [
            [f"<code>{esc(name)}</code>", *map(esc, row)]
            for name, row in zip(wide.index, wide.to_numpy().tolist(), strict=True)
        ]
        used = {one.aspect for one in self.found}
        legend = " · ".join(
            f"{_SIGNS[aspect]} {tr(words, lang)}" for aspect, words in ASPECTS.items() if aspect in used
        )
        items = "".join(f"<li>{esc(said)}</li>" for said in self._sentences())
        table = grid((tr("Variable", lang), *self.sources), rows)
        said = esc(legend or tr("No differences were found.", lang))
        return framed("codebooks", lang, f"{table}<p>{said}</p><ul>{items}</ul>")

    def _sentences(self) -> Iterator[str]:
        for one in self.found:
            if one.aspect == "absent":
                continue
            said = "; ".join(
                formats.labelled(source, words or "–", self.lang)
                for source, words in zip(self.sources, one.said, strict=True)
            )
            code = f" {one.code}" if one.code else ""
            yield f"{one.variable}{code} – {tr(ASPECTS[one.aspect], self.lang)} ({said})"


def compare_codebooks(
    sources: Iterable[Target], *, lang: str = "en", crosswalk: Crosswalk | str | Path | None = None
) -> CodebookComparison:
    """Set codebooks side by side, variable by source, and mark what differs.

    Parameters
    ----------
    sources : iterable of Dataset, Codebook, Instrument, id or path
        At least two.
    lang : str
        Language in which labels are compared; where a source does not have it, another that all share is taken.
    crosswalk : Crosswalk, path or id, optional
        Variables are then matched by the target that they become, not by name.

    Returns
    -------
    CodebookComparison
        ``.table``, ``.wide``, ``.differences`` are tables.

    Raises
    ------
    VolResearchError
        ``harmonize.compare`` for fewer than two.

    Examples
    --------
    >>> one = Codebook(variables=(Variable(name="sex", type="code", labels={"1": "Man", "2": "Woman"}),))
    >>> two = Codebook(variables=(Variable(name="sex", type="code", labels={"1": "Woman", "2": "Man"}),))
    >>> compare_codebooks([one, two]).differences[["aspect", "code"]].values.tolist()
    [['code', '1'], ['code', '2']]
    """
    given = list(sources)
    if len(given) < 2:
        raise VolResearchError(
            "harmonize.compare", f"A comparison needs at least two codebooks; here is {len(given)}."
        )
    opened = crosswalk_from(crosswalk) if crosswalk is not None else None
    names = _names(given)
    books = tuple(_renamed(codebook_from(one), name, opened) for one, name in zip(given, names, strict=True))
    variables = tuple(dict.fromkeys(name for book in books for name in book))
    found = tuple(
        difference
        for name in variables
        for difference in _differences(name, [book.get(name) for book in books], lang)
    )
    return CodebookComparison(names, variables, found, lang, books)


def _names(given: Sequence[Target]) -> tuple[str, ...]:
    out: list[str] = []
    for number, one in enumerate(given, start=1):
        name = name_of(one) or f"codebook {number}"
        out.append(name if name not in out else f"{name} ({number})")
    return tuple(out)


def _renamed(book: Codebook, source: str, crosswalk: Crosswalk | None) -> dict[str, Variable]:
    own = {f"{one.table}.{one.name}" if one.table else one.name: one for one in book}
    if crosswalk is None:
        return own
    targets: dict[str, list[str]] = {}
    for rule in crosswalk.rules_for(source):
        key = f"{rule.source_table}.{rule.source_variable}" if rule.source_table else rule.source_variable
        targets.setdefault(key, []).append(rule.target_variable)
    return {name: one for key, one in own.items() for name in targets.get(key, ())}


def _differences(name: str, variables: list[Variable | None], lang: str) -> Iterator[Difference]:
    present = [one for one in variables if one is not None]
    if len(present) < len(variables):
        yield Difference(name, "absent", "", tuple("" if one is None else one.name for one in variables))
    if len(present) < 2:
        return

    def differing(aspect: str, said: list[str]) -> Iterator[Difference]:
        if len({words for one, words in zip(variables, said, strict=True) if one is not None}) > 1:
            yield Difference(name, aspect, "", tuple(said))

    yield from differing("type", ["" if one is None else one.type for one in variables])
    yield from differing("unit", ["" if one is None else one.unit for one in variables])
    for aspect in ("label", "question"):
        texts = [None if one is None else getattr(one, aspect) or None for one in variables]
        yield from _wording(name, aspect, "", texts, lang)
    for code in dict.fromkeys(code for one in present for code in one.labels if _any_valid(code, present)):
        yield from _code(name, code, variables, lang)
    yield from differing("missing", [_missing(one) for one in variables])


def _any_valid(code: str, present: list[Variable]) -> bool:
    return any(code in one.labels and code not in one.missing for one in present)


def _code(name: str, code: str, variables: list[Variable | None], lang: str) -> Iterator[Difference]:
    texts = [one.labels.get(code) if one is not None else None for one in variables]
    having = [one for one in variables if one is not None and one.labels]
    if any(code not in one.labels for one in having):
        yield Difference(name, "codes", code, tuple(text.get_in(lang) if text else "" for text in texts))
    yield from _wording(name, "code", code, texts, lang)


def _wording(
    name: str, aspect: str, code: str, texts: Sequence[Text | None], lang: str
) -> Iterator[Difference]:
    """Compare wordings in one language that all of them have."""
    present = [text for text in texts if text]
    if len(present) < 2:
        return
    tag = _shared(present, lang)
    shown = tuple(text.get_in(tag or lang) if text else "" for text in texts)
    if len({_folded(words) for words, text in zip(shown, texts, strict=True) if text}) < 2:
        return
    yield Difference(name, aspect if tag else "language", code, shown)


def _shared(texts: list[Text], lang: str) -> str | None:
    """Return the language to compare in; words without a language are held against any."""
    spoken = [text for text in texts if tuple(text) != ("und",)]
    candidates = [lang, *(tag for text in spoken for tag in text)]
    return next((tag for tag in candidates if all(tag in text for text in spoken)), None)


def _folded(words: str) -> str:
    return " ".join(words.split()).strip(" .:?").casefold()


def _missing(variable: Variable | None) -> str:
    if variable is None:
        return ""
    return "; ".join(f"{code} = {reason}" for code, reason in sorted(variable.missing.items()))
