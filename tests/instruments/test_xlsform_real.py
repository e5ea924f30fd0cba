"""Forms from the field, written by others: each imports, exports and imports again as the same."""

from __future__ import annotations

import pytest

from volresearch.errors import VolResearchError
from volresearch.instruments.xlsform import read_with_notes, written

#: Files that are broken on purpose, or are no forms, and what is said of them: sheet, row, words.
BROKEN = {
    "calculate_without_calculation.xls": ("survey", 34, "calculates nothing"),
    "duplicate_columns.xlsx": ("survey", 2, 'Two columns mean "label" and differ.'),
    "kobocruncher_data.xlsx": (None, None, "There is no sheet called survey."),
}


@pytest.fixture(scope="module")
def forms(shared):
    return [
        path for path in sorted((shared / "real" / "xlsform").iterdir()) if path.suffix in {".xls", ".xlsx"}
    ]


@pytest.mark.real
def test_forms__that_are_whole__come_back_equal(forms, tmp_path):
    assert forms
    different = []
    for path in (path for path in forms if path.name not in BROKEN):
        first = read_with_notes(path).instrument
        again = tmp_path / f"{path.stem}.xlsx"
        again.write_bytes(written(first)[0])
        if read_with_notes(again).instrument != first:
            different.append(path.name)
    assert different == []


@pytest.mark.real
@pytest.mark.parametrize("name", sorted(BROKEN))
def test_forms__broken_on_purpose__are_told_with_sheet_and_row(shared, name):
    sheet, row, words = BROKEN[name]
    with pytest.raises(VolResearchError) as caught:
        read_with_notes(shared / "real" / "xlsform" / name)
    assert (caught.value.where.sheet, caught.value.where.row) == (sheet, row)
    assert words in caught.value.message


@pytest.mark.real
def test_form__of_old_bytes_under_a_new_name__is_read_by_its_bytes(shared, tmp_path):
    renamed = tmp_path / "tutorial.xlsx"
    renamed.write_bytes((shared / "real" / "xlsform" / "tutorial.xls").read_bytes())
    assert len(read_with_notes(renamed).instrument.all_items) == 10
