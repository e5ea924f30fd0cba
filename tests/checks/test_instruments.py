"""V6: routing, scores and the form that goes to the field."""

from __future__ import annotations

import pytest

from volresearch.checks.instruments import judge
from volresearch.declare import loads

FORM = """\
id: t.short
title: {en: Short}
scales:
  - {name: yes_no, choices: [{code: 1}, {code: 2}]}
items:
  - {name: age, type: integer, constraint: age >= 15}
  - {name: helped, type: one, scale: yes_no, text: {en: Helped?}}
  - {name: hours, type: decimal, ask_if: helped == '1'}
scores:
  - {name: s, items: [helped], method: sum}
"""


def judged(old: str = "", new: str = "") -> list[tuple[str, int | None, str]]:
    findings = judge(loads(FORM.replace(old, new) if old else FORM, "short.yaml"))
    return [(one.level, one.where.line, one.message) for one in findings]


def test_judge__sound_instrument__nothing_found() -> None:
    assert judged() == []


def test_judge__unreachable_item__error_with_line_and_counter_example() -> None:
    assert judged("helped == '1'", "age < 12") == [
        ("error", 8, 'No answers lead to "hours": it is asked if age < 12, which is false for age = 15.')
    ]


def test_judge__score_of_an_unknown_item__error() -> None:
    assert judged("items: [helped]", "items: [helpd]")[0] == ("error", 10, 'There is no item "helpd".')


def test_judge__verbatim_formula__warning() -> None:
    found = judged("ask_if: helped == '1'", "ask_if: {verbatim: once(x)}")
    assert [(level, line) for level, line, _ in found] == [("warning", 8)]
    assert "once(x)" in found[0][2]


def test_judge__what_the_export_of_an_xlsform_loses_and_names__is_no_finding() -> None:
    repeated = FORM.replace(
        "scores:", "  - {name: r, kind: repeat, at_most: 2, items: [{name: x, type: text}]}\nscores:"
    )
    assert list(judge(loads(repeated, "short.yaml"))) == []


def test_judge__loss_that_is_not_named__error(monkeypatch: pytest.MonkeyPatch) -> None:
    from volresearch.instruments.xlsform import writer

    silent = writer.write
    monkeypatch.setattr("volresearch.instruments.xlsform.write", lambda *given: (silent(*given), ())[1])
    messages = [message for _, _, message in judged()]
    assert any('"s" comes back from the XLSForm' in message for message in messages)


def test_judge__what_does_not_parse__left_to_the_rule_on_declarations() -> None:
    assert judged("type: integer", "type: intger") == []
