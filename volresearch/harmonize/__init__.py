"""Several countries' files on one footing: crosswalks that people can read, with a log of every code."""

from volresearch.harmonize.crosswalk import Crosswalk, Rule, read_crosswalk
from volresearch.harmonize.log import recode_log
from volresearch.harmonize.recoding import harmonize

__all__ = ["Crosswalk", "Rule", "harmonize", "read_crosswalk", "recode_log"]
