"""What a look at an alert leads to: by the interval alone."""

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.standards.alerts.calc import look
from feedback_core.standards.alerts.types import AlertDetails, AlertState
from feedback_core.standards.types import Demand, Metric

DETAILS = AlertDetails("Slow", Metric(UUID(int=1), "csat"), Demand.AT_LEAST, 0.6, days=30, minimum_n=10)
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC)
numbers = st.floats(0, 1)


def estimate(value: float, low: float, high: float, n: int = 100) -> Estimate:
    return Estimate(value, Interval(low, high, 0.95, "wilson"), 0.1, n, float(n))


@given(st.tuples(numbers, numbers, numbers).map(sorted), st.integers(1, 200), st.sampled_from(AlertState))
def test_only_a_whole_interval_of_enough_answers_changes_the_state(
    limits: list[float], n: int, before: AlertState
) -> None:
    low, value, high = limits
    found = look(estimate(value, low, high, n), DETAILS, before, start=START, end=END)

    if n < DETAILS.minimum_n or low < DETAILS.threshold <= high:
        assert found.state is before
        assert found.reason
    else:
        assert found.state is (AlertState.CLEAR if low >= DETAILS.threshold else AlertState.BREACHED)
        assert found.reason is None


def test_without_an_interval_nothing_is_told() -> None:
    bare = Estimate(0.2, None, None, 100, 100.0)

    assert look(bare, DETAILS, AlertState.CLEAR, start=START, end=END).state is AlertState.CLEAR
