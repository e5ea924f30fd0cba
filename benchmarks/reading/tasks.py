"""One measured reading in a process of its own: prints the seconds of the work (imports apart) and peak memory.

Usage: python tasks.py WHO TASK FILE SMALL_FILE
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def peak() -> float:
    """Peak memory of this process in MiB; NaN where the system does not tell."""
    try:
        import resource
    except ImportError:
        return float("nan")
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1024 if sys.platform != "darwin" else 1024**2)


def plain(path: str) -> Any:
    """Read a file as everybody does: without its hash, its codebook and its notes."""
    if path.endswith(".csv"):
        import pandas as pd

        return pd.read_csv(path)
    if path.endswith(".parquet"):
        import pandas as pd

        return pd.read_parquet(path)
    import pyreadstat

    return pyreadstat.read_sav(path)


def ours(path: str, engine: str = "pandas") -> Any:
    """Read a file into a dataset: hash, types, codebook, notes, provenance; without the search for persons."""
    from volresearch.datasets.readers import reading

    reading.set_aside = lambda found, _: found
    return reading.read(path, personal="keep", engine=engine)


def work_of(who: str, task: str, path: str) -> Callable[[], Any]:
    """Return what is measured; what must be there before is done here."""
    if task == "read":
        return {
            "plain": lambda: plain(path),
            "ours": lambda: ours(path),
            "lazy": lambda: ours(path, "duckdb"),
        }[who]
    if task == "check":
        dataset = ours(path)
        return lambda: dataset.check()
    from volresearch.datasets.provenance import Source
    from volresearch.datasets.readers.delimited import read_delimited
    from volresearch.datasets.readers.found import Asked
    from volresearch.datasets.readers.personal import set_aside
    from volresearch.datasets.readers.typing import typed

    asked = Asked(Path(path))
    found = typed(read_delimited(asked, Source("survey.csv", "", 0)), asked)
    return lambda: set_aside(found, asked)


def main() -> None:
    """Warm up on a small file, then measure."""
    who, task, path, small = sys.argv[1:5]
    work_of(who, task, small)()
    work = work_of(who, task, path)
    start, before = time.perf_counter(), time.process_time()
    kept = work()
    seconds, processor = time.perf_counter() - start, time.process_time() - before
    del kept
    print(json.dumps({"seconds": seconds, "processor": processor, "peak": peak()}))


if __name__ == "__main__":
    main()
