"""Small datasets built by hand, in memory or lazy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from volresearch.datasets import Codebook, Dataset, DatasetDeclaration, Variable

Made = Callable[..., Dataset]


@pytest.fixture
def make(tmp_path: Path) -> Made:
    """Make a dataset: ``make({"sex": ["f", "m"]}, [Variable(name="sex", type="code")], lazy=True, design={...})``."""

    def made(
        columns: Any,
        variables: Sequence[Variable] = (),
        *,
        lazy: bool = False,
        linked: dict[str, Any] | None = None,
        links: dict[str, dict[str, str]] | None = None,
        **declared: Any,
    ) -> Dataset:
        frames = {
            "main": pd.DataFrame(columns),
            **{name: pd.DataFrame(one) for name, one in (linked or {}).items()},
        }
        known = {one.name for one in variables}
        rest = [
            Variable(name=name) for name in frames["main"] if name not in known and not name.endswith("__why")
        ]
        tables: dict[str, Any] = dict(frames)
        if lazy:
            duckdb = pytest.importorskip("duckdb")
            pytest.importorskip("pyarrow")
            for name, frame in frames.items():
                frame.to_parquet(tmp_path / f"{name}.parquet")
                tables[name] = duckdb.read_parquet(str(tmp_path / f"{name}.parquet"))
        declaration = DatasetDeclaration.model_validate(
            {
                "id": "t.people", "kind": "survey", "version": "1", "title": {"en": "People"}, "unit": "person",
                "licence": "CC0", "undeclared_codes": "keep",
                "tables": {name: {"path": f"{name}.csv", "sha256": "0" * 64, **(links or {}).get(name, {})} for name in frames},
                **declared,
            }
        )  # fmt: skip
        return Dataset(declaration, tables, sha256="0" * 64, codebook=Codebook(variables=(*variables, *rest)))

    return made
