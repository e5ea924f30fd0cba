from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from volresearch.checks import RULES, check_plugin
from volresearch.errors import VolResearchError

PLUGINS = sorted(path.parent for path in (Path(__file__).parents[2] / "plugins").glob("*/pyproject.toml"))


def test_check_plugin__fresh_from_the_template__passes_strictly(kenya):
    verdict = check_plugin(kenya.folder)
    assert verdict.findings == ()
    assert verdict.passed(strict=True)


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda folder: folder.name)
def test_check_plugin__plugins_of_the_checkout__pass(folder):
    assert [str(item) for item in check_plugin(folder).errors] == []


def test_check_plugin__core__passes():
    assert [str(item) for item in check_plugin("core").errors] == []


def test_check_plugin__unknown_name__says_so():
    with pytest.raises(VolResearchError) as caught:
        check_plugin("corr")
    assert caught.value.code == "plugin.unknown"
    assert 'Did you mean "core"?' in caught.value.hint


def test_check_plugin__without_running__imports_nothing(kenya):
    kenya.code("raise SystemExit(9)")
    verdict = check_plugin(kenya.folder, run=False)
    assert verdict.findings == ()
    assert not verdict.imported
    assert [record.id for record in verdict.subject.records["datasets"]] == ["kenya.example_facts"]


def test_check_plugin__folder__never_enters_this_interpreter(kenya):
    check_plugin(kenya.folder)
    assert "volresearch_kenya" not in sys.modules
    assert str(kenya.folder) not in sys.path


def test_check_plugin__import_fails__data_are_checked_all_the_same(kenya):
    kenya.code("import a_package_that_is_not_there")
    kenya.in_table("facts", ",women,", ",womn,")
    verdict = check_plugin(kenya.folder)
    assert "a_package_that_is_not_there" in str(verdict.of_rule("V2"))
    assert "womn" in str(verdict.of_rule("V3"))


def test_verdict__as_data__has_file_and_line(kenya):
    kenya.in_table("facts", ",women,", ",womn,")
    data = check_plugin(kenya.folder, run=False).as_data()
    (finding,) = data["findings"]
    assert (data["passes"], finding["rule"], finding["line"]) == (False, "V3", 3)
    assert finding["file"].endswith("facts.csv")


def test_verdict__lines__name_every_rule_in_order(kenya):
    lines = check_plugin(kenya.folder, run=False).lines()
    assert [line[:2] for line in lines[1:-1]] == list(RULES)
    assert "not tried" in lines[2]
    assert lines[-1] == "passes: 0 errors, 0 warnings"


def test_import__checks__without_pytest():
    code = "import sys, volresearch.checks; sys.exit('pytest' in sys.modules)"
    root = str(Path(__file__).parents[2])
    assert subprocess.run([sys.executable, "-c", code], cwd=root).returncode == 0
