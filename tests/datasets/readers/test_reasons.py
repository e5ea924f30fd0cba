"""Why a declared missing value is missing, by its label."""

from __future__ import annotations

import pytest

from volresearch.datasets.readers.reasons import reason_of_label, with_reason, without_reason
from volresearch.declare import MISSING_REASONS

LABELS = {
    "dont_know": ["Don't know", "DON’T KNOW", "DK", "Do not know", "No sabe", "NS/NC", "No sé", "Ne sait pas", "NSP",
                  "Não sabe", "不知道", "说不清", "لا أعرف", "لا يعرف", "Can't choose", "(88) Don't know", "dont_know"],
    "refused": ["Refusal", "Refused", "Prefer not to say", "拒答", "拒绝回答", "Rechaza responder", "Refus", "Recusa",
                "Prefiere no responder", "رفض الإجابة", "Prefiro não responder", "RF"],
    "no_answer": ["No answer", "NA", "No contesta", "NC", "Sans réponse", "Sem resposta", "未回答", "لا توجد إجابة",
                  "System missing", "Keine Ahnung was das heißt", "", "Skipped on web"],
    "not_asked": ["Not asked", "Legitimate skip", "No preguntado", "Question non posée", "未询问", "not_asked"],
    "not_in_version": ["not asked in this country", "Not available in this year", "Not asked in survey",
                       "No preguntado en este país", "本国未询问", "Not available in this release", "not_in_version"],
    "not_applicable": ["Not applicable", "Inapplicable", "IAP", "N.A. (not applicable)"[6:], "No aplica", "No corresponde",
                       "Sans objet", "Não se aplica", "不适用", "لا ينطبق", "Does not apply"],
    "invalid": ["Uncodeable", "Invalid answer", "Inválido", "Illisible", "无效"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("label", "reason"), [(label, reason) for reason, many in LABELS.items() for label in many]
)
def test_reason_of_label__words_of_six_languages__tell_the_reason(label: str, reason: str) -> None:
    assert reason_of_label(label) == reason


@pytest.mark.parametrize(
    ("code", "reason"),
    [(".d", "dont_know"), (".i", "not_applicable"), (".n", "no_answer"), (".y", "not_in_version"), (".r", "refused"),
     (".D", "dont_know"), (".q", "no_answer"), ("99", "no_answer"), ("refused", "refused"), ("dk", "dont_know")],
)  # fmt: skip
def test_reason_of_label__no_label__the_code_tells(code: str, reason: str) -> None:
    assert reason_of_label("", code) == reason


def test_reason_of_label__label_and_letter_differ__the_label_wins() -> None:
    assert reason_of_label("Not available in this year", ".d") == "not_in_version"


@pytest.mark.parametrize(
    "label", ["Reference group", "Nadia", "Standard error of China", "Kansas", "Unreferred"]
)
def test_reason_of_label__parts_of_words__do_not_count(label: str) -> None:
    assert reason_of_label(label) in {"no_answer", "invalid"}


@pytest.mark.parametrize("reason", MISSING_REASONS)
@pytest.mark.parametrize("label", ["", "Keine Angabe", "Refused", "ដឹង", "9", "Kept [refused]"])
def test_with_reason__any_label__is_told_and_comes_off_again(label: str, reason: str) -> None:
    told = with_reason(label, "9", reason)
    assert reason_of_label(told, "9") == reason
    assert without_reason(told) == label
