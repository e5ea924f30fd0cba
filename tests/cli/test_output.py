from __future__ import annotations

import io
import json
import sys

from volresearch.cli.output import clean, columns, counted, print_json, width


def test_columns__wide_letters__stay_aligned():
    text = columns(["title", "n"], [["时间", 1], ["Time", 2]])
    assert [width(line.rpartition(" ")[0]) for line in text.splitlines()] == [6, 6, 6]


def test_columns__no_rows__head_only():
    assert columns(["id", "title"], []) == "id  title"


def test_columns__control_characters_of_a_plugin__do_not_reach_the_terminal():
    assert "\x1b" not in columns(["title"], [["\x1b[2Jgone"]])
    assert clean("a\nb\tc") == "a b c"


def test_columns__none__is_empty():
    assert columns(["a", "b"], [[None, "x"]]).splitlines()[1] == "   x"


def test_counted__singular_and_plural__and_nothing_for_zero():
    assert (
        counted({"datasets": 1, "policies": 1, "crosswalks": 2, "reports": 0})
        == "1 dataset, 1 policy, 2 crosswalks"
    )


def test_print_json__output_without_utf8__is_plain_ascii(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    print_json({"title": "时间"})
    sys.stdout.flush()
    assert json.loads(raw.getvalue().decode("ascii")) == {"title": "时间"}
