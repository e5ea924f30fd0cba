"""Which variables identify persons, by the form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from volresearch.datasets.readers.form_versions import Place, places_of
from volresearch.instruments import Item

__all__ = ["sensitive_names"]

_BY_TYPE = {
    **dict.fromkeys(("geopoint", "geotrace", "geoshape"), "position"),
    **dict.fromkeys(("image", "audio", "video", "file"), "media"),
}
_BY_SOURCE = {
    "deviceid": "device", "subscriberid": "device", "simserial": "device", "phonenumber": "phone", "username": "user",
    "email": "email", "audit": "audit", "start-geopoint": "position", "background-audio": "media",
    "background-geopoint": "position",
}  # fmt: skip
_BY_WORD = (
    ("email", r"e_?mail|correo|courriel"),
    ("phone", r"phone|telephone|telefono|mobile|tel|celular"),
    ("address", r"address|direccion|adresse|street"),
    ("name", r"names?|firstname|lastname|surname|nombres?|apellidos?|nom|prenom"),
)
_COORDINATES = ("latitude", "longitude", "altitude", "precision")


def sensitive_names(forms: Sequence[Any]) -> dict[str, str]:
    """Return the variables that a form says identify persons, with the kind of what they hold.

    Parameters
    ----------
    forms : sequence of Instrument
        Versions of the form; what one version says is said.

    Returns
    -------
    dict of str to str
        Name of a variable, also of those that come with an item (``gps_latitude``), to a kind of `SetAside`.

    Examples
    --------
    >>> from volresearch.instruments import Instrument
    >>> from volresearch.text import Text
    >>> items = (Item(name="gps", type="geopoint"), Item(name="first_name", type="text", sensitive=True))
    >>> found = sensitive_names([Instrument(id="t.a", title=Text("A"), items=items)])
    >>> found["gps"], found["gps_latitude"], found["first_name"]
    ('position', 'position', 'name')
    """
    out: dict[str, str] = {}
    for place in places_of(forms):
        kind = next((found for slot in place.slots.values() if (found := _kind(slot.item))), "")
        if kind:
            out |= dict.fromkeys(_variables(place), kind)
    return out


def _kind(item: Item) -> str:
    """Return what an item holds of a person; empty where nothing."""
    source = item.parameters.get("source", "") if item.type == "metadata" else ""
    if source in _BY_SOURCE:
        return _BY_SOURCE[source]
    if not item.identifying:
        return ""
    if item.type in _BY_TYPE:
        return _BY_TYPE[item.type]
    words = {item.name.lower(), *re.split(r"[\W_]+", item.name.lower())}
    words |= {value.lower() for key, value in item.extras.items() if "Validation Type" in key}
    return next(
        (kind for kind, pattern in _BY_WORD if any(re.fullmatch(pattern, one) for one in words)), "identifier"
    )


def _variables(place: Place) -> list[str]:
    out = [place.name]
    if place.slot.item.type == "geopoint":
        out += [f"{place.name}_{part}" for part in _COORDINATES]
    if _BY_TYPE.get(place.slot.item.type) == "media":
        out.append(f"{place.name}_file")
    if place.other is not None:
        out.append(place.other.name)
    return out
