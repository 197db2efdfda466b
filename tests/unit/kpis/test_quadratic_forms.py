"""The saddlepoint tail against Snedecor's F, and around its centre."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import fdtrc

from feedback_core.kpis.calc.quadratic_forms import upper_tail_of_ratio


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(4, 400), st.floats(0.05, 50), st.floats(0.01, 100))
def test_with_equal_weights_it_is_nearly_snedecor_s_f(cells: int, df: int, f: float, weight: float) -> None:
    tail = upper_tail_of_ratio(f * cells * weight, np.full(cells, weight), df)

    assert tail == pytest.approx(fdtrc(cells, df, f), rel=0.25)


def test_it_falls_through_its_centre_without_a_jump() -> None:
    weights = np.array([2.0, 1.0, 0.5])
    tails = [upper_tail_of_ratio(x, weights, 30.0) for x in np.linspace(3.4, 3.7, 3001)]

    assert np.all(np.diff(tails) < 0)
    assert np.ptp(np.diff(tails)) < 1e-4


def test_nothing_is_always_exceeded() -> None:
    assert upper_tail_of_ratio(0.0, np.ones(2), 10.0) == 1.0


def test_a_weight_of_nothing_changes_nothing() -> None:
    with_zero = upper_tail_of_ratio(5.0, np.array([1.5, 0.5, 0.0]), 14.0)
    assert with_zero == pytest.approx(upper_tail_of_ratio(5.0, np.array([1.5, 0.5]), 14.0))
