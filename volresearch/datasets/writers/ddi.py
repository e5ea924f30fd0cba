"""DDI-Codebook 2.5 with its data: the XML that archives take, and a CSV beside it for each table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.datasets.writers.csv_package import Plan, plans_of, write_csv
from volresearch.datasets.writers.ddi_elements import Elements
from volresearch.errors import VolResearchError

if TYPE_CHECKING:
    from volresearch.datasets.dataset import Dataset

__all__ = ["write_ddi"]


def write_ddi(dataset: Dataset, path: Path, *, lang: str = "en", marked: str = "") -> tuple[str, ...]:
    """Write a codebook with its data files beside it.

    Labels stand in all languages. Nothing is counted and no range is told: smallest and largest values, and small
    frequencies, are answers of persons, and a codebook travels without its data.

    Parameters
    ----------
    dataset : Dataset
    path : Path
        The XML, in a folder that is there; the data are ``<stem>.csv`` and ``<stem>.<table>.csv``.
    lang : str
        Language of what this function says itself.
    marked : str
        Restriction of use that is stated, such as that these are personal data.

    Returns
    -------
    tuple of str
        What the codebook cannot say.

    Raises
    ------
    VolResearchError
        ``tool.missing`` without lxml, ``export.failed``.

    References
    ----------
    DDI Alliance, DDI-Codebook 2.5.
    """
    try:
        from lxml import etree
    except ImportError as error:
        raise VolResearchError(
            "tool.missing", "Writing DDI needs lxml.", hint='pip install "volresearch[files]"'
        ) from error
    losses: list[str] = []
    plans = plans_of(dataset, losses)
    files = [path.with_name(_file_name(path.stem, plan)) for plan in plans]
    for plan, file in zip(plans, files, strict=True):
        write_csv(plan, file)
    elements = Elements(dataset, plans, [file.name for file in files], lang, marked)
    tree = etree.ElementTree(elements.codebook())
    tree.write(str(path), encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return tuple(dict.fromkeys([*losses, *elements.losses]))


def _file_name(stem: str, plan: Plan) -> str:
    return f"{stem}.csv" if plan.main else f"{stem}.{plan.stem}.csv"
