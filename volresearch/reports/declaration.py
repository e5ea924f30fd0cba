"""What ``report.yaml`` declares: parameters with types, languages, template, sections, limits."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from volresearch.declare import Declared, TextField, read
from volresearch.errors import Fault, VolResearchError, Where, fault, near, short_path

__all__ = ["ForEach", "LimitSettings", "Parameter", "ReportDeclaration", "check_values", "open_report"]

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Parameter(Declared):
    """One parameter of a report. Without a default it must be given."""

    name: Name
    type: Literal["area", "language", "text", "number", "choice"]
    label: TextField
    default: str | int | float | None = None
    choices: tuple[str, ...] = ()
    minimum: int | float | None = None
    maximum: int | float | None = None

    @model_validator(mode="after")
    def _choices_fit(self) -> Parameter:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError('"choices" belongs to parameters of type choice, and to no other')
        return self


class LimitSettings(Declared):
    """What one page may use: seconds on the wall clock, megabytes of writable memory."""

    seconds: int | float = Field(default=180, gt=0)
    memory_mb: int = Field(default=2048, ge=64)


class ForEach(Declared):
    """How ``--for all`` reads: one page per area with enough figures, the other areas on one page."""

    parameter: Name
    minimum_figures: int = 1
    rest: str | None = None


class ReportDeclaration(Declared):
    """A report. ``data`` names the datasets, or kinds of them, whose content a page depends on."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
    version: str
    title: TextField
    description: TextField
    languages: tuple[str, ...] = ("en",)
    template: str = "template.ipynb"
    data: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    sections: tuple[Name, ...] = ()
    limits: LimitSettings = LimitSettings()
    for_each: ForEach | None = None

    @model_validator(mode="after")
    def _names_once(self) -> ReportDeclaration:
        names = [parameter.name for parameter in self.parameters]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"parameters stand twice: {', '.join(twice)}")
        if self.for_each is not None and self.for_each.parameter not in names:
            raise ValueError(f'for_each names "{self.for_each.parameter}", which is no parameter')
        return self

    def parameter(self, kind: str) -> Parameter | None:
        """Return the first parameter of type `kind`, if there is one."""
        return next((item for item in self.parameters if item.type == kind), None)


def open_report(folder: str | Path) -> ReportDeclaration:
    """Read the declaration in `folder` and see that its template is there.

    Raises
    ------
    VolResearchError
        ``declare.*`` with file and line, or ``declare.missing_file`` for the template.
    """
    path = Path(folder) / "report.yaml"
    declaration = read(ReportDeclaration, path)
    template = Path(folder) / declaration.template
    if not template.is_file() or template.resolve().parent != Path(folder).resolve():
        raise VolResearchError(
            "declare.missing_file",
            f'The template "{declaration.template}" is not in the folder of the report.',
            where=Where(file=short_path(path), path="template"),
        )
    return declaration


def check_values(
    declaration: ReportDeclaration, values: Mapping[str, Any], areas: Mapping[str, Any]
) -> dict[str, Any]:
    """Return all parameter values of one page, checked and with defaults, or raise with every fault.

    Parameters
    ----------
    values : mapping
        Parameter name -> value; numbers may be text, as the command line gives them.
    areas : mapping
        Known area codes (any mapping or set of them).
    """
    faults: list[Fault] = []
    known = {parameter.name: parameter for parameter in declaration.parameters}
    for name in values:
        if name not in known:
            message = f'The report "{declaration.id}" has no parameter "{name}".'
            faults.append(fault("report.parameter", message, hint=near(name, known)))
    out: dict[str, Any] = {}
    for name, parameter in known.items():
        value = values.get(name, parameter.default)
        found = _check_one(parameter, value, declaration, areas)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            out[name] = found
    if faults:
        raise VolResearchError.of(faults)
    return out


def _check_one(
    parameter: Parameter, value: Any, declaration: ReportDeclaration, areas: Mapping[str, Any]
) -> Any:
    if value is None:
        message = f'The report "{declaration.id}" needs the parameter "{parameter.name}" ({parameter.type}).'
        return fault("report.parameter", message, hint=f"Its label: {parameter.label}.")
    if parameter.type == "number":
        return _check_number(parameter, value)
    text = str(value)
    known: dict[str, tuple[str, Any]] = {
        "area": ("facts.unknown_area", areas),
        "language": ("report.parameter", declaration.languages),
        "choice": ("report.parameter", parameter.choices),
    }
    if parameter.type not in known:
        return text
    code, names = known[parameter.type]
    if text in names:
        return text
    if parameter.type == "area":
        return _unknown_area(text, areas)
    message = f'"{text}" is not possible for the parameter "{parameter.name}".'
    return fault(code, message, expected=", ".join(names), hint=near(text, names))


def _unknown_area(text: str, areas: Mapping[str, Any]) -> Fault:
    """Suggest by code and by name: people write "Kenya" as often as "KEN"."""
    for code, label in areas.items():
        words = label.values() if isinstance(label, Mapping) else ()
        if text.lower() in {code.lower(), *(str(word).lower() for word in words)}:
            return fault(
                "facts.unknown_area", f'There is no area "{text}".', hint=f'Did you mean "{code}" ({label})?'
            )
    names = {str(label): code for code, label in areas.items()}
    hint = near(text.upper(), areas)
    if not hint.startswith("Did"):
        by_name = near(text, names)
        hint = by_name if by_name.startswith("Did") else "volresearch reports areas lists them."
    return fault("facts.unknown_area", f'There is no area "{text}".', hint=hint)


def _check_number(parameter: Parameter, value: Any) -> Any:
    try:
        if isinstance(value, bool):
            raise TypeError("a truth value is no number")
        number = value if isinstance(value, int | float) else float(value)
        number = int(number) if float(number).is_integer() else number
    except (TypeError, ValueError, OverflowError):
        message = f'The parameter "{parameter.name}" takes a number, not "{value}".'
        return fault("report.parameter", message)
    low = parameter.minimum is not None and not number >= parameter.minimum
    high = parameter.maximum is not None and not number <= parameter.maximum
    if low or high or number != number:
        message = f'The parameter "{parameter.name}" is out of range: {value}.'
        expected = f"from {parameter.minimum} to {parameter.maximum}"
        return fault("report.parameter", message, expected=expected)
    return number
