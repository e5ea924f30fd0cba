from __future__ import annotations

from volresearch.checks import check_plugin
from volresearch.checks.wording import placeholders
from volresearch.cli.scaffold import write_plugin


def test_wording__promised_language_missing__is_a_warning_and_strictly_an_error(tmp_path):
    verdict = check_plugin(write_plugin("kenya", ["en", "sw"], folder=tmp_path))
    assert verdict.errors == ()
    assert verdict.passed()
    assert not verdict.passed(strict=True)
    assert {item.rule for item in verdict.warnings} == {"V5"}
    told = "\n".join(map(str, verdict.warnings))
    assert "The plugin's title has no wording in sw" in told
    assert "title_sw" in told
    assert "example_facts.yaml:4" in told


def test_wording__placeholders_differ__is_an_error(kenya):
    kenya.replace(
        kenya.declaration,
        "description:\n  en: Nothing here is true.",
        "description:\n  es: Hay {personas}.\n  en: There are {persons}. Nothing here is true.",
    )
    told = kenya.told("V5")
    assert "persons" in told
    assert "personas" in told
    assert "example_facts.yaml:6" in told


def test_wording__placeholders_agree_in_another_order__is_fine(kenya):
    kenya.replace(
        kenya.declaration,
        "description:\n  en: Nothing",
        "description:\n  es: '{a} de {b}'\n  en: '{b}, {a}. Nothing",
    )
    kenya.replace(kenya.declaration, "published figures.\n", "published figures.'\n")
    assert check_plugin(kenya.folder, run=False).findings == ()


def test_wording__cell_of_a_promised_language_is_empty__is_a_warning(kenya):
    kenya.in_table("series_titles", "Volunteer rate in an area that does not exist (synthetic example)", "")
    assert "1 of 1 rows have no title_en" in kenya.told("V5", level="warning")


def test_placeholders__formats_and_doubled_braces__are_understood():
    assert placeholders("{n:,.1f} {name!r} {{literal}} {0}") == {"n", "name"}
