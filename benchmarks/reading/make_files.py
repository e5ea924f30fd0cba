"""A seeded synthetic survey of any size as CSV, SPSS and Parquet: codes, whole numbers, decimals, dates and text.

Usage: python make_files.py FOLDER ROWS
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

CODES, WHOLES, DECIMALS, DATES, TEXTS = 14, 10, 8, 3, 5


def frame_of(rows: int, seed: int = 11) -> Any:
    """Return a frame of 40 columns; a tenth of the cells of some columns is empty."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    words = np.array(
        ["Puno", "Nkhata Bay", "Siem Reap", "río Ucayali", "casa comunal", "primary school, upper floor"]
    )
    columns: dict[str, Any] = {}
    for at in range(CODES):
        columns[f"code{at}"] = rng.integers(1, 6, rows).astype(str)
    for at in range(WHOLES):
        columns[f"whole{at}"] = pd.array(rng.integers(0, 400, rows), dtype="Int64")
    for at in range(DECIMALS):
        columns[f"decimal{at}"] = rng.normal(12, 4, rows).round(3)
    for at in range(DATES):
        days = rng.integers(0, 2000, rows).astype("timedelta64[D]")
        columns[f"date{at}"] = np.datetime64("2019-01-01") + days
    for at in range(TEXTS):
        columns[f"text{at}"] = np.char.add(rng.choice(words, rows), rng.integers(0, 900, rows).astype(str))
    frame = pd.DataFrame(columns)
    for name in ("code0", "whole0", "whole1", "decimal0", "date0", "text0"):
        frame.loc[rng.random(rows) < 0.1, name] = None
    return frame


def write(folder: Path, rows: int) -> None:
    """Write ``survey.csv``, ``survey.parquet`` and ``survey.sav`` into a folder."""
    import pyreadstat

    frame = frame_of(rows)
    frame.to_csv(folder / "survey.csv", index=False)
    frame.to_parquet(folder / "survey.parquet", index=False)
    coded = [name for name in frame if name.startswith("code")]
    frame = frame.assign(**{name: frame[name].astype("float64") for name in coded})
    frame = frame.assign(
        **{name: frame[name].astype("float64") for name in frame if name.startswith("whole")}
    )
    pyreadstat.write_sav(
        frame,
        str(folder / "survey.sav"),
        variable_value_labels={
            name: {1.0: "never", 2.0: "rarely", 3.0: "at times", 4.0: "often", 5.0: "refused"}
            for name in coded
        },
        missing_ranges={name: [5] for name in coded},
        column_labels={name: f"Question {name}" for name in frame},
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
