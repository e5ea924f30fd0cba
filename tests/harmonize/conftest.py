"""Small datasets made of a frame and its variables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from volresearch.datasets import Codebook, Dataset, DatasetDeclaration, Variable

MakeDataset = Callable[..., Dataset]


@pytest.fixture
def make_dataset() -> MakeDataset:
    """``make_dataset({"sexo": ["1", "2"]}, Variable(name="sexo", ...), id="local.peru", lazy=True)``."""
    import duckdb
    import pandas as pd

    def make(
        columns: dict[str, Any] | pd.DataFrame, *variables: Variable, id: str = "local.peru", lazy: bool = False,
        linked: dict[str, pd.DataFrame] | None = None, **declared: Any,
    ) -> Dataset:  # fmt: skip
        frame = pd.DataFrame(columns)
        for name in frame:
            kind = next((one.type for one in variables if one.name == name), "")
            if kind in {"code", "multiple", "text"} or frame[name].dtype.kind == "O":
                frame[name] = frame[name].astype("str")
        tables: dict[str, Any] = {"rows": frame, **(linked or {})}
        if lazy:
            tables["rows"] = duckdb.connect(":memory:").from_df(frame)
        keys = {name: {"path": f"files/{name}.csv", "sha256": "0" * 64, "format": "csv"} for name in tables}
        book = Codebook(variables=variables)
        given: dict[str, Any] = {"kind": "survey", "unit": "person", "licence": "CC0", "title": "Test"}
        from volresearch.datasets.declaration import TableDeclaration

        declaration = DatasetDeclaration(
            id=id, version="1", tables={name: TableDeclaration(**one) for name, one in keys.items()},
            codebook=book, **(given | declared),
        )  # fmt: skip
        return Dataset(declaration, tables, sha256="1" * 64)

    return make


@pytest.fixture
def write_crosswalk(tmp_path: Path) -> Callable[..., Path]:
    """``write_crosswalk("sexo,1,sex,m", "sexo,2,sex,f")``; more columns with ``columns="unit_rule"``."""

    def write(*rows: str, columns: str = "", name: str = "to_core.csv") -> Path:
        head = "source_variable,source_code,target_variable,target_code" + (f",{columns}" if columns else "")
        path = tmp_path / name
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        return path

    return write
