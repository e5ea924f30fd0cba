"""Design-based estimates of samples, on any engine."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from volresearch.survey.survey import Survey

__all__ = ["Survey"]


def __getattr__(name: str) -> Any:
    if name == "Survey":
        from volresearch.survey.survey import Survey

        return Survey
    raise AttributeError(name)
