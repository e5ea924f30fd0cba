"""``volresearch schema``: JSON Schema of declarations, so that an editor completes and checks YAML."""

from __future__ import annotations

import click

from volresearch.cli.output import print_json

__all__ = ["schema"]


@click.command()
@click.argument("kind", required=False, metavar="[KIND]")
def schema(kind: str | None) -> None:
    """Print the JSON Schema of one kind of declaration; without KIND, of all of them by name.

    An editor with a YAML language server then completes keys and underlines mistakes. Write the schema to a
    file and name it in the first line of a declaration:

    \b
      volresearch schema dataset > dataset.schema.json
      # yaml-language-server: $schema=dataset.schema.json
    """
    from volresearch.api import DECLARATIONS
    from volresearch.api import schema as schema_of

    if kind:
        print_json(schema_of(kind))
    else:
        print_json({name: schema_of(name) for name in DECLARATIONS})
