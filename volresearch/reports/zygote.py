"""The process that imports once and forks one child per report (``python -m volresearch.reports.zygote``).

It has no work of its own: it reads jobs as lines of JSON, forks, watches the clock, and answers one line per
ended child. It never runs a report's code, so that every child starts from the same untouched state, and it
starts no threads, so that forking is safe.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["main"]

#: What a report usually needs. Modules that are missing here only cost time in the child.
PRELOAD = (
    "pandas",
    "IPython.core.interactiveshell",
    "IPython.core.formatters",
    "volresearch.reports.inprocess",
    "volresearch.reports.exporter",
    "volresearch.reports.worker",
    "volresearch.api",
    "volresearch.catalog.factbase",
    "volresearch.catalog.listing",
    "volresearch.reports.brief",
    "volresearch.reports.brief.others",
    "volresearch.show.figures",
    "altair",
    "great_tables",
)


@dataclass
class _Child:
    number: int
    ends: float
    expired: bool = False


def main() -> None:
    """Serve until the standard input closes; then end the children that still run."""
    # Only the protocol may use the standard output; whatever else is printed goes to the error stream.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    from volresearch.reports.hygiene import lighten_imports

    lighten_imports()
    hello = json.loads(sys.stdin.readline())
    _preload((*PRELOAD, *hello.get("modules", ())))
    _draw_through(hello.get("renderer"))
    _warm()
    if not _alone():
        print(
            "A thread was started while the reports were made ready; forking would not be safe.",
            file=sys.stderr,
        )
        return
    # What is there now stays as it is: children need not copy its pages only to count references.
    gc.collect()
    gc.freeze()
    print(json.dumps({"ready": os.getpid()}), file=answers)
    _serve(answers)


def _preload(names: tuple[str, ...]) -> None:
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    from volresearch.reports.exporter import warm_up
    from volresearch.reports.hygiene import trust_charts

    warm_up()
    trust_charts()


def _warm() -> None:
    """Read the published figures and make one chart and one table, so that no child does it again.

    Package code only, no report's; it starts no thread, which `_alone` checks before anything is forked.
    """
    with contextlib.suppress(Exception):
        from volresearch.catalog import default_catalog
        from volresearch.show import figure, table

        facts = default_catalog().facts()
        code = next(iter(facts.areas_with_figures()))
        release = facts.select(area=code, subgroup="total").release()
        for lang in ("en", "es"):
            table(release, lang)
        figure(release, kind="bars").panel_specs  # noqa: B018 - made for its caches


def _alone() -> bool:
    """Whether no thread runs that a fork would lose; the allocator's own one is made for being forked."""
    try:
        names = [task.joinpath("comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]
    except OSError:
        return True
    return len([name for name in names if name != "jemalloc_bg_thd"]) == 1


def _draw_through(renderer: dict[str, Any] | None) -> None:
    if renderer:
        from volresearch.show.renderer import RendererClient, use

        address = renderer["address"]
        place = tuple(address) if isinstance(address, list) else address
        use(RendererClient(place, bytes.fromhex(renderer["key"])))


def _serve(answers: Any) -> None:
    wake_read, wake_write = os.pipe()
    for end in (wake_read, wake_write):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: dict[int, _Child] = {}
    pending = b""
    while True:
        ready, _, _ = select.select([0, wake_read], [], [], _until_next(children))
        if wake_read in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(wake_read, 4096)
        _end_expired(children)
        _reap(children, answers)
        if 0 in ready:
            chunk = os.read(0, 65536)
            if not chunk:
                break
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                _start(json.loads(line), children)
    for pid in children:
        _kill(pid)


def _until_next(children: dict[int, _Child]) -> float | None:
    ends = [child.ends for child in children.values() if not child.expired]
    return max(0.0, min(ends) - time.monotonic()) if ends else None


def _end_expired(children: dict[int, _Child]) -> None:
    now = time.monotonic()
    for pid, child in children.items():
        if not child.expired and child.ends <= now:
            child.expired = True
            _kill(pid)


def _reap(children: dict[int, _Child], answers: Any) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        child = children.pop(pid, None)
        if child is not None:
            code = os.waitstatus_to_exitcode(status)
            answer = {"number": child.number, "code": code, "expired": child.expired}
            print(json.dumps(answer), file=answers)


def _kill(pid: int) -> None:
    # The child leads a process group of its own, so what it started ends with it.
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)


def _start(request: dict[str, Any], children: dict[int, _Child]) -> None:
    pid = os.fork()
    if pid == 0:
        _child(request)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpgid(pid, pid)
    children[pid] = _Child(request["number"], time.monotonic() + request["seconds"])


def _child(request: dict[str, Any]) -> None:
    """Run one report and end the process; nothing of the zygote's own loop runs on."""
    code = 1
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        work = Path(request["work"])
        _redirect(work)
        from volresearch.reports.inprocess import execute
        from volresearch.reports.isolation import prepare
        from volresearch.reports.jobs import Job
        from volresearch.reports.worker import make

        job = Job.from_json(request["job"])
        prepare(work, job.seed, job.limits.memory_mb)
        code = 0 if make(job, work, execute) else 1
    except BaseException:  # noqa: BLE001 - whatever it was, this child must not return into the loop
        import traceback

        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        os._exit(code)


def _redirect(work: Path) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    log = os.open(str(work / "log.txt"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115


if __name__ == "__main__":
    main()
