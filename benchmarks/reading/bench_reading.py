"""Reading files into datasets against plain pandas and pyreadstat, in turns, as ratios.

    python benchmarks/reading/bench_reading.py                 1,000,000 rows, 40 columns
    python benchmarks/reading/bench_reading.py --rows 100000

Ours counts the SHA-256 of the file, the types of all columns from all rows, the codebook and the notes. The search
for personal data and the quality report are timed apart.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROUNDS = 3
AIMS = {"csv": 1.5, "sav": 1.5, "parquet": 1.6}
PLAIN = {"csv": "pandas.read_csv", "sav": "pyreadstat.read_sav", "parquet": "pandas.read_parquet"}

Times = dict[str, float]


def measured(who: str, task: str, path: Path, small: Path) -> Times | None:
    """Run one task in a fresh process; None, said, where it cannot run."""
    command = [sys.executable, str(HERE / "tasks.py"), who, task, str(path), str(small)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"  {who} {task} {path.suffix}: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
        return None
    found: Times = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def median(rows: list[Times], key: str) -> float:
    """Return the median of one of the measures."""
    return statistics.median(row[key] for row in rows)


def compare(kind: str, folder: Path, small: Path, rounds: int) -> None:
    """Measure plain reading, ours, and the lazy frame in turns, and print medians as ratios to the first."""
    who = ["plain", "ours", *(["lazy"] if kind in {"csv", "parquet"} else [])]
    taken: dict[str, list[Times]] = {name: [] for name in who}
    for _ in range(rounds):
        for name in who:
            one = measured(name, "read", folder / f"survey.{kind}", small / f"survey.{kind}")
            if one is not None:
                taken[name].append(one)
    if not taken["plain"]:
        return
    size = (folder / f"survey.{kind}").stat().st_size / 2**20
    print(f"{kind}, {size:.0f} MiB; plain is {PLAIN[kind]}; aim: ours within {AIMS[kind]} times plain")
    for name in who:
        if taken[name]:
            seconds, base = median(taken[name], "seconds"), median(taken["plain"], "seconds")
            memory, below = median(taken[name], "peak"), median(taken["plain"], "peak")
            spread = [row["seconds"] for row in taken[name]]
            print(
                f"  {name:<6} {seconds:7.2f} s ({min(spread):.2f} to {max(spread):.2f})  x{seconds / base:5.2f}"
                f"   processor {median(taken[name], 'processor'):6.2f} s   peak {memory:6.0f} MiB x{memory / below:.2f}"
            )


def apart(folder: Path, small: Path) -> None:
    """Time the search for personal data and the quality report, once each."""
    for task, said in (("personal", "search for personal data"), ("check", "dataset.check()")):
        one = measured("ours", task, folder / "survey.csv", small / "survey.csv")
        if one is None:
            print(f"  {said}: left out")
        else:
            print(f"  {said:<25} {one['seconds']:7.2f} s   peak {one['peak']:6.0f} MiB (the frame included)")


def main() -> None:
    """Measure what was asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--kinds", default="csv,sav,parquet")
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, small = Path(place) / "large", Path(place) / "small"
        for target, rows in ((small, 2_000), (folder, options.rows)):
            target.mkdir()
            subprocess.run([sys.executable, str(HERE / "make_files.py"), str(target), str(rows)], check=True)
        print(f"{options.rows:,} rows, 40 columns of synthetic data, {options.rounds} rounds in turns")
        for kind in options.kinds.split(","):
            compare(kind, folder, small, options.rounds)
        print("apart, on the CSV")
        apart(folder, small)


if __name__ == "__main__":
    main()
