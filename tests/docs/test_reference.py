"""The reference pages agree with the package."""

from __future__ import annotations

import html
import importlib.util
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from volresearch.plugins import KINDS, FolderPlugin, hookspecs

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

docutils = pytest.importorskip("docutils", reason="the extra 'docs' is not installed")
pytest.importorskip("sphinx", reason="the extra 'docs' is not installed")


@pytest.fixture(scope="module")
def reference():
    spec = importlib.util.spec_from_file_location(
        "volresearch_reference", DOCS / "_ext" / "volresearch_reference.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_hook_reference__all_hooks__are_there_with_an_example(reference):
    pages = {name: example for name, _, _, example in reference.hook_pages()}
    assert set(pages) == {"volresearch_plugin", *(f"volresearch_{kind}" for kind in KINDS)}
    assert [name for name, example in pages.items() if ">>>" not in example] == []


def test_hook_reference__every_hook__takes_no_argument_and_is_in_the_folder_plugin():
    for name, function in inspect.getmembers(hookspecs, inspect.isfunction):
        if name.startswith("volresearch_"):
            assert not inspect.signature(function).parameters
            assert hasattr(FolderPlugin, name)


def test_command_reference__every_command__is_what_help_prints(reference):
    pages = dict(reference.command_pages())
    assert {
        "volresearch",
        "volresearch plugins list",
        "volresearch doctor",
        "volresearch reports render",
    } <= set(pages)
    for path in ("volresearch", "volresearch plugins list"):
        words = [sys.executable, "-m", *path.split(), "--help"]
        printed = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=True).stdout
        assert re.sub(r"\s+", " ", printed).strip() == re.sub(r"\s+", " ", pages[path]).strip()


def test_command_reference__every_command__says_what_it_does(reference):
    for path, words in reference.command_pages():
        body = words.partition("\n")[2]
        assert re.search(r"\w{3,}", body), path
        assert "Options:" in words, path


def test_architecture_page__its_table_of_stages__is_the_contract():
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = contract["tool"]["importlinter"]["contracts"][0]["layers"]
    expected = [[name.strip(" ()") for name in layer.split("|")] for layer in layers]
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    table = page.split("<!-- layers", 1)[1].split("\n\n")[1]
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    assert [[name.strip() for name in row.split(",")] for row in rows] == expected


def test_pages__commands_they_name__exist(reference):
    known = {path for path, _ in reference.command_pages()}
    named = set()
    for page in [
        *DOCS.glob("*.md"),
        *DOCS.glob("instruments/*.md"),
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
    ]:
        text = page.read_text(encoding="utf-8")
        named |= set(
            re.findall(
                r"volresearch (?:plugins|datasets|indicators|notebooks|reports|instruments) [a-z]+", text
            )
        )
    assert sorted(named - known) == []


@pytest.mark.parametrize("page", sorted((DOCS / "instruments").glob("*.md")), ids=lambda page: page.stem)
def test_instrument_pages__directive__every_question_in_every_language(reference, page):
    import volresearch as vr

    for identity in re.findall(r"\{volresearch-instrument\} (\S+)", page.read_text(encoding="utf-8")):
        form = vr.instrument(identity)
        written = html.unescape(reference.instrument_page(identity))
        for tag in form.tags:
            assert form.what_not_to_claim.get_in(tag) in written
            assert [item.name for item in form.questions if item.text.get_in(tag) not in written] == []
        assert written.count("<svg") == len(form.tags)


def test_instrument_example__of_the_guide__passes_its_check():
    from volresearch.checks.instruments import judge
    from volresearch.declare import load

    assert list(judge(load(DOCS / "instruments" / "tracer_example.yaml"))) == []
