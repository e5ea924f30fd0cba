"""The one kind of error a researcher sees, and the catalogue of its codes.

A ``VolResearchError`` says where the fault is, what was expected, what was found and what to do next.
Nothing else in the package is raised for a user's mistake. This module imports the standard library only,
because every command, including ``--help``, loads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["CODES", "Fault", "VolResearchError", "Where", "fault", "near"]


@dataclass(frozen=True)
class Where:
    """A place in a user's material: any of file and line, sheet and row, path inside a document, variable.

    >>> str(Where(file="survey.yaml", line=12, path="variables.age"))
    'survey.yaml:12 variables.age'
    >>> str(Where(file="form.xlsx", sheet="choices", row=4))
    'form.xlsx, sheet "choices", row 4'
    """

    file: str | None = None
    line: int | None = None
    sheet: str | None = None
    row: int | None = None
    path: str | None = None
    variable: str | None = None

    def __str__(self) -> str:
        head = self.file or ""
        if self.file and self.line is not None:
            head += f":{self.line}"
        if self.sheet is not None:
            head += f'{", " if head else ""}sheet "{self.sheet}"'
        if self.row is not None:
            head += f"{', ' if head else ''}row {self.row}"
        parts = [head] if head else []
        if self.path:
            parts.append(self.path)
        if self.variable:
            parts.append(f"variable {self.variable}")
        return " ".join(parts)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; an error carries one or several of them."""

    code: str
    message: str
    where: Where = field(default_factory=Where)
    expected: str = ""
    got: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = str(self.where)
        lines = [f"{place}  {self.message}" if place else self.message]
        if self.expected:
            lines.append(f"  expected: {self.expected}")
        if self.got:
            lines.append(f"  found:    {self.got}")
        if self.hint:
            lines.append(f"  next:     {self.hint}")
        return "\n".join(lines)


