"""Files that leave an explorer: of a release only, with their sources, never over a file that is there."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.errors import VolResearchError
from volresearch.show import figure
from volresearch.widgets.figures import Selection

if TYPE_CHECKING:
    from volresearch.release import Release

__all__ = ["FORMATS", "download_link", "export", "file_stem"]

#: Formats that are offered.
FORMATS = ("csv", "xlsx", "svg", "png")
_MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "png": "image/png",
}
#: What a CSV file, which holds one table only, has beside it.
_BESIDE = {"csv": (".sources.csv", ".record.json")}
#: The largest file that is handed to the browser inside the page.
DOWNLOAD_BYTES = 4_000_000


def file_stem(selection: Selection) -> str:
    """Return a file name that says what is inside, in letters every system knows.

    >>> file_stem(Selection("core.volunteer_rate", areas=("BRA", "GB-ENG"), periods=("2017-07/2018-10",)))
    'volunteer_rate_BRA_GB-ENG_2017-07_2018-10'
    """
    areas = selection.areas if len(selection.areas) <= 4 else (f"{len(selection.areas)}_areas",)
    periods = selection.periods if len(selection.periods) <= 4 else (f"{len(selection.periods)}_periods",)
    words = "_".join([selection.series.split(".")[-1], *areas, *periods])
    return re.sub(r"[^A-Za-z0-9-]+", "_", words).strip("_")[:80] or "figures"


def export(
    release: Release,
    charted: Release,
    folder: Path,
    selection: Selection,
    formats: Iterable[str],
    lang: str,
) -> list[Path]:
    """Write a release in several formats and return the files, those beside a CSV file among them.

    Parameters
    ----------
    release, charted : Release
        All figures, for tables; and those that the chart shows.
    folder : Path
        Made if it is not there.
    selection : Selection
        Gives the files their name; a number follows where the name is taken.
    formats : iterable of str
        Endings out of `FORMATS`.
    lang : str
        Language of labels and words.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[str, Callable[[Path], object]] = {
        "csv": lambda path: release.to_csv(path, lang=lang),
        "xlsx": lambda path: release.to_excel(path, lang=lang),
        "svg": lambda path: figure(charted, lang=lang).save(path),
        "png": lambda path: figure(charted, lang=lang).save(path),
    }
    stem = f"{file_stem(selection)}_{lang}"
    written = []
    for ending in formats:
        path = _write_new(folder, stem, ending, writers[ending])
        written += [path, *(path.with_suffix(other) for other in _BESIDE.get(ending, ()))]
    return written


def _write_new(folder: Path, stem: str, ending: str, write: Callable[[Path], object]) -> Path:
    """Write under the first free name; somebody else may take a name meanwhile, so the writer decides."""
    number = 1
    while True:
        path = folder / f"{stem}{'' if number == 1 else f'_{number}'}.{ending}"
        if not path.exists():
            try:
                write(path)
                return path
            except VolResearchError as error:
                if error.code != "export.exists":
                    raise
        number += 1


def download_link(path: Path, words: str) -> str:
    """Return a link that hands the file to the visitor's browser; empty for a file too large for a page."""
    from volresearch.show.markup import esc

    if path.stat().st_size > DOWNLOAD_BYTES:
        return ""
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    address = f"data:{_MEDIA[path.suffix[1:]]};base64,{content}"
    return f'<a class="vr-download" download="{esc(path.name)}" href="{address}">{esc(words)}</a>'
