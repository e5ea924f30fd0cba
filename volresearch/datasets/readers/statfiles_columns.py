"""One variable of a statistical file: its column in its type, its codebook entry, and what a person should know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from volresearch.datasets.codebook import Variable, code_text
from volresearch.datasets.readers.statfiles_dates import moment_of, moments
from volresearch.datasets.readers.statfiles_missing import DeclaredMissing, declared_missing
from volresearch.datasets.typed import WHY
from volresearch.text import Text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["CODE_FORMAT", "NUMBER_FORMAT", "About", "Converted", "converted"]

#: Display formats by which our own Stata files tell codes (shown at the left) from numbers with labels.
CODE_FORMAT, NUMBER_FORMAT = "%-9.0g", "%16.0g"
_EXACT = 2**53  # whole numbers beyond are not told apart as floats
_TABLE = 65_536  # whole numbers that span less are counted in a table
_MEASURES = {"nominal": "code", "ordinal": "multiple", "scale": "time"}


@dataclass(frozen=True)
class About:
    """What a file says of one variable.

    Attributes
    ----------
    name, source : str
        The name here; as in the file, where that differs.
    label, format, measure : str
    family : str
        ``spss``, ``stata`` or ``sas``.
    text : bool
        Whether the values are text.
    labels : mapping
        Value -> label, as in the file.
    ranges : sequence of mappings
        Values and ranges declared missing.
    ours : bool
        Whether the file was written by this package, so that `measure` tells the type.
    """

    name: str
    source: str = ""
    label: str = ""
    format: str = ""
    measure: str = ""
    family: str = "spss"
    text: bool = False
    labels: Mapping[Any, str] = field(default_factory=dict)
    ranges: Sequence[Mapping[str, Any]] = ()
    ours: bool = False

    @property
    def says_code(self) -> bool:
        """Whether the file itself says that numbers are codes."""
        return (self.ours and self.measure == "nominal") or (
            self.family == "stata" and self.format == CODE_FORMAT
        )

    @property
    def says_number(self) -> bool:
        """Whether the file itself says that numbers are numbers, labels or not."""
        return (self.ours and self.measure == "scale") or (
            self.family == "stata" and self.format == NUMBER_FORMAT
        )


@dataclass(frozen=True)
class Converted:
    """A column, its companion where there is something to say, its variable, and what was read in its own way."""

    column: pd.Series
    why: pd.Series | None
    variable: Variable
    said: tuple[str, ...] = ()


def converted(series: pd.Series, about: About) -> Converted:
    """Return a column of a file in the type that it has here."""
    if about.text:
        return _text(series, about)
    values, tags = _numbers(series)
    moment = moment_of(about.format, about.family)
    return _moments(values, tags, moment, about) if moment else _numeric(values, tags, about)


def _text(series: pd.Series, about: About) -> Converted:
    column = series.astype("str").str.rstrip(" ")
    column = column.mask(column == "")
    labels = {str(value).rstrip(): label for value, label in about.labels.items()}
    declared = declared_missing(labels, about.ranges, (), ())
    kind = _MEASURES.get(about.measure, "text") if about.ours else "text"
    if declared.labels and kind not in {"code", "multiple"}:
        kind = "code"
    return Converted(column, None, _variable(about, kind, declared))


def _numbers(series: pd.Series) -> tuple[np.ndarray[Any, Any], pd.Series | None]:
    """Return a column as floats, and the letters of special missing values (``.a``) where it has any."""
    import numpy as np
    import pandas as pd

    if series.dtype.kind in "iuf":
        return series.to_numpy(dtype="float64"), None
    places, distinct = pd.factorize(series.to_numpy(dtype=object))
    letters = [f".{one}" if isinstance(one, str) else None for one in distinct]
    numbers = np.array([np.nan if isinstance(one, str) else float(one) for one in distinct] + [np.nan])
    tags = _taken(letters, places, places < 0) if any(letters) else None
    return numbers[places], tags


def _taken(words: list[Any], places: np.ndarray[Any, Any], gaps: np.ndarray[Any, Any]) -> pd.Series:
    """Return texts by their places in a short list; NA in gaps."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    dtype: Any = pd.StringDtype(na_value=np.nan)
    texts = pa.array(words, pa.large_string()).take(pa.array(places, mask=gaps))
    return pd.Series(dtype.__from_arrow__(texts), copy=False)


