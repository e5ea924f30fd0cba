"""What cells of choices hold, codes or labels of any language of the form; labels become codes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from volresearch.datasets.readers.form_names import folded
from volresearch.datasets.readers.several import split_codes
from volresearch.instruments import Choice

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Read", "coded", "label_codes", "speaks_labels"]

_WHOLE = re.compile(r"(-?\d+)\.0+")


@dataclass
class Read:
    """How the cells of one question were read.

    Attributes
    ----------
    labels : bool
        Whether labels were decoded to codes.
    unknown : dict of str to int
        What is no code of the list, with the number of cells; it stays as it is.
    shared : dict of str to int
        Labels that two codes share, with the number of cells; they stay as they are.
    """

    labels: bool = False
    unknown: dict[str, int] = field(default_factory=dict)
    shared: dict[str, int] = field(default_factory=dict)


def label_codes(choices: Iterable[Choice]) -> tuple[dict[str, str], set[str]]:
    """Return label (folded, of every language) -> code, and the labels that several codes share.

    >>> from volresearch.text import Text
    >>> label_codes([Choice(code="1", label=Text({"en": "Yes", "es": "Sí"}))])
    ({'yes': '1', 'sí': '1'}, set())
    """
    meaning: dict[str, str] = {}
    shared: set[str] = set()
    for choice in choices:
        for words in choice.label.values():
            label = folded(words)
            if label and meaning.setdefault(label, choice.code) != choice.code:
                shared.add(label)
    return {label: code for label, code in meaning.items() if label not in shared}, shared


def tidy_code(cell: str, codes: Collection[str]) -> str:
    """Return a cell as the code it is: ``1.0`` is ``1`` where that is a code.

    >>> tidy_code("1.0", {"1", "2"}), tidy_code(" a ", {"a"}), tidy_code("1.0", {"x"})
    ('1', 'a', '1.0')
    """
    text = cell.strip()
    if text in codes:
        return text
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole and whole[1] in codes else cell


def speaks_labels(
    counts: Mapping[str, int], choices: tuple[Choice, ...], several: bool, asked: str = "auto"
) -> bool:
    """Tell whether the cells of a whole column hold labels.

    Parameters
    ----------
    counts : mapping of str to int
        The texts of the column with the number of their cells.
    choices : tuple of Choice
        The answers that the form offers.
    several : bool
        Whether a cell holds several of them.
    asked : str
        ``codes`` or ``labels`` decide; ``auto`` counts cells: where more fit labels than codes, they are labels.
    """
    if asked != "auto":
        return asked == "labels"
    codes = {choice.code for choice in choices}
    meaning, shared = label_codes(choices)
    labels = set(meaning) | shared
    by_code = by_label = 0
    for text, number in counts.items():
        if several:
            by_code += number * _covered(text, codes)
            by_label += number * _covered(folded(text), labels)
        else:
            by_code += number * (tidy_code(text, codes) in codes)
            by_label += number * (folded(text) in labels)
    return by_label > by_code


def coded(
    column: pd.Series, choices: tuple[Choice, ...], blanks: Collection[str], asked: str = "auto"
) -> tuple[pd.Series, Read]:
    """Return a column of single choices as codes, and how it was read.

    Parameters
    ----------
    column : pandas.Series of str
    choices : tuple of Choice
        The answers that the form offers; where there are none, cells stay as they are.
    blanks : collection of str
        Texts that stand for an empty cell; they stay for the typing to tell their reason.
    asked : str
        See `speaks_labels`.
    """
    counts = {
        str(text): int(number) for text, number in column.value_counts().items() if str(text) not in blanks
    }
    codes = {choice.code for choice in choices}
    if not codes:
        return column, Read()
    read = Read(labels=speaks_labels(counts, choices, False, asked))
    meaning, shared = label_codes(choices) if read.labels else ({}, set())
    written: dict[str, str] = {}
    for text, number in counts.items():
        code = meaning.get(folded(text)) or tidy_code(text, codes)
        written[text] = code
        if code not in codes:
            kind = read.shared if folded(text) in shared else read.unknown
            kind[text] = number
    if all(text == code for text, code in written.items()):
        return column, read
    return column.map({**{blank: blank for blank in blanks}, **written}).astype("str"), read


def _covered(text: str, known: Collection[str]) -> bool:
    """Whether a joined cell consists of known words only."""
    found = split_codes(text, known)
    return bool(found) and all(one in known for one in found)
