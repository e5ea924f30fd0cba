"""Language tags, their names and the direction they are written in."""

from __future__ import annotations

import re

from volresearch.errors import VolResearchError

__all__ = ["LANGUAGES", "check_tag", "direction", "language_name", "script_of"]

#: Languages of the interface; data and questionnaires may use any other.
LANGUAGES: tuple[str, ...] = ("en", "es", "fr", "zh")

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"})
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"})

#: Script of the languages whose script is not Latin.
_SCRIPTS = {
    "Arab": ("ar", "ckb", "fa", "ps", "sd", "ug", "ur"),
    "Khmr": ("km",),
    "Hans": ("zh", "cmn"),
    "Mymr": ("my", "ksw", "shn", "mnw"),
    "Deva": ("hi", "mr", "ne", "mai", "bho", "sa"),
    "Ethi": ("am", "ti", "gez"),
}

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[A-Z][a-z]{3}))?(?:-(?P<region>[A-Z]{2}|[0-9]{3}))?(?:-(?:[0-9][0-9a-z]{3}|[0-9a-z]{5,8}))*"
    r"(?:-x(?:-[0-9a-z]{1,8})+)?"
)


def check_tag(tag: str) -> str:
    """Return `tag` if it is a language tag of BCP 47 (language, then script, region, variants), else raise.

    Raises
    ------
    VolResearchError
        ``text.language``.

    Examples
    --------
    >>> check_tag("zh-Hans-CN")
    'zh-Hans-CN'
    """
    if not isinstance(tag, str) or not _TAG.fullmatch(tag):
        raise VolResearchError(
            "text.language",
            f"{tag!r} is not a language tag.",
            expected='a tag such as "en", "sw", "zh-Hans" or "pt-BR"',
            got=str(tag),
        )
    return tag


def _parts(lang: str) -> tuple[str, str]:
    found = _TAG.fullmatch(lang)
    if not found:
        return lang.split("-")[0].lower(), ""
    return found["language"], found["script"] or ""


def script_of(lang: str) -> str:
    """Return the ISO 15924 code of the script `lang` is written in.

    >>> script_of("km"), script_of("fr"), script_of("ku-Arab")
    ('Khmr', 'Latn', 'Arab')
    """
    language, script = _parts(lang)
    if script:
        return script
    return next((code for code, languages in _SCRIPTS.items() if language in languages), "Latn")


def direction(lang: str) -> str:
    """Return ``"rtl"`` for a language written from right to left, else ``"ltr"``.

    >>> direction("ar"), direction("fa-IR"), direction("km"), direction("az-Arab")
    ('rtl', 'rtl', 'ltr', 'rtl')
    """
    language, script = _parts(lang)
    if script:
        return "rtl" if script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"


def language_name(lang: str, in_lang: str | None = None) -> str:
    """Return the name of `lang` in itself, or in `in_lang`; the tag itself where no name is known.

    >>> language_name("es"), language_name("km"), language_name("es", "fr")
    ('español', 'ខ្មែរ', 'espagnol')
    """
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(lang, sep="-").get_display_name(in_lang.replace("-", "_") if in_lang else None)
    except (UnknownLocaleError, ValueError):
        return lang
    return name or lang
