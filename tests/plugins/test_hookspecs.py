from __future__ import annotations

import doctest
import inspect

import pytest

from volresearch.plugins import KINDS, hookspecs

HOOKS = [name for name in hookspecs.__all__ if name.startswith("volresearch_")]


def test_hookspecs__kinds_of_records__one_hook_each_and_one_for_the_plugin():
    assert set(HOOKS) == {f"volresearch_{kind}" for kind in KINDS} | {"volresearch_plugin"}


@pytest.mark.parametrize("name", HOOKS)
def test_hookspec__any__takes_no_arguments(name):
    assert list(inspect.signature(getattr(hookspecs, name)).parameters) == []


@pytest.mark.parametrize("name", HOOKS)
def test_hookspec__any__has_an_example_that_implements_it(name):
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(hookspecs, name), name)
    assert any(f"def {name}()" in part.source for part in example.examples)
    assert doctest.DocTestRunner().run(example).failed == 0
