"""How much faster is a batch than starting Jupyter for every report? Prints ratios, not times.

Both ways make the same briefs from the same template: ours with the engine of this system, the other as a cold
``jupyter nbconvert --execute`` per report, which is what papermill-like tools do. Rounds are interleaved, the
order is reversed in every second round, and the median of the paired ratios is printed with its range.

    python benchmarks/reports/bench_reports.py [--reports 6] [--rounds 3] [--engine auto]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

AREAS = ("ZAF", "BRA", "NOR", "KEN", "IND", "WORLD", "ARG", "AFRICA")
AIM = 8.0


def ours(areas: list[str], out: Path, engine: str) -> float:
    """Make the briefs in one batch; return seconds for each, start-up and imports included."""
    words = ["reports", "render", "core.country_brief", "--for", ",".join(areas), "--out", str(out)]
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "volresearch", *words, "--engine", engine], check=True, capture_output=True
    )
    return (time.perf_counter() - begun) / len(areas)


def cold(areas: list[str], out: Path) -> float:
    """Fill the template, then execute and convert it with a command of its own for each report."""
    import nbformat

    from volresearch.catalog import default_catalog
    from volresearch.reports.notebooks import fill, read
    from volresearch.reports.render import open_by_id

    template = open_by_id(default_catalog(), "core.country_brief").template
    out.mkdir()
    for area in areas:
        nbformat.write(fill(read(template), {"area": area, "lang": "en"}), out / f"{area}.ipynb")
    begun = time.perf_counter()
    for area in areas:
        command = ["nbconvert", "--to", "html", "--execute", "--no-input", str(out / f"{area}.ipynb")]
        subprocess.run(
            [sys.executable, "-m", *command],
            check=True,
            capture_output=True,
            env=dict(os.environ, PYTHONPATH=os.pathsep.join(path for path in sys.path if path)),
        )
    return (time.perf_counter() - begun) / len(areas)


def main() -> None:
    """Run the rounds and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--reports", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", default="auto")
    asked = parser.parse_args()
    areas = [AREAS[number % len(AREAS)] for number in range(asked.reports)]
    few = areas[:2]
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(asked.rounds):
            place = Path(folder) / str(number)
            place.mkdir()
            ways = {
                "ours": lambda p=place: ours(areas, p / "ours", asked.engine),
                "cold": lambda p=place: cold(few, p / "cold"),
            }
            order = ["ours", "cold"] if number % 2 == 0 else ["cold", "ours"]
            seconds = {name: ways[name]() for name in order}
            ratios.append(seconds["cold"] / seconds["ours"])
            print(f"round {number + 1}: a report in the batch is {ratios[-1]:.1f} times as fast", flush=True)
    median = statistics.median(ratios)
    print(
        f"reports: {median:.1f} times as fast (rounds {min(ratios):.1f} to {max(ratios):.1f}; aim {AIM:g} or more)"
    )


if __name__ == "__main__":
    main()
