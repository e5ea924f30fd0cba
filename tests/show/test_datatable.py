from html.parser import HTMLParser

from volresearch.show import figure


class Cells(HTMLParser):
    """Rows of a table as lists of text."""

    def __init__(self, html):
        super().__init__()
        self.rows, self._open = [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self._open = True

    def handle_endtag(self, tag):
        if tag in {"td", "th"}:
            self._open = False

    def handle_data(self, data):
        if self._open:
            self.rows[-1][-1] += data.replace("\u2060", "")


def test_data_table__few_periods__stand_side_by_side_in_the_units_of_the_chart(south_africa_result):
    drawn = figure(south_africa_result)
    rows = Cells(drawn.data_table).rows
    assert rows[0] == ["Series", "2010, first[1]", "2010, revised[2]", "2014[2]"]
    assert rows[1] == ["Volunteers, million", "1.193", "1.3", "2.2"]
    assert rows[3] == ["Hours per volunteer, hours", "–", "321", "277"]
    assert drawn.beside


def test_data_table__sexes__stand_side_by_side(make_published):
    rows = [
        (series, "ZAF", "2010", sex, value, unit, "exact", series, "vas10")
        for series, unit, pair in (
            ("core.volunteer_rate", "percent", (4.3, 2.6)),
            ("core.value", "ZAR", (4.4e9, 3.1e9)),
        )
        for sex, value in zip(("women", "men"), pair, strict=True)
    ]
    made = Cells(figure(make_published(rows)).data_table).rows
    assert made[0] == ["Series", "Women", "Men"]
    assert made[2] == ["Value, billion", "4.4", "3.1"]


def test_data_table__one_source_missing_from_a_column__keeps_every_value_with_its_source(make_published):
    rows = [
        ("core.volunteer_rate", area, year, "", 1.0, "percent", "exact", area, source)
        for area, source in (("ZAF", "vas10"), ("BRA", "press"))
        for year in ("2010", "2014")
    ]
    html = figure(make_published(rows)).data_table
    # Two sources in one column: the full table says which value has which.
    assert Cells(html).rows[0][-1] == "Source"


def test_data_table__estimates__keep_interval_and_n(survey_result):
    assert "95% interval" in figure(survey_result).data_table
