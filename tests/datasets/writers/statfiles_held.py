"""What a dataset must be when it comes back from a statistical file, told apart from what such a file cannot hold."""

from __future__ import annotations

import numpy as np
import pandas as pd

from volresearch.datasets.provenance import Source
from volresearch.datasets.readers.found import Asked
from volresearch.datasets.readers.reading import dataset_of
from volresearch.datasets.readers.statfiles import read_statfile

LARGEST_OF_SPSS, LARGEST_OF_STATA = 1.79e308, 8.9e307


def back(path):
    """Read a file, without the stages that only text needs."""
    asked = Asked(path=path)
    return dataset_of(read_statfile(asked, Source(path.name, "0" * 64, path.stat().st_size)), asked)


def expected(dataset, variable, table, *, stata):
    """Values and reasons as such a file can hold them: empty texts are blank, spaces at the end go."""
    own = dataset.tables[table][variable.name]
    reasons = dataset.missing(variable.name, table)
    values = dataset.values(variable.name, table)
    if variable.type in {"text", "time", "code"}:
        empty = own.notna() & (own.str.rstrip(" ") == "") & reasons.isna()
        return values.mask(empty).str.rstrip(" "), reasons.mask(empty, variable.blank)
    if variable.type == "multiple" and stata:
        empty = values.notna() & (values == "")
        return values.mask(empty), reasons.mask(empty, "no_answer")
    if variable.numeric:
        large = values.abs() > (LARGEST_OF_STATA if stata else LARGEST_OF_SPSS)
        return values.mask(large), reasons.mask(large, "invalid")
    return values, reasons


def hold(dataset, there, variable, table, lang, *, stata):
    """Hold one variable against what came back."""
    values, reasons = expected(dataset, variable, table, stata=stata)
    name = variable.name
    assert there.missing(name).fillna("-").tolist() == reasons.fillna("-").astype("str").tolist()
    found = there.values(name)
    if variable.type in {"date", "datetime"}:
        assert found.isna().tolist() == values.isna().tolist()
        assert ((found - values).abs().dropna() <= pd.Timedelta("10us")).all()
    elif variable.numeric:
        assert np.array_equal(found.astype(float), values.astype(float), equal_nan=True)
    else:
        assert found.astype("str").fillna("\0").tolist() == values.astype("str").fillna("\0").tolist()
    if not stata or variable.numeric:
        kept = there.codebook[name].labels
        for code, text in variable.labels.items():
            if code not in variable.missing:
                assert (str(kept[code]) if code in kept else "") == text.get_in(lang).strip()
    assert str(there.codebook[name].label) == variable.label.get_in(lang).strip()
