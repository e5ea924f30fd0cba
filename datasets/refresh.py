"""Write sha256 and row counts of data files into the declarations that name them.

For maintainers: ``python datasets/refresh.py`` after any change of a file under ``files/``; with ``--check``
nothing is written and the exit code says whether anything would change. It goes through the declarations of
the checkout, ``datasets/*.yaml`` and ``plugins/*/volresearch_*/datasets/*.yaml``, or those given as arguments.
A table is declared on one line: ``name: {path: files/x.csv, sha256: ..., rows: ...}``.
"""

from __future__ import annotations

import csv
import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = re.compile(r"\{path: (?P<path>[^,}]+), sha256: [^,}]*, rows: \d+\}")


def rows_of(path: Path) -> int:
    """Count the rows under the header of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def refreshed(declaration: Path) -> str:
    """Return the text of `declaration` with the sha256 and row count of every table as they are now."""

    def table(match: re.Match[str]) -> str:
        path = declaration.parent / match["path"]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return f"{{path: {match['path']}, sha256: {digest}, rows: {rows_of(path)}}}"

    return TABLE.sub(table, declaration.read_text(encoding="utf-8"))


def declarations() -> list[Path]:
    """Return every dataset declaration of the checkout."""
    return sorted([*ROOT.glob("datasets/*.yaml"), *ROOT.glob("plugins/*/volresearch_*/datasets/*.yaml")])


def main(arguments: list[str]) -> int:
    """Refresh the declarations; return 1 if `--check` was given and something differs."""
    check = "--check" in arguments
    given = [Path(item) for item in arguments if item != "--check"]
    stale = []
    for path in given or declarations():
        text = refreshed(path)
        if text != path.read_text(encoding="utf-8"):
            stale.append(path)
            if not check:
                path.write_text(text, encoding="utf-8", newline="\n")
            print(f"{'differs' if check else 'refreshed'}: {path}")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
