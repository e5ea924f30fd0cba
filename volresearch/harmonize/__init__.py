"""Several countries' files on one footing: crosswalks that people can read, with a log of every code."""

from volresearch.harmonize.codebooks import CodebookComparison, compare_codebooks
from volresearch.harmonize.crosswalk import Crosswalk, Rule, read_crosswalk
from volresearch.harmonize.log import recode_log
from volresearch.harmonize.memberships import Members, groups, members
from volresearch.harmonize.recoding import harmonize
from volresearch.harmonize.regions import AreaCodes, area_codes, area_crosswalk
from volresearch.harmonize.stack import stacked
from volresearch.harmonize.template import crosswalk_template
from volresearch.harmonize.units import Conversion, conversion

__all__ = [
    "AreaCodes",
    "CodebookComparison",
    "Conversion",
    "Crosswalk",
    "Members",
    "Rule",
    "area_codes",
    "area_crosswalk",
    "compare_codebooks",
    "conversion",
    "crosswalk_template",
    "groups",
    "harmonize",
    "members",
    "read_crosswalk",
    "recode_log",
    "stacked",
]
