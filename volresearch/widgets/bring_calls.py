"""What the panel asks for, as plain data; reading and importing by it; the code that does the same without it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.errors import VolResearchError, near
from volresearch.widgets.literals import quoted

if TYPE_CHECKING:
    from volresearch.datasets import Dataset
    from volresearch.datasets.quality import Quality

__all__ = ["Asked", "Import", "code_of", "import_asked", "missing_of", "proposed_id", "read_asked"]


@dataclass(frozen=True)
class Asked:
    """What is to be read, and how.

    Attributes
    ----------
    path : str
        From the working folder, or absolute.
    form, sheet : str
        Empty without.
    missing : mapping of str to str
        Text that is no answer -> why.
    labels : str
        ``auto``, ``codes`` or ``labels``.
    """

    path: str
    form: str = ""
    sheet: str = ""
    missing: Mapping[str, str] = field(default_factory=dict)
    labels: str = "auto"

    @property
    def options(self) -> dict[str, Any]:
        """The options of reading that are not what they are by themselves."""
        given = {"sheet": self.sheet, "missing": dict(self.missing)}
        return {name: one for name, one in given.items() if one} | (
            {"labels": self.labels} if self.labels != "auto" else {}
        )


@dataclass(frozen=True)
class Import:
    """What an import declares.

    Attributes
    ----------
    id, title, unit : str
    design : mapping
        Kind and columns: ``{"kind": "probability", "weights": "w"}``.
    overwrite : bool
    """

    id: str
    title: str = ""
    unit: str = "person"
    design: Mapping[str, str] = field(default_factory=dict)
    overwrite: bool = False

    @property
    def out(self) -> str:
        """The folder that it goes to."""
        return f"datasets/{self.id.partition('.')[2]}"

    @property
    def declared(self) -> dict[str, Any]:
        """What is declared, as `import_dataset` takes it."""
        design = dict(self.design)
        kind = design.get("kind", "")
        out: dict[str, Any] = {"title": self.title} if self.title else {}
        out |= {"unit": self.unit} if self.unit != "person" else {}
        out |= {"design": kind if len(design) == 1 else design} if kind else {}
        return out | ({"overwrite": True} if self.overwrite else {})


def missing_of(text: str) -> dict[str, str]:
    """Return text -> reason of ``NA, 99=refused``; no answer where no reason stands.

    Raises
    ------
    VolResearchError
        ``read.option`` for a reason that is none.

    >>> missing_of("NA, 99=refused ,")
    {'NA': 'no_answer', '99': 'refused'}
    """
    from volresearch.datasets.codebook import MISSING_REASONS

    out = {}
    for part in re.split(r"[,;\n]", text):
        said, mark, reason = (one.strip() for one in part.rpartition("="))
        if not (said or reason):
            continue
        if mark and reason not in MISSING_REASONS:
            raise VolResearchError(
                "read.option", f'"{reason}" is no kind of missing.', hint=near(reason, MISSING_REASONS)
            )
        out[said if mark else reason] = reason if mark else "no_answer"
    return out


def proposed_id(path: str) -> str:
    """Return an id for the dataset of a file.

    >>> proposed_id("data/Kenya tracer (2).xlsx"), proposed_id("2021.csv")
    ('local.Kenya_tracer_2', 'local.2021')
    """
    stem = re.sub(r"[^A-Za-z0-9]+", "_", Path(path).name.split(".")[0]).strip("_")
    return f"local.{stem[:60] or 'file'}"


def read_asked(asked: Asked, folder: Path) -> tuple[Dataset, Quality]:
    """Read what was asked for from a folder, and check it; with a form its constraints and routing are checked too.

    Raises
    ------
    VolResearchError
        What `volresearch.datasets.readers.read` and `volresearch.datasets.quality.check` raise.
    """
    from volresearch.datasets.private import workspace_of
    from volresearch.datasets.readers import read
    from volresearch.datasets.readers.forms import open_forms

    form = folder / asked.form if asked.form else None
    dataset = read(folder / asked.path, form, workspace=workspace_of(folder), **asked.options)
    versions = open_forms(form)[0] if form else ()
    return dataset, dataset.check(instrument=versions[-1] if versions else None)


def import_asked(asked: Asked, wanted: Import, folder: Path) -> Path:
    """Write what was read as a dataset folder and return its YAML.

    Raises
    ------
    VolResearchError
        What `volresearch.datasets.importing.import_dataset` raises.
    """
    from volresearch.datasets.importing import import_dataset
    from volresearch.datasets.private import workspace_of

    return import_dataset(
        folder / asked.path,
        folder / asked.form if asked.form else None,
        id=wanted.id,
        out=folder / wanted.out,
        workspace=workspace_of(folder),
        **wanted.declared,
        **asked.options,
    )


def code_of(asked: Asked, wanted: Import | None = None) -> str:
    """Return the calls that do the same without the panel, and the line for a terminal where it can say it all.

    >>> print(code_of(Asked("a.csv", missing={"NA": "no_answer"})))
    import volresearch as vr
    <BLANKLINE>
    dataset = vr.read("a.csv", missing={"NA": "no_answer"})
    dataset.check()
    """
    form = [quoted(asked.form)] if asked.form else []
    options = [f"{name}={_literal(value)}" for name, value in asked.options.items()]
    read = ", ".join([quoted(asked.path), *form, *options])
    lines = ["import volresearch as vr", "", f"dataset = vr.read({read})"]
    if form:
        lines.insert(1, "from volresearch.instruments.forms import read_form")
    lines.append(f"dataset.check({f'instrument=read_form({form[0]})' if form else ''})")
    if wanted is not None:
        declared = [f"{name}={_literal(value)}" for name, value in wanted.declared.items()]
        named = [f"id={quoted(wanted.id)}", f"out={quoted(wanted.out)}"]
        call = ",\n    ".join([quoted(asked.path), *form, *named, *declared, *options])
        lines += [
            "",
            "from volresearch.datasets.importing import import_dataset",
            "",
            f"import_dataset(\n    {call},\n)",
        ]
        lines += ["", f"dataset = vr.dataset({quoted(wanted.out)})", "", *_in_a_terminal(asked, wanted)]
    return "\n".join(lines)


def _in_a_terminal(asked: Asked, wanted: Import) -> list[str]:
    if len(wanted.design) > 1:
        return ["# In a terminal the columns of a design cannot be named."]
    words = [
        "volresearch",
        "datasets",
        "import",
        asked.path,
        *(["--instrument", asked.form] if asked.form else []),
    ]
    words += ["--id", wanted.id, "--out", wanted.out]
    for name, value in {**wanted.declared, **asked.options}.items():
        if value is True:
            words.append(f"--{name}")
        elif isinstance(value, Mapping):
            words += [word for text, reason in value.items() for word in ("--missing", f"{text}={reason}")]
        else:
            words += [f"--{name}", str(value)]
    line = subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
    return ["# In a terminal:", *(f"# {part}" for part in line.splitlines())]


def _literal(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quoted(str(key))}: {quoted(str(one))}" for key, one in value.items()) + "}"
    return repr(value) if isinstance(value, bool) else quoted(str(value))
