"""A seeded synthetic survey of any size as Parquet: 20 countries, 400 strata, 8,000 sampling units, five outcomes."""

from __future__ import annotations

import sys
from pathlib import Path

COUNTRIES, STRATA, UNITS, AGES = 20, 20, 20, 6


def write(path: Path, rows: int, seed: int = 20) -> Path:
    """Write `rows` rows of synthetic data in groups of at most two million, so that any size fits in memory."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(seed)
    writer = None
    partial = path.with_suffix(".part")
    for start in range(0, rows, 2_000_000):
        n = min(2_000_000, rows - start)
        country = rng.integers(0, COUNTRIES, n)
        stratum = country * STRATA + rng.integers(0, STRATA, n)
        psu = stratum * UNITS + rng.integers(0, UNITS, n)
        age = rng.integers(0, AGES, n)
        columns = {
            "country": country,
            "stratum": stratum,
            "psu": psu,
            "age": age,
            "w": rng.uniform(10, 500, n).round(3),
        }
        for k in range(5):
            value = rng.normal(5 + 0.2 * k + 0.1 * age, 2, n)
            value[rng.uniform(size=n) < 0.05] = np.nan
            columns[f"y{k}"] = value
        columns["b"] = (rng.uniform(size=n) < 1 / (1 + np.exp(1 - 0.2 * age))).astype(np.float64)
        table = pa.table({name: pa.array(v, from_pandas=True) for name, v in columns.items()})
        writer = writer or pq.ParquetWriter(partial, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()
    partial.replace(path)
    return path


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
