"""A law of forms: whatever can be imported is exported and imported again as the same, as a workbook and as YAML."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from volresearch.declare import check, loads
from volresearch.errors import VolResearchError
from volresearch.instruments import Instrument
from volresearch.instruments.xlsform import read, written
from volresearch.instruments.xlsform.reader import read_sheets
from volresearch.instruments.xlsform.workbook import Sheet

HEADERS = [
    "label", "Label", "label::English", "label::fr", "label:es", "hint::fr", "relevant", "constraint", "calculation", "required",
    "default", "choice_filter", "parameters", "repeat_count", "image", "media::image::fr", "weird col", "bind::x", "::fr",
    "required_message", "label::Français (fr)", "caption",
]  # fmt: skip
TYPES = [
    "text", "integer", "select_one yn", "select_multiple yn or_other", "select one from yn", "begin group", "begin repeat",
    "begin_loop over yn", "note", "calculate", "start", "weird", "rank yn", "range", "select_one_from_file a.csv", "",
]  # fmt: skip
CELLS = [
    "", "1", "yes", "${a} = 1", "${a} = 'y'", ". > 3", "=1+1", "once(1)", "'", "${", "not(${a} = 'x' or ${a} = 'y')", "x\ny",
    " lead ", "start=1 end=2", "selected(${a}, 'y')", "(1", "${n} mod 2 = 1", "string-length(.) < 3",
]  # fmt: skip
cells, names = st.sampled_from(CELLS), st.sampled_from(["a", "n", "c-d", "Ä", "q 1", ""])


def _closing(kind):
    word = kind.replace("_", " ").split()
    return f"end {word[1]}"


@st.composite
def forms(draw):
    """Sheets of a form: any headers in any order, groups that mostly close."""
    headers = ["type", "name", *draw(st.lists(st.sampled_from(HEADERS), max_size=6, unique=True))]
    rows, ends = [tuple(headers)], []
    for kind in draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=5)):
        rows.append((kind, draw(names), *(draw(cells) for _ in headers[2:])))
        if kind.startswith("begin"):
            ends.append((_closing(kind), *[""] * (len(headers) - 1)))
    choices = [("list_name", "name", "label::fr", "state")]
    choices += [
        ("yn", draw(st.sampled_from(["y", "1", "a b"])), draw(cells), draw(cells))
        for _ in range(draw(st.integers(0, 3)))
    ]
    sheets = {"survey": [*rows, *reversed(ends)], "choices": choices}
    return tuple(Sheet(name, tuple(enumerate(many, start=1))) for name, many in sheets.items())


@given(forms())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_form__that_can_be_imported__comes_back_equal(sheets):
    try:
        instrument = read_sheets(sheets, "form.xlsx").instrument
    except VolResearchError as error:
        told = error.code
    else:
        told = ""
        assert read(written(instrument)[0]) == instrument
        assert check(Instrument, loads(instrument.to_yaml())) == instrument
    assert told in {"", "instrument.format"}
