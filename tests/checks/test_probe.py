from __future__ import annotations

import os

import pytest

from volresearch.checks.probe import Manners


@pytest.mark.parametrize(
    ("event", "args", "kind"),
    [
        ("open", ("a.txt", "w", 0), "writes"),
        ("open", ("a.txt", None, os.O_RDWR), "writes"),
        ("os.rename", ("a", "b"), "writes"),
        ("socket.connect", (None, ("example.org", 80)), "network"),
        ("subprocess.Popen", ("ls",), "program"),
    ],
)
def test_manners__bad__is_noted_and_refused(event, args, kind):
    manners = Manners()
    manners.on = True
    with pytest.raises(PermissionError):
        manners(event, args)
    assert [item[:2] for item in manners.noted] == [[kind, event]]


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("open", ("a.txt", "r", 0)),
        ("open", (os.devnull, "w", 0)),
        ("import", ("csv",)),
        ("os.listdir", (".",)),
    ],
)
def test_manners__good__is_let_through(event, args):
    manners = Manners()
    manners.on = True
    manners(event, args)
    assert manners.noted == []


def test_manners__not_on__notes_nothing():
    manners = Manners()
    manners("open", ("a.txt", "w", 0))
    assert manners.noted == []
