"""The cells of a column of text in memory: counted, compared and converted all at once, by pyarrow where it is there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from volresearch.datasets.readers.typing_numbers import (
    COMMA,
    DOTTED,
    INTEGER,
    ISO,
    LOOSE,
    MAX_SAFE,
    NUMBER,
    SLASHED,
    ZONED,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["TextCells"]

_QUICK = {INTEGER, NUMBER}


class TextCells:
    """One column of text.

    Parameters
    ----------
    column : pandas.Series of dtype str
        An empty cell is NA.
    """

    def __init__(self, column: pd.Series) -> None:
        self.column = column
        self._masks: dict[str, Any] = {}

    @cached_property
    def arrow(self) -> Any:
        """The cells as pyarrow has them, without a copy; None where it is not installed."""
        try:
            import pyarrow as pa
        except ImportError:
            return None
        cells = self.column.array.__arrow_array__()
        return cells if isinstance(cells, pa.ChunkedArray) else pa.chunked_array([cells])

    @cached_property
    def filled(self) -> int:
        """How many cells are filled."""
        return (
            int(self.column.notna().sum()) if self.arrow is None else len(self.arrow) - self.arrow.null_count
        )

    @cached_property
    def first(self) -> str:
        """The first filled cell; empty where there is none."""
        if not self.filled:
            return ""
        at = 0 if isinstance(self.column.iloc[0], str) else int(self.column.notna().to_numpy().argmax())
        return str(self.column.iloc[at])

    def all_are(self, *patterns: str) -> bool:
        """Whether every filled cell fits one of the patterns as a whole."""
        if not any(re.fullmatch(pattern, self.first) for pattern in patterns):
            return False
        if len(patterns) == 1 and patterns[0] in _QUICK and self._quick is not None:
            if patterns[0] == NUMBER or self._quick == "integer":
                return True
            if self._largest < MAX_SAFE:  # larger whole numbers are read as numbers with decimals
                return False
        if ISO in patterns and self._instants is not None:
            return True
        one = patterns[0] if len(patterns) == 1 else "|".join(f"({pattern})" for pattern in patterns)
        return int(self.mask(one).sum()) == self.filled

    def any_is(self, pattern: str) -> bool:
        """Whether a filled cell fits the pattern as a whole."""
        if pattern == SLASHED and (
            self._quick or ("_instants" in self.__dict__ and self._instants is not None)
        ):
            return False
        return bool(self.mask(pattern).any())

    def mask(self, pattern: str) -> np.ndarray:
        """Return which cells fit the pattern as a whole; an empty cell fits none."""
        if pattern not in self._masks:
            self._masks[pattern] = _mask(self.column, self.arrow, pattern)
        return self._masks[pattern]  # type: ignore[no-any-return]

    def among(self, texts: Mapping[str, str]) -> np.ndarray:
        """Return which cells are one of the texts."""
        if self.arrow is None:
            return self.column.isin(list(texts)).to_numpy()
        import pyarrow as pa
        import pyarrow.compute as pc

        if len(texts) == 1:  # comparing needs no hash of every cell
            same = pc.equal(self.arrow, pa.scalar(next(iter(texts)), self.arrow.type))
            return pc.fill_null(same, False).to_numpy()  # type: ignore[no-any-return]
        wanted = pa.array(list(texts), self.arrow.type)
        return pc.is_in(self.arrow, value_set=wanted).to_numpy()  # type: ignore[no-any-return]

    def largest(self) -> float:
        """Return the largest number without its sign, of a column of numbers."""
        if self._quick is not None:
            return float(self._largest)
        numbers = self.numbers.dropna()
        return float(numbers.abs().max()) if len(numbers) else 0.0

    def are_moments(self, day_first: bool | None) -> bool:
        """Whether every filled cell is a moment that the calendar has."""
        return int(self.moments(day_first).notna().sum()) == self.filled

    @cached_property
    def numbers(self) -> pd.Series:
        """The cells as numbers: int64 where all are whole and filled, else float64; NaN for what is no number."""
        if self._quick is not None:
            return self._parsed
        return _numbers(self.column, self.mask(LOOSE))

    def commas(self) -> pd.Series:
        """Return cells with a decimal comma, and those without, as numbers."""
        fits = self.mask(f"({LOOSE})|({COMMA})")
        return _numbers(self.column.str.replace(",", ".", regex=False), fits)

    def moments(self, day_first: bool | None) -> pd.Series:
        """Return the cells as datetime64[us] without zone (offsets converted to UTC); NaT for what is none."""
        if day_first is None and self._instants is not None:
            return self._instants[0]
        return _slow_moments(self, bool(day_first))

    @cached_property
    def zoned(self) -> int:
        """How many cells say their zone."""
        if self._instants is not None:
            return self.filled if self._instants[1] else 0
        return int(self.mask(ZONED).sum())

    @cached_property
    def timed(self) -> bool:
        """Whether a cell of a column of moments says a time of day."""
        if self._instants is not None and self.arrow is not None:
            import pyarrow.compute as pc

            return int(pc.max(pc.binary_length(self.arrow)).as_py() or 0) > len("2018-07-16")
        return self.any_is(r".*[0-9][T :][0-9].*")

    @cached_property
    def _instants(self) -> tuple[pd.Series, bool] | None:
        """Moments that pyarrow reads all in one way, and whether they say their zone; None where it does not."""
        return _moments(self.arrow, self.column.index) if re.fullmatch(ISO, self.first) else None

    @cached_property
    def _quick(self) -> str | None:
        """``integer`` or ``number`` where pyarrow reads every cell as one and it is written plainly; else None."""
        if self.arrow is None:
            return None
        import pyarrow as pa
        import pyarrow.compute as pc

        # What is only in between comes from the memory of the system: the pool of pyarrow gives it back and asks again.
        pool = pa.system_memory_pool()
        for kind, type in (("integer", pa.int64()), ("number", pa.float64())):
            try:
                read = pc.cast(self.arrow, type, memory_pool=pool)
            except pa.ArrowInvalid:
                continue
            ends = pc.min_max(read).as_py()
            self._largest = max(abs(ends["min"] or 0), abs(ends["max"] or 0))
            parsed = _as_series(read, self.column.index)
            # Beyond five digits the hexadecimal notation, which pyarrow reads too, may be as short.
            few = kind == "integer" and self._largest < 100_000
            if not (few and _is_short(self.arrow, parsed.to_numpy(), self._largest)) and not written_plainly(
                self.arrow
            ):
                return None
            self._parsed = parsed
            return kind
        return None


def _is_short(arrow: Any, numbers: np.ndarray, largest: float) -> bool:
    """Whether whole numbers are written with as few signs as can be: no zeros before them, no plus, no minus zero.

    Told by the length of all cells together. `numbers` are the cells, NaN where one is empty.
    """
    import numpy as np

    written = 0
    for chunk in arrow.chunks:
        ends = chunk.buffers()[1]
        kind = np.int64 if str(chunk.type).startswith("large") else np.int32
        offsets = np.frombuffer(ends, kind)[chunk.offset : chunk.offset + len(chunk) + 1]
        written += int(offsets[-1] - offsets[0])
    size = np.abs(numbers)
    needed = len(arrow) - arrow.null_count + int((numbers < 0).sum())
    power = 10
    while power <= largest:
        needed += int((size >= power).sum())
        power *= 10
    return bool(written == needed)


def written_plainly(arrow: Any) -> bool:
    """Whether no number begins with a plus, a letter, or a zero that is followed by anything but a point.

    Looks at the bytes where the cells begin, which is much faster than a pattern; what it refuses, a pattern decides.
    """
    import numpy as np

    for chunk in arrow.chunks:
        _, ends, content = chunk.buffers()
        if content is None or not len(chunk):
            continue
        kind = np.int64 if str(chunk.type).startswith("large") else np.int32
        offsets = np.frombuffer(ends, kind)[chunk.offset : chunk.offset + len(chunk) + 1]
        data = np.frombuffer(content, np.uint8)[: offsets[-1]]
        written = data[offsets[0] :].tobytes()
        if b"e" in written or b"E" in written:  # only some exponents are plain
            return False
        starts, stops = offsets[:-1], offsets[1:]
        if chunk.null_count or (starts == stops).any():
            filled = np.less(starts, stops)
            starts, stops = starts[filled], stops[filled]
        if not _begin_plainly(data, starts, stops):
            return False
    return True


def _begin_plainly(data: np.ndarray, starts: np.ndarray, stops: np.ndarray) -> bool:
    """Whether each cell begins with a digit that is no zero, or a point, or a zero and a point, after a minus or not."""
    first = data[starts]
    signed = first == 45
    if signed.any():
        if (stops - starts)[signed].min() < 2:
            return False
        starts = starts + signed
        first = data[starts]
    zero = first == 48
    if zero.any():
        after = starts[zero] + 1
        longer = after < stops[zero]
        # A zero alone is plain, minus zero is not; a longer one has a point.
        if (data[after[longer]] != 46).any() or (signed[zero] & ~longer).any():
            return False
    return not (((first < 48) & (first != 46)).any() or (first > 57).any())


def _mask(column: pd.Series, arrow: Any, pattern: str) -> np.ndarray:
    if arrow is None:
        return column.str.fullmatch(pattern).fillna(False).to_numpy(dtype=bool)
    import pyarrow.compute as pc

    found = pc.match_substring_regex(arrow, f"^({pattern})$")
    return pc.fill_null(found, False).to_numpy()  # type: ignore[no-any-return]


def _as_series(values: Any, index: Any) -> pd.Series:
    """Return numbers of pyarrow as a column: int64, or float64 where a cell is empty."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_integer(values.type) and values.null_count:
        values = pc.cast(values, pa.float64(), safe=False)
    return pd.Series(values.to_numpy(), index=index, copy=False)


