"""Fixtures of the whole suite."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

FactsWriter = Callable[..., Path]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of outside material; tests that need it skip, saying so, where it is absent."""
    named = os.environ.get("VOLRESEARCH_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip(f"outside material is not here: {folder}")
    return folder


#: A whole small facts dataset; tests replace what they are about.
SERIES = {
    "variant": "t.rate.a", "series": "t.rate", "measure": "volunteer rate", "indicator": "core.V01", "kind": "rate",
    "unit": "percent", "bound": "exact", "survey": "lfs", "age": "15+", "reference_period": "4 weeks",
    "volunteering": "any", "family_help": "excluded", "mode": "face_to_face", "vintage": "1", "note": "",
}  # fmt: skip
FACT = {
    "fact_id": "T1", "series": "t.rate", "variant": "t.rate.a", "area": "PER", "period": "2016",
    "period_text": "2016", "subgroup": "", "value": "12.5", "bound": "exact", "unit": "percent",
    "source_id": "s1", "evidence": "S", "measure": "volunteer rate", "note": "",
}  # fmt: skip
WORDS: dict[str, list[dict[str, str]]] = {
    "series_titles": [{"series": "t.rate", "title_en": "Volunteer rate", "title_es": "Tasa de voluntariado"}],
    "subgroups": [{"subgroup": "women", "label_en": "Women", "label_es": "Mujeres", "dimension": "sex"}],
    "units": [{"unit": "percent", "label_en": "percent", "short_en": "%", "scale": "percent"},
              {"unit": "persons", "label_en": "persons", "short_en": "persons", "scale": "count"}],
    "areas": [{"area": "PER", "kind": "country", "iso2": "PE", "name_en": "Peru", "name_es": "Perú"},
              {"area": "CHN", "kind": "country", "iso2": "CN", "name_en": "China", "name_es": "China"}],
    "sources": [{"source_id": "s1", "title": "A report", "publisher": "An office", "year": "2017",
                 "address": "example.org/a", "licence": "figures as facts", "shortened": "true"}],
    "checks": [{"check_id": "C1", "where": "Peru", "rule": "a = b", "verdict": "ok", "comment": "",
                "fact_ids": "T1", "marks_break": "false"}],
}  # fmt: skip


def csv_text(rows: Iterable[Mapping[str, str]]) -> str:
    """Return rows as CSV text."""
    many = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(many[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(many)
    return out.getvalue()


@pytest.fixture
def write_facts() -> FactsWriter:
    """Write a small facts dataset into a folder and return its YAML: ``write_facts(folder, facts=[{...}])``.

    Each given row changes a default row; ``series=[{...}, ...]`` likewise; other tables replace theirs.
    """

    def write(folder: Path, id: str = "t.facts", **tables: Any) -> Path:
        rows = {
            "facts": [{**FACT, **row} for row in tables.pop("facts", [{}])],
            "series": [{**SERIES, **row} for row in tables.pop("series", [{}])],
            **WORDS,
            **tables,
        }
        (folder / "files").mkdir(parents=True, exist_ok=True)
        stem = id.split(".")[1]
        lines = []
        for name, many in rows.items():
            if many:
                content = csv_text(many).encode()
                (folder / "files" / f"{stem}_{name}.csv").write_bytes(content)
                digest = hashlib.sha256(content).hexdigest()
                lines.append(
                    f"  {name}: {{path: files/{stem}_{name}.csv, sha256: {digest}, rows: {len(many)}}}\n"
                )
        path = folder / f"{stem}.yaml"
        path.write_text(
            f'id: {id}\nkind: facts\nversion: "1"\ntitle: {{en: Test figures}}\nunit: published figure\n'
            f"licence: CC0\ntables:\n{''.join(lines)}",
            encoding="utf-8",
        )
        return path

    return write


@pytest.fixture
def write_dataset() -> FactsWriter:
    """Write a dataset of one CSV table and return its YAML: ``write_dataset(folder, csv, codebook=yaml_text)``."""

    def write(folder: Path, text: str, *, id: str = "t.people", codebook: str = "", more: str = "") -> Path:
        (folder / "files").mkdir(parents=True, exist_ok=True)
        stem = id.split(".")[1]
        (folder / "files" / f"{stem}.csv").write_bytes(text.encode())
        digest = hashlib.sha256(text.encode()).hexdigest()
        variables = f"codebook:\n  variables:\n{codebook}" if codebook else ""
        path = folder / f"{stem}.yaml"
        path.write_text(
            f'id: {id}\nkind: survey\nversion: "1"\ntitle: {{en: People}}\nunit: person\nlicence: CC0\n'
            f"tables:\n  people: {{path: files/{stem}.csv, sha256: {digest}}}\n{variables}{more}",
            encoding="utf-8",
        )
        return path

    return write
