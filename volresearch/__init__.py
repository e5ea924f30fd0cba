"""Research environment for volunteering.

Names are resolved on first use: importing this package loads nothing but itself.

>>> import volresearch as vr
>>> "facts" in dir(vr)
True
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_API = "volresearch.api"
#: Public name -> the module that has it. The stub ``__init__.pyi`` says the same to type checkers.
_HOMES: dict[str, str] = {
    "Dataset": "volresearch.datasets",
    "Release": "volresearch.release",
    "Result": "volresearch.results",
    "Survey": "volresearch.survey",
    "VolResearchError": "volresearch.errors",
    "combine": "volresearch.models.combine",
    "compare": _API,
    "compare_codebooks": _API,
    "crosswalk_template": _API,
    "dataset": _API,
    "diff": _API,
    "explore": "volresearch.widgets",
    "facts": _API,
    "figure": "volresearch.show",
    "indicator": _API,
    "instrument": _API,
    "list_datasets": _API,
    "list_indicators": _API,
    "list_instruments": _API,
    "list_notebooks": _API,
    "list_plugins": _API,
    "list_reports": _API,
    "read": _API,
    "report": "volresearch.reports",
    "schema": _API,
    "table": "volresearch.show",
}

__all__ = sorted(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