class VolResearchError(Exception):
    """A mistake in what the package was given, told so that the user can mend it.

    Parameters
    ----------
    code : str
        A name from `CODES`, for instance ``"dataset.unknown"``; stable between releases.
    message : str
        One sentence, in the user's words.
    where : Where, optional
        The place of the fault.
    expected, got, hint : str, optional
        What would have been right, what was found, and the next step.
    faults : iterable of Fault, optional
        Several faults of one file; the first gives code and message.

    Examples
    --------
    >>> error = VolResearchError("dataset.unknown", 'There is no dataset "core.fcts".', hint='Did you mean "core.facts"?')
    >>> print(error)
    There is no dataset "core.fcts".
      next:     Did you mean "core.facts"?
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        where: Where | None = None,
        expected: str = "",
        got: str = "",
        hint: str = "",
        faults: Iterable[Fault] = (),
    ) -> None:
        if code not in CODES:
            raise ValueError(f"unknown error code {code!r}; add it to volresearch.errors.CODES")
        self.code = code
        self.message = message
        self.where = where or Where()
        self.expected = expected
        self.got = got
        self.hint = hint
        own = Fault(code, message, self.where, expected, got, hint)
        self.faults: tuple[Fault, ...] = tuple(faults) or (own,)
        super().__init__(message)

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> VolResearchError:
        """Make one error of several faults (at least one)."""
        many = tuple(faults)
        first = many[0]
        return cls(
            first.code,
            first.message,
            where=first.where,
            expected=first.expected,
            got=first.got,
            hint=first.hint,
            faults=many,
        )

    def __str__(self) -> str:
        return "\n".join(str(item) for item in self.faults)


def fault(code: str, message: str, **more: str | Where) -> Fault:
    """Make a `Fault`, refusing a code that the catalogue does not know."""
    if code not in CODES:
        raise ValueError(f"unknown error code {code!r}; add it to volresearch.errors.CODES")
    return Fault(code, message, **more)  # type: ignore[arg-type]


def near(name: str, known: Iterable[str], limit: int = 3) -> str:
    """Return a hint with the known names nearest to `name`, or all of them when they are few.

    >>> near("core.fcts", ["core.facts", "kenya.tracer"])
    'Did you mean "core.facts"?'
    >>> near("peru", ["peru_soyvoluntario", "uk_local"])
    'Did you mean "peru_soyvoluntario"?'
    """
    import difflib  # here, because every command loads this module and few ever need it

    names = sorted(set(known))
    folded = {item.lower(): item for item in names}
    close = difflib.get_close_matches(name.lower(), list(folded), n=limit, cutoff=0.6)
    if not close and len(name) > 2:
        close = [item for item in folded if name.lower() in item][:limit]
    if close:
        quoted = " or ".join(f'"{folded[item]}"' for item in close)
        return f"Did you mean {quoted}?"
    if not names:
        return "There are none."
    shown = ", ".join(f'"{item}"' for item in names[:8])
    return f"Known: {shown}{' ...' if len(names) > 8 else '.'}"


def short_path(path: str | Path) -> str:
    """Return `path` relative to the working folder where that is shorter: messages are read by people."""
    full = Path(path)
    try:
        return full.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return full.as_posix()


#: Every code that may be raised, with what it means. Docs list this table; a test holds it to the sources.
CODES: dict[str, str] = {
    # declarations
    "declare.syntax": "the YAML text cannot be read",
    "declare.duplicate_key": "a key stands twice in one mapping",
    "declare.invalid": "a declaration breaks its schema",
    "declare.missing_file": "a declared file is not there",
    # plugins
    "plugin.unknown": "no plugin has this name",
    "plugin.broken": "a plugin could not be loaded",
    "plugin.name": "a name is not fit for a plugin",
    # catalog
    "dataset.unknown": "no dataset has this id",
    "instrument.unknown": "no instrument has this id",
    "indicator.unknown": "no indicator has this id",
    "report.unknown": "no report has this id",
    "notebook.unknown": "no notebook has this id",
    "crosswalk.unknown": "no crosswalk has this id",
    "policy.unknown": "no policy has this id",
    "record.duplicate": "two records have one id",
    # datasets
    "dataset.kind": "the dataset is of another kind than asked for",
    "dataset.changed": "a data file differs from its declared sha256",
    "dataset.codebook": "the data differ from the codebook",
    "dataset.variable": "no variable of this name in the dataset",
    "dataset.private": "personal data would leave the private folder",
    # reading, importing and writing data files
    "read.file": "a data file cannot be read",
    "read.format": "a data file is of a kind that is not read here",
    "read.limit": "a data file is larger than allowed",
    "read.encoding": "the text of a data file cannot be decoded",
    "read.form": "a data file and its form do not belong together",
    "read.option": "an option of reading is not one of those offered",
    "import.failed": "a dataset folder cannot be written",
    "write.purpose": "personal data would be written without a stated purpose",
    "write.limit": "a file format cannot hold what is to be written",
    # harmonizing
    "harmonize.crosswalk": "a crosswalk breaks its format or does not fit the dataset",
    "harmonize.uncovered": "a crosswalk does not cover every code",
    "harmonize.unit": "a unit cannot be converted",
    "harmonize.area": "a country or region cannot be recognized",
    "harmonize.compare": "data or codebooks do not stand on one footing",
    # facts
    "facts.unknown_series": "no series has this id",
    "facts.unknown_area": "no area has this code",
    "facts.invalid": "a row of a facts file breaks its format",
    "facts.unknown_subgroup": "no subgroup has this code",
    "facts.unknown_figure": "no figure has this id",
    "facts.period": "a period cannot be read",
    "facts.none": "no figure fits the selection",
    "facts.compare": "a comparison needs at least two figures",
    # instruments
    "instrument.item": "no item of this name in the instrument",
    "instrument.invalid": "an instrument contradicts itself",
    "instrument.draft": "a translation is not reviewed",
    "instrument.routing": "the routing of an instrument does not reach an item or does not end",
    "instrument.format": "a form cannot be read or written",
    "instrument.limit": "a form is larger than any that people write",
    # results and release
    "result.columns": "a result lacks a column it must have",
    "result.sentence": "a result cannot be put into one sentence",
    "release.rules_missing": "no disclosure rule covers this result yet",
    "release.required": "only a Release may leave",
    "export.exists": "the file to be written is there already",
    "export.failed": "a file cannot be written",
    "export.format": "this file format is not offered",
    "export.spreadsheet": "a value cannot go into a spreadsheet",
    # reports and notebooks
    "report.parameter": "a report parameter is wrong",
    "report.failed": "a report could not be made",
    "report.template": "a template notebook cannot be used",
    "report.engine": "a report engine is unknown or does not run here",
    "report.no_figures": "there is nothing to report on this area",
    "tool.missing": "a program or package that this needs is not installed",
    # show
    "show.kind": "a thing or a kind of figure that cannot be shown",
    "show.render": "a chart could not be drawn",
    # text
    "text.language": "a language tag cannot be read",
    # expressions
    "expression.syntax": "an expression cannot be read",
    "expression.unknown_name": "an expression names an unknown variable",
    "expression.type": "an expression compares unlike things",
    "expression.limit": "an expression is longer or deeper than allowed",
    # surveys
    "survey.no_design": "no sampling design is declared",
    "survey.nonprobability": "intervals and tests need a probability sample",
    "survey.variable": "a variable is unknown or of the wrong type",
    "survey.weights": "weights are missing, negative or all zero",
    "survey.strata": "strata are missing or contradictory",
    "survey.psu": "sampling unit codes are contradictory",
    "survey.fpc": "finite population sizes are contradictory",
    "survey.lone_psu": "a stratum has one sampling unit only",
    "survey.replicates": "replicate weights lack or contradict their scale",
    "survey.calibration": "a calibration cannot be solved",
    "survey.domain": "a domain is empty or too small",
    "survey.option": "an option is not one of those offered",
    "survey.exact": "exact methods do not fit this sampling design",
    "survey.frame": "the frame is of a kind that cannot be used",
    "model.formula": "a model formula cannot be read",
    "model.fit": "a model cannot be fitted",
    "combine.mismatch": "imputed results do not belong together",
    "indicator.input": "an indicator lacks the variables it needs",
    # command line
    "cli.usage": "the command was called with wrong words",
}
