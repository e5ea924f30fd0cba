"""Directives that write reference pages from the package itself, so that the two cannot differ.

``{volresearch-hooks}``, ``{volresearch-commands}``, ``{volresearch-errors}``, ``{volresearch-instrument}``. The texts
come from `hook_pages`, `command_pages`, `error_rows` and `instrument_page`, which the tests call too.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import click
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from volresearch.errors import CODES
from volresearch.plugins import hookspecs


def hook_pages() -> Iterator[tuple[str, str, str, str]]:
    """Yield name, signature, text and example of every hook, in the order of the file."""
    found = [
        (name, function)
        for name, function in inspect.getmembers(hookspecs, inspect.isfunction)
        if hasattr(function, f"{hookspecs.PROJECT}_spec")
    ]
    for name, function in sorted(found, key=lambda pair: pair[1].__code__.co_firstlineno):
        returns = str(function.__annotations__["return"])
        doc = inspect.getdoc(function) or ""
        text, _, rest = doc.partition("\nReturns\n")
        example = rest.partition("Examples\n--------\n")[2]
        yield name, f"{name}() -> {returns}", text.strip(), example.strip()


def command_pages() -> Iterator[tuple[str, str]]:
    """Yield every command (``volresearch plugins list``) and what its ``--help`` prints."""
    from volresearch.cli import cli

    yield from _commands(cli, click.Context(cli, info_name="volresearch", **cli.context_settings))


def _commands(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _commands(inner, click.Context(inner, info_name=name, parent=context))


def error_rows() -> list[tuple[str, str]]:
    """Return every error code with its meaning."""
    return list(CODES.items())


def instrument_page(identity: str) -> str:
    """Return one section a language: what the instrument is, its questions, its routing as a drawing."""
    import volresearch as vr
    from volresearch.instruments.diagram import routing_svg
    from volresearch.text import language_name

    form = vr.instrument(identity)
    parts = [f"`vr.instrument({identity!r})`, version {form.version}, {len(form.questions)} questions.\n"]
    for tag in form.tags:
        state = form.languages[tag].status
        said = {"draft": "draft, not reviewed by a native speaker"}.get(state, state)
        parts.append(
            f"## {language_name(tag)} ({said})\n\n```{{raw}} html\n{form.html(tag)}\n{routing_svg(form, tag)}\n```\n"
        )
    return "\n".join(parts)


class _Generated(SphinxDirective):
    """Writes MyST text in the place of the directive."""

    def text(self) -> str:
        """Return the Markdown to insert."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Insert the text as if it stood in the page."""
        holder = nodes.section()
        holder.document = self.state.document
        lines = self.text().splitlines()
        self.state.nested_parse(StringList(lines, source=self.get_location()), 0, holder, match_titles=True)
        return holder.children


class Hooks(_Generated):
    """``{volresearch-hooks}``: every hook with its example."""

    def text(self) -> str:
        """Return one section for each hook."""
        parts = []
        for name, signature, words, example in hook_pages():
            parts.append(f"## {name}\n\n```text\n{signature}\n```\n\n{words}\n\n```pycon\n{example}\n```\n")
        return "\n".join(parts)


class Commands(_Generated):
    """``{volresearch-commands}``: every command with its ``--help``."""

    def text(self) -> str:
        """Return one section for each command."""
        return "\n".join(f"## {path}\n\n```text\n{words}\n```\n" for path, words in command_pages())


class Errors(_Generated):
    """``{volresearch-errors}``: the table of error codes."""

    def text(self) -> str:
        """Return a table of code and meaning."""
        rows = [f"| `{code}` | {meaning} |" for code, meaning in error_rows()]
        return "\n".join(["| code | what it means |", "| --- | --- |", *rows])


class InstrumentPage(_Generated):
    """``{volresearch-instrument} core.vol_work``: the instrument in all its languages."""

    required_arguments = 1

    def text(self) -> str:
        """Return what `instrument_page` says."""
        return instrument_page(self.arguments[0])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("volresearch-hooks", Hooks)
    app.add_directive("volresearch-commands", Commands)
    app.add_directive("volresearch-errors", Errors)
    app.add_directive("volresearch-instrument", InstrumentPage)
    return {"version": "1", "parallel_read_safe": True}
