"""The conformance engine: is a plugin complete, well-mannered, correct, and does it speak its languages?

`volresearch plugins check` and `volresearch.testing` are thin skins over `check_plugin`.
"""

from volresearch.checks.engine import Verdict, check_plugin
from volresearch.checks.findings import RULES, Finding

__all__ = ["RULES", "Finding", "Verdict", "check_plugin"]
