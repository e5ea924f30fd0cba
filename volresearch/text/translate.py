"""Interface words in the reader's language: gettext catalogues, read on first use.

English is the message id, so a message without a translation is shown in English, never blank.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from volresearch.text.languages import LANGUAGES
from volresearch.text.multilingual import Text

if TYPE_CHECKING:
    import gettext

__all__ = ["DOMAIN", "LOCALE_DIR", "in_all_languages", "mark", "ntr", "tr"]

DOMAIN = "volresearch"
LOCALE_DIR = Path(__file__).parent / "locale"


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    import gettext  # here, because listing plugins loads this module and needs no catalogue

    tag = lang.replace("_", "-")
    wanted = list(dict.fromkeys([tag.replace("-", "_"), tag.split("-")[0]]))
    if wanted[-1] == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE_DIR, wanted, fallback=True)


def tr(message: str, lang: str = "en", **values: object) -> str:
    """Return the interface words `message` in `lang`, with `values` put in the place of ``{name}``.

    Parameters
    ----------
    message : str
        The English words; always a literal, so that ``make messages`` finds them.
    lang : str
        Language tag; without a catalogue or a translation the English is returned.
    **values
        What stands at each ``{name}``; without any, braces in `message` are left alone.

    Returns
    -------
    str
        The words, as plain text: escape them where they go into HTML.

    Examples
    --------
    >>> tr("{count} figures of {area}", "xx", count=12, area="Kenya")
    '12 figures of Kenya'
    """
    words = _catalogue(lang).gettext(message) if message else ""
    return words.format_map(values) if values else words


def in_all_languages(message: str, **values: object) -> Text:
    """Return interface words in every language of the interface, as a text that data can carry.

    Parameters
    ----------
    message : str
        As `tr` takes it; a literal is collected by `mark`.
    **values
        What stands at each ``{name}``, the same in every language.

    Examples
    --------
    >>> in_all_languages("{count} figures", count=12).get_in("en")
    '12 figures'
    """
    return Text({lang: tr(message, lang, **values) for lang in LANGUAGES})


def ntr(one: str, many: str, n: int, lang: str = "en", **values: object) -> str:
    """Return `one` or `many`, by the plural rule of `lang`, with ``{n}`` and `values` put in.

    Parameters
    ----------
    one, many : str
        The English singular and plural; literals.
    n : int
        The count; it stands at ``{n}`` unless ``n`` is formatted by the caller under another name.

    Examples
    --------
    >>> ntr("{n} area", "{n} areas", 1), ntr("{n} area", "{n} areas", 3)
    ('1 area', '3 areas')
    """
    words = _catalogue(lang).ngettext(one, many, n)
    return words.format_map({"n": n, **values})


def mark(message: str) -> str:
    """Return `message` unchanged, and have ``make messages`` collect it: for words kept in a table.

    Examples
    --------
    >>> WORDS = {"rate": mark("rate")}
    >>> tr(WORDS["rate"], "en")
    'rate'
    """
    return message
