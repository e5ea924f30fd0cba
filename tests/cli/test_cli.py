from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from volresearch.cli import COMMANDS, cli, main
from volresearch.errors import VolResearchError

CHECKOUT = Path(__file__).parents[2]


def run(*words, **more):
    return CliRunner().invoke(cli, list(words), prog_name="volresearch", **more)


def test_help__all_commands__stand_with_their_short_help():
    done = run("--help")
    assert done.exit_code == 0
    for name, row in COMMANDS.items():
        assert f"  {name} " in done.output
        assert row[2].split()[0] in done.output


@pytest.mark.parametrize("name", COMMANDS)
def test_help__each_command__is_there_and_says_something(name):
    done = run(name, "--help")
    assert done.exit_code == 0, done.output
    assert len(done.output.split()) > 20


@pytest.mark.parametrize("name", COMMANDS)
def test_help__each_subcommand__says_what_it_does(name):
    context = click.Context(cli)
    found = cli.get_command(context, name)
    for command in found.commands.values() if isinstance(found, click.Group) else [found]:
        assert command.help, command.name
        assert len(command.help) > 20


@pytest.mark.parametrize("name", ["datasets", "indicators", "instruments", "notebooks", "plugins", "reports"])
def test_list__each_kind__has_json(name):
    context = click.Context(cli)
    found = cli.get_command(context, name).get_command(context, "list")
    assert "--json" in [option for param in found.params for option in param.opts]


def test_command__unknown__suggests_the_near_one():
    done = run("plugin", "list")
    assert done.exit_code == 2
    assert 'Did you mean "plugins"?' in done.output


def test_no_plugins__anywhere_on_the_line__holds_and_is_undone_afterwards(monkeypatch):
    monkeypatch.delenv("VOLRESEARCH_PLUGINS", raising=False)
    for words in (["--no-plugins", "plugins", "list"], ["plugins", "list", "--no-plugins"]):
        done = run(*words)
        assert done.exit_code == 0, done.output
        assert "core" in done.output
        assert "VOLRESEARCH_PLUGINS" not in os.environ


def test_no_plugins__behind_two_dashes__is_a_word_like_any_other():
    done = run("datasets", "show", "--", "--no-plugins")
    assert 'There is no dataset "--no-plugins"' in done.output


def test_version__printed__is_that_of_the_package():
    from volresearch import __version__

    assert run("--version").output.split()[-1] == __version__


def fresh(code: str, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        **more,
    )


def test_user_mistake__message_on_stderr__exit_code_one_and_no_traceback():
    done = fresh("from volresearch.cli import main; main(['datasets', 'show', 'core.fcts'])")
    assert done.returncode == 1
    assert done.stdout == ""
    assert 'Error: There is no dataset "core.fcts".' in done.stderr
    assert 'Did you mean "core.facts"' in done.stderr
    assert "Traceback" not in done.stderr


def test_user_mistake__debug__shows_the_traceback():
    done = fresh("from volresearch.cli import main; main(['datasets', 'show', 'core.fcts', '--debug'])")
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_broken_pipe__reader_goes_away__ends_quietly():
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "volresearch", "schema"],
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stdout=write,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=120,
        )
    finally:
        os.close(write)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_interrupt__control_c__ends_without_traceback():
    code = (
        "import volresearch.plugins.host as host\n"
        "def interrupt(*words): raise KeyboardInterrupt\n"
        "host.discover = interrupt\n"
        "from volresearch.cli import main; main(['plugins', 'list'])"
    )
    done = fresh(code)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "Aborted" in done.stderr


def test_output__console_that_knows_no_chinese__replaces_and_goes_on():
    code = "from volresearch.cli import main; main(['datasets', 'list', '--lang', 'zh'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert b"core.facts" in done.stdout


def test_main__words_given__are_used(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert "volresearch" in capsys.readouterr().out


def test_error__raised_by_a_command__is_printed_with_its_next_step(monkeypatch):
    def fail():
        raise VolResearchError("cli.usage", "That cannot be.", hint="Do this instead.")

    from volresearch.cli import plugins_commands

    monkeypatch.setattr(plugins_commands.plugins.commands["list"], "callback", lambda **words: fail())
    done = run("plugins", "list")
    assert done.exit_code == 1
    assert "Error: That cannot be.\n  next:     Do this instead." in done.output


@pytest.mark.parametrize("flags", [[], ["--json"], ["--verbose"], ["--strict", "--json"], ["--no-plugins"]])
def test_plugins_list__without_click__prints_what_the_command_prints(capsys, flags):
    with pytest.raises(SystemExit) as ended:
        main(["plugins", "list", *flags])
    by_click = run("plugins", "list", *flags)
    assert capsys.readouterr().out == by_click.output
    assert ended.value.code == by_click.exit_code


def test_plugins_list__reader_goes_away__ends_quietly():
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "volresearch", "plugins", "list", "--json"],
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            stdout=write,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=120,
        )
    finally:
        os.close(write)
    assert done.returncode == 1
    assert done.stderr == ""


def test_plugins_list__any_other_word__goes_the_long_way():
    done = fresh("from volresearch.cli import main; main(['plugins', 'list', '--hok'])")
    assert done.returncode == 2
    assert "--hook" in done.stderr
