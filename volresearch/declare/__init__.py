"""Declarations: the strict YAML loader, faults with file and line, the base model."""

from volresearch.declare.loader import Loaded, load, loads
from volresearch.declare.missing import MISSING_REASONS, MissingReason
from volresearch.declare.model import Code, Declared, FrozenMap, TextField, check, frozen, json_schema, read

__all__ = [
    "MISSING_REASONS",
    "Code",
    "Declared",
    "FrozenMap",
    "Loaded",
    "MissingReason",
    "TextField",
    "check",
    "frozen",
    "json_schema",
    "load",
    "loads",
    "read",
]
