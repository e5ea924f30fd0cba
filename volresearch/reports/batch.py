"""Many pages: choose an engine, skip what is unchanged, publish each page at once, tell how it went."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from volresearch.errors import VolResearchError, Where, short_path
from volresearch.reports.jobs import Engine, Job, Outcome
from volresearch.reports.seal import key_in

__all__ = ["choose_engine", "run_batch", "summary_lines"]


def choose_engine(name: str = "auto") -> Engine:
    """Return the engine `name`; ``auto`` forks on Linux and uses kernels elsewhere.

    macOS can fork, but its system libraries do not survive it, so it counts as a system without.

    Raises
    ------
    VolResearchError
        ``report.engine`` for an unknown name or a system that cannot fork.
    """
    linux = sys.platform.startswith("linux")
    if name not in {"auto", "fork", "nbclient"}:
        message = f'There is no engine "{name}".'
        raise VolResearchError("report.engine", message, expected="auto, fork or nbclient")
    if name == "fork" and not linux:
        message = "The fork engine runs on Linux only."
        raise VolResearchError("report.engine", message, hint="Leave --engine out, or say nbclient.")
    if name == "fork" or (name == "auto" and linux):
        from volresearch.reports.engine_fork import ForkEngine

        return ForkEngine()
    from volresearch.reports.engine_nbclient import NbclientEngine

    return NbclientEngine()


def run_batch(
    jobs: Iterable[Job],
    out: str | Path,
    *,
    engine: Engine | None = None,
    workers: int | None = None,
    resume: bool = False,
    overwrite: bool = False,
    started: Callable[[Job], None] = lambda job: None,
    ended: Callable[[Outcome], None] = lambda outcome: None,
) -> tuple[Outcome, ...]:
    """Make pages and return one outcome per job, in the order of the jobs.

    A page appears at its target in one step, complete, or not at all. Pages that were made before may be
    replaced; a file that is not ours, or that somebody changed, is refused unless `overwrite`.

    Parameters
    ----------
    jobs : iterable of Job
        Pages to make; targets lie in `out`.
    resume : bool
        Leave pages alone whose key (template, parameters, data, versions) is still the same.
    started, ended : callable
        Called as jobs begin and end, for a progress display.

    Raises
    ------
    VolResearchError
        ``export.exists`` before anything runs, if a file stands in the way.
    """
    listed = list(jobs)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    outcomes: dict[int, Outcome] = {}
    todo: list[int] = []
    for position, job in enumerate(listed):
        if resume and is_current(Path(job.target), str(job.page.get("key", ""))):
            outcomes[position] = Outcome(job.name, "skipped", target=job.target)
            ended(outcomes[position])
        else:
            todo.append(position)
    if not overwrite:
        _refuse_foreign([Path(listed[position].target) for position in todo])
    if todo:
        pending = [listed[position] for position in todo]
        for position, outcome in _run(pending, folder, engine or choose_engine(), workers, started):
            outcomes[todo[position]] = outcome
            ended(outcome)
    return tuple(
        outcomes.get(position, Outcome(job.name, "stopped", target=job.target, error="it was not run"))
        for position, job in enumerate(listed)
    )


def is_current(target: Path, key: str) -> bool:
    """Return whether the page at `target` was made whole from the same inputs."""
    return bool(key) and key_in(target) == key


def summary_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the summary as lines of text: a table, then counts."""
    width = max((len(item.name) for item in outcomes), default=0)
    lines = [f"{'report':<{width}}  {'status':<8} {'seconds':>7}  page or cause"]
    for item in outcomes:
        place = short_path(item.target) if item.ok else item.message().removeprefix(f"{item.name}: ")
        seconds = f"{item.seconds:7.1f}" if item.seconds else f"{'-':>7}"
        lines.append(f"{item.name:<{width}}  {item.status:<8} {seconds}  {place.splitlines()[0]}")
        lines += [f"{'':<{width}}  warning: {text}" for text in item.warnings]
        if item.partial:
            lines.append(f"{'':<{width}}  as far as it ran: {short_path(item.partial)}")
    counts = {status: sum(item.status == status for item in outcomes) for status in _ORDER}
    said = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    return [*lines, f"{len(outcomes)} reports: {said or 'nothing to do'}"]


_ORDER = ("done", "skipped", "failed", "timeout", "killed", "stopped")


def _refuse_foreign(targets: Sequence[Path]) -> None:
    foreign = [target for target in targets if target.exists() and key_in(target) is None]
    if foreign:
        names = ", ".join(target.name for target in foreign[:5]) + (" ..." if len(foreign) > 5 else "")
        raise VolResearchError(
            "export.exists",
            f"These files are there already and were not made by this report, or were changed since: {names}.",
            where=Where(file=short_path(foreign[0].parent)),
            hint="Choose another folder, or say overwrite.",
        )


def _run(
    jobs: list[Job],
    folder: Path,
    engine: Engine,
    workers: int | None,
    started: Callable[[Job], None],
) -> Iterator[tuple[int, Outcome]]:
    count = max(1, min(workers or os.cpu_count() or 1, len(jobs)))
    _sweep(folder)
    work = Path(tempfile.mkdtemp(prefix=f".volresearch-{os.getpid()}-", dir=folder)).resolve()
    running = engine.run(jobs, work, count, started)
    try:
        # An interrupt ends the batch, not the program: what is finished stays and is told.
        with contextlib.suppress(KeyboardInterrupt):
            for position, outcome in running:
                yield position, _publish(outcome, work / str(position), folder)
    finally:
        close = getattr(running, "close", None)
        if close is not None:
            close()
        shutil.rmtree(work, ignore_errors=True)


def _publish(outcome: Outcome, work: Path, folder: Path) -> Outcome:
    target = Path(outcome.target)
    if outcome.status == "done":
        target.parent.mkdir(parents=True, exist_ok=True)
        (work / "page.html").replace(target)
        (folder / "failed" / f"{target.stem}.ipynb").unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            (folder / "failed").rmdir()
    elif outcome.partial:
        kept = folder / "failed" / f"{target.stem}.ipynb"
        kept.parent.mkdir(exist_ok=True)
        Path(outcome.partial).replace(kept)
        outcome = replace(outcome, partial=str(kept))
    shutil.rmtree(work, ignore_errors=True)
    return outcome


def _sweep(folder: Path) -> None:
    """Remove work folders of batches that were killed; a batch that still runs keeps its own."""
    for left in folder.glob(".volresearch-*-*"):
        number = left.name.split("-")[1]
        if os.name == "posix" and number.isdigit() and not _alive(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
