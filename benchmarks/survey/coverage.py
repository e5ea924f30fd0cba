"""The long run behind tests/laws: how often 95 % intervals of a mean hold the truth, also with few degrees of freedom.

    python benchmarks/survey/coverage.py [--samples 20000]

Fewer than 30 degrees of freedom are printed, not judged. Every sample is a domain of one survey with strata and units
of its own, so that hundreds are estimated in one call.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from volresearch.survey import Survey

#: Name -> strata, units in each, rows in each unit, skewness of the outcome (0: normal).
DESIGNS = {
    "simple random, 60 rows": (1, 60, 1, 0.0),
    "simple random, 60 rows, skewed": (1, 60, 1, 0.8),
    "8 strata of 12 rows": (8, 12, 1, 0.0),
    "40 clusters of 8": (1, 40, 8, 0.0),
    "15 strata of 3 clusters of 6": (15, 3, 6, 0.0),
    "15 strata of 3 clusters of 6, skewed": (15, 3, 6, 0.8),
    "30 strata of 2 clusters of 10": (30, 2, 10, 0.0),
    "5 strata of 2 clusters of 10": (5, 2, 10, 0.0),
    "2 strata of 3 clusters of 20": (2, 3, 20, 0.0),
}


def coverage(strata: int, units: int, rows: int, skew: float, samples: int, seed: int) -> tuple[float, float]:
    """Return the share of intervals that hold the truth, and the degrees of freedom."""
    random = np.random.default_rng(seed)
    stratum, unit = np.repeat(np.arange(strata), units * rows), np.repeat(np.arange(strata * units), rows)
    hit, df, done, block = 0, 0.0, 0, 500
    while done < samples:
        many = np.repeat(np.arange(block), len(unit))
        spread = random.normal(0, 0.6, (block, strata * units))[:, unit]
        noise = random.normal(0, 1.5, (block, len(unit)))
        y = (
            spread + noise
            if not skew
            else np.exp(skew * (spread + noise)) - np.exp(skew**2 * (0.36 + 2.25) / 2)
        )
        frame = pd.DataFrame(
            {
                "sample": many,
                "stratum": np.tile(stratum, block) + many * strata,
                "unit": np.tile(unit, block) + many * strata * units,
                "w": np.tile(1.0 + stratum % 3, block),
                "y": y.ravel(),
            }
        )
        table = Survey(frame, weights="w", strata="stratum", psu="unit").mean("y", by="sample").table
        hit += int(((table["ci_low"] <= 0) & (table["ci_high"] >= 0)).sum())
        df, done = float(table["df"].iloc[0]), done + block
    return hit / done, df


def main() -> None:
    """Print one line for each design."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--samples", type=int, default=20_000)
    samples = asked.parse_args().samples
    for name, (strata, units, rows, skew) in DESIGNS.items():
        share, df = coverage(strata, units, rows, skew, samples, 20261122)
        judged = "" if df < 30 or skew else "  as it says" if 0.93 <= share <= 0.97 else "  NOT as it says"
        print(f"{name:40} df {df:4.0f}  {100 * share:5.1f} % of {samples} intervals{judged}")


if __name__ == "__main__":
    main()
