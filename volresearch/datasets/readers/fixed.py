"""Fixed-width data, which nobody can read without a codebook: told apart from CSV, and read by the codebook given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.detect import detect
from volresearch.datasets.readers.found import Asked, Found
from volresearch.datasets.readers.packed import plain_file
from volresearch.errors import VolResearchError, Where, short_path

__all__ = ["codebook_given", "is_fixed_width", "read_fixed_width"]

_LINES, _NARROW, _SAMPLE = 3, 16, 65_536
#: What rows of fixed width are made of; a delimiter is not among it.
_SIGNS = frozenset(b"0123456789 .-+")


def is_fixed_width(path: Path) -> bool:
    """Whether a text file has no header and no delimiter, only lines of one length that are made of numbers."""
    with plain_file(path) as plain, plain.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    lines = sample.splitlines()
    if len(sample) == _SAMPLE:
        lines.pop()  # cut off by the end of the sample
    lengths = {len(line) for line in lines}
    if len(lines) < _LINES or len(lengths) != 1 or lengths.pop() < _NARROW:
        return False
    return all(_SIGNS.issuperset(line) for line in lines)


def codebook_given(instrument: Any) -> Path | None:
    """Return the DDI codebook that `read` was given in the place of a form, None where it was something else."""
    if not isinstance(instrument, str | Path) or not Path(instrument).is_file():
        return None
    try:
        return Path(instrument) if detect(Path(instrument)) == "ddi" else None
    except VolResearchError:  # a form, which its own reader tells
        return None


def read_fixed_width(asked: Asked, source: Source) -> Found:
    """Read a fixed-width file by its codebook; `source` is the data file.

    Raises
    ------
    VolResearchError
        ``read.format`` where no codebook was given.
    """
    if asked.codebook is None:
        raise VolResearchError(
            "read.format",
            "The columns of this file have fixed widths, and only its codebook says which.",
            where=Where(file=short_path(asked.path)),
            hint="Give the DDI codebook with it: read(data_file, codebook.xml); or read the codebook, beside its data.",
        )
    from volresearch.datasets.readers.ddi import read_fixed

    found = read_fixed(asked.path, asked.codebook, asked)
    # The data are what a dataset is known by, not the codebook.
    return found.with_(sources=(source, *(one for one in found.sources if one.name != source.name)))
