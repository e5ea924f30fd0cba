"""Results made by hand: figures as the facts give them, estimates as a survey gives them."""

from __future__ import annotations

import pandas as pd
import pytest

from volresearch.results import Result, ResultFacts, SourceRef
from volresearch.text import Text

SOURCES = (
    SourceRef(
        "vas10",
        "Volunteer Activities Survey 2010",
        "Statistics South Africa",
        "2011",
        "https://www.gov.za/vas-2010",
        "free",
    ),
    SourceRef(
        "vas14",
        "Volunteer Activity Survey 2014, summary",
        "Statistics South Africa",
        "2015",
        "statssa.gov.za/?p=5433",
        "free",
    ),
    SourceRef(
        "press", "A press page", "Valor", "2023", "valor.globo.com/brasil/noticia-", "free", shortened=True
    ),
)
LABELS = {
    "series": {
        "core.volunteers": Text(
            {
                "en": "Volunteers",
                "es": "Personas voluntarias",
                "fr": "Bénévoles",
                "zh": "志愿者人数",
                "km": "អ្នកស្ម័គ្រចិត្ត",
                "ar": "المتطوعون",
            }
        ),
        "core.volunteer_rate": Text(
            {
                "en": "Volunteer rate",
                "es": "Tasa de voluntariado",
                "fr": "Taux de bénévolat",
                "zh": "志愿服务参与率",
                "km": "អត្រាអ្នកស្ម័គ្រចិត្ត",
                "ar": "معدل التطوع",
            }
        ),
        "core.hours": Text(
            {
                "en": "Hours given",
                "es": "Horas donadas",
                "fr": "Heures données",
                "zh": "服务时数",
                "km": "ម៉ោងសរុប",
                "ar": "الساعات المقدّمة",
            }
        ),
        "core.hours_each": Text(
            {
                "en": "Hours per volunteer",
                "es": "Horas por persona",
                "fr": "Heures par bénévole",
                "zh": "人均时数",
                "km": "ម៉ោងក្នុងម្នាក់",
                "ar": "الساعات لكل متطوع",
            }
        ),
        "core.value": Text({"en": "Value", "es": "Valor", "fr": "Valeur", "zh": "价值"}),
        "core.help": Text({"en": "Kind of help", "es": "Tipo de ayuda"}),
    },
    "area": {
        "ZAF": Text(
            {
                "en": "South Africa",
                "es": "Sudáfrica",
                "fr": "Afrique du Sud",
                "zh": "南非",
                "km": "អាហ្វ្រិកខាងត្បូង",
                "ar": "جنوب أفريقيا",
            }
        ),
        "BRA": Text(
            {"en": "Brazil", "es": "Brasil", "fr": "Brésil", "zh": "巴西", "km": "ប្រេស៊ីល", "ar": "البرازيل"}
        ),
        "WORLD": Text({"en": "World", "es": "Mundo", "fr": "Monde", "zh": "世界"}),
    },
    "subgroup": {
        "women": Text(
            {"en": "Women", "es": "Mujeres", "fr": "Femmes", "zh": "女性", "km": "ស្ត្រី", "ar": "النساء"}
        ),
        "men": Text(
            {"en": "Men", "es": "Hombres", "fr": "Hommes", "zh": "男性", "km": "បុរស", "ar": "الرجال"}
        ),
        "direct": Text({"en": "Direct only", "es": "Solo directa"}),
        "organization": Text({"en": "Organization-based only", "es": "Solo por una organización"}),
        "both": Text({"en": "Both", "es": "Ambas"}),
    },
    "unit": {
        "persons": Text(
            {"en": "persons", "es": "personas", "fr": "personnes", "zh": "人", "km": "នាក់", "ar": "شخص"}
        ),
        "percent": Text({"en": "percent", "es": "por ciento", "fr": "pour cent", "zh": "百分比"}),
        "hours": Text(
            {"en": "hours", "es": "horas", "fr": "heures", "zh": "小时", "km": "ម៉ោង", "ar": "ساعة"}
        ),
        "ZAR": Text({"en": "rand", "es": "rand", "fr": "rands", "zh": "兰特"}),
    },
    "unit_short": {"percent": Text({"en": "%"}), "ZAR": Text({"en": "R"})},
}


