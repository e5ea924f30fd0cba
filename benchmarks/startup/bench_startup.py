"""What it costs to start: the ratio of each command to an empty Python, measured in turns."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

ROUNDS = 9
EMPTY = ("-c", "pass")
COMMANDS = {
    "import volresearch": ("-c", "import volresearch"),
    "volresearch --help": ("-m", "volresearch", "--help"),
    "volresearch plugins list": ("-m", "volresearch", "plugins", "list"),
}
AIM = {"volresearch plugins list": 10.0}


def seconds(words: tuple[str, ...]) -> float:
    """Return the wall time of one fresh interpreter."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL, env=dict(os.environ))
    return time.perf_counter() - started


def main() -> None:
    """Measure in turns, so that a busy moment of the machine falls on all of them."""
    rows: dict[str, list[float]] = {"": [], **{name: [] for name in COMMANDS}}
    for _ in range(ROUNDS):
        rows[""].append(seconds(EMPTY))
        for name, words in COMMANDS.items():
            rows[name].append(seconds(words))
    empty = statistics.median(rows.pop(""))
    print(f"python -c pass: {empty * 1000:.0f} ms (median of {ROUNDS})")
    for name, taken in rows.items():
        ratio = statistics.median(taken) / empty
        aim = f"  (aim: {AIM[name]:.0f} or less)" if name in AIM else ""
        print(f"{name}: {ratio:.1f} times an empty Python{aim}")


if __name__ == "__main__":
    main()
