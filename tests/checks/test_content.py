from __future__ import annotations

import pytest

from volresearch.checks import check_plugin


def test_content__changed_file__is_caught_by_its_sha256(kenya):
    kenya.replace(kenya.files / "facts.csv", "12.5", "21.5")
    told = kenya.told("V4")
    assert "facts.csv" in told
    assert "sha256" in told


def test_content__another_number_of_rows__is_named(kenya):
    kenya.replace(kenya.declaration, "rows: 3}", "rows: 4}")
    told = kenya.told("V4")
    assert "expected 4; found 3" in told


def test_content__rows_not_declared__is_a_warning(kenya):
    kenya.replace(kenya.declaration, ", rows: 3}", "}")
    assert "does not say how many rows" in kenya.told("V4", level="warning")


def test_content__file_missing__is_named(kenya):
    (kenya.files / "sources.csv").unlink()
    assert "sources.csv" in kenya.told("V4")


def test_content__named_example_but_not_marked__is_an_error(kenya):
    kenya.replace(kenya.declaration, "synthetic: true", "synthetic: false")
    assert 'not marked "synthetic: true"' in kenya.told("V4")


def test_content__synthetic_with_a_silent_title__is_an_error(kenya):
    kenya.replace(
        kenya.declaration, "Invented figures (synthetic example of Volunteering in Kenya)", "Figures on Kenya"
    )
    assert "its title does not say so" in kenya.told("V4")


def test_content__synthetic_with_a_silent_id__is_an_error(kenya):
    kenya.replace(kenya.declaration, "id: kenya.example_facts", "id: kenya.facts")
    kenya.declaration.rename(kenya.declaration.with_name("facts.yaml"))
    assert "its id does not say so" in kenya.told("V4")


@pytest.mark.parametrize("name", ["private", "Private"])
def test_content__files_in_private__are_refused(kenya, name):
    (kenya.package / name).mkdir()
    (kenya.package / name / "names.csv").write_text("name\nA. N. Other\n", encoding="utf-8")
    assert "called private" in kenya.told("V4")


def test_content__empty_private_with_its_gitignore__is_fine(kenya):
    (kenya.folder / "private").mkdir()
    (kenya.folder / "private" / ".gitignore").write_text("*\n", encoding="utf-8")
    assert check_plugin(kenya.folder, run=False).findings == ()


def test_content__undeclared_file__is_a_warning(kenya):
    (kenya.files / "members.csv").write_text("name\nA. N. Other\n", encoding="utf-8")
    assert "members.csv" in kenya.told("V4", level="warning")


@pytest.mark.parametrize("path", ["../../../secret.csv", "/etc/passwd", "private/raw.csv", "C:/x.csv"])
def test_content__path_that_leaves__is_refused_by_the_declaration(kenya, path):
    kenya.replace(kenya.declaration, "path: files/facts.csv", f'path: "{path}"')
    assert "example_facts.yaml:" in kenya.told("V3")


def test_content__data_file_is_a_link_out__is_not_read(kenya, tmp_path):
    secret = tmp_path / "secret.csv"
    (kenya.files / "facts.csv").rename(secret)
    try:
        (kenya.files / "facts.csv").symlink_to(secret)
    except OSError:
        pytest.skip("this system lets nobody make symbolic links")
    assert "leads out of the folder" in kenya.told("V4")


def survey(kenya, text):
    import hashlib

    (kenya.files / "example_tracer.csv").write_bytes(text.encode())
    digest = hashlib.sha256(text.encode()).hexdigest()
    (kenya.package / "datasets" / "example_tracer.yaml").write_text(
        "\n".join(
            [
                "id: kenya.example_tracer",
                "kind: survey",
                'version: "1"',
                "title: {en: Tracer study (synthetic example)}",
                "unit: person",
                "licence: CC0-1.0",
                "synthetic: true",
                "tables:",
                f"  main: {{path: files/example_tracer.csv, sha256: {digest}, rows: 2}}",
                "codebook:",
                "  variables:",
                "    - {name: sex, type: code, label: {en: Sex}, labels: {f: {en: Women}, m: {en: Men}}}",
                "    - {name: hours, type: number, label: {en: Hours}}",
            ]
        ),
        encoding="utf-8",
    )


def test_content__survey_that_matches_its_codebook__passes(kenya):
    survey(kenya, "sex,hours\nf,2\nm,3.5\n")
    assert [str(item) for item in check_plugin(kenya.folder, run=False).findings] == []


@pytest.mark.parametrize(
    "text", ["sex,hours\nf,2\nx,3.5\n", "sex,hours\nf,two\nm,3.5\n", "sex,days\nf,2\nm,3.5\n"]
)
def test_content__frame_that_differs_from_the_codebook__is_an_error(kenya, text):
    survey(kenya, text)
    assert "example_tracer" in kenya.told("V4")
