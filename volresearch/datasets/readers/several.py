"""Questions with several answers: columns for each option, and one column with all codes, made into one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from volresearch.datasets.readers.found import Note
from volresearch.errors import Where

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["CHOSEN", "NOT_CHOSEN", "Decoded", "code_of", "decoded", "split_codes"]

#: What tools write into the column of an option that was chosen, and of one that was not, in small letters.
CHOSEN = frozenset({"true", "1", "1.0", "yes", "y", "checked", "selected"})
NOT_CHOSEN = frozenset({"false", "0", "0.0", "no", "n", "unchecked", "not selected"})
_SHOWN = 3


class Decoded(NamedTuple):
    """The answers as one column of type ``multiple``, and what a person should know of it."""

    values: pd.Series
    notes: tuple[Note, ...]


def code_of(option: str) -> str:
    """Return an option's code as it stands in a ``multiple`` column: a space inside becomes ``_``.

    >>> code_of("first aid")
    'first_aid'
    """
    return re.sub(r"\s+", "_", option.strip())


def decoded(
    frame: pd.DataFrame,
    stem: str,
    options: Mapping[str, str],
    joined: str | None = None,
    codes: Sequence[str] = (),
    *,
    blanks: Collection[str] = (),
    words: Mapping[str, str] | None = None,
    where: Where | None = None,
) -> Decoded:
    """Make one ``multiple`` column of the columns of a question with several answers.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table; it is not changed.
    stem : str
        Name of the question, for notes and as the name of the column.
    options : mapping of str to str
        Code of an option to its column, in the order of the options; may be empty.
    joined : str, optional
        The column with all chosen codes in one text, where the file has it.
    codes : sequence of str, optional
        All codes of the question; those of `options` unless given. Codes with a space inside are found by
        the longest match.
    blanks : collection of str, optional
        Texts that stand for an empty cell (``n/a``).
    words : mapping of str to str, optional
        Further texts of a joined cell with the code that they stand for: labels. They are matched like codes.
    where : Where, optional
        The file (and sheet), for notes.

    Returns
    -------
    Decoded
        ``values``: codes with a space between, in the order of the joined cell or else of the options; ``""`` where
        nothing was chosen; NA where every cell is empty. A row whose cells all hold one text of `blanks` keeps that
        text, so that its reason is not lost. Where split and joined columns disagree the joined one wins, and a
        note says how often and in which rows (counted from 1, without the header).
    """
    place = Where(file=where.file, sheet=where.sheet, variable=stem) if where else Where(variable=stem)
    known = list(dict.fromkeys([*codes, *options]))
    notes = [_spaced(known, place)] if any(code_of(code) != code for code in known) else []
    split, unread = _split(frame, options, blanks)
    if unread:
        notes.append(_unread_note(unread, place))
    if joined is None:
        return Decoded(split.rename(stem), tuple(notes))
    told, strange = _joined(frame[joined], known, words or {}, blanks)
    if strange:
        shown = ", ".join(f'"{one}"' for one in strange[:_SHOWN])
        notes.append(Note(f"{len(strange)} codes are none of this question's options: {shown}.", place))
    empty = told.isna() | told.isin(list(blanks))
    out = told.mask(empty & split.notna(), split) if options else told
    wrong = _disagreeing(told.mask(empty), split, [code_of(code) for code in options], blanks)
    if wrong is not None and wrong.any():
        rows = [int(at) + 1 for at in wrong.to_numpy().nonzero()[0]]
        listed = ", ".join(str(row) for row in rows[:_SHOWN]) + (" ..." if len(rows) > _SHOWN else "")
        notes.append(
            Note(
                f"The joined and the split columns disagree in {len(rows)} rows ({listed}); the joined one counts.",
                place,
            )
        )
    return Decoded(out.rename(stem), tuple(notes))


def split_codes(text: str, known: Iterable[str]) -> list[str]:
    """Return the codes in a joined cell; those with spaces inside are found by the longest match.

    >>> split_codes("first aid teach", ["first aid", "teach", "first"])
    ['first aid', 'teach']
    """
    return _codes(text, _Lookup(known))


class _Lookup:
    """Codes (and labels) to look for in joined cells, longest first where they hold spaces."""

    def __init__(self, known: Iterable[str], words: Mapping[str, str] | None = None) -> None:
        self.meaning = {code: code for code in known}
        for word, code in (words or {}).items():
            self.meaning.setdefault(word, code)
        self.lengths = sorted({len(one.split()) for one in self.meaning if " " in one}, reverse=True)
        self.tidy = {" ".join(one.split()): code for one, code in self.meaning.items()}


def _codes(text: str, lookup: _Lookup) -> list[str]:
    tokens = text.split()
    out: list[str] = []
    at = 0
    while at < len(tokens):
        for length in lookup.lengths:
            piece = " ".join(tokens[at : at + length])
            if at + length <= len(tokens) and piece in lookup.tidy:
                out.append(lookup.tidy[piece])
                at += length
                break
        else:
            out.append(lookup.tidy.get(tokens[at], tokens[at]))
            at += 1
    return list(dict.fromkeys(out))


def _split(
    frame: pd.DataFrame, options: Mapping[str, str], blanks: Collection[str]
) -> tuple[pd.Series, dict[str, int]]:
    """Return the chosen codes of every row, and the texts that are neither yes nor no, with their counts."""
    import numpy as np
    import pandas as pd

    states = np.zeros((len(frame), len(options)), dtype="int8")
    same: pd.Series | None = None
    unread: dict[str, int] = {}
    for at, (code, column) in enumerate(options.items()):
        states[:, at] = _states(frame[column], code, blanks, unread)
    texts = _texts(states, [code_of(code) for code in options])
    out = pd.Series(texts, index=frame.index, dtype="str")
    if options and blanks:
        first = frame[next(iter(options.values()))]
        same = first.isin(list(blanks))
        for column in options.values():
            same &= frame[column] == first
        out = out.mask(same.fillna(False).astype(bool), first.astype("str"))
    return out, unread


def _states(column: pd.Series, code: str, blanks: Collection[str], unread: dict[str, int]) -> np.ndarray:
    """Return 1 for chosen, -1 for not chosen, 0 for empty; texts that are neither are counted in `unread`."""
    import numpy as np
    import pandas as pd

    places, uniques = pd.factorize(column)
    meaning = np.zeros(len(uniques) + 1, dtype="int8")
    for at, value in enumerate(uniques):
        text = str(value).strip()
        if text in blanks or not text:
            continue
        folded = text.casefold()
        if folded in NOT_CHOSEN:
            meaning[at] = -1
        elif folded in CHOSEN or text == code:
            meaning[at] = 1
        else:
            unread[text] = unread.get(text, 0) + int((places == at).sum())
    return meaning[places]


def _texts(states: np.ndarray, codes: list[str]) -> np.ndarray:
    """Return the codes of every row as text, None where every cell is empty; every combination is written once."""
    import numpy as np

    if not codes:
        return np.full(len(states), None, dtype=object)
    packed = np.packbits(np.hstack([states == 1, (states != 0).any(axis=1, keepdims=True)]), axis=1)
    rows = np.ascontiguousarray(packed).view([("", packed.dtype)] * packed.shape[1]).ravel()
    _, first, back = np.unique(rows, return_index=True, return_inverse=True)
    words = [
        " ".join(code for code, state in zip(codes, states[at], strict=True) if state == 1)
        if states[at].any()
        else None
        for at in first
    ]
    return np.array(words, dtype=object)[back.ravel()]


def _joined(
    column: pd.Series, known: list[str], words: Mapping[str, str], blanks: Collection[str]
) -> tuple[pd.Series, list[str]]:
    """Return the joined cells with tidy codes, and the codes that are not known."""
    lookup = _Lookup(known, words)
    strange: dict[str, None] = {}

    def tidy(cell: object) -> str:
        text = str(cell)
        if text in blanks:
            return text
        found = _codes(text, lookup)
        strange.update(dict.fromkeys(code for code in found if known and code not in lookup.meaning))
        return " ".join(code_of(code) for code in found)

    # A column may hold a few combinations a million times.
    written = {cell: tidy(cell) for cell in column.dropna().unique()}
    return column.map(written).astype("str"), list(strange)


def _disagreeing(
    told: pd.Series, split: pd.Series, codes: list[str], blanks: Collection[str]
) -> pd.Series | None:
    """Return in which rows both say something and not the same, of the options that have a column."""
    import pandas as pd

    if not codes:
        return None
    both = told.notna() & split.notna() & ~split.isin(list(blanks))
    if not both.any():
        return None
    pairs = pd.DataFrame({"told": told[both], "split": split[both]})
    options = set(codes)
    kinds = pairs.drop_duplicates()
    differ = [
        set(one.split()) & options != set(other.split())
        for one, other in zip(kinds["told"], kinds["split"], strict=True)
    ]
    wrong = set(zip(kinds["told"][differ], kinds["split"][differ], strict=True))
    found = [pair in wrong for pair in zip(pairs["told"], pairs["split"], strict=True)]
    return pd.Series(found, index=pairs.index).reindex(told.index, fill_value=False)


def _spaced(codes: Sequence[str], place: Where) -> Note:
    spaced = [code for code in codes if code_of(code) != code]
    return Note(
        f'Codes with a space inside are written with "_": {", ".join(repr(code) for code in spaced[:_SHOWN])}.',
        place,
    )


def _unread_note(unread: Mapping[str, int], place: Where) -> Note:
    shown = ", ".join(f'"{text[:30]}" ({count})' for text, count in list(unread.items())[:_SHOWN])
    return Note(f"Columns of options hold what is neither yes nor no, and was not counted: {shown}.", place)
