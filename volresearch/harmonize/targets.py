"""What harmonized variables are to look like: the codebook of a target, given in any of its forms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.datasets import Codebook, Dataset
from volresearch.errors import VolResearchError, Where, near, short_path
from volresearch.instruments import Instrument

if TYPE_CHECKING:
    from volresearch.harmonize.crosswalk import Crosswalk

__all__ = ["Target", "codebook_from", "crosswalk_from", "name_of"]

#: A codebook, what has one, the id of a dataset or an instrument, or the path of a form.
Target = Codebook | Dataset | Instrument | str | Path


def codebook_from(target: Target) -> Codebook:
    """Return the codebook of a target.

    Raises
    ------
    VolResearchError
        ``dataset.unknown`` where an id is neither a dataset nor an instrument; ``harmonize.crosswalk`` for
        anything else.
    """
    if isinstance(target, Codebook):
        return target
    if isinstance(target, Dataset):
        return target.codebook
    if isinstance(target, Instrument):
        return target.codebook()
    if not isinstance(target, str | Path):
        raise VolResearchError(
            "harmonize.crosswalk",
            f"A target of type {type(target).__name__} has no variables.",
            expected="a codebook, a dataset, an instrument, an id, or the path of a form",
        )
    if isinstance(target, Path) or Path(target).is_file():
        from volresearch.instruments.forms import read_form

        return read_form(Path(target)).codebook()
    return _by_id(str(target))


def name_of(thing: Any) -> str:
    """Return the id of what has one, the name of a file, else an empty text."""
    if isinstance(thing, Path):
        return thing.stem
    return thing if isinstance(thing, str) else str(getattr(thing, "id", ""))


def crosswalk_from(given: Crosswalk | str | Path) -> Crosswalk:
    """Return an opened crosswalk: as given, by path, or by id (``plugin.name``) through the catalog.

    Raises
    ------
    VolResearchError
        ``harmonize.crosswalk``, ``crosswalk.unknown``.
    """
    from volresearch.harmonize.crosswalk import Crosswalk, read_crosswalk

    if isinstance(given, Crosswalk):
        return given
    if isinstance(given, Path) or Path(given).suffix.lower() in {".csv", ".tsv"} or Path(given).is_file():
        return read_crosswalk(given)
    from volresearch.catalog import default_catalog

    catalog = default_catalog()
    if "." not in given:
        hint = near(given, (record.id for record in catalog.records("crosswalks")))
        raise VolResearchError(
            "crosswalk.unknown",
            f'There is no crosswalk "{given}".',
            where=Where(file=short_path(given)),
            hint=hint,
        )
    return catalog.open(catalog.record("crosswalks", given), read_crosswalk)


def _by_id(id: str) -> Codebook:
    from volresearch.catalog import default_catalog
    from volresearch.instruments import read_instrument

    catalog = default_catalog()
    instruments = [record for record in catalog.records("instruments") if record.id == id]
    datasets = [record for record in catalog.records("datasets") if record.id == id]
    if datasets:
        return catalog.dataset(id).codebook
    if instruments:
        return catalog.open(instruments[0], read_instrument).codebook()
    known = [record.id for kind in ("datasets", "instruments") for record in catalog.records(kind)]
    raise VolResearchError(
        "dataset.unknown", f'There is no dataset or instrument "{id}" to harmonize to.', hint=near(id, known)
    )