def _numbers(column: pd.Series, fits: np.ndarray) -> pd.Series:
    import pandas as pd

    cells = column.where(fits).str.strip(" ")
    numbers = pd.to_numeric(cells, errors="coerce").astype("float64")
    whole = len(numbers) > 0 and not numbers.isna().any() and bool((numbers % 1 == 0).all())
    return numbers.astype("int64") if whole and float(numbers.abs().max()) < 2**53 else numbers


def _moments(arrow: Any, index: Any) -> tuple[pd.Series, bool] | None:
    """Read moments all of one kind by pyarrow; None where that cannot be."""
    if arrow is None:
        return None
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    for kind in (pa.timestamp("us"), pa.timestamp("us", tz="UTC")):
        try:
            read = pc.cast(arrow, kind, memory_pool=pa.system_memory_pool())
        except pa.ArrowInvalid:
            continue
        plain = pc.cast(read, pa.timestamp("us")).to_numpy()
        return pd.Series(plain, index=index, copy=False), kind.tz is not None
    return None


def _slow_moments(cells: TextCells, day_first: bool) -> pd.Series:
    """Read moments of several kinds, each by its own pattern."""
    import pandas as pd

    text = cells.column.str.strip(" ")
    out = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    iso = cells.mask(ISO)
    if iso.any():
        plain = text[iso].str.replace(",", ".", regex=False)
        plain = plain.str.replace(r" (?=Z|[+-]\d\d(:?\d\d)?$)", "", regex=True)
        read = pd.to_datetime(plain, format="ISO8601", utc=True, errors="coerce")
        out[iso] = read.dt.tz_localize(None).astype("datetime64[us]")
    for pattern, first in ((DOTTED, True), (SLASHED, day_first)):
        here = cells.mask(pattern) & out.isna().to_numpy()
        if here.any():
            out[here] = _slashed(text[here], first)
    return out


def _slashed(text: pd.Series, day_first: bool) -> pd.Series:
    import pandas as pd

    plain = text.str.replace(r"[/.]", "-", regex=True)
    date = "%d-%m-%Y" if day_first else "%m-%d-%Y"
    out = pd.to_datetime(plain, format=date, errors="coerce")
    for clock in (" %H:%M", " %H:%M:%S"):
        out = out.fillna(pd.to_datetime(plain, format=date + clock, errors="coerce"))
    return out.astype("datetime64[us]")
