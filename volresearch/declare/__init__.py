"""Declarations: the strict YAML loader, faults with file and line, the base model."""

from volresearch.declare.loader import Loaded, load, loads
from volresearch.declare.model import Code, Declared, FrozenMap, TextField, check, frozen, json_schema, read

__all__ = [
    "Code",
    "Declared",
    "FrozenMap",
    "Loaded",
    "TextField",
    "check",
    "frozen",
    "json_schema",
    "load",
    "loads",
    "read",
]
