"""Names of variables in any script: letters, digits, ``_``, and the signs that combine with letters.

Regular expressions count vowel signs of Khmer, Hindi or Tamil as no part of a word; a name without them is another word.
"""

from __future__ import annotations

import unicodedata

__all__ = ["NAME_PATTERN", "as_name", "is_name"]

#: A name inside a text: after the first letter, combining signs too (which lie beyond Latin letters and punctuation).
NAME_PATTERN = r"[^\W\d](?:\w|[^\x00-\xff\s\u2000-\u206f\u2190-\u2bff\u3000-\u303f\uff00-\uffef])*"
_COMBINING = frozenset({"Mn", "Mc"})


def is_name(text: str) -> bool:
    """Whether a text can be a name.

    >>> is_name("hours_2"), is_name("អាយុ"), is_name("2nd"), is_name("a b")
    (True, True, False, False)
    """
    return bool(text) and (text[0] == "_" or text[0].isalpha()) and all(map(_stays, text))


def as_name(words: str) -> str:
    """Return words with ``_`` in the place of everything between them that no name can hold.

    >>> as_name("How old?"), as_name("អាយុ (ឆ្នាំ)"), as_name("उम्र")
    ('How_old_', 'អាយុ_ឆ្នាំ_', 'उम्र')
    """
    kept = "".join(sign if _stays(sign) else " " for sign in words)
    out = "_".join(kept.split())
    return f"{'_' if kept[:1] == ' ' else ''}{out}{'_' if kept[-1:] == ' ' and out else ''}"


def _stays(sign: str) -> bool:
    return sign == "_" or sign.isalnum() or unicodedata.category(sign) in _COMBINING
