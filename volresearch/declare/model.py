"""The base of all declarations: frozen pydantic models whose mappings and sequences do not change either."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from volresearch.declare.loader import Loaded, Place, load
from volresearch.errors import Fault, VolResearchError, fault, near
from volresearch.text import Text

__all__ = ["Code", "Declared", "FrozenMap", "TextField", "check", "frozen", "json_schema", "read"]

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")

Model = TypeVar("Model", bound="Declared")


class FrozenMap(dict[Any, Any]):
    """A dict that refuses every change.

    >>> FrozenMap(a=1)["a"]
    1
    """

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("a declared mapping does not change")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[FrozenMap], tuple[dict[Any, Any]]]:
        return (FrozenMap, (dict(self),))


def frozen(value: Any) -> Any:
    """Return `value` with mappings and lists, at any depth, replaced by immutable ones."""
    if isinstance(value, Mapping) and not isinstance(value, Text | FrozenMap):
        return FrozenMap({key: frozen(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(frozen(item) for item in value)
    return value


class Declared(BaseModel):
    """Base of every declaration: unknown keys refused, types not guessed, nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)

    @field_validator("*", mode="after")
    @classmethod
    def _freeze(cls, value: Any) -> Any:
        return frozen(value)


class _TextSchema:
    """Lets pydantic read a `Text` from plain text or from a map of language tag to wording."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _as_text, serialization=core_schema.plain_serializer_function_ser_schema(dict)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        wordings = {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": LANGUAGE_TAG.pattern.replace(r"\Z", "$")},
            "additionalProperties": {"type": "string"},
        }
        return {"anyOf": [{"type": "string", "minLength": 1}, wordings]}


def _as_text(value: Any) -> Text:
    if isinstance(value, Text):
        return value
    if isinstance(value, str) and value.strip():
        return Text(value)
    if not isinstance(value, Mapping) or not value:
        raise PydanticCustomError(
            "text", "expected text, or a map of language to text such as {{en: ..., es: ...}}"
        )
    for tag, wording in value.items():
        if not LANGUAGE_TAG.match(str(tag)):
            raise PydanticCustomError(
                "text", '"{tag}" is no language tag (en, es, zh, pt-BR)', {"tag": str(tag)}
            )
        if not isinstance(wording, str) or not wording.strip():
            raise PydanticCustomError("text", 'the wording in "{tag}" is not text', {"tag": str(tag)})
    return Text(value)


def _as_code(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        raise PydanticCustomError("code", "a code is text: put {value} in quotes", {"value": str(value)})
    return value


#: A multilingual text: plain text or ``{en: ..., es: ...}``.
TextField = Annotated[Text, _TextSchema]

#: A choice code: always text, so ``9`` and ``"9"`` are the same code, and ``09`` is another.
Code = Annotated[str, BeforeValidator(_as_code, json_schema_input_type=str | int | bool)]


def read(model: type[Model], path: str | Path) -> Model:
    """Read a declaration and check it, telling all faults of the file at once.

    Parameters
    ----------
    model : subclass of Declared
        What the file declares.
    path : path
        The YAML file.

    Raises
    ------
    VolResearchError
        One error with every fault, each as ``file:line path  message``.
    """
    return check(model, load(path))


def check(model: type[Model], loaded: Loaded) -> Model:
    """Check a loaded document against `model`; see `read`."""
    try:
        return model.model_validate(loaded.data)
    except ValidationError as error:
        raise VolResearchError.of(faults_of(model, loaded, error)) from None


class _Schema(GenerateJsonSchema):
    """Leaves out defaults that JSON cannot hold, without a word."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012 - pydantic's own name


def json_schema(model: type[Declared]) -> dict[str, Any]:
    """Return the JSON Schema of a declaration, for editors that complete and check YAML."""
    schema = model.model_json_schema(mode="validation", schema_generator=_Schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def faults_of(model: type[Declared], loaded: Loaded, error: ValidationError) -> list[Fault]:
    """Return pydantic's errors as faults with file, line and path, in the order of the file."""
    out = []
    for item in error.errors(include_url=False):
        place: Place = tuple(item["loc"])
        out.append(fault("declare.invalid", _message(model, place, dict(item)), where=loaded.where(place)))
    return sorted(out, key=lambda one: one.where.line or 0)


def _message(model: type[Declared], place: Place, item: dict[str, Any]) -> str:
    kind = item["type"]
    if kind == "extra_forbidden":
        known = [key for key in _known_keys(model, place) if key != place[-1]]  # a key of another member
        return _meant(f'unknown key "{place[-1]}"', str(place[-1]), known)
    if kind == "missing":
        return f'the key "{place[-1]}" is missing'
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(item["ctx"]["expected"]))
        said = f'"{item["input"]}" is not one of {", ".join(allowed)}'
        return _meant(said, str(item["input"]), allowed)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        key, found = str(item["ctx"]["discriminator"]).strip("'"), item["ctx"].get("tag")
        allowed = re.findall(r"'([^']*)'", str(item["ctx"].get("expected_tags", "")))
        if found is None:
            return f'the key "{key}" is missing'
        return _meant(f'{key} "{found}" is not one of {", ".join(allowed)}', str(found), allowed)
    if kind in _SHAPES:
        return f"expected {_SHAPES[kind]}, found {_shown(item['input'])}"
    if kind == "string_type":
        return f"expected text, found {_shown(item['input'])} (put it in quotes)"
    said = str(item["msg"]).removeprefix("Value error, ").replace("Input should be", "expected")
    return f"{said}, found {_shown(item['input'])}" if said.startswith("expected") else said


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


def _known_keys(model: type[Declared], place: Place) -> list[str]:
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
