"""A text in several languages that lives beside the thing it names.

People write ``{en: ..., es: ...}`` in YAML; code holds a `Text`. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

__all__ = ["Text"]


class Text(Mapping[str, str]):
    """An immutable map from language tag to wording.

    Parameters
    ----------
    wordings : mapping or str
        ``{"en": "Hours", "es": "Horas"}``; a plain string counts as wording without language (tag ``und``).

    Examples
    --------
    >>> hours = Text({"en": "Hours", "es": "Horas"})
    >>> hours.get_in("es"), hours.get_in("km"), hours.language_for("km")
    ('Horas', 'Hours', 'en')
    """

    __slots__ = ("_items",)
    _items: tuple[tuple[str, str], ...]

    def __init__(self, wordings: Mapping[str, str] | str = "") -> None:
        if isinstance(wordings, str):
            wordings = {"und": wordings} if wordings else {}
        object.__setattr__(self, "_items", tuple((str(k), str(v)) for k, v in wordings.items()))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Text does not change")

    def __getitem__(self, lang: str) -> str:
        for tag, wording in self._items:
            if tag == lang:
                return wording
        raise KeyError(lang)

    def __iter__(self) -> Iterator[str]:
        return iter(tag for tag, _ in self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    def __reduce__(self) -> tuple[type[Text], tuple[dict[str, str]]]:
        return (Text, (dict(self),))

    def __repr__(self) -> str:
        return f"Text({dict(self)!r})"

    def __str__(self) -> str:
        return self.get_in("en")

    def language_for(self, lang: str) -> str:
        """Return the tag whose wording `get_in` shows: `lang`, its base language, English, or the first."""
        for candidate in (lang, lang.split("-")[0], "en"):
            if candidate in self:
                return candidate
        return next(iter(self), "und")

    def get_in(self, lang: str, default: str = "") -> str:
        """Return the wording in `lang`, or in the nearest language there is, or `default`."""
        return dict(self._items).get(self.language_for(lang), default)
