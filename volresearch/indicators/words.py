"""Words of computed indicators in every language: units, terms, statistics."""

from __future__ import annotations

from volresearch.text import mark

__all__ = ["SCALES", "STATISTICS", "TERMS", "UNITS"]

#: Code of a unit -> its words; the codes are those of published figures.
UNITS: dict[str, str] = {
    "percent": mark("percent"),
    "percent_of_volunteers": mark("percent of volunteers"),
    "percent_of_hours": mark("percent of volunteer hours"),
    "percent_of_gdp": mark("equivalent to percent of GDP"),
    "percentage_points": mark("percentage points"),
    "persons": mark("persons"),
    "hours": mark("hours"),
    "hours_per_person": mark("hours per person"),
    "minutes_per_day": mark("minutes a day"),
    "fte": mark("full-time equivalents"),
    "ratio": mark("ratio"),
    "currency": mark("units of the currency"),
}
#: Code of a unit -> the kind of scale it is shown on.
SCALES: dict[str, str] = {
    "percent": "percent",
    "percent_of_volunteers": "percent",
    "percent_of_hours": "percent",
    "percent_of_gdp": "percent",
    "percentage_points": "other",
    "persons": "count",
    "hours": "hours",
    "hours_per_person": "hours",
    "minutes_per_day": "other",
    "fte": "count",
    "ratio": "other",
    "currency": "money",
}
TERMS: dict[str, str] = {
    "difference": mark("women minus men"),
    "ratio": mark("women over men"),
    "participation": mark("active on the day"),
    "minutes of participants": mark("minutes of those active"),
    "minutes of all": mark("minutes of all persons"),
}
STATISTICS: dict[str, str] = {
    "rate": mark("Rate"),
    "mean": mark("Mean"),
    "median": mark("Median"),
    "total": mark("Total"),
    "difference": mark("Difference"),
    "ratio": mark("Ratio"),
}
