"""Why a declared missing value is missing, told by the words of its label or by the letter of its code.

Nothing here decides that a code is missing: the file, the form or the caller declares that. Where neither label nor
code says why, the reason is ``no_answer``.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from volresearch.declare import MISSING_REASONS

__all__ = ["reason_in_brackets", "reason_of_label", "with_reason", "without_reason"]

#: What labels say, as regular expressions over the words of a label: lower case, without accents, one space between.
#: The words that stand first in a label decide; of two that begin at the same place, the longer one.
_WORDS: tuple[tuple[str, str], ...] = (
    # English
    ("dont_know", r"(?:do|does|did) ?n ?o? ?t (?:know|remember|recall)|dontknow|dk|dknp?|cannot (?:say|choose|remember)|"
                  r"can t (?:say|choose|remember)|(?:not|un)? ?sure|unsure|unknown|no opinion|know not|undecided"),
    ("refused", r"refus(?:ed|al|als|es|e)|ref|rf|declined?|prefer(?:s|red)? not|would rather not|rather not|"
                r"(?:does|did|do) ?n ?o? ?t want to (?:say|answer)|unwilling"),
    ("no_answer", r"no (?:answer|response|reply)|not (?:answered|stated|reported|given)|non ?response|nonresponse|"
                  r"n a|na|skipped on web|left blank|unanswered|missing|system missing|sysmis"),
    ("not_asked", r"not asked|(?:question )?not administered|(?:legitimate |valid |legit )?skip(?:ped)?(?! on web)|"
                  r"not on (?:the )?form|filtered(?: out)?|routed (?:out|around)|not selected|not shown|not displayed"),
    ("not_in_version", r"not (?:asked|available|included|administered|fielded|used)(?: \w+){0,2} (?:in|by|for|at|on) (?:this |the |that |"
                       r"these |a )?(?:country|survey|year|wave|version|round|release|edition|countries|years|waves|module|mode|"
                       r"ballot|questionnaire|sample)|not in (?:this |the )?(?:version|country|wave|round|release|"
                       r"survey|year|questionnaire)|question not (?:in|part of)|country did not|different wave|(?:var|question) ?not (?:asked )?available"),
    ("not_applicable", r"(?:in|non|not)[ -]?applicable|iap|does not apply|doesn t apply|not relevant|not eligible|ineligible|not app(?:l|lic)?"),
    ("invalid", r"invalid|uncodeable|uncodable|not codeable|not codable|illegible|inconsistent|error|out of range|"
                r"not imputable|implausible|wild code|multiple answers|bad (?:data|value)"),
    # Spanish
    ("dont_know", r"no sabe|no se|no lo se|no sabria|ns|n s|no recuerda|no me acuerdo|desconoc\w+|no esta segur[oa]"),
    ("refused", r"rechaz\w*|se nego|se niega|rehus\w*|negativa|prefiere no|prefiero no|no quiere|no desea"),
    ("no_answer", r"no contest\w+|no respond\w+|nc|n c|sin respuesta|no hay respuesta|sin dato|sin datos|sin informacion|perdid[oa]s?|"
                  r"en blanco"),
    ("not_asked", r"no preguntad[oa]|no se pregunt\w+|pregunta filtrada|salto|omitid[oa]"),
    ("not_in_version", r"no (?:se )?pregunt\w+ en (?:este|esta|el|la) (?:pais|ano|ola|ronda|version|encuesta|edicion)|"
                       r"no (?:esta )?(?:disponible|incluid[oa]) en (?:este|esta|el|la) (?:pais|ano|ola|ronda|version|encuesta|edicion)"),
    ("not_applicable", r"no (?:aplica\w*|corresponde|procede|aplicable)|no es aplicable"),
    ("invalid", r"invalid[oa]|no valid[oa]|ilegible|inconsistente|incoherente|fuera de rango"),
    # French
    ("dont_know", r"ne sai[ts](?: pas)?|sait pas|nsp|ne se souvient pas|ne sais plus|sans opinion"),
    ("refused", r"refus(?:e|er|ent)?|a refuse|prefere ne pas|ne souhaite pas|ne veut pas|ne desire pas"),
    ("no_answer", r"sans reponse|pas de reponse|non[ -]?reponse|aucune reponse|nr|non repondu|n a pas repondu|ne repond pas|"
                  r"non renseigne\w*|manquante?s?|valeur manquante|donnee manquante"),
    ("not_asked", r"non pose\w*|pas pose\w*|question non posee|non demande\w*"),
    ("not_in_version", r"(?:question )?(?:non|pas) (?:pose\w*|demande\w*|disponible) (?:dans|pour|cette) (?:ce |cette |le |la )?"
                       r"(?:pays|annee|vague|version|enquete|edition)"),
    ("not_applicable", r"(?:non|pas|in) ?applicable|sans objet|non concerne\w*|pas concerne\w*|ne s applique pas"),
    ("invalid", r"invalide|non valide|illisible|incoherente?|hors limites?"),
    # Portuguese
    ("dont_know", r"nao sabe|nao sei|nao lembra|nao se lembra"),
    ("refused", r"recus\w*|prefere nao|prefiro nao|nao quis|nao quer|nao deseja"),
    ("no_answer", r"nao respond\w+|sem resposta|nao informad[oa]|nao declarad[oa]|nao consta|nr|omiss[oa]|em falta|sem informacao"),
    ("not_asked", r"nao perguntad[oa]|nao foi perguntad[oa]"),
    ("not_in_version", r"nao (?:foi )?(?:perguntad[oa]|disponivel|incluid[oa]) (?:neste|nesta|no|na|em) (?:pais|ano|onda|ronda|versao|pesquisa|inquerito)"),
    ("not_applicable", r"nao (?:se )?aplic\w+|nao e aplicavel"),
    ("invalid", r"invalid[oa]|nao valid[oa]|ilegivel"),
    # Chinese, in simplified and traditional characters; words have no spaces between
    ("dont_know", "不知道|不清楚|不确定|不確定|不了解|说不清|說不清|无法回答|無法回答|不记得|不記得|记不清|記不清"),
    ("refused", "拒答|拒绝|拒絕|不愿|不願|不想回答|不便回答"),
    ("no_answer", "未回答|没有回答|沒有回答|无回答|無回答|未答|无应答|無應答|没回答|缺失|漏答|空白|未填|未填写|未填寫"),
    ("not_asked", "未询问|未詢問|没有问|沒有問|没问|未问|未問|跳答|跳过|跳過|跳问|跳問"),
    ("not_in_version", "(?:本国|本國|该国|該國|本年|该年|該年|当年|當年|本轮|本輪|本次调查|本次調查|本问卷|本問卷|此版本)(?:没有|沒有|未|无|無|不)(?:询问|詢問|问|問|调查|調查|包含|提供|此题|此題)+|未在(?:本国|本國|本轮|本輪|本次|该国|該國)\\S{0,4}(?:询问|詢問|问|問)"),
    ("not_applicable", "不适用|不適用|不符合"),
    ("invalid", "无效|無效|错误|錯誤|不合理|无法辨认|無法辨認"),
    # Arabic; letters are folded: alef, yeh, teh marbuta
    ("dont_know", "لا (?:ا|ي|ت|ن)?عرف|لا (?:ا|ي)?علم|لا (?:ا|ي)?دري|لا (?:ا|ي)?تذكر|غير متاكد|غير معروف"),
    ("refused", "رفض|يرفض|رفضت|ارفض|رافض|(?:ا|ي)فضل عدم|لا (?:ا|ي)ريد|امتنع"),
    ("no_answer", "لا (?:توجد |يوجد )?(?:اجابه|جواب)|بدون (?:اجابه|جواب)|لم (?:يجب|تجب|يجيب)|عدم (?:الاجابه|اجابه)|مفقود|غير مبين"),
    ("not_asked", "لم (?:يسال|تسال|يطرح|تطرح)|غير مسءول|غير مسئول"),
    ("not_in_version", "(?:لم (?:يسال|تسال|يطرح|تطرح)|غير (?:متوفر|متاح))(?: \\S+){0,2} في (?:هذا|هذه) (?:البلد|الدوله|السنه|العام|الجوله|النسخه|المسح)"),
    ("not_applicable", "لا (?:ي|ت)نطبق|غير (?:منطبق|قابل للتطبيق)|لا يسري"),
    ("invalid", "غير صالح|غير صحيح|خطا"),
)  # fmt: skip

#: Letters of special missing codes (.d) where no label tells: habits of the large survey programmes.
_LETTERS = {"d": "dont_know", "r": "refused", "n": "no_answer", "i": "not_applicable", "y": "not_in_version"}
_FOLDED = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "ء", "ـ": ""})
_BRACKETS = re.compile(rf" ?\[({'|'.join(MISSING_REASONS)})\]\Z")


def reason_of_label(label: str, code: str = "") -> str:
    """Return why a value that is declared missing is missing.

    Parameters
    ----------
    label : str
        The words of its label, in any of English, Spanish, French, Portuguese, Chinese, Arabic; may be empty.
    code : str
        The code; a letter such as ``.d`` decides where the label does not.

    Returns
    -------
    str
        One of `MISSING_REASONS`; ``no_answer`` where nothing tells.

    Examples
    --------
    >>> reason_of_label("No sabe"), reason_of_label("拒答"), reason_of_label("", ".d"), reason_of_label("Sin clave")
    ('dont_know', 'refused', 'dont_know', 'no_answer')
    """
    named = reason_in_brackets(label)
    if named:
        return named
    if label.strip().lower() in MISSING_REASONS:
        return label.strip().lower()
    found = _by_words(label) or _by_words(code)
    letter = code[1:].lower() if code[:1] == "." else ""
    return found or _LETTERS.get(letter, "no_answer")


def reason_in_brackets(label: str) -> str:
    """Return the reason that a label names in brackets at its end, as our own writers put it; else an empty text.

    >>> reason_in_brackets("Keine Angabe [refused]")
    'refused'
    """
    found = _BRACKETS.search(label)
    return found[1] if found else ""


def with_reason(label: str, code: str, reason: str) -> str:
    """Return a label that tells `reason` to `reason_of_label`: as it is where its words do, else with brackets.

    >>> with_reason("Refusal", "9", "refused"), with_reason("Keine Angabe", "9", "refused")
    ('Refusal', 'Keine Angabe [refused]')
    """
    if label and not reason_in_brackets(label) and reason_of_label(label, code) == reason:
        return label
    return f"{label} [{reason}]".lstrip()


def without_reason(label: str) -> str:
    """Return a label without the reason in brackets that a writer of ours put to its end.

    >>> without_reason("Keine Angabe [refused]")
    'Keine Angabe'
    """
    return _BRACKETS.sub("", label)


@lru_cache(maxsize=4096)
def _by_words(text: str) -> str:
    plain = _plain(text)
    if not plain:
        return ""
    hits = [
        (match.start(), -len(match[0]), reason) for reason, form in _forms() if (match := form.search(plain))
    ]
    return min(hits)[2] if hits else ""


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((reason, _compiled(words)) for reason, words in _WORDS)


def _compiled(words: str) -> re.Pattern[str]:
    # Chinese has no spaces between words; in other scripts only whole words count ("reference" is no "ref").
    whole = words if re.search("[\u4e00-\u9fff]", words) else rf"(?<!\w)(?:{words})(?!\w)"
    return re.compile(whole)


def _plain(text: str) -> str:
    """Return a text in small letters without accents, marks of vowels and punctuation."""
    apart = unicodedata.normalize("NFKD", text.translate(_FOLDED).casefold())
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_FOLDED)
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())
