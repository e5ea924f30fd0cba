"""`write`: a dataset as a research file, private or with a stated purpose, whole or not at all."""

from __future__ import annotations

import contextlib
import json
import platform
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets.files import sha256_of
from volresearch.datasets.private import in_private, private_folder, refuse_outside
from volresearch.errors import VolResearchError, Where, near, short_path
from volresearch.text import Text, check_tag, mark, tr

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["FORMATS", "PERSONAL", "Written", "write", "written"]

#: Format -> endings of its file; without any it is a folder.
FORMATS: dict[str, tuple[str, ...]] = {
    "spss": (".sav", ".zsav"),
    "stata": (".dta",),
    "csv": (),
    "parquet": (),
    "ddi": (".xml",),
}
PERSONAL = mark("Personal data, not for release")
ABOUT = "about.json"
#: Formats whose files are made in memory take no lazy dataset with more rows.
MAX_ROWS = 5_000_000
_IN_MEMORY = frozenset({"spss", "stata"})


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    path : Path
        The file, or the folder.
    losses : tuple of str
        What the format cannot say, one sentence each; also in the file `about`.
    files : tuple of Path
        Every file, the one about them last.
    """

    path: Path
    losses: tuple[str, ...]
    files: tuple[Path, ...]

    @property
    def about(self) -> Path:
        """The file that says what this is: purpose, provenance, losses."""
        return self.files[-1]


@dataclass(frozen=True)
class _Job:
    dataset: Dataset
    format: str
    target: Path
    lang: str
    purpose: str
    shorten: bool
    personal: bool

    @property
    def folder(self) -> bool:
        return not FORMATS[self.format]

    @property
    def about(self) -> Path:
        return self.target / ABOUT if self.folder else self.target.with_name(f"{self.target.name}.{ABOUT}")


def write(dataset: Dataset, path: str | Path, format: str, **options: Any) -> Path:
    """Write a dataset as a research file and return its path; `written` takes the same and also tells the losses.

    Parameters
    ----------
    dataset : Dataset
    path : path
        A file (``.sav``, ``.zsav``, ``.dta``, ``.xml``), or the folder of ``csv`` and ``parquet``. Answers of
        persons, organizations or partnerships lie in the workspace's ``private/``; elsewhere the name gets
        the ending ``.personal``: ``youth.personal.sav``.
    format : str
        ``spss``, ``stata``, ``csv``, ``parquet`` or ``ddi``.
    lang : str
        Language of labels in formats of one language, and of titles in the others, which hold all.
    purpose : str
        What for, where it does not lie in ``private/``; it stands in the file's ``about.json``.
    overwrite : bool
        Whether a file written before may be replaced.
    shorten : bool
        Whether labels longer than the format allows may be cut; they are told.
    workspace : path, optional
        Folder that a relative path begins at, if not the working folder.

    Returns
    -------
    Path
        What was written; beside it (in a folder: inside) ``about.json`` says from what, why, and what was lost.

    Raises
    ------
    VolResearchError
        ``write.purpose``, ``write.limit``, ``export.exists``, ``export.format``, ``export.failed``, ``tool.missing``.

    Examples
    --------
    >>> import tempfile
    >>> import volresearch as vr
    >>> people = vr.dataset("core.vol_work_synthetic")
    >>> folder = write(people, Path(tempfile.mkdtemp()) / "people", "csv", purpose="an example")
    >>> folder.name, sorted(file.name for file in folder.iterdir())[:2]
    ('people.personal', ['about.json', 'datapackage.json'])
    """
    return written(dataset, path, format, **options).path


def written(
    dataset: Dataset,
    path: str | Path,
    format: str,
    *,
    lang: str = "en",
    purpose: str = "",
    overwrite: bool = False,
    shorten: bool = False,
    workspace: str | Path | None = None,
) -> Written:
    """Write a dataset as a research file; see `write`.

    Returns
    -------
    Written
        Path, losses and files.
    """
    if format not in FORMATS:
        raise VolResearchError(
            "export.format", f'There is no research file "{format}".', hint=near(format, FORMATS)
        )
    personal = dataset.unit != "published figure"
    target = _target(Path(workspace or "") / path, format)
    if personal:
        refuse_outside(target, purpose)
        if not in_private(target):
            target = _called_personal(target, format)
    job = _Job(dataset, format, target, check_tag(lang), purpose.strip(), shorten, personal)
    _refuse_size(job)
    _refuse_existing(job, overwrite)
    try:
        return _staged(job)
    except OSError as error:
        raise VolResearchError(
            "export.failed",
            f"This cannot be written: {error.strerror or error}.",
            where=Where(file=short_path(target)),
        ) from error


def _target(path: Path, format: str) -> Path:
    endings = FORMATS[format]
    if endings and path.suffix.lower() not in endings:
        if path.suffix:
            raise VolResearchError(
                "export.format",
                f"A file of the format {format} does not end in {path.suffix}.",
                where=Where(file=short_path(path)),
                expected=" or ".join(endings),
            )
        return path.with_name(path.name + endings[0])
    return path


def _called_personal(target: Path, format: str) -> Path:
    suffix = target.suffix if FORMATS[format] else ""
    stem = target.name.removesuffix(suffix) if suffix else target.name
    return target if stem.endswith(".personal") else target.with_name(f"{stem}.personal{suffix}")


def _refuse_size(job: _Job) -> None:
    if job.format in _IN_MEMORY and job.dataset.lazy and (rows := len(job.dataset)) > MAX_ROWS:
        raise VolResearchError(
            "write.limit",
            f"The dataset has {rows:,} rows, and files of the format {job.format} are made in memory.",
            expected=f"at most {MAX_ROWS:,} rows",
            hint="Write Parquet or CSV, which take any number of rows, or keep fewer rows.",
        )


def _refuse_existing(job: _Job, overwrite: bool) -> None:
    there = job.target.exists() or (not job.folder and job.about.exists())
    if not there or (overwrite and (not job.folder or _ours(job.target))):
        return
    other = overwrite and job.target.is_dir()
    raise VolResearchError(
        "export.exists",
        "This folder was not written by volresearch: it stays as it is."
        if other
        else "This is there already.",
        where=Where(file=short_path(job.target)),
        hint="Name another place." if other else "Name another place, or say overwrite=True.",
    )


def _ours(folder: Path) -> bool:
    """Whether a folder holds what a writer of this module left in it, and nothing that somebody else put there."""
    try:
        said = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        files = {str(one["name"]) for one in said["files"]} | {ABOUT}
        return all(
            one.relative_to(folder).as_posix() in files for one in folder.rglob("*") if not one.is_dir()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _staged(job: _Job) -> Written:
    """Make all files in a folder of their own beside the target, then put them in place."""
    parent = job.target.parent
    if not parent.is_dir():
        if not in_private(parent):
            raise VolResearchError(
                "export.failed", "There is no such folder.", where=Where(file=short_path(parent))
            )
        _make_private(parent)
    stage = Path(tempfile.mkdtemp(prefix=f".{job.target.name}.", suffix=".part", dir=parent))
    try:
        losses = tuple(dict.fromkeys(_written_into(stage, job)))
        names = sorted(one.relative_to(stage).as_posix() for one in stage.rglob("*") if one.is_file())
        about = stage / (ABOUT if job.folder else job.about.name)
        about.write_text(_about(job, stage, names, losses), encoding="utf-8", newline="\n")
        _placed(stage, job, [*names, about.name])
    except VolResearchError as error:
        raise _in_place(error, stage, job) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    home = job.target if job.folder else parent
    return Written(job.target, losses, tuple(home / name for name in (*names, about.name)))


def _in_place(error: VolResearchError, stage: Path, job: _Job) -> VolResearchError:
    """Return an error that names the place people know, not the one where files are made."""
    home = short_path(job.target if job.folder else job.target.parent)
    faults = (
        replace(one, where=replace(one.where, file=one.where.file.replace(short_path(stage), home)))
        if one.where.file
        else one
        for one in error.faults
    )
    return VolResearchError.of(faults)


def _make_private(parent: Path) -> None:
    """Make a folder in ``private/`` for its owner only."""
    top = next((one for one in (parent, *parent.parents) if one.name == "private"), None)
    if top is not None:
        private_folder(top.parent, *parent.relative_to(top).parts)
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _written_into(stage: Path, job: _Job) -> Iterable[str]:
    """Let the writer of the format write into the stage; return what it cannot say."""
    said = tr(PERSONAL, job.lang) if job.personal else ""
    path = stage / job.target.name
    if job.format == "csv":
        from volresearch.datasets.writers.csv_package import write_package

        return write_package(job.dataset, stage, lang=job.lang, marked=said)
    if job.format == "parquet":
        from volresearch.datasets.writers.parquet import write_parquet

        return write_parquet(job.dataset, stage, marked=said)
    if job.format == "ddi":
        from volresearch.datasets.writers.ddi import write_ddi

        return write_ddi(job.dataset, path, lang=job.lang, marked=said)
    dataset = _entitled(job.dataset, said, job.lang)
    if job.format == "spss":
        from volresearch.datasets.writers.spss import write_spss

        return write_spss(dataset, path, lang=job.lang, shorten=job.shorten)
    from volresearch.datasets.writers.stata import write_stata

    return write_stata(dataset, path, lang=job.lang, shorten=job.shorten)


def _entitled(dataset: Dataset, said: str, lang: str) -> Dataset:
    """Return the dataset with its title saying what it is: the label of such a file is its title."""
    if not said:
        return dataset
    title = dataset.title.get_in(lang, dataset.id)
    return dataset.declared(title=Text({lang: f"{said}: {title}"}))


def _about(job: _Job, stage: Path, names: list[str], losses: tuple[str, ...]) -> str:
    from volresearch import __version__

    dataset = job.dataset
    said: dict[str, Any] = {"note": tr(PERSONAL, job.lang)} if job.personal else {}
    if dataset.synthetic:
        said["synthetic"] = True
    said |= {
        "personal": job.personal,
        "purpose": job.purpose,
        "dataset": {
            "id": dataset.id,
            "version": dataset.version,
            "title": dict(dataset.title),
            "unit": dataset.unit,
            "sha256": dataset.sha256,
        },
        "format": job.format,
        "language": job.lang,
        "files": [
            {"name": name, "bytes": (stage / name).stat().st_size, "sha256": sha256_of(stage / name)}
            for name in names
        ],
        "losses": list(losses),
        "provenance": list(dataset.provenance),
        "set_aside": [one.variable for one in dataset.set_aside],
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "software": {"volresearch": __version__, "python": platform.python_version()},
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _refuse_others(job: _Job, names: list[str]) -> None:
    """Refuse to replace a file of somebody else that has the name of one of ours."""
    parent = job.target.parent
    try:
        said = json.loads(job.about.read_text(encoding="utf-8"))
        ours = {str(one["name"]) for one in said["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        ours = set()
    for name in names:
        if (parent / name).exists() and name not in ours | {job.target.name, job.about.name}:
            raise VolResearchError(
                "export.exists",
                "This file was not written by volresearch: it stays as it is.",
                where=Where(file=short_path(parent / name)),
                hint="Name another place.",
            )


def _placed(stage: Path, job: _Job, names: list[str]) -> None:
    """Put what was made in its place; the file that was asked for comes last."""
    if job.personal:
        for name in names:
            with contextlib.suppress(OSError):  # a drive without modes
                (stage / name).chmod(0o600)
    if not job.folder:
        _refuse_others(job, names)
        for name in sorted(names, key=lambda name: name == job.target.name):
            (stage / name).replace(job.target.parent / name)
        return
    old = stage.with_name(f"{stage.name}.old")
    if job.target.exists():
        job.target.replace(old)
    try:
        stage.replace(job.target)
    except OSError:
        if old.exists():
            old.replace(job.target)
        raise
    if not job.personal:
        with contextlib.suppress(OSError):
            job.target.chmod(0o755)
    shutil.rmtree(old, ignore_errors=True)
