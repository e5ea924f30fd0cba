"""What no file of the checkout may hold: paths of one machine, package indexes, addresses of a CDN, stored outputs."""

from __future__ import annotations

import json
import re

_TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".cff", ".txt", ".json", ".css", ".js", ".html", ".j2", ".csv", ".ipynb", ".po", ".sh", ""}  # fmt: skip
# Written in pieces, so that this file does not hold what it looks for.
_MACHINE = re.compile(
    "(?<![A-Za-z0-9._/)])/(" + "|".join(["work", "root", "home/[a-z]+", "Users/[a-z]+", "opt"]) + ")/"
)
_INDEX = re.compile(
    "|".join(
        ["index" + "-url", r"/" + r"simple/?[\"'\s]", "files" + ".pythonhosted", "registry" + r"\.npmjs"]
    )
)
_CDN = re.compile("|".join(["cdn" + r"\.jsdelivr", "unp" + "kg", "cdn" + "js", "fonts" + r"\.g(oogleapis|static)", "esm" + r"\.sh", r"//" + r"cdn\."]))  # fmt: skip


def _lines(paths, root, pattern):
    found = []
    for path in paths:
        if path.suffix not in _TEXT or path.stat().st_size > 2_000_000:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [
            f"{path.relative_to(root)}:{number} {line.strip()[:80]}"
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    return found


def test_files__all__name_no_path_of_one_machine(everything, root):
    assert _lines(everything, root, _MACHINE) == []


def test_files__all__name_no_package_index(everything, root):
    assert _lines(everything, root, _INDEX) == []


def test_package_files__all__load_nothing_from_a_cdn(everything, root):
    package = [
        path
        for path in everything
        if path.relative_to(root).parts[0] in {"volresearch", "plugins", "notebooks"}
    ]
    assert package
    assert _lines([path for path in package if "tests" not in path.parts], root, _CDN) == []


def test_notebooks__all__are_stored_without_outputs(everything, root):
    kept = []
    for path in everything:
        if path.suffix == ".ipynb":
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            if any(cell.get("outputs") or cell.get("execution_count") for cell in cells):
                kept.append(str(path.relative_to(root)))
    assert kept == []


def test_file_names__all__can_be_written_on_windows(everything, root):
    bad = re.compile(r'[<>:"|?*\\]|[ .]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)', re.IGNORECASE)
    assert [
        str(path.relative_to(root))
        for path in everything
        if any(bad.search(part) for part in path.relative_to(root).parts)
    ] == []


def test_data_files__all__have_unix_line_ends(everything, root):
    # A checksum of a CSV must be the same on every system.
    data = [path for path in everything if path.suffix == ".csv" and "files" in path.parts]
    assert [str(path.relative_to(root)) for path in data if b"\r\n" in path.read_bytes()] == []
