"""The functions of ``import volresearch as vr``: ids become objects here, never inside a noun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from volresearch.catalog import default_catalog
from volresearch.errors import VolResearchError, near

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from volresearch.datasets import Codebook, Comparison, Dataset, Figure, Period
    from volresearch.harmonize import CodebookComparison, Crosswalk
    from volresearch.indicators import Indicator
    from volresearch.instruments import Changes, Instrument
    from volresearch.results import Result
    from volresearch.survey import Survey

__all__ = [
    "DECLARATIONS",
    "compare",
    "compare_codebooks",
    "crosswalk_template",
    "dataset",
    "diff",
    "facts",
    "indicator",
    "instrument",
    "list_datasets",
    "list_indicators",
    "list_instruments",
    "list_notebooks",
    "list_plugins",
    "list_reports",
    "read",
    "schema",
]

#: Kind of declaration -> where its model is.
DECLARATIONS: dict[str, tuple[str, str]] = {
    "dataset": ("volresearch.datasets", "DatasetDeclaration"),
    "indicator": ("volresearch.indicators", "Indicator"),
    "instrument": ("volresearch.instruments", "Instrument"),
    "report": ("volresearch.reports.declaration", "ReportDeclaration"),
}


def list_datasets(lang: str = "en") -> pd.DataFrame:
    """Return the datasets of the core and of all working plugins, one row each.

    Parameters
    ----------
    lang : str
        Language of the titles; the nearest there is where one is missing.

    Returns
    -------
    pandas.DataFrame
        Columns ``id, title, kind, unit, version, plugin, status``; what cannot be opened says why in ``status``.

    Examples
    --------
    >>> import volresearch as vr
    >>> "core.facts" in set(vr.list_datasets()["id"])
    True
    """
    return default_catalog().table("datasets", lang)


def list_instruments(lang: str = "en") -> pd.DataFrame:
    """Return the survey instruments, one row each: ``id, title, languages, items, version, plugin, status``."""
    return default_catalog().table("instruments", lang)


def list_indicators(lang: str = "en") -> pd.DataFrame:
    """Return the indicators, one row each: ``id, title, unit, level, plugin, status``."""
    return default_catalog().table("indicators", lang)


def list_notebooks(lang: str = "en") -> pd.DataFrame:
    """Return the notebooks, one row each: ``id, title, plugin, status``."""
    return default_catalog().table("notebooks", lang)


def list_reports(lang: str = "en") -> pd.DataFrame:
    """Return the reports, one row each: ``id, title, plugin, status``."""
    return default_catalog().table("reports", lang)


def list_plugins(lang: str = "en") -> pd.DataFrame:
    """Return the plugins, one row each: ``name, title, version, status, cause``; broken ones say why."""
    from volresearch.catalog.listing import plugins_table

    return plugins_table(default_catalog().host, lang)


def dataset(id: str | Path, *, engine: str = "pandas") -> Dataset:
    """Open a dataset by id or by path; its files are compared with their declared SHA-256 first.

    Parameters
    ----------
    id : str or path
        ``plugin.name`` (see `list_datasets`), the id of a dataset that was imported into the working folder's
        ``datasets/``, or the path of a dataset's YAML or folder.
    engine : str
        ``pandas``, or ``duckdb``: the rows of Parquet files stay on disk.

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
    >>> _ = file.write_text("sex;age\nf;31\nm;\n")
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


def facts(
    series: str | Iterable[str] | None = None,
    area: str | Iterable[str] | None = None,
    period: str | Period | Iterable[str | Period] | None = None,
    subgroup: str | Iterable[str] | None = None,
) -> Result:
    """Select published figures of the core and of all working plugins.

    Parameters
    ----------
    series : str or iterable of str, optional
        Ids of series, for instance ``core.volunteer_rate``.
    area : str or iterable of str, optional
        Codes (ISO 3166: ``PER``, ``GB-ENG``; groups: ``WORLD``) or names of areas.
    period : str, Period or iterable of these, optional
        Figures whose period shares a day with one of these: ``"2016"`` finds ``2016-12`` and ``2016/2019``.
    subgroup : str or iterable of str, optional
        Codes of subgroups; ``total`` for the whole.

    Returns
    -------
    Result
        One row a figure. By-columns ``series, area, period, subgroup``; ``estimate`` is the published value;
        further columns ``bound, unit, source_id, evidence, variant, fact_id, measure, note``. Sources are in
        ``.facts.sources``.

    Raises
    ------
    VolResearchError
        ``facts.unknown_series``, ``facts.unknown_area``, ``facts.unknown_subgroup``, ``facts.period``,
        ``facts.none``.

    Examples
    --------
    >>> import volresearch as vr
    >>> figures = vr.facts(area="WORLD", period="2022")
    >>> set(figures.table["area"])
    {'WORLD'}
    """
    return default_catalog().facts().select(series, area, period, subgroup)


