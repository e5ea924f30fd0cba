"""Data: opened, read from files, compared and put on one footing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from volresearch.api.declared import instrument
from volresearch.catalog import default_catalog

if TYPE_CHECKING:
    import pandas as pd

    from volresearch.datasets import Codebook, Dataset
    from volresearch.harmonize import CodebookComparison, Crosswalk
    from volresearch.instruments import Instrument

__all__ = ["compare_codebooks", "crosswalk_template", "dataset", "read"]


def dataset(id: str | Path, *, engine: str = "pandas") -> Dataset:
    """Open a dataset by id or by path; its files are compared with their declared SHA-256 first.

    Parameters
    ----------
    id : str or path
        ``plugin.name`` (see `list_datasets`), the id of a dataset that was imported into the working folder's
        ``datasets/``, or the path of a dataset's YAML or folder.
    engine : str
        ``pandas``, or ``duckdb``: the rows of Parquet files stay on disk.

    Returns
    -------
    Dataset

    Raises
    ------
    VolResearchError
        ``dataset.unknown`` with the nearest ids, ``dataset.changed``, ``declare.*``.

    Examples
    --------
    >>> import volresearch as vr
    >>> vr.dataset("core.facts").unit
    'published figure'
    """
    from volresearch.datasets.opening import imported_in, open_dataset

    path = Path(id)
    if isinstance(id, Path) or path.is_dir() or (path.suffix == ".yaml" and path.is_file()):
        return open_dataset(path, engine=engine)
    catalog = default_catalog()
    if not any(record.id == id for record in catalog.records("datasets")):
        imported = imported_in(Path("datasets"), str(id))
        if imported is not None:
            return open_dataset(imported, engine=engine)
    return catalog.dataset(str(id), engine=engine)


def read(
    path: str | Path,
    instrument: Instrument | str | Path | Sequence[Instrument | str | Path] | None = None,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    labels: str = "auto",
    engine: str = "pandas",
    missing: Iterable[str] | Mapping[str, str] = (),
    personal: str = "set_aside",
    study: str | None = None,
    workspace: str | Path | None = None,
    id: str | None = None,
) -> Dataset:
    """Read a data file that the field exports into a labelled, typed, checked dataset.

    Parameters
    ----------
    path : path
        CSV or TSV, Excel, Parquet, SPSS, Stata, SAS, DDI-Codebook with its data, JSON of KoboToolbox or ODK, a
        ``datapackage.json``; also gzipped. What it is is told by its bytes, not by its name.
    instrument : Instrument, id, path, or a sequence of these, optional
        The form: an XLSForm, a REDCap dictionary, a LimeSurvey structure, a DDI codebook, a Kobo form with its
        versions, or an instrument of the catalog. Several are versions of one form, oldest first.
    sheet : str, optional
        Sheet of a workbook that is the main table.
    encoding : str, optional
        Of a text file, where what is found by its bytes is not right.
    labels : str
        What cells of choices hold: ``codes``, ``labels`` (of any language of the form), or ``auto``.
    engine : str
        ``pandas``, or ``duckdb``: CSV and Parquet stay on disk.
    missing : iterable of str, or mapping of str to str
        Texts that are no answers in this file (``["NA", "-"]``), or with their reason (``{"NA": "not_asked"}``).
    personal : str
        ``set_aside`` takes out what identifies persons and lists it in `Dataset.set_aside`; ``keep`` leaves it in.
    study : str, optional
        Name of the study in the workspace: its salt makes the keys, so that waves link.
    workspace : path, optional
        The folder with ``private/``; the working folder unless given.
    id : str, optional
        Id of the dataset; made from the file's name unless given.

    Returns
    -------
    Dataset
        ``.tables`` holds repeats as linked tables; ``.notes`` what was found; ``.provenance`` every step.

    Raises
    ------
    VolResearchError
        ``read.file``, ``read.format``, ``read.encoding``, ``read.limit``, ``read.form``, ``read.option``;
        ``tool.missing`` where a package of the extra ``files`` is not installed.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import volresearch as vr
    >>> file = Path(tempfile.mkdtemp()) / "people.csv"
    >>> _ = file.write_text("sex;age\\nf;31\\nm;\\n")
    >>> vr.read(file).frame["sex"].tolist()
    ['f', 'm']
    """
    from volresearch.datasets.readers import read as read_file

    return read_file(
        path,
        _forms(instrument),
        sheet=sheet,
        encoding=encoding,
        labels=labels,
        engine=engine,
        missing=missing,
        personal=personal,
        study=study,
        workspace=workspace,
        id=id,
    )


def crosswalk_template(
    source: Dataset | str,
    target: Instrument | Codebook | Dataset | str,
    path: str | Path | None = None,
    *,
    lang: str = "en",
) -> pd.DataFrame:
    """Return the crosswalk to fill in, from a dataset to the variables of a target; with `path`, write it as CSV.

    Parameters
    ----------
    source : Dataset or id
    target : Instrument, Codebook, Dataset, or id of an instrument or a dataset
        Whose variables the dataset is to be put into.
    path : path, optional
        Where to write it; a file that is there is never overwritten.
    lang : str
        Language of the labels.

    Returns
    -------
    pandas.DataFrame
        One row for each code: source dataset, variable and code, target variable and code, note, reviewer; then the
        labels and the number of rows, for the reader.

    Examples
    --------
    >>> import volresearch as vr
    >>> template = vr.crosswalk_template("core.vol_work_synthetic", "core.vol_work")
    >>> "source_variable" in template.columns
    True
    """
    from volresearch.harmonize import crosswalk_template as template

    opened = dataset(source) if isinstance(source, str) else source
    return template(opened, _target(target) if isinstance(target, str) else target, path, lang=lang)


def compare_codebooks(
    sources: Iterable[Dataset | Codebook | Instrument | str],
    *,
    lang: str = "en",
    crosswalk: Crosswalk | str | Path | None = None,
) -> CodebookComparison:
    """Set codebooks side by side, variable by country, and mark what differs: labels, codes, types, kinds of missing.

    Parameters
    ----------
    sources : iterable of Dataset, Codebook, Instrument or id of a dataset
        At least two.
    lang : str
        Language of the labels that are compared.
    crosswalk : Crosswalk, path or id, optional
        Variables are then matched by what they become in it, not by name.

    Returns
    -------
    CodebookComparison
        ``.table``, ``.wide`` and ``.differences`` are tables.

    Raises
    ------
    VolResearchError
        ``harmonize.compare`` for fewer than two.

    Examples
    --------
    >>> import volresearch as vr
    >>> people = vr.dataset("core.vol_work_synthetic")
    >>> len(vr.compare_codebooks([people, people]).differences)
    0
    """
    from volresearch.harmonize import compare_codebooks as compared

    opened = [dataset(one) if isinstance(one, str) else one for one in sources]
    return compared(opened, lang=lang, crosswalk=crosswalk)


def _forms(given: Any) -> Any:
    """Return what `read` was given as its form, with ids of the catalog as instruments."""
    if isinstance(given, list | tuple):
        return [_forms(one) for one in given]
    if isinstance(given, str) and not Path(given).exists():
        known = {record.id for record in default_catalog().records("instruments")}
        return instrument(given) if given in known or not Path(given).suffix else given
    return given


def _target(id: str) -> Instrument | Dataset:
    instruments = {record.id for record in default_catalog().records("instruments")}
    return instrument(id) if id in instruments else dataset(id)
