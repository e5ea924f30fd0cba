"""Which runner compares which statistic."""

from __future__ import annotations

from collections.abc import Callable

import runners_calibration
import runners_contrasts
import runners_linear
import runners_models
import runners_quantiles
import runners_replicates
import runners_tests
from reference_cases import Case, Checks

RUNNERS: dict[str, Callable[[Case], Checks]] = {
    **runners_linear.RUNNERS,
    **runners_quantiles.RUNNERS,
    **runners_tests.RUNNERS,
    **runners_contrasts.RUNNERS,
    **runners_models.RUNNERS,
    **runners_calibration.RUNNERS,
    **runners_replicates.RUNNERS,
}
