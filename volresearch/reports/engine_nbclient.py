"""The engine for every system: a real kernel per report through nbclient."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from volresearch.errors import VolResearchError
from volresearch.reports.jobs import Job, Outcome

__all__ = ["NbclientEngine"]


class NbclientEngine:
    """Starts one kernel per report with this very Python; the parent keeps the clock and ends the kernel."""

    name = "nbclient"

    def run(
        self, jobs: Sequence[Job], work: Path, workers: int, started: Callable[[Job], None]
    ) -> Iterator[tuple[int, Outcome]]:
        """Run `jobs`; see `Engine`. Works inside a running event loop too (a notebook has one)."""
        ended: queue.Queue[tuple[int, Outcome] | None] = queue.Queue()
        loop = asyncio.new_event_loop()
        stop = threading.Event()

        async def everything() -> None:
            gate = asyncio.Semaphore(workers)
            await asyncio.gather(*(one(number, job, gate) for number, job in enumerate(jobs)))

        async def one(number: int, job: Job, gate: asyncio.Semaphore) -> None:
            async with gate:
                if stop.is_set():
                    return
                started(job)
                folder = work / str(number)
                folder.mkdir()
                ended.put((number, await _outcome(job, folder)))

        def serve() -> None:
            try:
                loop.run_until_complete(everything())
            finally:
                ended.put(None)

        thread = threading.Thread(target=serve, name="volresearch-reports", daemon=True)
        thread.start()
        try:
            while (item := ended.get()) is not None:
                yield item
        finally:
            stop.set()
            _cancel(loop, thread)


def _cancel(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    def cancel_all() -> None:
        for task in asyncio.all_tasks(loop):
            task.cancel()

    if thread.is_alive():
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(cancel_all)
    thread.join(timeout=20)
    if not thread.is_alive():
        loop.close()


async def _outcome(job: Job, folder: Path) -> Outcome:
    from nbclient.exceptions import DeadKernelError

    begun = time.monotonic()

    def ended(status: Any, **more: Any) -> Outcome:
        return Outcome(
            name=job.name, status=status, seconds=time.monotonic() - begun, target=job.target, **more
        )

    clock = asyncio.timeout(job.limits.seconds)
    ok = False
    try:
        async with clock:
            ok = await _make(job, folder)
    except (TimeoutError, DeadKernelError):
        # nbclient takes every cancellation for a dead kernel, so the clock is asked which it was.
        if clock.expired():
            text = f"it ran longer than its limit of {job.limits.seconds:g} seconds and was ended"
            return ended("timeout", error=text)
        hint = f" (out of memory? limit: {job.limits.memory_mb} MB)"
        return ended("killed", error=f"its kernel died{hint}")
    from volresearch.reports.engine_fork import outcome_of

    return outcome_of(job, folder, time.monotonic() - begun, 0 if ok else 1, expired=False)


async def _make(job: Job, folder: Path) -> bool:
    """Fill, run and lay out; the outcome is written into `folder` in both cases."""
    from nbclient.exceptions import DeadKernelError

    from volresearch.reports import notebooks
    from volresearch.reports.worker import lay_out, record_failure

    notebook = None
    try:
        notebook = notebooks.fill(notebooks.read(job.template), job.values)
        await _execute(notebook, job, folder)
        lay_out(notebook, job, folder)
    except notebooks.CellError as failure:
        record_failure(folder, failure.error, failure.number, failure.details, notebook)
        return False
    except VolResearchError as error:
        record_failure(folder, str(error), None, "", notebook)
        return False
    except (DeadKernelError, TimeoutError):
        raise
    except Exception as error:  # noqa: BLE001 - the fault of one report must not end the others
        record_failure(folder, f"{type(error).__name__}: {error}", None, traceback.format_exc(), notebook)
        return False
    return True


async def _execute(notebook: Any, job: Job, folder: Path) -> None:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    from volresearch.reports.notebooks import CellError, code_cells

    client = NotebookClient(
        notebook,
        timeout=None,
        km=_kernel_manager(),
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(folder)}},
    )
    setup = nbformat.v4.new_code_cell(
        "import sys\n"
        f"sys.path[:] = {sys.path!r}\n"
        "from volresearch.reports.isolation import prepare as _prepare\n"
        f"_prepare({str(folder)!r}, {job.seed}, {job.limits.memory_mb})\n"
        "del _prepare, sys"
    )
    with (folder / "log.txt").open("a", encoding="utf-8") as log:
        async with client.async_setup_kernel(
            cleanup_kc=True, stdout=log, stderr=log, env=_environment(folder)
        ):
            # The set-up cell is not part of the notebook: neither its number nor its outputs may show.
            notebook.cells.append(setup)
            await client.async_execute_cell(setup, len(notebook.cells) - 1)
            notebook.cells.pop()
            for count, (number, cell) in enumerate(code_cells(notebook), start=1):
                index = next(i for i, other in enumerate(notebook.cells) if other is cell)
                try:
                    await client.async_execute_cell(cell, index, execution_count=count)
                except CellExecutionError as error:
                    value = (error.evalue or "").strip().splitlines()
                    text = f"{error.ename}: {value[0]}" if value else str(error.ename)
                    raise CellError(number, text, str(error)) from error


def _environment(folder: Path) -> dict[str, str]:
    import os

    from volresearch.reports.isolation import environment

    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    return dict(os.environ) | environment(folder) | {"PYTHONPATH": path}


def _kernel_manager() -> Any:
    """Return a manager whose kernel is this very interpreter, whatever kernels the user has installed."""
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="volresearch",
        language="python",
    )

    class OwnInterpreter(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> Any:
            return spec

    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=OwnInterpreter())