def _moments(values: np.ndarray[Any, Any], tags: pd.Series | None, moment: str, about: About) -> Converted:
    import numpy as np
    import pandas as pd

    labels = _labels(about)
    found = {code_text(one) for one in np.unique(values[~np.isnan(values)])} if about.ranges else set()
    declared = declared_missing(labels, about.ranges, _distinct(tags), found)
    coded = np.isin(values, [float(code) for code in declared.missing if not code.startswith(".")])
    result = moments(np.where(coded, np.nan, values), moment, about.family)
    why = tags
    if coded.any() or result.lost.any():
        beside = pd.Series(np.nan, index=range(len(values)), dtype="str") if why is None else why.copy()
        held = coded | result.lost
        beside[held] = [code_text(one) for one in values[held]]
        why = beside
    said = [f"{about.name} {result.said}"] if result.said else []
    if result.lost.any():
        first = code_text(values[result.lost][0])
        said.append(
            f"{about.name} holds {int(result.lost.sum())} numbers that are no dates, such as {first}: "
            f"they are missing, with their number in {about.name}{WHY}"
        )
    if set(declared.labels) - set(declared.missing):
        said.append(f"{about.name} has labels of single dates, which are not kept")
    unlabelled = DeclaredMissing(declared.missing, declared.ranges, {})
    return Converted(result.column, why, _variable(about, result.type, unlabelled), tuple(said))


def _numeric(values: np.ndarray[Any, Any], tags: pd.Series | None, about: About) -> Converted:
    import numpy as np
    import pandas as pd

    gaps = np.isnan(values)
    present = values[~gaps] if gaps.any() else values
    whole = _are_whole(present)
    labels = _labels(about)
    counted = _counted(present, whole) if labels or about.ranges or about.says_code else None
    found = [] if counted is None else counted.tolist()
    texts = {code_text(one): one for one in found}
    declared = declared_missing(labels, about.ranges, _distinct(tags), texts if about.ranges else ())
    kind = _kind(declared, texts, whole, about)
    variable = _variable(about, kind, declared)
    if kind == "code":
        return Converted(_coded(values, gaps, list(texts.values()), whole), tags, variable)
    if kind == "integer" and not gaps.any() and len(values):
        values = values.astype("int64")
    return Converted(pd.Series(values), tags, variable)


def _are_whole(present: np.ndarray[Any, Any]) -> bool:
    import numpy as np

    if not len(present):
        return True
    low, high = present.min(), present.max()
    return bool(low > -_EXACT and high < _EXACT and (present == np.floor(present)).all())


def _counted(present: np.ndarray[Any, Any], whole: bool) -> np.ndarray[Any, Any]:
    """Return the distinct values, ascending; whole numbers are counted, not sorted."""
    import numpy as np

    if whole and len(present) and (low := present.min()) > present.max() - _TABLE:
        counts = np.bincount((present - low).astype("int64"))
        return np.asarray(np.flatnonzero(counts) + low)
    return np.asarray(np.unique(present))


def _kind(declared: DeclaredMissing, found: Mapping[str, float], whole: bool, about: About) -> str:
    """Return the type: codes where every valid value that was found has a label."""
    number = "integer" if whole else "number"
    if about.says_number:
        return number
    if about.says_code:
        return "code"
    meant = [code for code in declared.labels if not declared.covers(code)]
    if not whole or not meant:
        return number
    valid = (code for code in found if not declared.covers(code))
    return "code" if all(code in declared.labels for code in valid) else "integer"


def _coded(
    values: np.ndarray[Any, Any], gaps: np.ndarray[Any, Any], found: list[float], whole: bool
) -> pd.Series:
    """Return numbers as codes, made once for each distinct value."""
    import numpy as np
    import pandas as pd

    if not found:
        return pd.Series(np.nan, index=range(len(values)), dtype="str")
    known = np.array(found)
    filled = np.where(gaps, known[0], values)
    if whole and known[-1] - known[0] < _TABLE:
        table = np.zeros(int(known[-1] - known[0]) + 1, dtype="int32")
        table[(known - known[0]).astype("int64")] = np.arange(len(known), dtype="int32")
        places = table[(filled - known[0]).astype("int64")]
    else:
        places = np.searchsorted(known, filled).astype("int32")
    return _taken([code_text(one) for one in found], places, gaps)


def _labels(about: About) -> dict[str, str]:
    """Return labels by code; a letter of a special missing value is ``.a``."""
    out = {}
    for value, label in about.labels.items():
        code = f".{value}" if isinstance(value, str) and about.family != "spss" else code_text(value)
        out[code] = label
    return out


def _distinct(tags: pd.Series | None) -> list[str]:
    return [] if tags is None else sorted(str(one) for one in tags.dropna().unique())


def _variable(about: About, kind: str, declared: DeclaredMissing) -> Variable:
    labels = declared.labels
    return Variable(
        name=about.name,
        type=kind,  # type: ignore[arg-type]
        label=Text(about.label) if about.label.strip() else Text(),
        labels={code: Text(label) for code, label in labels.items()},
        missing=dict(declared.missing),  # type: ignore[arg-type]
        missing_ranges=declared.ranges,
        source=about.source,
    )
