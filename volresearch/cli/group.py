"""The click group behind the command line; the module of a command is imported when the command is used."""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Mapping

import click

from volresearch import __version__
from volresearch.cli import COMMANDS, environment
from volresearch.errors import VolResearchError, near

__all__ = ["LazyGroup", "cli"]


class LazyGroup(click.Group):
    """A group that knows its commands by a table and imports the one that is asked for."""

    def __init__(self, *args: object, lazy: Mapping[str, tuple[str, str, str]], **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self._lazy = dict(lazy)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in self._lazy:
            return None
        module, attribute, short_help = self._lazy[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        command.short_help = command.short_help or short_help
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of an unknown name say which one is near."""
        if args and args[0] not in self._lazy and not args[0].startswith("-"):
            raise click.UsageError(f'There is no command "{args[0]}". {near(args[0], self._lazy)}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write names and short helps from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, row[2]) for name, row in self._lazy.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take ``--no-plugins`` and ``--debug`` from anywhere on the line, not only from before the command."""
        end = args.index("--") if "--" in args else len(args)
        anywhere = [name for name in ("--no-plugins", "--debug") if name in args[:end]]
        rest = [word for word in args[:end] if word not in anywhere] + args[end:]
        return super().parse_args(ctx, anywhere + rest)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a user's mistake becomes a message, not a traceback."""
        try:
            return super().invoke(ctx)
        except VolResearchError as error:
            if ctx.params.get("debug"):
                traceback.print_exc()
            click.echo(f"Error: {error}", err=True)
            ctx.exit(1)


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Each command has its own --help; each list has --json.",
)
@click.option("--no-plugins", is_flag=True, help="Load the built-in material only.")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, "--version", prog_name="volresearch")
@click.pass_context
def cli(ctx: click.Context, no_plugins: bool, debug: bool) -> None:
    """Research environment for volunteering: figures, surveys, comparisons, reports.

    The material comes from plugins. VOLRESEARCH_PLUGINS=a,b loads the plugins a and b only, and
    VOLRESEARCH_PLUGINS=none the built-in material only, as --no-plugins does.
    """
    if no_plugins:
        ctx.with_resource(environment("VOLRESEARCH_PLUGINS", "none"))
