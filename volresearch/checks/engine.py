"""Runs the rules on one plugin and puts the findings in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from volresearch.checks.content import check_content
from volresearch.checks.declarations import check_declarations
from volresearch.checks.findings import RULES, Finding, error
from volresearch.checks.instruments import check_instruments
from volresearch.checks.manners import check_manners, known, probe, unimported
from volresearch.checks.package import check_package
from volresearch.checks.subject import Subject, locate
from volresearch.checks.wording import check_wording
from volresearch.errors import short_path

__all__ = ["Verdict", "check_plugin"]


@dataclass(frozen=True)
class Verdict:
    """All findings on one plugin; ``imported`` says whether rule V2 was tried."""

    subject: Subject
    findings: tuple[Finding, ...]
    imported: bool = True

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must be mended."""
        return tuple(item for item in self.findings if item.level == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What should be mended."""
        return tuple(item for item in self.findings if item.level == "warning")

    def passed(self, strict: bool = False) -> bool:
        """Say whether the plugin passes; with `strict`, warnings count as errors."""
        return not (self.findings if strict else self.errors)

    def lines(self, strict: bool = False) -> list[str]:
        """Return the verdict as lines of text, one rule after the other."""
        out = [f"{self.subject.name} ({short_path(self.subject.root)})"]
        for rule, what in RULES.items():
            found = self.of_rule(rule)
            skipped = rule == "V2" and not self.imported
            state = "not tried" if skipped else "ok" if not found else f"{len(found)} to mend"
            out.append(f"{rule}  {state:<10}  {what}")
            out += [f"      {item.level}: {item.told}" for item in found]
        counts = f"{len(self.errors)} errors, {len(self.warnings)} warnings"
        return [*out, f"{'passes' if self.passed(strict) else 'does not pass'}: {counts}"]

    def as_data(self, strict: bool = False) -> dict[str, Any]:
        """Return the verdict as plain data for JSON."""
        return {
            "plugin": self.subject.name,
            "folder": short_path(self.subject.root),
            "passes": self.passed(strict),
            "imported": self.imported,
            "findings": [
                {
                    "rule": item.rule,
                    "level": item.level,
                    "message": item.message,
                    "file": item.where.file,
                    "line": item.where.line,
                    "hint": item.hint,
                }
                for item in self.findings
            ],
        }

    def of_rule(self, rule: str) -> tuple[Finding, ...]:
        """Return the findings of one rule."""
        return tuple(item for item in self.findings if item.rule == rule)


def check_plugin(name_or_folder: str | Path, *, run: bool = True) -> Verdict:
    """Check a plugin by all rules.

    Its code runs in an interpreter of its own and never in this one; that is a check of manners, not a prison.

    Parameters
    ----------
    name_or_folder : str or Path
        Name of an installed plugin, or a folder with ``pyproject.toml``.
    run : bool
        False only reads files: nothing of the plugin is run, rule V2 is left out, and what lies in the usual
        folders counts as what it brings.

    Returns
    -------
    Verdict

    Raises
    ------
    VolResearchError
        ``plugin.unknown`` or ``plugin.broken`` where there is nothing to check.

    Examples
    --------
    >>> check_plugin("core").of_rule("V2")
    ()
    """
    subject = locate(name_or_folder)
    findings: list[Finding] = []
    if run:
        seen = probe(subject)
        try:
            subject = known(subject, seen)
        except (AttributeError, KeyError, TypeError, ValueError) as failure:
            findings.append(error("V2", f"What it says about itself cannot be read: {failure}."))
        findings += _walled("V2", lambda one: check_manners(one, seen), subject)
    subject = subject if subject.records else unimported(subject)
    for rule, check in (
        ("V1", check_package),
        ("V3", check_declarations),
        ("V4", check_content),
        ("V5", check_wording),
        ("V6", check_instruments),
    ):
        findings += _walled(rule, check, subject)
    order = list(RULES)
    unique = dict.fromkeys(findings)
    return Verdict(subject, tuple(sorted(unique, key=lambda item: order.index(item.rule))), run)


def _walled(rule: str, check: Callable[[Subject], Iterator[Finding]], subject: Subject) -> list[Finding]:
    """Run one rule; files of a stranger that it cannot cope with are a finding, not a crash."""
    findings: list[Finding] = []
    try:
        findings.extend(check(subject))
    except Exception as failure:  # noqa: BLE001
        findings.append(error(rule, f"This check could not finish: {type(failure).__name__}: {failure}."))
    return findings
