"""The fast engine (Linux): one helper process imports once and forks a child per report."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from volresearch.errors import VolResearchError
from volresearch.reports.jobs import Job, Outcome

__all__ = ["ForkEngine", "outcome_of"]


class ForkEngine:
    """Talks to ``volresearch.reports.zygote``; see there for what runs where."""

    name = "fork"

    def run(
        self, jobs: Sequence[Job], work: Path, workers: int, started: Callable[[Job], None]
    ) -> Iterator[tuple[int, Outcome]]:
        """Run `jobs`; see `Engine`."""
        from volresearch.show.renderer import Renderer

        modules = sorted({name for job in jobs for name in job.modules})
        # Charts are drawn by one process for all children: starting the drawing in each costs half a second.
        with Renderer.start() as renderer:
            helper = _start_helper(modules, work, renderer.client)
            try:
                yield from _feed(helper, jobs, work, workers, started)
            finally:
                _stop(helper)


def _start_helper(modules: list[str], work: Path, renderer: Any) -> subprocess.Popen[str]:
    environment = dict(os.environ, PYTHONHASHSEED="0", OPENBLAS_NUM_THREADS="1", PYTHONPATH=_search_path())
    with (work / "engine.log").open("w", encoding="utf-8") as log:
        helper = subprocess.Popen(
            [sys.executable, "-m", "volresearch.reports.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            bufsize=1,
            env=environment,
            start_new_session=True,
        )
    _send(helper, {"modules": modules, "renderer": {"address": renderer.address, "key": renderer.key.hex()}})
    if "ready" not in _receive(helper, work):
        raise _broken(work)
    return helper


def _search_path() -> str:
    """Hand on the search path: a notebook or a test may have added folders that no setting names."""
    return os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)


def _feed(
    helper: subprocess.Popen[str],
    jobs: Sequence[Job],
    work: Path,
    workers: int,
    started: Callable[[Job], None],
) -> Iterator[tuple[int, Outcome]]:
    waiting = list(enumerate(jobs))
    running: dict[int, float] = {}
    while waiting or running:
        while waiting and len(running) < workers:
            number, job = waiting.pop(0)
            folder = work / str(number)
            folder.mkdir()
            started(job)
            request = {
                "number": number,
                "work": str(folder),
                "seconds": job.limits.seconds,
                "job": job.to_json(),
            }
            _send(helper, request)
            running[number] = time.monotonic()
        answer = _receive(helper, work)
        number = answer["number"]
        seconds = time.monotonic() - running.pop(number)
        folder = work / str(number)
        yield number, outcome_of(jobs[number], folder, seconds, answer["code"], answer["expired"])


def outcome_of(job: Job, folder: Path, seconds: float, code: int, expired: bool) -> Outcome:
    """Judge an ended child by its exit code and by what it wrote."""
    common: dict[str, Any] = {"name": job.name, "seconds": seconds, "target": job.target}
    record = folder / "outcome.json"
    if expired:
        text = f"it ran longer than its limit of {job.limits.seconds:g} seconds and was ended"
        return Outcome(status="timeout", error=text, **common)
    if code < 0:
        text = f"its process was killed by signal {_signal_name(-code)}{_memory_hint(code, job)}"
        return Outcome(status="killed", error=text, **common)
    if not record.exists():
        text = f"its process ended with exit code {code} before the page was made{_last_line(folder)}"
        return Outcome(status="killed", error=text, **common)
    found = json.loads(record.read_text(encoding="utf-8"))
    if code == 0 and found["ok"]:
        return Outcome(status="done", warnings=tuple(found["warnings"]), **common)
    partial = folder / "partial.ipynb"
    return Outcome(
        status="failed",
        cell=found.get("cell"),
        error=_with_limit(found.get("error", ""), job),
        partial=str(partial) if partial.exists() else "",
        **common,
    )


def _with_limit(error: str, job: Job) -> str:
    if error.startswith(("MemoryError", "_ArrayMemoryError", "numpy._core._exceptions._ArrayMemoryError")):
        return f"{error} (limit: {job.limits.memory_mb} MB)"
    return error


def _memory_hint(code: int, job: Job) -> str:
    return f" (out of memory? limit: {job.limits.memory_mb} MB)" if code in {-9, -6, -11} else ""


def _signal_name(number: int) -> str:
    try:
        return f"{number} ({signal.Signals(number).name})"
    except ValueError:
        return str(number)


def _last_line(folder: Path) -> str:
    log = folder / "log.txt"
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.exists() else []
    return f": {lines[-1]}" if lines else ""


def _send(helper: subprocess.Popen[str], message: dict[str, Any]) -> None:
    assert helper.stdin is not None
    helper.stdin.write(json.dumps(message, ensure_ascii=False) + "\n")
    helper.stdin.flush()


def _receive(helper: subprocess.Popen[str], work: Path) -> dict[str, Any]:
    assert helper.stdout is not None
    line = helper.stdout.readline()
    if not line:
        raise _broken(work)
    answer: dict[str, Any] = json.loads(line)
    return answer


def _broken(work: Path) -> VolResearchError:
    log = (work / "engine.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return VolResearchError(
        "report.failed",
        f"The helper process of the fork engine ended early{': ' + log[-1].rstrip('.') if log else ''}.",
        hint="Try --engine nbclient, which needs no helper.",
    )


def _stop(helper: subprocess.Popen[str]) -> None:
    if helper.stdin is not None:
        helper.stdin.close()
    try:
        helper.wait(timeout=5)
    except subprocess.TimeoutExpired:
        helper.kill()
        helper.wait()
    if helper.stdout is not None:
        helper.stdout.close()
