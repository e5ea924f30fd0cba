from __future__ import annotations

from pathlib import Path

import pytest

import volresearch as vr
from volresearch.datasets.readers.fixed import is_fixed_width
from volresearch.errors import VolResearchError

pytest.importorskip("lxml")

DATA = "".join(
    f"2026{number:04d}{age:3d}{number % 2 + 1}  1.50\n" for number, age in ((1, 31), (2, 9), (3, 104))
)
CODEBOOK = """<codeBook><fileDscr><fileTxt><fileName>other.dat</fileName></fileTxt></fileDscr><dataDscr>
<var name="person" intrvl="discrete"><location StartPos="1" EndPos="8" width="8"/><varFormat type="character"/></var>
<var name="age" intrvl="contin"><location StartPos="9" EndPos="11" width="3"/><varFormat type="numeric"/></var>
<var name="sex" intrvl="discrete"><location StartPos="12" EndPos="12" width="1"/>
<catgry><catValu>1</catValu><labl>Men</labl></catgry><catgry><catValu>2</catValu><labl>Women</labl></catgry></var>
<var name="hours" intrvl="contin" dcml="2"><location StartPos="13" EndPos="18" width="6"/><varFormat type="numeric"/></var>
</dataDscr></codeBook>"""


def written(folder: Path) -> tuple[Path, Path]:
    (folder / "data.dat").write_text(DATA)
    (folder / "codebook.xml").write_text(CODEBOOK)
    return folder / "data.dat", folder / "codebook.xml"


def test_read__fixed_width_with_its_codebook__has_columns_and_labels(tmp_path: Path) -> None:
    data = vr.read(*written(tmp_path), personal="keep")
    assert data.frame["age"].tolist() == [31, 9, 104]
    assert data.labels("sex").tolist() == ["Women", "Men", "Women"]
    assert data.values("hours").tolist() == [1.5, 1.5, 1.5]
    assert data.provenance[0].startswith("read data.dat")


def test_read__fixed_width_alone__asks_for_the_codebook(tmp_path: Path) -> None:
    with pytest.raises(VolResearchError, match="fixed widths") as caught:
        vr.read(written(tmp_path)[0])
    assert caught.value.code == "read.format"


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        (DATA, True),
        ("id\n" + DATA, False),
        (DATA.replace(" ", ","), False),
        ("12\n34\n56\n", False),
        (DATA + "1\n", False),
        (DATA[:19], False),
    ],
)
def test_fixed_width__only_rows_of_one_length_made_of_numbers__are_it(
    text: str, fixed: bool, tmp_path: Path
) -> None:
    path = tmp_path / "x.txt"
    path.write_text(text)
    assert is_fixed_width(path) is fixed