def compare(*figures: Result | Figure | str | Iterable[Figure | str]) -> Comparison:
    """Judge whether published figures may be set side by side, and say why not.

    Parameters
    ----------
    *figures : Result, Figure, figure id, or iterables of these
        At least two figures in all, for instance one selection of `facts`.

    Returns
    -------
    Comparison
        ``verdict`` is ``comparable``, ``caution`` or ``not_comparable``; every pair is judged.

    Raises
    ------
    VolResearchError
        ``facts.compare`` for fewer than two figures, or for what is no published figure.

    Examples
    --------
    >>> import volresearch as vr
    >>> vr.compare("F0037", "F0041").verdict
    'not_comparable'
    """
    return default_catalog().facts().compare(*figures)


@overload
def indicator(id: str) -> Indicator: ...


@overload
def indicator(
    id: str,
    survey: Survey | Dataset,
    by: str | Sequence[str] | Sequence[Sequence[str]] | None = None,
    where: str | None = None,
    **options: Any,
) -> Result: ...


def indicator(
    id: str,
    survey: Survey | Dataset | None = None,
    by: str | Sequence[str] | Sequence[Sequence[str]] | None = None,
    where: str | None = None,
    **options: Any,
) -> Indicator | Result:
    """Open an indicator, or compute it from a survey.

    Parameters
    ----------
    id : str
        ``core.V01``, or ``V01`` for those of the core.
    survey : Survey or Dataset, optional
        With harmonized variables. Without it the indicator itself is returned: definition, formula, unit, standard, trap.
    by, where
        Groups and domain, as the verbs of `Survey` take them.
    **options
        ``confidence``, ``family_help="2013"|"2011"``, ``working_age=15`` and those of the indicator, for instance
        ``fte_basis=2080`` (V08), ``wages=`` (V09), ``gdp=`` (V10); see `volresearch.indicators.compute`.

    Returns
    -------
    Indicator or Result

    Raises
    ------
    VolResearchError
        ``indicator.unknown`` with the nearest ids; ``indicator.input`` with the variables that are missing.

    Examples
    --------
    >>> import volresearch as vr
    >>> survey = vr.dataset("core.vol_work_synthetic").survey()
    >>> vr.indicator("V01", survey, by="sex").table[["sex", "estimate", "unit"]].round(1).values.tolist()
    [['f', 33.4, 'percent'], ['m', 32.8, 'percent']]
    """
    from volresearch.indicators import compute, open_indicator

    opened = open_indicator(default_catalog(), id if "." in id else f"core.{id}")
    if survey is not None:
        return compute(opened, survey, by, where, **options)
    if by is not None or where is not None or options:
        given = ", ".join([*(["by"] if by else []), *(["where"] if where else []), *options])
        raise VolResearchError(
            "indicator.input",
            f"To compute {opened.id} a survey is needed; here are only {given}.",
            hint=f'vr.indicator("{id}", vr.dataset("...").survey(), ...)',
        )
    return opened


def instrument(id: str) -> Instrument:
    """Open a survey instrument by id: its items, routing, scales, scores and languages.

    Parameters
    ----------
    id : str
        ``plugin.name``; see `list_instruments`.

    Raises
    ------
    VolResearchError
        ``instrument.unknown`` with the nearest ids, ``declare.*``, ``instrument.invalid``.

    Examples
    --------
    >>> import volresearch as vr
    >>> vr.instrument("core.partner_health").unit
    'partner representative'
    """
    from volresearch.instruments import read_instrument

    catalog = default_catalog()
    return catalog.open(catalog.record("instruments", id), read_instrument)


def diff(before: Instrument | str | Path, after: Instrument | str | Path) -> Changes:
    """Say what changed between two versions of an instrument, and which changes break comparability.

    Parameters
    ----------
    before, after : Instrument, id or path
        A path is a YAML file, or a form that `volresearch instruments import` reads.

    Returns
    -------
    Changes
        One entry a change: wording, codes, routing, reference period ... with language, before, after and
        ``effect`` (``breaks``, ``caution``, ``none``).

    Examples
    --------
    >>> import volresearch as vr
    >>> len(vr.diff("core.partner_health", "core.partner_health"))
    0
    """
    from volresearch.instruments import compare_instruments

    return compare_instruments(_opened(before), _opened(after))


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


def _opened(given: Instrument | str | Path) -> Instrument:
    from volresearch.instruments import Instrument
    from volresearch.instruments.forms import read_form

    if isinstance(given, Instrument):
        return given
    if isinstance(given, Path) or Path(given).is_file():
        return read_form(given)
    return instrument(given)


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of declaration, for editors that complete and check YAML.

    Parameters
    ----------
    kind : str
        A key of `DECLARATIONS`: ``dataset``, ``indicator``, ``instrument``, ``report``.

    Examples
    --------
    >>> import volresearch as vr
    >>> vr.schema("dataset")["title"]
    'DatasetDeclaration'
    """
    from volresearch.declare import json_schema

    if kind not in DECLARATIONS:
        raise VolResearchError(
            "cli.usage", f'"{kind}" is no kind of declaration.', hint=near(kind, DECLARATIONS)
        )
    module, name = DECLARATIONS[kind]
    return json_schema(getattr(import_module(module), name))
