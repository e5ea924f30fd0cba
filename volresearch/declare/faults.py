"""What pydantic found wrong, in a person's words, with file, line and the nearest right name."""

from __future__ import annotations

import re
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from volresearch.declare.loader import Loaded, Place
from volresearch.errors import Fault, fault, near

__all__ = ["faults_of"]

#: pydantic's names of errors -> what a person should write.
_SHAPES = {
    "tuple_type": "a list such as [a, b]",
    "list_type": "a list such as [a, b]",
    "dict_type": "a mapping such as {key: value}",
    "mapping_type": "a mapping such as {key: value}",
    "model_type": "a mapping such as {key: value}",
    "model_attributes_type": "a mapping such as {key: value}",
    "bool_type": "true or false",
}


def faults_of(model: type[BaseModel], loaded: Loaded, error: ValidationError) -> list[Fault]:
    """Return pydantic's errors as faults with file, line and path, in the order of the file."""
    out = []
    for item in error.errors(include_url=False):
        place: Place = tuple(item["loc"])
        out.append(fault("declare.invalid", _message(model, place, dict(item)), where=loaded.where(place)))
    return sorted(out, key=lambda one: one.where.line or 0)


def _message(model: type[BaseModel], place: Place, item: dict[str, Any]) -> str:
    kind, got = item["type"], item["input"]
    if kind == "extra_forbidden":
        known = [key for key in _known_keys(model, place) if key != place[-1]]  # a key of another member
        return _meant(f'unknown key "{place[-1]}"', str(place[-1]), known)
    if kind == "missing":
        return f'the key "{place[-1]}" is missing'
    if kind == "literal_error":
        return _not_one_of("", str(got), item["ctx"]["expected"])
    if kind == "union_tag_not_found":
        return f'the key "{_quoted(item["ctx"]["discriminator"])[0]}" is missing'
    if kind == "union_tag_invalid":
        key = _quoted(item["ctx"]["discriminator"])[0]
        return _not_one_of(f"{key} ", str(item["ctx"]["tag"]), item["ctx"]["expected_tags"])
    if kind in _SHAPES:
        return f"expected {_SHAPES[kind]}, found {_shown(got)}"
    if kind == "string_type":
        return f"expected text, found {_shown(got)} (put it in quotes)"
    said = str(item["msg"]).removeprefix("Value error, ").replace("Input should be", "expected")
    return f"{said}, found {_shown(got)}" if said.startswith("expected") else said


def _not_one_of(what: str, got: str, expected: object) -> str:
    allowed = _quoted(expected)
    return _meant(f'{what}"{got}" is not one of {", ".join(allowed)}', got, allowed)


def _quoted(words: object) -> list[str]:
    """Return the words that pydantic quotes in a list of choices."""
    return re.findall(r"'([^']*)'", str(words))


def _meant(said: str, name: str, known: list[str]) -> str:
    hint = near(name, known)
    if hint.startswith("Did you mean"):
        return f"{said}, did{hint.removeprefix('Did')}"
    return f"{said}. {hint}" if known and "not one of" not in said else said


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _known_keys(model: type[BaseModel], place: Place) -> list[str]:
    models: list[type[BaseModel]] = [model]
    for step in place[:-1]:
        inner = [
            found
            for one in models
            for name, info in one.model_fields.items()
            if step in (name, info.alias)
            for found in _models_in(info.annotation)
        ]
        models = inner or models
    return sorted({info.alias or name for one in models for name, info in one.model_fields.items()})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]
