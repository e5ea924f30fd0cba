"""The measurement key: how a series was measured, without which two figures cannot be compared."""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = ["NOT_APPLICABLE", "UNKNOWN", "MeasurementKey"]

#: The source does not say.
UNKNOWN = "unknown"
#: The notion has no meaning for this figure (the age range of an organization, say).
NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class MeasurementKey:
    """How a series was measured.

    Attributes
    ----------
    age : str
        Age range of the persons asked about, for instance ``15+`` or ``16-64``.
    reference_period : str
        The time the question looks back on: ``4 weeks``, ``12 months``.
    volunteering : str
        ``direct``, ``organization`` (through or for an organization), or ``any``.
    family_help : str
        Whether help to relatives in other households counts: ``included`` or ``excluded``.
    mode : str
        How people were asked: ``face_to_face``, ``online``, ``administrative`` and so on.
    vintage : str
        Which weighting or release of the same survey.
    survey : str
        The programme that owns mode and vintage.

    Every field may be ``unknown`` or ``not_applicable``.
    """

    age: str = UNKNOWN
    reference_period: str = UNKNOWN
    volunteering: str = UNKNOWN
    family_help: str = UNKNOWN
    mode: str = UNKNOWN
    vintage: str = UNKNOWN
    survey: str = UNKNOWN

    def unknown(self) -> tuple[str, ...]:
        """Return the names of the fields that the source does not state.

        >>> MeasurementKey("15+", "4 weeks", "any", "excluded", "face_to_face", "1").unknown()
        ('survey',)
        """
        return tuple(name for name, value in asdict(self).items() if value == UNKNOWN)
