"""Performance in percent of the scale, weighted and not."""

from dataclasses import replace

import numpy as np
import pytest

from feedback_core.drivers.calc import numeric_driver, performance_of, weighted_performances
from feedback_core.drivers.types import DriverQuestion
from feedback_core.kit.estimates import Interval
from feedback_core.weighting.calc import Calibration, Design, weighted_mean
from tests.unit.drivers.builders import answers

WAIT = DriverQuestion("wait", None, 1, 5)


def test_the_ends_of_the_scale_are_0_and_100() -> None:
    assert [performance_of(WAIT, mean, None).value for mean in (1, 3, 5)] == [0, 50, 100]


def test_limits_are_cut_at_the_ends_of_the_scale() -> None:
    interval = performance_of(WAIT, 4.8, Interval(4.4, 5.2, 0.9, "t")).interval

    assert interval is not None
    assert (interval.low, interval.high, interval.level) == pytest.approx((85, 100, 0.9))


def test_weighted_performance_is_the_weighted_mean_of_the_respondents() -> None:
    rows = answers(200)
    region = (np.arange(200) % 4 == 0).astype(np.int64)
    weights = np.where(region == 1, 2.0, 2 / 3)
    patterns = replace(rows, weights=weights, drivers=(numeric_driver("wait", rows.columns[:, 0]),))

    found = weighted_performances(patterns, [WAIT], region[None, :])["wait"]

    slow = weighted_mean(rows.columns[:, 0], Design(weights, calibration=Calibration(region[None, :], np.ones(200))))
    limits = slow.interval()
    assert found.value == pytest.approx(25 * (slow.value - 1))
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((25 * (limits.low - 1), 25 * (limits.high - 1)))


def test_answers_that_are_all_alike_have_no_interval() -> None:
    rows = answers(20)
    alike = replace(rows, weights=np.ones(20), drivers=(numeric_driver("wait", np.full(20, 4)),))

    found = weighted_performances(alike, [WAIT], np.zeros((1, 20), dtype=np.int64))["wait"]

    assert found.value == pytest.approx(75)
    assert found.interval is None
    with pytest.raises(ValueError, match="no weights"):
        weighted_performances(rows, [WAIT], np.zeros((1, 20), dtype=np.int64))
