"""The base of all declarations: frozen pydantic models whose mappings and sequences do not change either."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticCustomError, core_schema

from volresearch.declare.faults import faults_of
from volresearch.declare.loader import Loaded, load
from volresearch.errors import VolResearchError
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
