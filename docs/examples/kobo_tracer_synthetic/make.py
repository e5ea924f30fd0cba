"""Write the synthetic form and export of the page "Bring a Kobo export": ``python make.py``.

Everything in them is invented. The form has two versions: the second asks the year of birth too.
"""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

HERE = Path(__file__).resolve().parent
SURVEY = (
    ("type", "name", "label::English (en)", "label::Español (es)", "relevant", "required"),
    ("start", "start", "", "", "", ""),
    ("end", "end", "", "", "", ""),
    ("select_one yesno", "consent", "Do you agree to take part?", "¿Acepta participar?", "", "yes"),
    ("begin group", "person", "About you", "Sobre usted", "${consent} = 'yes'", ""),
    ("text", "full_name", "Your name", "Su nombre", "", ""),
    ("select_one province", "province", "Province", "Provincia", "", ""),
    ("integer", "birth_year", "Year of birth", "Año de nacimiento", "", ""),
    ("end group", "person", "", "", "", ""),
    ("begin group", "work", "Volunteer work", "Trabajo voluntario", "${consent} = 'yes'", ""),
    ("select_one yesno", "volunteered", "In the last 4 weeks, did you do any unpaid work for others?",
     "En las últimas 4 semanas, ¿hizo algún trabajo no remunerado para otras personas?", "", ""),
    ("integer", "hours", "How many hours in all?", "¿Cuántas horas en total?", "${volunteered} = 'yes'", ""),
    ("select_multiple activity", "activities", "What did you do?", "¿Qué hizo?", "${volunteered} = 'yes'", ""),
    ("text", "activities_other", "What else?", "¿Qué más?", "selected(${activities}, 'other')", ""),
    ("select_one agree", "trust", "Most people can be trusted.", "Se puede confiar en la mayoría de las personas.", "", ""),
    ("begin repeat", "organization", "Organizations", "Organizaciones", "${volunteered} = 'yes'", ""),
    ("select_one sector", "sector", "Sector of the organization", "Sector de la organización", "", ""),
    ("integer", "years", "Years with it", "Años en ella", "", ""),
    ("end repeat", "organization", "", "", "", ""),
    ("end group", "work", "", "", "", ""),
)  # fmt: skip
CHOICES = (
    ("list_name", "name", "label::English (en)", "label::Español (es)", "vr_missing"),
    ("yesno", "yes", "Yes", "Sí", ""),
    ("yesno", "no", "No", "No", ""),
    ("province", "01", "Coast", "Costa", ""),
    ("province", "02", "Highlands", "Sierra", ""),
    ("activity", "first aid", "First aid", "Primeros auxilios", ""),
    ("activity", "teaching", "Teaching", "Enseñanza", ""),
    ("activity", "other", "Something else", "Otra cosa", ""),
    ("agree", "1", "Agree", "De acuerdo", ""),
    ("agree", "2", "Neither", "Ni acuerdo ni desacuerdo", ""),
    ("agree", "3", "Disagree", "En desacuerdo", ""),
    ("agree", "77", "Don't know", "No sabe", "dont_know"),
    ("agree", "88", "No answer wanted", "No quiere responder", "refused"),
    ("sector", "public", "Public", "Público", ""),
    ("sector", "nonprofit", "Non-profit", "Sin fines de lucro", ""),
)
HEAD = (
    "start", "end", "consent", "person/full_name", "person/province", "person/birth_year", "work/volunteered", "work/hours",
    "work/activities", "work/activities/first aid", "work/activities/teaching", "work/activities/other",
    "work/activities_other", "work/trust", "__version__", "_id", "_uuid", "_submission_time", "_index",
)  # fmt: skip
# minutes, consent, name, province, birth year, volunteered, hours, activities, what else, trust, version
PEOPLE = (
    (14, "yes", "Ana Quispe", "01", "1990", "yes", "12", "first aid teaching", "", "1", "2"),
    (11, "yes", "Luis Mamani", "02", "1985", "no", "", "", "", "2", "2"),
    (12, "yes", "Rosa Flores", "02", "", "yes", "", "teaching", "", "88", "2"),
    (13, "yes", "Juan Rojas", "01", "2001", "yes", "4", "other", "reparar techos", "77", "2"),
    (1, "no", "", "", "", "", "", "", "", "", "2"),
    (15, "yes", "Elena Vargas", "02", "", "yes", "20", "first aid", "", "1", "1"),
    (10, "yes", "Pedro Castro", "01", "", "no", "", "", "", "3", "1"),
    (12, "yes", "Carmen Díaz", "02", "1979", "", "", "", "", "", "2"),
)
ORGANIZATIONS = ((1, "nonprofit", "3"), (1, "public", "1"), (4, "nonprofit", ""), (6, "public", "11"))


def form(path: Path, version: str) -> None:
    """Write one version of the form."""
    rows = [row for row in SURVEY if version != "1" or row[1] != "birth_year"]
    settings = (
        ("form_title", "form_id", "version", "default_language"),
        ("Tracer of volunteers (synthetic)", "tracer_synthetic", version, "Español (es)"),
    )
    with xlsxwriter.Workbook(path) as book:
        for name, sheet in (("survey", rows), ("choices", CHOICES), ("settings", settings)):
            _fill(book.add_worksheet(name), sheet)


def export(path: Path) -> None:
    """Write the export as KoboToolbox gives it: one sheet for the form, one for its repeat."""
    main = [HEAD, *(_submission(number, one) for number, one in enumerate(PEOPLE, start=1))]
    head = ("work/organization/sector", "work/organization/years", "_index", "_parent_table_name", "_parent_index",
            "_submission__id", "_submission__uuid")  # fmt: skip
    repeat = [
        (sector, years, str(index), "tracer_synthetic", str(parent), str(700 + parent), _uuid(parent))
        for index, (parent, sector, years) in enumerate(ORGANIZATIONS, start=1)
    ]
    with xlsxwriter.Workbook(path) as book:
        _fill(book.add_worksheet("tracer_synthetic"), main)
        _fill(book.add_worksheet("organization"), [head, *repeat])


def _submission(number: int, one: tuple) -> tuple[str, ...]:
    minutes, consent, name, province, born, volunteered, hours, activities, else_, trust, version = one
    split = [
        ("1" if code in activities else "0") if activities else ""
        for code in ("first aid", "teaching", "other")
    ]
    day = f"2026-03-{number:02d}"
    return (
        f"{day}T09:00:00.000-05:00", f"{day}T09:{minutes:02d}:00.000-05:00", consent, name, province, born, volunteered, hours,
        activities, *split, else_, trust, version, str(700 + number), _uuid(number), f"{day}T15:00:00", str(number),
    )  # fmt: skip


def _uuid(number: int) -> str:
    return f"0000000{number}-1111-4222-8333-444444444444"


def _fill(sheet: object, rows: object) -> None:
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell)


if __name__ == "__main__":
    form(HERE / "form_1.xlsx", "1")
    form(HERE / "form_2.xlsx", "2")
    export(HERE / "export.xlsx")
