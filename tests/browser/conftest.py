"""One browser for all tests, a watched page for each, a folder for pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from volresearch.errors import VolResearchError
from volresearch.testing.browser import Watch, chromium

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    try:
        context = chromium()
        started = context.__enter__()
    except VolResearchError as error:
        pytest.skip(str(error))
    yield started
    context.__exit__(None, None, None)


@pytest.fixture
def watch(browser: Any) -> Iterator[Callable[..., Watch]]:
    made: list[Watch] = []

    def make(**more: Any) -> Watch:
        made.append(Watch(browser, **more))
        return made[-1]

    yield make
    for item in made:
        item.context.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    folder = ROOT / "output" / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
