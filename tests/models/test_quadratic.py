from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from volresearch.models.quadratic import exact_tail, saddlepoint_tail, satterthwaite_tail


@pytest.mark.parametrize("x", [0.5, 3.0, 7.8, 25.0])
def test_exact__equal_weights__is_chi_squared(x: float) -> None:
    assert exact_tail(x, [1.0, 1.0, 1.0]) == pytest.approx(stats.chi2.sf(x, 3), rel=1e-9)


@pytest.mark.parametrize("x", [1.0, 4.0, 12.0])
def test_exact__equal_weights_and_denominator__is_f(x: float) -> None:
    assert exact_tail(x, [2.0, 2.0], 7) == pytest.approx(stats.f.sf(x / 4, 2, 7), rel=1e-8)


def test_exact__unequal_weights__agrees_with_simulation() -> None:
    rng = np.random.default_rng(11)
    draws = rng.chisquare(1, (400_000, 3)) @ np.array([3.0, 1.0, 0.2])
    for x in (2.0, 6.0, 15.0):
        share = float((draws > x).mean())
        assert exact_tail(x, [3.0, 1.0, 0.2]) == pytest.approx(share, abs=4 * np.sqrt(share / 400_000))


def test_approximations__in_the_tail__are_near_the_exact_value() -> None:
    weights = [3.0, 1.0, 0.2]
    assert saddlepoint_tail(15.0, weights) == pytest.approx(exact_tail(15.0, weights), rel=0.05)
    assert satterthwaite_tail(15.0, weights) == pytest.approx(exact_tail(15.0, weights), rel=0.25)


def test_saddlepoint__at_the_mean__is_finite_and_continuous() -> None:
    near = [saddlepoint_tail(x, [1.0, 1.0, 1.0]) for x in (2.9999, 3.0, 3.0001)]
    assert near == sorted(near, reverse=True)
    assert near[1] == pytest.approx(exact_tail(3.0, [1.0, 1.0, 1.0]), rel=0.03)
