"""Reads data packages: ``datapackage.json`` of anybody (versions 1 and 2) with its CSV files; ours come back equal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from volresearch.datasets.codebook import Variable
from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.form_slots import identifier
from volresearch.datasets.readers.found import Asked, Found, Link, RawTable, some
from volresearch.datasets.readers.package_fields import column_of, stated_by
from volresearch.datasets.readers.package_files import MAX_DESCRIPTOR, PackageFiles, mapping
from volresearch.datasets.readers.text_headers import unique
from volresearch.datasets.typed import WHY
from volresearch.datasets.writers.safe import Coding, decoded
from volresearch.declare import frozen
from volresearch.errors import VolResearchError, Where, short_path
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["descriptor_beside", "read_datapackage"]

OURS = "volresearch"


def descriptor_beside(path: Path) -> Path | None:
    """Return the ``datapackage.json`` beside a data file where it names this very file, else None."""
    beside = path.parent / "datapackage.json"
    if path.name == beside.name or not beside.is_file() or beside.stat().st_size > MAX_DESCRIPTOR:
        return None
    try:
        given = json.loads(beside.read_text(encoding="utf-8-sig"))
        named = [one.get("path") for one in given["resources"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    flat = [part for one in named for part in (one if isinstance(one, list) else [one])]
    return (
        beside if any(isinstance(one, str) and one.removeprefix("./") == path.name for one in flat) else None
    )


def read_datapackage(asked: Asked, source: Source) -> Found:
    """Read the tables of a data package.

    Parameters
    ----------
    asked : Asked
        ``path`` is the descriptor, ``sheet`` the name of the resource that is the main table.
    source : Source
        The descriptor, as the provenance names it.

    Returns
    -------
    Found
        A table for each tabular resource, linked by their foreign keys. What `write_package` wrote comes back
        with its types, reasons and labels; other packages as text with the types that their schema declares.

    Raises
    ------
    VolResearchError
        ``read.format`` for a descriptor without a table that can be read here, or whose files are elsewhere;
        ``read.file`` for one that is no JSON, or whose file is not there; ``read.limit``.
    """
    return _Package(asked, source).found()


@dataclass
class _Package:
    asked: Asked
    source: Source

    def __post_init__(self) -> None:
        self.path = self.asked.path
        self.files = PackageFiles(self.asked, self.source)
        self.where = Where(file=short_path(self.path))
        self.given = self.files.json_of(self.path)
        if not isinstance(self.given, dict) or not isinstance(self.given.get("resources"), list):
            raise VolResearchError(
                "read.format", "This is no data package: it has no list of resources.", where=self.where
            )
        self.ours = mapping(self.given.get(OURS))

    def found(self) -> Found:
        tables, links = [], {}
        for number, resource in enumerate(self.given["resources"]):
            place = Where(file=self.where.file, path=f"resources[{number}]")
            made = self.table(mapping(resource), number, place)
            if made is not None:
                tables.append(made[0])
                links[made[0].name] = made[1]
        if not tables:
            raise VolResearchError(
                "read.format",
                "The package holds no table that is read here.",
                where=self.where,
                expected="CSV files",
            )
        tables = self.linked(tables, links)
        declared = mapping(self.ours.get("declaration"))
        stated = self.stated(declared)
        return Found(
            format="datapackage",
            tables=tuple(tables),
            title=_text(declared.get("title")) or _text(self.given.get("title")),
            options={"descriptor": self.path.name},
            notes=tuple(self.files.notes),
            sources=(
                *self.files.sources,
                Source(self.source.name, self.source.sha256, self.source.size, "codebook"),
            ),
            languages=tuple(str(tag) for tag in declared.get("languages") or ()),
            citation=str(declared.get("citation") or ""),
            licence=str(declared.get("licence") or "") or _licence(self.given.get("licenses")),
            declared=stated,
        )

    def stated(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return what a package of ours declares of its dataset; what is not as it was written declares nothing."""
        stated = stated_by(given)
        if given and not stated:
            self.files.note(f"What is declared under {OURS} is not as it was written: it was left out.")
        return stated

    def table(
        self, resource: dict[str, Any], number: int, place: Where
    ) -> tuple[RawTable, dict[str, Any]] | None:
        """Return the table of a resource with its schema; None for what is no table."""
        name = str(resource.get("name") or f"table_{number + 1}")
        schema = self.files.referenced(resource.get("schema"), place)
        cells = self.files.cells(resource, name, place)
        if cells is None:
            return None
        ours = mapping(resource.get(OURS))
        if isinstance(ours.get("table"), str) and ours["table"]:
            name = ours["table"]
        fields = [one for one in schema.get("fields") or () if isinstance(one, dict)]
        cells, fields = self.named(cells, fields, place)
        if (
            self.ours
            and all(_is_ours(one) for one in fields)
            and list(cells.columns) == [one["name"] for one in fields]
        ):
            return self.own_table(name, cells, fields, place), resource | {"schema": schema}
        return self.foreign_table(name, cells, fields, schema, place), resource | {"schema": schema}

    def named(
        self, cells: pd.DataFrame, fields: list[dict[str, Any]], place: Where
    ) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
        """Put the fields in the order of the columns: by name, by place where the file has other names or none."""
        header = [str(name) for name in cells.columns]
        by_name = {str(one.get("name")): one for one in fields}
        if set(header) & set(by_name) or not fields:
            missing = [name for name in by_name if name not in header]
            if missing:
                self.files.note(f"Fields of the schema that the file does not have: {some(missing)}.", place)
            extra = [name for name in header if name not in by_name]
            if extra and fields:
                self.files.note(f"Columns that the schema does not describe: {some(extra)}.", place)
            return cells, [by_name.get(name, {"name": name}) for name in header]
        if len(fields) == len(header):
            if any(not re.fullmatch(r"column_\d+", name) for name in header):
                self.files.note(
                    "The header names other columns than the schema: fields were taken in their order.", place
                )
            return cells.set_axis(
                [str(one.get("name") or name) for one, name in zip(fields, header, strict=True)], axis=1
            ), fields
        self.files.note("The schema describes another table: it was left out.", place)
        return cells, [{"name": name} for name in header]

    def own_table(
        self, name: str, cells: pd.DataFrame, fields: list[dict[str, Any]], place: Where
    ) -> RawTable:
        """Return a table of ours as it was."""
        variables: dict[str, Variable] = {}
        columns: dict[str, pd.Series] = {}
        for one in fields:
            said = mapping(one.get(OURS))
            if "companion_of" in said:
                continue
            column = one["name"]
            coding = Coding.from_dict(column, mapping(said.get("coding")))
            beside = cells[coding.companion] if coding.companion in cells.columns else None
            columns[column], why = decoded(cells[column], coding, beside)
            if why is not None:
                columns[f"{column}{WHY}"] = why
            if "variable" in said and (variable := self.own_variable(said, place)) is not None:
                variables[column] = variable
        import pandas as pd

        hidden = frozenset(one for one in columns if one not in variables and not one.endswith(WHY))
        return RawTable(name, pd.DataFrame(columns, index=cells.index), variables, typed=True, hidden=hidden)

    def own_variable(self, said: Mapping[str, Any], place: Where) -> Variable | None:
        given = {**mapping(said["variable"]), "labels": mapping(said.get("labels"))}
        labels = {code: Text(words) if words else Text() for code, words in given["labels"].items()}
        try:
            return Variable.model_validate(frozen({**given, "labels": labels}))
        except (ValidationError, TypeError, ValueError, AttributeError) as error:
            self.files.note(
                f"What is said of a variable under {OURS} is not as it was written: {_first(error)}.", place
            )
            return None

    def foreign_table(
        self,
        name: str,
        cells: pd.DataFrame,
        fields: list[dict[str, Any]],
        schema: dict[str, Any],
        place: Where,
    ) -> RawTable:
        """Return a table as text with what its schema declares."""
        names, _ = unique([identifier(str(name)) for name in cells.columns])
        made = [
            column_of(cells.iloc[:, number], one, schema, called, str(cells.columns[number]))
            for number, (one, called) in enumerate(zip(fields, names, strict=True))
        ]
        for column in made:
            for said in column.notes:
                self.files.note(said, Where(file=place.file, path=place.path, variable=column.name))
        import pandas as pd

        frame = pd.DataFrame({column.name: column.cells for column in made}, index=cells.index)
        variables = {column.name: column.variable for column in made}
        guess = frozenset(column.name for column in made if column.guess)
        return RawTable(name, frame, variables, guess=guess)

    def linked(self, tables: list[RawTable], resources: dict[str, dict[str, Any]]) -> list[RawTable]:
        """Return the tables with their links, the main one first."""
        called = {str(resource.get("name")): name for name, resource in resources.items()}
        out = [self.with_link(table, resources[table.name], called, tables) for table in tables]
        wanted = self.asked.sheet
        if wanted and wanted not in {*called, *(table.name for table in out)}:
            raise VolResearchError(
                "read.option",
                f'There is no resource "{wanted}".',
                where=self.where,
                expected=", ".join(called),
            )
        main = next((one for one in out if wanted and one.name in {wanted, called.get(wanted)}), None)
        main = main or next(
            (one for one in out if mapping(resources[one.name].get(OURS)).get("main") is True), None
        )
        main = main or next((one for one in out if one.link is None), out[0])
        return [main, *(one for one in out if one is not main)]

    def with_link(
        self, table: RawTable, resource: dict[str, Any], called: dict[str, str], tables: list[RawTable]
    ) -> RawTable:
        told = mapping(mapping(resource.get(OURS)).get("link"))
        frames = {one.name: one for one in tables}
        wanted = (
            [(str(told.get("parent")), str(told.get("key")), str(told.get("parent_key")))] if told else []
        )
        keys = mapping(resource.get("schema")).get("foreignKeys")
        for key in keys if isinstance(keys, list) else ():
            above = mapping(mapping(key).get("reference"))
            own, theirs = _only(mapping(key).get("fields")), _only(above.get("fields"))
            wanted.append((called.get(str(above.get("resource")), ""), identifier(theirs), identifier(own)))
        for parent, key, parent_key in wanted:
            if (
                parent in frames
                and parent != table.name
                and key in frames[parent].frame
                and parent_key in table.frame
            ):
                return table.with_(link=Link(parent, key, parent_key))
        if keys and not told:
            self.files.note(f'The foreign keys of "{table.name}" lead to no other table here: not linked.')
        return table


def _is_ours(field: dict[str, Any]) -> bool:
    said = mapping(field.get(OURS))
    return "coding" in said or "companion_of" in said


def _text(given: Any) -> Text:
    if isinstance(given, dict):
        return Text(
            {str(tag): words for tag, words in given.items() if isinstance(words, str) and words.strip()}
        )
    return Text(given) if isinstance(given, str) else Text()


def _licence(given: Any) -> str:
    first = mapping(given[0]) if isinstance(given, list) and given else {}
    return str(first.get("title") or first.get("name") or first.get("path") or "")


def _only(fields: Any) -> str:
    """Return the one field of a key; keys of several fields link nothing here."""
    if isinstance(fields, list):
        return str(fields[0]) if len(fields) == 1 else "?"
    return str(fields or "?")


def _first(error: Exception) -> str:
    return error.errors()[0]["msg"] if isinstance(error, ValidationError) else type(error).__name__
