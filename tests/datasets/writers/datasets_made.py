"""Random small datasets with everything that is easily lost: what the laws of research files are tried on."""

from __future__ import annotations

import pandas as pd
from hypothesis import strategies as st

from volresearch.datasets import Dataset
from volresearch.datasets.codebook import Codebook, MissingRange, Variable
from volresearch.datasets.declaration import DatasetDeclaration, NonprobabilityDesign, TableDeclaration
from volresearch.declare import MISSING_REASONS
from volresearch.text import Text

TRICKY = (
    "=1+1", "+1", "-oth-", "@x", "'=x", "'", "''", '"q"', 'say "hi", now', "a\nb", "a\r\nb", "\ta", "x\u00a0y", " lead ",
    "NA", "n/a", "null", "[]", "[not_asked]", "[invalid]", "[x]", "\uff1d1", "ភាសា", "عربي", "中文", "1.0", "007", "-99",
    "a,b;c|d", "\\N", "nan", "None", "\ufeffx", "#", "a\rb", "\n", " ", "x'", "\x1a\x0b",
)  # fmt: skip
CODES = ("f", "m", "01", "1", "-oth-", "=a", "NA", "ខ", "a,b", "'q", "[z]", "99")
words = st.sampled_from(TRICKY) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8
)
#: Wordings as people write them: not only spaces, no control signs.
labels = st.dictionaries(
    st.sampled_from(["en", "km", "ar", "zh", "und", "pt-BR"]),
    st.sampled_from(['Say "no" & <b>', "អាយុ", "عمر", "年龄", "  two  spaces ", "x\u00a0y", "=1", "a\nb"])
    | st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=6).filter(str.strip),
    max_size=3,
).map(Text)
reasons = st.sampled_from(MISSING_REASONS)
ROWS = 4


def _column(cells, dtype):
    return pd.Series(cells, dtype=dtype)


@st.composite
def _variable(draw, name, table=""):
    """A variable with its column, and its companion column or None."""
    kind = draw(
        st.sampled_from(["code", "multiple", "integer", "number", "date", "datetime", "time", "text"])
    )
    codes = (
        draw(st.lists(st.sampled_from(CODES), unique=True, max_size=4))
        if kind in {"code", "multiple"}
        else []
    )
    missing = {
        code: draw(reasons) for code in draw(st.sets(st.sampled_from([*codes, ".a", "97"]), max_size=2))
    }
    labelled = {code: draw(labels) for code in codes}
    if kind in {"integer", "number"} and draw(st.booleans()):
        labelled = {code: draw(labels) for code in ("0", "97", *(code for code in missing if code == ".a"))}
    values = [draw(st.none() | _value(kind, codes)) for _ in range(ROWS)]
    column = _column(
        values,
        {
            "integer": "float64",
            "number": "float64",
            "date": "datetime64[us]",
            "datetime": "datetime64[us]",
        }.get(kind, "str"),
    )
    if kind == "integer" and not column.isna().any() and draw(st.booleans()):
        column = column.astype("int64")
    said = [
        draw(
            st.none()
            | st.sampled_from(MISSING_REASONS)
            | st.sampled_from(list(missing) or ["refused"])
            | words.filter(bool)
        )
        for _ in values
    ]
    why = pd.Series(said, dtype="str") if draw(st.booleans()) else None
    variable = Variable(
        name=name, type=kind, label=draw(labels), labels=labelled, missing=missing, blank=draw(reasons), table=table,
        missing_ranges=(MissingRange(low=90, reason="refused"),) if kind == "number" and draw(st.booleans()) else (),
        unit="hours" if kind == "number" else "", question=draw(labels) or None, note=draw(labels) or None,
        source=draw(st.sampled_from(["", "group/x", "=x"])),
    )  # fmt: skip
    return variable, column, why if why is not None and why.notna().any() else None


def _value(kind, codes):
    if kind == "code":
        return st.sampled_from([*codes, "97", "x y"])
    if kind == "multiple":
        plain = [code for code in codes if " " not in code] or ["a"]
        return st.lists(st.sampled_from(plain), max_size=3).map(" ".join)
    if kind == "integer":
        return st.integers(-(10**6), 10**6) | st.sampled_from([0, 97])
    if kind == "number":
        return st.floats(allow_nan=False) | st.sampled_from([0.1, 97.0, 1e300, -0.5])
    if kind in {"date", "datetime"}:
        moments = st.datetimes(
            pd.Timestamp("1700-01-01").to_pydatetime(), pd.Timestamp("2200-01-01").to_pydatetime()
        )
        return moments.map(lambda one: pd.Timestamp(one.date())) if kind == "date" else moments
    return st.sampled_from(["09:30", "23:59:59"]) if kind == "time" else words


@st.composite
def datasets(draw):
    """A dataset of a main table, often with a linked one."""
    variables, tables = [], {}
    for table, owner in (("people", ""), *((("Children, 1", "Children, 1"),) if draw(st.booleans()) else ())):
        columns = {"key": pd.Series([f"k{row}" for row in range(ROWS)], dtype="str")}
        variables.append(Variable(name="key", table=owner))
        for number in range(draw(st.integers(1, 3))):
            name = f"{'ខ' if number else 'a'}_{number}"
            variable, column, why = draw(_variable(name, owner))
            variables.append(variable)
            columns[name] = column
            if why is not None:
                columns[f"{name}__why"] = why
        tables[table] = pd.DataFrame(columns)
    return made(tables, variables, title=draw(labels) or Text("T"))


def made(tables, variables, *, title="T", unit="person", **more):
    """A dataset of these tables; all but the first hang below it by ``key``."""
    main = next(iter(tables))
    declared = {
        name: TableDeclaration(
            path=f"{number}.csv", sha256="0" * 64, format="csv", parent="" if name == main else main,
            key="" if name == main else "key", parent_key="" if name == main else "key",
        )
        for number, name in enumerate(tables)
    }  # fmt: skip
    declaration = DatasetDeclaration(
        id="t.people", kind="survey", version="2", title=title if isinstance(title, Text) else Text(title), unit=unit,
        licence="CC-BY 4.0", undeclared_codes="keep", tables=declared, codebook=Codebook(variables=tuple(variables)),
        design=NonprobabilityDesign(kind="nonprobability", how="snowball"), languages=("en", "km"), **more,
    )  # fmt: skip
    return Dataset(declaration, tables, sha256="0" * 64, provenance=("made",))


def assert_same(there: Dataset, back: Dataset, *, labels_too: bool = True, types_too: bool = True) -> None:
    """Hold what was read back against what was written."""
    assert list(back.tables) == list(there.tables)
    for name, frame in there.tables.items():
        own = frame.reset_index(drop=True)
        pd.testing.assert_frame_equal(own, back.tables[name][list(own.columns)], check_dtype=types_too)
        assert set(back.tables[name].columns) == set(own.columns)
        for variable in there.variables_of(name):
            pd.testing.assert_series_equal(
                there.missing(variable.name, name).reset_index(drop=True), back.missing(variable.name, name)
            )
        links = [
            (one.parent, one.key, one.parent_key)
            for one in (there.declaration.tables[name], back.declaration.tables[name])
        ]
        assert links[0] == links[1]
    if labels_too:
        assert {(one.table, one.name): one for one in there.codebook} == {
            (one.table, one.name): one for one in back.codebook
        }
        for one in there.codebook:
            assert list(back.codebook.get(one.name, one.table).labels) == list(one.labels)
    assert back.title == there.title
    assert back.design == there.design
    assert back.version == there.version
