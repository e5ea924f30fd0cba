"""XLSForm in and out: the questionnaires of ODK, KoboToolbox, Ona, SurveyCTO and their like.

Reader and writer are our own. What a form has beyond the model (further columns and sheets, settings, expressions that
the house language lacks) is kept and written out again; what is passed over is noted.
"""

from volresearch.instruments.xlsform.reader import read, read_with_notes
from volresearch.instruments.xlsform.writer import write, written

__all__ = ["read", "read_with_notes", "write", "written"]
