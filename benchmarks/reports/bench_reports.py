"""How much faster is a batch than starting Jupyter for every report? Prints ratios, not times.

Both ways make the same briefs from the same template: ours with the engine of this system, the other as a cold
``jupyter nbconvert --execute`` per report, which is what papermill-like tools do. Rounds are interleaved, the
order is reversed in every second round, and the median of the paired ratios is printed with its range.

    python benchmarks/reports/bench_reports.py [--reports 20] [--rounds 3] [--engine auto]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

AIM = 8.0


def ours(areas: list[str], out: Path, engine: str) -> tuple[float, float]:
    """Make the briefs in one batch; return wall and processor seconds for each, start-up and imports included."""
    words = ["reports", "render", "core.country_brief", "--for", ",".join(areas), "--out", str(out)]
    command = [sys.executable, "-m", "volresearch", *words, "--engine", engine]
    return _per_report(lambda: subprocess.run(command, check=True, capture_output=True), len(areas))


def cold(areas: list[str], out: Path) -> tuple[float, float]:
    """Execute and convert the filled template with a command of its own for each report."""
    import nbformat

    from volresearch.catalog import default_catalog
    from volresearch.reports.notebooks import fill, read
    from volresearch.reports.render import open_by_id

    template = open_by_id(default_catalog(), "core.country_brief").template
    out.mkdir()
    for area in areas:
        nbformat.write(fill(read(template), {"area": area, "lang": "en"}), out / f"{area}.ipynb")
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(path for path in sys.path if path))

    def run() -> None:
        for area in areas:
            command = ["nbconvert", "--to", "html", "--execute", "--no-input", str(out / f"{area}.ipynb")]
            subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True, env=environment)

    return _per_report(run, len(areas))


def _per_report(run: Callable[[], object], count: int) -> tuple[float, float]:
    wall, work = time.perf_counter(), _processor()
    run()
    return (time.perf_counter() - wall) / count, (_processor() - work) / count


def _processor() -> float:
    """Processor seconds of all ended children; a machine that is busy otherwise disturbs it less than the clock."""
    times = os.times()
    return times.children_user + times.children_system


def main() -> None:
    """Run the rounds and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--reports", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engine", default="auto")
    asked = parser.parse_args()
    from volresearch.catalog import default_catalog

    areas = list(default_catalog().facts().areas_with_figures())[: asked.reports]
    # The cold way is slow: two reports of middling size stand for all.
    few = areas[len(areas) // 2 - 1 : len(areas) // 2 + 1]
    wall, work = [], []
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
            wall.append(seconds["cold"][0] / seconds["ours"][0])
            work.append(seconds["cold"][1] / max(seconds["ours"][1], 1e-9))
            print(f"round {number + 1}: {wall[-1]:.1f} by the clock, {work[-1]:.1f} by processor", flush=True)
    print(
        f"reports: one of {len(areas)} in a batch is {_told(wall)} times as fast as a cold one (aim {AIM:g} or more)"
    )
    print(f"reports: by processor time {_told(work)} times")


def _told(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"


if __name__ == "__main__":
    main()
