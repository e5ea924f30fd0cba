"""Design-based estimates against their peers, in turns, as ratios: svy and R where they are present.

    python benchmarks/survey/bench_survey.py                  1,000,000 rows
    python benchmarks/survey/bench_survey.py --large          also 20,000,000 rows of Parquet through DuckDB
    python benchmarks/survey/bench_survey.py --rows 100000000 --engines duckdb    by hand

svy lives in an environment of its own (``.venv-svy``, made with pip on the first run; left out where that fails).
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ROUNDS = 3
AIMS = {
    "one": "aims: svy at least 10 times duckdb and 5 times pandas; duckdb within 2 times bare; memory of svy 3 times ours",
    "five": "aims: as above",
    "logit": "aim: ours within 1.5 times statsmodels",
}


def environment_of_svy() -> str | None:
    """Return the Python of an environment with svy, made on the first run; None where it cannot be had."""
    folder = ROOT / ".venv-svy"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
            subprocess.run(
                [str(python), "-m", "pip", "install", "-q", "svy", "pyarrow"], check=True, capture_output=True
            )
        except subprocess.CalledProcessError:
            shutil.rmtree(folder, ignore_errors=True)
            return None
    return str(python)


def measured(python: str, engine: str, task: str, path: Path) -> dict[str, float] | None:
    """Run one task in a fresh process."""
    done = subprocess.run(
        [python, str(HERE / "tasks.py"), engine, task, str(path), str(path.parent / "small.parquet")],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        print(f"  {engine} {task}: {last}")
        return None
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def compare(task: str, path: Path, engines: dict[str, str], rounds: int) -> None:
    """Measure the engines in turns and print medians as ratios to the first."""
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in engines}
    for _ in range(rounds):
        for name, python in engines.items():
            one = measured(python, name, task, path)
            if one is not None:
                taken[name].append(one)
    taken = {name: rows for name, rows in taken.items() if rows}
    if not taken:
        return
    base = next(iter(taken))
    seconds = {name: statistics.median(row["seconds"] for row in rows) for name, rows in taken.items()}
    memory = {name: statistics.median(row["peak"] for row in rows) for name, rows in taken.items()}
    print(f"{task}: {AIMS.get(task, '')}")
    for name in taken:
        spread = [row["seconds"] for row in taken[name]]
        print(
            f"  {name:<12} {seconds[name]:8.2f} s ({min(spread):.2f} to {max(spread):.2f})"
            f"  x{seconds[name] / seconds[base]:6.2f} of {base}   peak {memory[name]:6.0f} MiB x{memory[name] / memory[base]:.2f}"
        )


def main() -> None:
    """Measure what was asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--large", action="store_true", help="also 20,000,000 rows through DuckDB")
    asked.add_argument("--engines", default="duckdb,pandas,bare,svy")
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    options = asked.parse_args()
    names = options.engines.split(",")
    python_of_svy = environment_of_svy() if "svy" in names else None
    pythons = {name: python_of_svy if name == "svy" else sys.executable for name in names}
    usable = {name: python for name, python in pythons.items() if python}
    if "svy" in names and python_of_svy is None:
        print("svy could not be installed; it is left out")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.parquet"
        small = Path(folder) / "small.parquet"
        for target, rows in ((small, 40_000), (path, options.rows)):
            subprocess.run([sys.executable, str(HERE / "make_frame.py"), str(target), str(rows)], check=True)
        print(
            f"{options.rows:,} rows of synthetic data, {path.stat().st_size / 2**20:.0f} MiB, {options.rounds} rounds in turns"
        )
        for task in ("one", "five"):
            compare(task, path, usable, options.rounds)
        if options.rows <= 2_000_000 and "pandas" in usable:
            compare(
                "logit",
                path,
                {
                    "pandas": sys.executable,
                    "statsmodels": sys.executable,
                    **({"svy": python_of_svy} if python_of_svy else {}),
                },
                options.rounds,
            )
        if options.large:
            large = Path(folder) / "large.parquet"
            subprocess.run([sys.executable, str(HERE / "make_frame.py"), str(large), "20000000"], check=True)
            print("20,000,000 rows; aim: under 2 GB")
            compare("one", large, {"duckdb": sys.executable}, 1)


if __name__ == "__main__":
    main()
