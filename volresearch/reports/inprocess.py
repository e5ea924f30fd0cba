"""Running a notebook inside the present process: what a forked child does in place of a kernel."""

from __future__ import annotations

import base64
import contextlib
import io
import re
import traceback
from collections.abc import Iterator
from typing import Any

import nbformat.v4
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode

from volresearch.reports.notebooks import CellError, code_cells

__all__ = ["execute"]

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def execute(notebook: NotebookNode) -> NotebookNode:
    """Run every code cell of `notebook` here and keep its outputs in the cells, as a kernel would.

    Raises
    ------
    CellError
        At the first cell that raises, unless it is tagged ``raises-exception``. The outputs up to there
        stay in the notebook.
    """
    setattr(HistoryManager, "enabled", False)  # noqa: B010 - a trait of the class, typed as its descriptor
    shell: Any = _Shell.instance()
    for count, (number, cell) in enumerate(code_cells(notebook), start=1):
        shell.begin(count)
        with _captured(shell.outputs):
            result = shell.run_cell(cell.source, store_history=False)
        cell.outputs = list(shell.outputs)
        cell.execution_count = count
        error = result.error_before_exec or result.error_in_exec
        if error is not None and "raises-exception" not in cell.metadata.get("tags", []):
            raise CellError(number, describe(error), "".join(traceback.format_exception(error)))
    return notebook


def describe(error: BaseException) -> str:
    """Return ``Name: message`` on one line."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


_output: Any = nbformat.v4.new_output


class _Hook(DisplayHook):
    shell: Any

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        self.shell.outputs.append(
            _output(
                "execute_result",
                data=_jsonable(format_dict),
                metadata=md_dict or {},
                execution_count=self.shell.count,
            )
        )

    def update_user_ns(self, result: Any) -> None:
        """Keep no reference to shown values: a report is run once."""

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Publisher(DisplayPublisher):
    shell: Any

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **_: Any) -> None:
        self.shell.outputs.append(_output("display_data", data=_jsonable(data), metadata=metadata or {}))

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear()


_Base: Any = InteractiveShell


class _Shell(_Base):  # type: ignore[misc]
    displayhook_class = _Hook
    display_pub_class = _Publisher

    def __init__(self, **options: Any) -> None:
        self.outputs: list[NotebookNode] = []
        self.count = 0
        super().__init__(**options)

    def begin(self, count: int) -> None:
        self.outputs.clear()
        self.count = count

    def enable_gui(self, gui: str | None = None) -> None:
        """A report has no windows."""

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """The caller reports the error once, in its own words."""

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        """See `showtraceback`."""


class _Stream(io.TextIOBase):
    """Collects what a cell prints, merging neighbours as kernels do."""

    def __init__(self, name: str, outputs: list[NotebookNode]) -> None:
        self._name = name
        self._outputs = outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        last = self._outputs[-1] if self._outputs else None
        if last is not None and last.output_type == "stream" and last.name == self._name:
            last.text += text
        else:
            self._outputs.append(_output("stream", name=self._name, text=text))
        return len(text)


@contextlib.contextmanager
def _captured(outputs: list[NotebookNode]) -> Iterator[None]:
    out, err = _Stream("stdout", outputs), _Stream("stderr", outputs)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield


def _jsonable(data: dict[str, Any]) -> dict[str, Any]:
    return {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in data.items()}
