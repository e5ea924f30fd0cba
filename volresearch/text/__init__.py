"""Texts, languages and scripts: multilingual strings, interface words, number formats, fonts.

``formats`` (Babel) and ``fonts`` are modules of their own, imported on use: ``from volresearch.text import formats``.
"""

from volresearch.text.languages import LANGUAGES, check_tag, direction, language_name, script_of
from volresearch.text.multilingual import Text
from volresearch.text.translate import in_all_languages, mark, ntr, tr

__all__ = [
    "LANGUAGES",
    "Text",
    "check_tag",
    "direction",
    "in_all_languages",
    "language_name",
    "mark",
    "ntr",
    "script_of",
    "tr",
]
