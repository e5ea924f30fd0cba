from __future__ import annotations

import sys

import pytest

from volresearch.checks import check_plugin


def test_manners__heavy_import__is_named(kenya):
    kenya.code("import yaml")
    assert "it loads yaml" in kenya.told("V2", run=True)


def test_manners__printing__is_named(kenya):
    kenya.code('print("karibu")')
    assert 'prints "karibu"' in kenya.told("V2", run=True)


@pytest.mark.parametrize(
    "line",
    [
        "open('note.txt', 'w')",
        "import os; os.open('note.txt', os.O_CREAT | os.O_WRONLY)",
        "import pathlib; pathlib.Path('cache').mkdir()",
        "import os; os.remove('nothing-there')",
        "import tempfile; tempfile.mkdtemp()",
    ],
)
def test_manners__changing_files__is_refused_and_named(kenya, line):
    kenya.code(line)
    assert "changes files" in kenya.told("V2", run=True)


@pytest.mark.parametrize(
    "line",
    ["import socket; socket.socket()", "import socket; socket.getaddrinfo('example.org', 80)"],
)
def test_manners__network__is_refused_and_named(kenya, line):
    kenya.code(line)
    assert "uses the network" in kenya.told("V2", run=True)


@pytest.mark.parametrize(
    "line", ["import os; os.system('echo hi')", "import subprocess; subprocess.run(['echo'])"]
)
def test_manners__starting_a_program__is_refused_and_named(kenya, line):
    kenya.code(line)
    told = kenya.told("V2", run=True)
    assert "starts a program" in told


def test_manners__swallows_the_refusal__is_named_all_the_same(kenya):
    kenya.code("try:", "    open('note.txt', 'w')", "except OSError:", "    pass")
    assert "changes files: open note.txt" in kenya.told("V2", run=True)


def test_manners__writes_only_when_a_hook_is_asked__is_named(kenya):
    kenya.code(
        "from volresearch.plugins import FolderPlugin as Base, hookimpl",
        "class Sly(Base):",
        "    @hookimpl",
        "    def volresearch_reports(self):",
        "        open('late.txt', 'w')",
    )
    kenya.replace(kenya.package / "__init__.py", "plugin = FolderPlugin(", "plugin = Sly(")
    assert "late.txt" in kenya.told("V2", run=True)


@pytest.mark.parametrize(
    "line", ["import sys; sys.exit(3)", "raise ValueError('no data')", "import os; os._exit(5)"]
)
def test_manners__import_ends_or_fails__is_named(kenya, line):
    kenya.code(line)
    assert "kenya" in kenya.told("V2", run=True)


def test_manners__import_fails__says_file_and_line(kenya):
    kenya.code("", "raise ValueError('no data')")
    assert "__init__.py:2" in kenya.told("V2", run=True)


def test_manners__reads_its_own_files__is_fine(kenya):
    kenya.code(
        "import pathlib", "pathlib.Path(__file__).read_text()", "import csv, json, os", "os.listdir('.')"
    )
    assert check_plugin(kenya.folder).of_rule("V2") == ()


@pytest.mark.parametrize(
    "answer",
    [
        "not json",
        "[]",
        '{"info": 5}',
        '{"info": {"name": "kenya"}, "records": {"datasets": [[]]}}',
        '{"noted": 7}',
    ],
)
def test_manners__answer_forged_by_the_plugin__is_a_finding_and_no_crash(kenya, answer):
    kenya.code(
        "import atexit, json, pathlib, sys",
        "order = json.loads(pathlib.Path(sys.argv[1]).read_text())",
        f"atexit.register(lambda: pathlib.Path(order['answer']).write_text({answer!r}))",
    )
    assert kenya.told("V2", run=True)


def test_manners__folder_with_a_volresearch_of_its_own__does_not_stand_in_for_ours(kenya):
    (kenya.folder / "volresearch").mkdir()
    (kenya.folder / "volresearch" / "__init__.py").write_text(
        "raise SystemExit('impostor')", encoding="utf-8"
    )
    assert check_plugin(kenya.folder).of_rule("V2") == ()


def test_manners__checking__leaves_no_trace_in_the_folder(kenya):
    before = sorted(path.relative_to(kenya.folder) for path in kenya.folder.rglob("*"))
    check_plugin(kenya.folder)
    assert sorted(path.relative_to(kenya.folder) for path in kenya.folder.rglob("*")) == before
    assert not [name for name in sys.modules if "kenya" in name and "test" not in name]
