"""The XLSForms that we write, held against pyxform and, where Java is there, the validator that it brings.

`make test-judges` installs pyxform in an environment of its own and names its Python in VOLRESEARCH_PYXFORM.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from volresearch.instruments import (
    Block,
    Choice,
    Formula,
    Instrument,
    Item,
    Scale,
    Translation,
    read_instrument,
)
from volresearch.instruments.items import OtherSpecify
from volresearch.instruments.xlsform import read, write
from volresearch.text import Text

JUDGE = """
import json, sys
from pyxform.xls2xform import convert
warnings = []
try:
    convert(xlsform=sys.argv[1], warnings=warnings, validate=sys.argv[2] == "validate")
    said = ""
except Exception as error:
    said = f"{type(error).__name__}: {error}"
print(json.dumps({"said": said, "warnings": warnings}))
"""


@pytest.fixture(scope="module")
def judged():
    """Let pyxform read a workbook and return what it says: its error and its warnings."""
    python = os.environ.get("VOLRESEARCH_PYXFORM", "")
    if not Path(python).is_file():
        pytest.skip("pyxform is not installed in an environment of its own: make test-judges")

    def verdict(path):
        words = [python, "-c", JUDGE, str(path), "validate" if shutil.which("java") else "convert"]
        out = subprocess.run(words, capture_output=True, text=True, check=True, timeout=300).stdout
        return json.loads(out.splitlines()[-1])

    return verdict


def _text(words):
    return Text({"en": words, "es": f"{words} (es)"})


def _every_kind() -> Instrument:
    """An instrument with one item of nearly every kind, in two languages."""
    scale = Scale(
        name="yn", choices=(Choice(code="y", label=_text("Yes")), Choice(code="n", label=_text("No")))
    )
    plain = (
        "integer",
        "decimal",
        "text",
        "date",
        "time",
        "datetime",
        "consent",
        "geopoint",
        "barcode",
        "audio",
        "file",
        "note",
    )
    items = (
        Item(name="start", type="metadata", parameters={"source": "start"}),
        Item(name="helped", type="one", scale="yn", text=_text("=Helped?"), hint=_text("Read out."), required=True),
        Item(name="which", type="several", text=_text("Which?"), ask_if=Formula.of("helped == 'y' and not is_missing(helped)"),
             choices=(Choice(code="a", label=_text("A")), Choice(code="other", label=_text("Other"), missing=None)),
             other_specify=OtherSpecify()),
        Item(name="order", type="ranking", scale="yn", text=_text("Order")),
        Item(name="much", type="range", text=_text("Much"), parameters={"start": "0", "end": "10", "step": "1"}),
        Item(name="score", type="calculate", calculation=Formula.of("if(count_selected(which) > 1, mod(7, 2), 0)")),
        *(Item(name=f"an_{kind}", type=kind, text=_text(kind)) for kind in plain),
        Item(name="picture", type="image", text=_text("Picture"), parameters={"max-pixels": "640"}),
        Block(name="loop", kind="repeat", text=_text("Loop"), count=Formula.of("2"), items=(
            Item(name="hours", type="integer", text=_text("Hours"), unit="hours", constraint=Formula.of("hours >= 0 and hours < 169"),
                 constraint_message=_text("At most 168")),
        )),
    )  # fmt: skip
    languages = {"en": Translation(status="original"), "es": Translation()}
    return Instrument(
        id="t.every", title=_text("Every kind"), languages=languages, scales=(scale,), items=items
    )


def test_instrument__of_every_kind__is_accepted_without_warnings(judged, tmp_path):
    write(_every_kind(), tmp_path / "every.xlsx")
    assert judged(tmp_path / "every.xlsx") == {"said": "", "warnings": []}


def test_instruments__of_the_core__are_accepted_without_warnings(judged, tmp_path):
    folder = Path(__file__).resolve().parents[2] / "volresearch" / "core" / "instruments"
    for path in sorted(folder.glob("*.yaml")):
        write(read_instrument(path), tmp_path / f"{path.stem}.xlsx")
        assert judged(tmp_path / f"{path.stem}.xlsx") == {"said": "", "warnings": []}, path.name


@pytest.mark.real
def test_forms__that_pyxform_takes__it_takes_from_us_too(judged, tmp_path, shared):
    for name in ("widgets.xls", "tutorial.xls", "choice_filter_test.xlsx", "testA.xlsx", "loop.xlsx"):
        source = shared / "real" / "xlsform" / name
        write(read(source), tmp_path / f"{Path(name).stem}.xlsx")
        assert judged(source)["said"] == "", name
        assert judged(tmp_path / f"{Path(name).stem}.xlsx")["said"] == "", name
