"""Survey instruments: the questionnaire model, written once, read from and written to every form tool."""

from volresearch.instruments.changes import Change, Changes, compare_instruments
from volresearch.instruments.formula import Formula
from volresearch.instruments.items import (
    CHOOSING,
    SENSITIVE_TYPES,
    SILENT,
    TYPES,
    Block,
    Choice,
    Item,
    Named,
    OtherSpecify,
    Scale,
    Score,
    Translation,
)
from volresearch.instruments.model import Instrument
from volresearch.instruments.reading import check_instrument, read_instrument

__all__ = [
    "CHOOSING",
    "SENSITIVE_TYPES",
    "SILENT",
    "TYPES",
    "Block",
    "Change",
    "Changes",
    "Choice",
    "Formula",
    "Instrument",
    "Item",
    "Named",
    "OtherSpecify",
    "Scale",
    "Score",
    "Translation",
    "check_instrument",
    "compare_instruments",
    "read_instrument",
]
