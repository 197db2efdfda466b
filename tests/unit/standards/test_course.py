"""Where a figure goes, and whether its process will reach a standard."""

from datetime import date

import pytest

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.types import Bucket
from feedback_core.standards.calc.course import Series, assurance_of_series, trend_of_series
from feedback_core.standards.types import Course, Demand
from feedback_core.trends.calc import mann_kendall, xmr_chart
from feedback_core.trends.types import Assurance
from tests.unit.trends.builders import noise


def series(values: list[float | None]) -> Series:
    starts = [date(2024 + month // 12, month % 12 + 1, 1) for month in range(len(values))]
    return Series(Bucket.MONTH, starts, values)


RISING: list[float | None] = [0.50, 0.53, 0.51, 0.58, 0.61, 0.60, 0.66, 0.68]


def test_the_direction_that_is_asked_for_makes_a_rise_good_or_bad() -> None:
    better = trend_of_series(series(RISING), direction=Demand.AT_LEAST, level=0.95, subject="CSAT of wait")
    worse = trend_of_series(series(RISING), direction=Demand.AT_MOST, level=0.95, subject="CSAT of wait")

    assert (better.course, worse.course, better.rises) == (Course.BETTER, Course.WORSE, True)
    assert better.p_value == mann_kendall([value for value in RISING if value is not None]).p_value
    assert better.sentence.startswith("CSAT of wait rose, an improvement, from 2024-01-01 to 2024-08-01 (8 months")


def test_chance_is_no_trend() -> None:
    values: list[float | None] = list(0.7 + noise(24, sd=0.03))

    found = trend_of_series(series(values), direction=Demand.AT_LEAST, level=0.95, subject="CSAT")

    assert found.course is Course.NONE_SHOWN
    assert "no trend that can be told from chance" in found.sentence


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([0.1, 0.2, 0.3, 0.4], "4 months with a figure"),
        ([None, 0.1, None, 0.2, 0.3], "3 months with a figure"),
        ([0.5] * 12, "the same in each"),
        ([0.1, 0.2, 0.2, 0.3, 0.4, 0.5], "some with equal figures"),
    ],
)
def test_a_series_that_bears_no_test_says_why(values: list[float | None], reason: str) -> None:
    with pytest.raises(NotEstimable, match=reason):
        trend_of_series(series(values), direction=Demand.AT_LEAST, level=0.95, subject="CSAT")


@pytest.mark.parametrize(
    ("direction", "threshold", "assurance"),
    [
        (Demand.AT_LEAST, 0.3, Assurance.CONSISTENT_PASS),
        (Demand.AT_LEAST, 0.95, Assurance.CONSISTENT_FAIL),
        (Demand.AT_LEAST, 0.7, Assurance.INCONSISTENT),
        (Demand.AT_MOST, 0.95, Assurance.CONSISTENT_PASS),
        (Demand.AT_MOST, 0.3, Assurance.CONSISTENT_FAIL),
    ],
)
def test_assurance_is_where_the_process_limits_lie(direction: Demand, threshold: float, assurance: Assurance) -> None:
    values: list[float | None] = list(0.7 + noise(24, sd=0.03))

    found = assurance_of_series(series(values), direction=direction, threshold=threshold, share=True)

    chart = xmr_chart(values, direction="neutral")
    assert (found.assurance, found.settled) == (assurance, True)
    assert (found.lower_limit, found.upper_limit) == (chart.lower_limit, chart.upper_limit)


def test_limits_of_few_points_are_provisional_or_not_drawn() -> None:
    values: list[float | None] = list(0.7 + noise(12, sd=0.03))

    found = assurance_of_series(series(values), direction=Demand.AT_LEAST, threshold=0.3, share=True)

    assert (found.settled, "provisional" in found.sentence) == (False, True)
    with pytest.raises(NotEstimable, match="from 12"):
        assurance_of_series(series(values[:11]), direction=Demand.AT_LEAST, threshold=0.3, share=True)
