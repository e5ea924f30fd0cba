"""Declared missing codes and labels, read from whatever carries them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["labels_of", "missing_codes", "missing_reasons", "title_of"]


def _variable(codebook: Any, name: str) -> Any:
    if codebook is None:
        return None
    variables = codebook.get("variables", codebook) if isinstance(codebook, Mapping) else codebook.variables
    if isinstance(variables, Mapping):
        return variables.get(name)
    found = [item for item in variables if _field(item, "name") == name]
    return found[0] if found else None


def _field(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


def missing_codes(codebook: Any, name: str) -> tuple[Any, ...]:
    """Return the codes of variable `name` that its codebook declares missing.

    >>> missing_codes({"age": {"missing": {"99": "refused"}}}, "age")
    ('99',)
    """
    variable = _variable(codebook, name)
    declared = None if variable is None else _field(variable, "missing")
    if not declared:
        return ()
    if isinstance(declared, Mapping):
        return tuple(declared)
    return (
        tuple(declared) if isinstance(declared, Iterable) and not isinstance(declared, str) else (declared,)
    )


def missing_reasons(codebook: Any, name: str) -> dict[str, str]:
    """Return the missing codes of variable `name` with what they stand for; ``""`` is an empty cell.

    >>> missing_reasons({"age": {"missing": {"99": "refused"}}}, "age")
    {'99': 'refused'}
    """
    variable = _variable(codebook, name)
    declared = None if variable is None else _field(variable, "missing")
    blank = None if variable is None else _field(variable, "blank")
    reasons = {str(code): "no_answer" for code in missing_codes(codebook, name)}
    if isinstance(declared, Mapping):
        reasons = {str(code): str(reason) for code, reason in declared.items()}
    return {**reasons, "": str(blank)} if blank and blank != "no_answer" else reasons


def labels_of(codebook: Any, name: str) -> dict[Any, Any]:
    """Return code -> label of variable `name`, empty where none is declared."""
    variable = _variable(codebook, name)
    labels = None if variable is None else _field(variable, "labels")
    return dict(labels) if labels else {}


def title_of(codebook: Any, name: str) -> Any:
    """Return the label of variable `name` itself, or None."""
    variable = _variable(codebook, name)
    return None if variable is None else _field(variable, "label")
