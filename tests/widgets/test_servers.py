"""Settings of the two servers."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from volresearch.errors import VolResearchError
from volresearch.widgets import servers


def test_free_port__taken__gives_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert servers.free_port(port) > port


def test_free_port__none_left__says_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(VolResearchError, match="free") as caught:
            servers.free_port(taken.getsockname()[1], tries=1)
    assert "--port" in str(caught.value)


def test_require__not_installed__names_the_command() -> None:
    with pytest.raises(VolResearchError) as caught:
        servers.require("no_such_package_here", "volresearch lab")
    assert caught.value.code == "tool.missing"
    assert "pip install" in caught.value.hint


def test_page_addresses__one_interface__carries_the_token() -> None:
    assert servers.page_addresses("127.0.0.1", 8866, "abc") == ["http://127.0.0.1:8866/?token=abc"]


def test_page_addresses__everywhere__ends_with_this_computer() -> None:
    addresses = servers.page_addresses(servers.EVERYWHERE, 8866, "abc")
    assert addresses[-1] == "http://127.0.0.1:8866/?token=abc"
    assert not any(servers.EVERYWHERE in address for address in addresses)


def test_new_token__twice__differs() -> None:
    assert servers.new_token() != servers.new_token()


def test_voila_arguments__always__want_a_token_and_serve_no_file(tmp_path: Path) -> None:
    arguments = servers.voila_arguments(
        tmp_path / "a.ipynb", ip="127.0.0.1", port=1, browser=False, visitors=0, idle=5
    )
    assert "--Voila.auto_token=True" in arguments
    assert arguments[arguments.index("--VoilaConfiguration.file_allowlist") + 1] == "(?!)"
    assert "--VoilaConfiguration.strip_sources=True" in arguments
    assert "--VoilaConfiguration.preheat_kernel=False" in arguments
    assert "--MappingKernelManager.cull_idle_timeout=300" in arguments


def test_voila_arguments__private_notebook__refuses(tmp_path: Path) -> None:
    with pytest.raises(VolResearchError, match="private"):
        servers.voila_arguments(
            tmp_path / "private" / "a.ipynb", ip="127.0.0.1", port=1, browser=False, visitors=0, idle=5
        )


def test_lab_arguments__workspace__stays_on_this_computer(tmp_path: Path) -> None:
    arguments = servers.lab_arguments(tmp_path, port=1, browser=False, open_first="explore.ipynb")
    assert "--ServerApp.ip=127.0.0.1" in arguments
    assert "--LabApp.default_url=/lab/tree/explore.ipynb" in arguments


def test_settings__of_jupyterlab__ask_for_no_news() -> None:
    path = servers.JUPYTER / "config" / "labconfig" / "default_setting_overrides.json"
    [settings] = json.loads(path.read_text(encoding="utf-8")).values()
    assert settings == {"fetchNews": "false", "checkForUpdates": False}


def test_launcher_extension__package_file__names_an_existing_script() -> None:
    folder = servers.JUPYTER / "labextensions" / "volresearch"
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    script = folder / package["jupyterlab"]["_build"]["load"]
    assert "_JUPYTERLAB" in script.read_text(encoding="utf-8")


def test_page_template__of_voila__links_nothing_outside() -> None:
    folder = servers.JUPYTER / "share" / "voila" / "templates" / "volresearch"
    for path in folder.iterdir():
        assert "http" not in path.read_text(encoding="utf-8")
