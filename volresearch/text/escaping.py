"""Words as HTML, XML and spreadsheets can take them: everything that came from data is escaped."""

from __future__ import annotations

import html
import re

__all__ = ["CONTROL", "FORMULA_SIGNS", "esc", "plain"]

#: Signs that no text in XML holds, and so no workbook and no codebook.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: What begins a cell that a spreadsheet runs as a formula, or strips.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# Characters that XML cannot hold at all; they would break the parsers that follow.
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def esc(text: object) -> str:
    """Return `text` escaped for HTML and XML, without the characters that neither can hold.

    >>> esc('<b a="1">')
    '&lt;b a=&quot;1&quot;&gt;'
    """
    return html.escape(plain(text), quote=True)


def plain(text: object) -> str:
    """Return `text` without the characters that neither HTML nor XML can hold."""
    return _BROKEN.sub("", str(text))
