"""Texts, languages and scripts: multilingual strings, interface words, number formats, fonts."""

from volresearch.text.multilingual import Text

__all__ = ["Text"]