def published(rows: list[tuple], **facts) -> Result:
    """Rows of (series, area, period, subgroup, value, unit, bound, variant, source)."""
    names = ["series", "area", "period", "subgroup", "estimate", "unit", "bound", "variant", "source_id"]
    frame = pd.DataFrame(rows, columns=names)
    frame["variable"], frame["statistic"] = frame["series"], "rate"
    for name in ("evidence", "measure", "note"):
        frame[name] = ""
    frame["fact_id"] = [f"F{number:04}" for number in range(len(frame))]
    keys = {row[7]: {"vintage": row[7].rpartition("_")[2]} for row in rows if "_" in row[7]}
    made = ResultFacts({"verb": "facts"}, "published figure", sources=SOURCES, extra={"keys": keys}, **facts)
    return Result(frame, ["series", "area", "period", "subgroup"], made, labels=LABELS)


def south_africa() -> list[tuple]:
    out = []
    for series, unit, first, revised, last in (
        ("core.volunteers", "persons", 1193000.0, 1300000.0, 2200000.0),
        ("core.hours", "hours", 379000000.0, 419200000.0, 610400000.0),
        ("core.hours_each", "hours", None, 321.0, 277.0),
    ):
        if first is not None:
            out.append((series, "ZAF", "2010", "", first, unit, "exact", f"{series}_first", "vas10"))
        out.append((series, "ZAF", "2010", "", revised, unit, "exact", f"{series}_revised", "vas14"))
        out.append((series, "ZAF", "2014", "", last, unit, "exact", f"{series}_revised", "vas14"))
    return out


def sexes() -> list[tuple]:
    return [
        ("core.volunteer_rate", "ZAF", "2010", "women", 4.3, "percent", "exact", "rate_first", "vas10"),
        ("core.volunteer_rate", "ZAF", "2010", "men", 2.6, "percent", "exact", "rate_first", "vas10"),
    ]


def survey(**facts) -> Result:
    values = {
        "A": ((0.363, 0.284, 0.449, 110, 39), (0.336, 0.210, 0.491, 106, 35)),
        "B": ((0.492, 0.337, 0.648, 85, 40), (0.361, 0.266, 0.468, 99, 35)),
        "D": ((0.387, 0.253, 0.541, 98, 38), (0.087, 0.045, 0.160, 90, 9)),
        "F": ((0.262, 0.145, 0.427, 34, 9), (0.325, 0.138, 0.593, 43, 15)),
    }
    rows = []
    for area, pair in values.items():
        for sex, (p, low, high, n, cell) in zip("fm", pair, strict=True):
            rows.append(
                {
                    "area": area,
                    "sex": sex,
                    "variable": "volunteer",
                    "statistic": "proportion",
                    "level": "1",
                    "estimate": p,
                    "se": (high - low) / 3.92,
                    "ci_low": low,
                    "ci_high": high,
                    "n": n,
                    "n_cell": cell,
                }
            )
    made = ResultFacts(
        {"verb": "proportion", "variable": "volunteer"},
        "person",
        method="Taylor, logit",
        confidence=0.95,
        synthetic=True,
        **facts,
    )
    labels = {
        "area": {
            code: Text(
                {
                    "en": f"Area {code}",
                    "es": f"Zona {code}",
                    "zh": f"{code} 区",
                    "ar": f"المنطقة {code}",
                    "km": f"តំបន់ {code}",
                }
            )
            for code in values
        },
        "sex": {"f": LABELS["subgroup"]["women"], "m": LABELS["subgroup"]["men"]},
        "variable": {
            "volunteer": Text(
                {
                    "en": "Volunteer rate",
                    "es": "Tasa de voluntariado",
                    "ar": "معدل التطوع",
                    "km": "អត្រាអ្នកស្ម័គ្រចិត្ត",
                    "zh": "志愿服务参与率",
                }
            )
        },
        "level": {"1": Text({"en": "volunteered"})},
    }
    return Result(pd.DataFrame(rows), ["area", "sex"], made, labels=labels)


@pytest.fixture
def make_published():
    return published


@pytest.fixture
def south_africa_result() -> Result:
    return published(south_africa())


@pytest.fixture
def sex_result() -> Result:
    return published(sexes())


@pytest.fixture
def survey_result() -> Result:
    return survey()


@pytest.fixture
def south_africa_rows() -> list[tuple]:
    return south_africa()


@pytest.fixture
def make_survey():
    return survey
