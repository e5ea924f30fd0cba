"""What cells that identify persons look like, and what the content must show before a header is believed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property

__all__ = [
    "Cells",
    "are_countries",
    "are_full_names",
    "believed",
    "is_day",
    "is_long_text",
    "is_moment",
    "is_number_of_somebody",
    "kind_of_content",
    "look_like_degrees",
    "looks_like_names",
    "mentions",
]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NOTHING = _set(
    "no none nothing na n/a nd - -- . 0 x xx xxx ninguno ninguna nada aucun aucune néant neant rien nenhum nenhuma 无 没有 無 null nil dk"
) | {"no tiene", "no aplica", "not applicable", "don't know"}
_YES_NO = _set(
    "yes no y n true false t f 1 0 2 si sí oui non sim não nao 是 否 有 无 没有 ndiyo hapana baal ya tidak да нет نعم لا បាទ ទេ checked "
    "unchecked 1.0 0.0 2.0"
)
#: Signs of a cell that are looked at: enough to know what it is.
_SIGNS = 400

_UUID = re.compile(
    r"(?:uuid:)?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?:/.*)?|R_[0-9A-Za-z]{15,17}",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PLUS = re.compile(r"(?:\+|00)[1-9][\d\s().-]{6,18}", re.ASCII)
_LOCAL = re.compile(r"\(?\d{2,5}\)?[\s.-]{1,2}\d{2,4}[\s.-]\d{2,4}(?:[\s.-]\d{2,4}){0,2}|0\d{8,10}", re.ASCII)
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(?:[ .]\d{3})+", re.ASCII)
_DEGREES = r"-?\d{1,3}\.\d{3,}"
_POINT = re.compile(
    rf"\[?\s*({_DEGREES})\s*[\s,;]\s*({_DEGREES})(?:[\s,;]+-?\d+(?:\.\d+)?){{0,2}}\s*\]?(?:\s*;.*)?|POINT ?Z?\s?\(.*"
    # degrees, minutes and seconds; GeoJSON; a link to a map; a plus code; UTM
    r"|[NS]?\s?\d{1,2}\s?°.{2,20}[NSEWO]?[\s,;]+[EWO]?\s?\d{1,3}\s?°.*|\{.*\"coordinates\"\s*:.*"
    rf"|(?:https?|geo):\S*?{_DEGREES}(?:,|%2C|/|&\S*=)\s?{_DEGREES}.*|https?://(?:maps\.app\.)?goo\.gl/\S+"
    r"|[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?: .*)?|\d{1,2}\s?[C-HJ-NP-X]\s\d{6}(?:\.\d+)?m?\s?E?[\s,]+\d{6,7}(?:\.\d+)?m?\s?N?",
    re.IGNORECASE,
)
#: As ODK writes it: latitude, longitude, altitude, accuracy.
_GEOPOINT = re.compile(r"-?\d{1,2}\.\d+ -?\d{1,3}\.\d+ -?\d+(?:\.\d+)? \d+(?:\.\d+)?", re.ASCII)
_IP = re.compile(
    r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})|(?:[0-9a-f]{1,4}:){3,7}:?[0-9a-f]{0,4}",
    re.IGNORECASE | re.ASCII,
)
_DEVICE = re.compile(
    r"(?:collect|enketo(?:\.org)?|ee(?:\.[\w.-]+)?|imei|android_id|odk)\s?:\s?\S+|(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}",
    re.IGNORECASE,
)
_MEDIA = re.compile(
    r"[^\n]{1,200}\.(?:jpe?g|png|heic|gif|bmp|tiff?|webp|mp3|m4a|amr|3gpp?|wav|ogg|aac|mp4|mov|avi|webm)(?:[?&]\S*)?|data:(?:image|audio|video)/.*",
    re.IGNORECASE,
)
_AUDIT = re.compile(r"\S*audit\S*\.csv\S*|https?://\S*audit\S*", re.IGNORECASE)
_TOKEN = re.compile(
    r"https?://\S+[?&](?:token|key|sig(?:nature)?|access(?:_token)?|auth|code|pwd|session|hash|[a-z_]*id)=\S+",
    re.IGNORECASE,
)
#: A page about one answer.
_PAGE = re.compile(
    r"https?://\S*[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\S*", re.IGNORECASE
)
_HANDLE = re.compile(r"@[A-Za-z][\w.]{2,29}", re.ASCII)
#: First and last name, as far as their form tells; in Chinese two to four signs.
_FULL_NAME = re.compile(
    r"(?:[^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)?\.?)(?: (?:de|del|la|las|los|da|do|dos|van|von|der|den|di|bin|bint|ibn|al|el|y|e))*"
    r"(?: [^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)?\.?| (?:de|del|la|las|los|da|do|dos|van|von|der|den|di|bin|bint|ibn|al|el|y|e)){1,4}"
)
#: Words of ratings, roles and places, in capitals or not.
_NO_NAME = re.compile(
    r"\b(?:very|not?|never|always|often|satisfied|good|bad|agree|disagree|of|the|and|or|school|head|muy|nunca|siempre|jefe|tr[eè]s|jamais)\b",
    re.IGNORECASE,
)
_CHINESE_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?\s?(?:Z|[+-]\d{2}:?\d{2})?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d{2}:\d{2}(?: ?[AaPp]\.?[Mm]\.?)?",
    re.ASCII,
)
_CHINESE_ID = re.compile(r"[1-9]\d{16}[\dXx]", re.ASCII)
_FORMATTED_ID = re.compile(r"\d{3}-\d{2}-\d{4}|\d{3}\.\d{3}\.\d{3}-\d{2}", re.ASCII)
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?", re.ASCII)
_INSIDE = re.compile(
    rf"{_EMAIL.pattern}|(?<![\w+])\+[1-9]\d[\d\s().-]{{6,14}}\d|(?<![\w.,])0\d{{8,10}}(?![\w.,]*\d)|(?<![\w.]){_DEGREES}[\s,;]+{_DEGREES}(?!\w)",
    re.ASCII,
)
_INTEGER = re.compile(r"-?\d+(?:\.0+)?", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?", re.ASCII)


@dataclass(frozen=True)
class Cells:
    """The filled cells of a sample of a column, each different text once.

    Attributes
    ----------
    texts : tuple of str
        Different texts, without what stands for "nothing".
    filled : int
        Filled cells of the sample.
    coded : bool
        Whether the cells are choices of a question.
    """

    texts: tuple[str, ...]
    filled: int = 0
    coded: bool = field(default=False, compare=False)

    @classmethod
    def of(cls, cells: Iterable[str], *, coded: bool = False) -> Cells:
        """Make them of the filled cells of a sample."""
        many = [cell[:_SIGNS].strip() for cell in cells]
        return cls(
            tuple(dict.fromkeys(one for one in many if one.casefold() not in _NOTHING)), len(many), coded
        )

    def share(self, fits: Callable[[str], object]) -> float:
        """Return the share of the different texts that fit."""
        return sum(1 for text in self.texts if fits(text)) / len(self.texts) if self.texts else 0.0

    @cached_property
    def answers_yes_no(self) -> bool:
        """Whether they answer yes or no, or are small numbers."""
        return bool(self.texts) and all(
            text.casefold() in _YES_NO or (len(text) <= 3 and text.isdigit()) for text in self.texts
        )

    @cached_property
    def numbers(self) -> bool:
        """Whether all are numbers."""
        return bool(self.texts) and all(_NUMBER.fullmatch(text) for text in self.texts)


def kind_of_content(cells: Cells) -> str:
    """Return what the cells themselves show, a kind of `SetAside` or ``key`` (of a row); empty where nothing.

    What is unmistakable (an address of e-mail, a number with its country) needs few cells, the rest most of them.

    >>> kind_of_content(Cells.of(["ana@example.org", "none"])), kind_of_content(Cells.of(["2018-07-16", "1.5"]))
    ('email', '')
    """
    if cells.coded or not cells.texts or cells.answers_yes_no:
        return ""
    return next((kind for kind, fits, least in _TESTS if cells.share(fits) >= least), "")


def believed(kind: str, cells: Cells) -> bool:
    """Whether the content bears out what a header says; a column without content is as its header says.

    >>> believed("phone", Cells.of(["yes", "no"])), believed("phone", Cells.of(["0712345678"]))
    (False, True)
    """
    if cells.coded or cells.answers_yes_no:
        return False
    test = _BELIEVED.get(kind)
    return test is None or not cells.texts or cells.share(test) >= 0.3


def mentions(cells: Cells) -> int:
    """Return how many texts hold an address of e-mail, a phone number or a position amid other words."""
    return sum(1 for text in cells.texts if _INSIDE.search(text))


def is_long_text(cells: Cells) -> bool:
    """Whether people wrote sentences here."""
    return (
        not cells.coded
        and cells.share(lambda text: (len(text) >= 25 and text.count(" ") >= 3) or len(text) >= 60) >= 0.2
    )


def is_number_of_somebody(cells: Cells) -> bool:
    """Whether they are plain codes of people, such as ``12`` or ``E07``, which name nobody by themselves."""
    return bool(cells.texts) and all(
        re.fullmatch(r"[A-Za-z]{0,3}[-_ ]?\d{1,5}", text, re.ASCII) for text in cells.texts
    )


def looks_like_names(cells: Cells) -> bool:
    """Whether they could be names of persons: few words, letters only, rarely the same."""
    named = cells.share(
        lambda text: (
            len(text) <= 50
            and text.count(" ") <= 5
            and not any(sign.isdigit() for sign in text)
            and any(sign.isalpha() for sign in text)
        )
    )
    return named >= 0.8 and len(cells.texts) >= 0.6 * cells.filled


def look_like_degrees(cells: Cells) -> bool:
    """Whether numbers are so exact and lie so near to one another as positions of one region do; scores may, too."""
    if (
        len(cells.texts) < 5
        or cells.share(lambda text: re.fullmatch(r"-?\d{1,3}\.\d{5,}", text, re.ASCII)) < 0.8
    ):
        return False
    numbers = sorted(float(text) for text in cells.texts if _NUMBER.fullmatch(text) and "," not in text)
    middle = abs(numbers[len(numbers) // 2])
    return 3 <= middle <= 180 and numbers[-1] - numbers[0] <= 20


def are_full_names(cells: Cells) -> bool:
    """Whether they have the form of first and last names; so have names of places and firms.

    >>> are_full_names(Cells.of(["Ana de la Cruz", "Dara Chan"])), are_full_names(Cells.of(["Very good", "Bad"]))
    (True, False)
    """
    named = cells.share(lambda text: _FULL_NAME.fullmatch(text) or _CHINESE_NAME.fullmatch(text))
    return named >= 0.8 and cells.share(_NO_NAME.search) < 0.2


def are_countries(cells: Cells) -> bool:
    """Whether most of them are names of countries, in a language of the field."""
    return cells.share(lambda text: text.casefold() in _countries()) >= 0.6


@cache
def _countries() -> frozenset[str]:
    from babel import Locale

    locales = (Locale.parse(tag) for tag in ("en", "es", "fr", "zh", "pt", "ar", "ru"))
    return frozenset(
        name.casefold() for one in locales for code, name in one.territories.items() if len(code) == 2
    )


def is_day(text: str) -> bool:
    """Whether a text is a date with its day."""
    return bool(_DATE.match(text)) or bool(re.fullmatch(r"(?:19|20)\d{6}", text, re.ASCII))


def is_moment(text: str) -> bool:
    """Whether a text is a moment to the second; one with zero seconds may be an answer."""
    return bool(_MOMENT.fullmatch(text)) and not re.search(r":\d\d:00(?!:)", text)


def _digits(text: str) -> int:
    return sum(1 for sign in text if sign.isdigit())


def _is_international(text: str) -> bool:
    return bool(_PLUS.fullmatch(text)) and 8 <= _digits(text) <= 16 and not _DATE.fullmatch(text)


def _is_local_phone(text: str) -> bool:
    return (
        bool(_LOCAL.fullmatch(text))
        and 7 <= _digits(text) <= 14
        and not (_DATE.fullmatch(text) or _THOUSANDS.fullmatch(text) or _FORMATTED_ID.fullmatch(text))
    )


def _is_phone_like(text: str) -> bool:
    return 6 <= _digits(text) <= 20 and not _DATE.fullmatch(text)


def _is_point(text: str) -> bool:
    if _GEOPOINT.fullmatch(text):
        return abs(float(text.split()[0])) <= 90
    found = _POINT.fullmatch(text)
    if not found or found[1] is None:
        return bool(found)
    return abs(float(found[1])) <= 180 and abs(float(found[2])) <= 180


def _is_degree(text: str) -> bool:
    """A degree with its decimals, a point, or metres of a grid."""
    return (
        _is_point(text)
        or bool(re.fullmatch(r"\d{6,7}(?:[.,]\d+)?", text, re.ASCII))
        or (
            bool(re.fullmatch(r"-?\d{1,3}[.,]\d{2,}", text, re.ASCII))
            and abs(float(text.replace(",", "."))) <= 180
        )
    )


def _is_address_of_machine(text: str) -> bool:
    found = _IP.fullmatch(text)
    if not found or found[1] is None:
        return bool(found)
    parts = [int(part) for part in found.groups()]
    return max(parts) <= 255 and sum(part > 20 for part in parts) >= 2  # 1.2.3.4 is a version


def _is_imei(text: str) -> bool:
    if len(text) != 15 or not text.isdecimal() or not text.isascii():
        return False
    doubled = [int(sign) * (1 + place % 2) for place, sign in enumerate(text)]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _is_national_id(text: str) -> bool:
    if _FORMATTED_ID.fullmatch(text):
        return True
    if not _CHINESE_ID.fullmatch(text):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(sign) * weight for sign, weight in zip(text, weights, strict=False)) % 11
    return "10X98765432"[rest] == text[-1].upper()


def _is_iban(text: str) -> bool:
    if not _IBAN.fullmatch(text):
        return False
    plain = text.replace(" ", "")
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def _is_document_number(text: str) -> bool:
    return len(text) >= 5 and _digits(text) >= 3 and not _DATE.fullmatch(text)


def _is_contact(text: str) -> bool:
    return bool(_EMAIL.fullmatch(text)) or _is_international(text) or _is_local_phone(text)


#: Kind, what a cell of it looks like, and the least share of different texts that must.
_TESTS: tuple[tuple[str, Callable[[str], object], float], ...] = (
    ("key", _UUID.fullmatch, 0.8),
    ("email", _EMAIL.fullmatch, 0.05),
    ("phone", _is_international, 0.05),
    ("position", _is_point, 0.3),
    ("time", is_moment, 0.5),
    ("audit", _AUDIT.fullmatch, 0.5),
    ("media", _MEDIA.fullmatch, 0.3),
    ("identifier", _TOKEN.fullmatch, 0.3),
    ("identifier", _PAGE.fullmatch, 0.3),
    ("identifier", _HANDLE.fullmatch, 0.8),
    ("device", _DEVICE.fullmatch, 0.5),
    ("device", _is_imei, 0.9),
    ("device", _is_address_of_machine, 0.8),
    ("national_id", _is_national_id, 0.5),
    ("identifier", _is_iban, 0.5),
    ("phone", _is_contact, 0.5),
)
_BELIEVED: dict[str, Callable[[str], object]] = {
    "email": lambda text: "@" in text,
    "phone": _is_phone_like,
    "position": _is_degree,
    "national_id": _is_document_number,
    "birth": is_day,
    "time": lambda text: is_moment(text) or ":" in text,
    "audit": lambda text: _AUDIT.fullmatch(text) or ".csv" in text.lower(),
    "address": lambda text: any(sign.isalpha() for sign in text) and len(text) >= 4,
    "name": lambda text: any(sign.isalpha() for sign in text),
    "maybe_name": lambda text: any(sign.isalpha() for sign in text),
    "device": lambda text: len(text) >= 5,
    "identifier": lambda text: len(text) >= 3,
}
