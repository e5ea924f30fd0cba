"""Small tables of what there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from volresearch.declare import load
from volresearch.errors import VolResearchError
from volresearch.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.catalog.catalog import Catalog
    from volresearch.plugins import Host, Record

__all__ = ["listing", "plugins_table"]

#: Kind of record -> keys of its declaration that the list shows.
_SHOWN: dict[str, tuple[str, ...]] = {
    "datasets": ("kind", "unit", "version"),
    "indicators": ("unit", "level"),
    "instruments": ("languages", "items", "version"),
}


def listing(catalog: Catalog, kind: str, lang: str) -> pd.DataFrame:
    """Return one row a record: id, title, what its kind shows, plugin, status; see `Catalog.table`."""
    import pandas as pd

    columns = ["id", "title", *_SHOWN.get(kind, ()), "plugin", "status"]
    rows = [_row(catalog, kind, record, lang) for record in catalog.records(kind)]
    return pd.DataFrame(rows, columns=columns)


def plugins_table(host: Host, lang: str = "en") -> pd.DataFrame:
    """Return one row a plugin: name, title, version, status, cause."""
    import pandas as pd

    rows = [
        {
            "name": state.name,
            "title": Text(state.info.title).get_in(lang) if state.info else "",
            "version": state.version,
            "status": state.status,
            "cause": state.cause,
        }
        for state in host.plugins
    ]
    return pd.DataFrame(rows, columns=["name", "title", "version", "status", "cause"])


def _row(catalog: Catalog, kind: str, record: Record, lang: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": record.id,
        "title": "",
        "plugin": catalog.plugin_of(record).name,
        "status": "ok",
    }
    row |= dict.fromkeys(_SHOWN.get(kind, ()), "")
    try:
        with catalog.blaming(record):
            data = _declared(record)
    except VolResearchError as error:
        return row | {"status": f"{error.where} {error.message}".strip()}
    title = data.get("title", "")
    row["title"] = Text(title).get_in(lang) if title else record.id.partition(".")[2]
    data = _summed(data) if kind == "instruments" else data
    return row | {key: data.get(key, "") for key in _SHOWN.get(kind, ())}


def _summed(data: dict[str, Any]) -> dict[str, Any]:
    """Return what an instrument declares with its languages in one line and its items counted."""
    items = len(list(_leaves(data.get("items"))))
    return {**data, "languages": ", ".join(map(str, data.get("languages") or ())), "items": items}


def _leaves(entries: Any) -> Iterator[Any]:
    for entry in entries if isinstance(entries, tuple) else ():
        if isinstance(entry, dict) and "items" in entry:
            yield from _leaves(entry["items"])
        elif not isinstance(entry, dict) or entry.get("type") not in {"note", "calculate"}:
            yield entry


def _declared(record: Record) -> dict[str, Any]:
    path = record.path
    if path is not None and path.is_dir():
        path = path / "report.yaml"
    if path is not None and path.suffix == ".ipynb":
        return {"title": _heading(json.loads(path.read_text(encoding="utf-8")))}
    if path is None or path.suffix != ".yaml":
        return {}
    data = load(path).data
    return data if isinstance(data, dict) else {}


def _heading(notebook: dict[str, Any]) -> str:
    cells = [cell for cell in notebook.get("cells", ()) if cell.get("cell_type") == "markdown"]
    lines = [line for cell in cells for line in "".join(cell["source"]).splitlines()]
    return next((line.lstrip("# ").strip() for line in lines if line.startswith("# ")), "")
