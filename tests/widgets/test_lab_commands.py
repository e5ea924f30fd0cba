"""The commands lab, serve, demo and notebooks, short of starting a server."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from volresearch.cli import cli
from volresearch.widgets import servers


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Result:
        return CliRunner().invoke(cli, list(words))

    return call


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], str]]:
    """What would be started: the arguments and the token, without the server that runs until it is stopped."""
    calls: list[tuple[list[str], str]] = []
    monkeypatch.setattr(servers, "run_lab", lambda arguments: calls.append((arguments, "")))
    monkeypatch.setattr(servers, "run_voila", lambda arguments, token: calls.append((arguments, token)))
    return calls


def test_notebooks_list__json__names_the_explorer(run: Any) -> None:
    rows = json.loads(run("notebooks", "list", "--json").output)
    assert {"core.explore", "core.first_steps"} <= {row["id"] for row in rows}
    assert run("notebooks", "list").output.splitlines()[0].startswith("core.explore")


def test_notebooks_copy__one__copies_it_alone(run: Any, tmp_path: Path) -> None:
    done = run("notebooks", "copy", "work", "--only", "core.explore")
    assert done.exit_code == 0
    assert [path.name for path in (tmp_path / "work").glob("*.ipynb")] == ["explore.ipynb"]


def test_notebooks_copy__unknown__suggests_a_near_one(run: Any) -> None:
    done = run("notebooks", "copy", "work", "--only", "core.explor")
    assert done.exit_code == 1
    assert 'Did you mean "core.explore"?' in done.output


def test_notebooks_check__those_of_the_project__are_fit(run: Any) -> None:
    done = run("notebooks", "check", "--json")
    assert done.exit_code == 0, done.output
    assert set(map(tuple, json.loads(done.output).values())) == {()}


def test_notebooks_check__outputs_inside__exits_with_one(run: Any, tmp_path: Path) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "1"}
    cell = {"cell_type": "code", "source": "1", "metadata": {}, "outputs": [output], "execution_count": 1}
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))
    done = run("notebooks", "check", "a.ipynb")
    assert done.exit_code == 1
    assert "outputs" in done.output


def test_lab__workspace_with_changed_notebook__says_which_and_keeps_both(
    run: Any, tmp_path: Path, started: Any
) -> None:
    assert run("lab", "work", "--no-browser").exit_code == 0
    mine = tmp_path / "work" / "explore.ipynb"
    mine.write_text(mine.read_text(encoding="utf-8").replace("Choose a series", "My notes"), encoding="utf-8")
    done = run("lab", "work", "--no-browser")
    assert "explore.ipynb: changed by you, kept" in done.output
    assert "My notes" in mine.read_text(encoding="utf-8")
    assert (tmp_path / "work" / "explore.new.ipynb").is_file()
    assert len(started) == 2


def test_lab__port_taken_by_name__is_passed_on(run: Any, started: Any) -> None:
    run("lab", "work", "--no-browser", "--port", "0")
    [(arguments, _)] = started
    port = next(word for word in arguments if word.startswith("--ServerApp.port="))
    assert int(port.split("=")[1]) > 0
    assert "--ServerApp.open_browser=False" in arguments


def test_lab__private_folder__refuses(run: Any, started: Any) -> None:
    done = run("lab", "private/work")
    assert done.exit_code == 1
    assert "private" in done.output
    assert started == []


def test_lab__jupyterlab_missing__names_the_command_that_installs_it(
    run: Any, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "find_spec", lambda name: None)
    for words in (("lab", "work"), ("serve",), ("demo", "work")):
        done = run(*words)
        assert done.exit_code == 1
        assert 'pip install "volresearch[lab]"' in done.output
    assert started == []


def test_serve__no_token_given__makes_one_and_prints_it(run: Any, started: Any) -> None:
    done = run("serve", "--ip", "127.0.0.1", "--port", "0")
    [(arguments, token)] = started
    assert len(token) >= 20
    assert f"/?token={token}" in done.output
    assert not any(token in word for word in arguments)
    assert not Path(arguments[0]).exists()  # the scratch folder went with the server


def test_serve__twice__makes_two_tokens(run: Any, started: Any) -> None:
    for _ in range(2):
        run("serve", "--ip", "127.0.0.1", "--port", "0")
    assert started[0][1] != started[1][1]


def test_serve__notebook_in_private__refuses(run: Any, tmp_path: Path, started: Any) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "raw.ipynb").write_text("{}")
    done = run("serve", "private/raw.ipynb")
    assert done.exit_code == 1
    assert "private" in done.output
    assert started == []


def test_serve__notebook_not_there__says_so(run: Any, started: Any) -> None:
    done = run("serve", "absent.ipynb")
    assert done.exit_code == 1
    assert "There is no notebook" in done.output


@pytest.mark.slow
def test_demo__without_lab__makes_briefs_and_runs_the_explorer(
    run: Any, tmp_path: Path, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB", "0")
    checkout = str(Path(__file__).resolve().parents[2])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([checkout, os.environ.get("PYTHONPATH", "")]))
    done = run("demo", "work")
    assert done.exit_code == 0, done.output
    assert started == []
    for line in done.output.splitlines():
        if ":" in line and "work" in line.split(":", 1)[1]:
            assert Path(line.split(":", 1)[1].strip()).exists()
    assert (tmp_path / "work" / "briefs" / "index.html").is_file()
    executed = json.loads((tmp_path / "work" / "executed" / "explore.ipynb").read_text(encoding="utf-8"))
    assert any(cell.get("outputs") for cell in executed["cells"])
