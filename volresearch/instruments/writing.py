"""From an instrument back to plain data and to YAML that the strict loader reads as the same."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from volresearch.declare import Declared, loads
from volresearch.errors import VolResearchError, Where, short_path

if TYPE_CHECKING:
    from volresearch.instruments.model import Instrument

__all__ = ["as_data", "save", "to_yaml"]


def as_data(declared: Declared) -> dict[str, Any]:
    """Return an instrument, or another declaration, as plain data; see `Instrument.as_data`."""
    data: dict[str, Any] = _plain(declared.model_dump(exclude_defaults=True))
    return data


def to_yaml(declared: Declared) -> str:
    """Return the YAML of an instrument, or of another declaration; see `Instrument.to_yaml`."""
    return yaml.dump(as_data(declared), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def save(instrument: Instrument, path: Path) -> Path:
    """Write the YAML; see `Instrument.save`."""
    if path.exists():
        raise VolResearchError(
            "export.exists",
            "The file is there already.",
            where=Where(file=short_path(path)),
            hint="Name another one.",
        )
    path.write_text(to_yaml(instrument), encoding="utf-8", newline="\n")
    return path


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


class _Dumper(yaml.SafeDumper):
    """Puts every text in quotes that the strict loader would not read as that text."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out: the strict loader refuses aliases."""
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    plain = not value.strip() or not value.isprintable() or _read_as_text(value)
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if plain else '"')


def _read_as_text(value: str) -> bool:
    if not value[0].isdigit() and value[0] not in "-tfn":
        return True
    try:
        return bool(loads(value).data == value)
    except VolResearchError:
        return True  # PyYAML quotes what is no plain scalar


_Dumper.add_representer(str, _text)
