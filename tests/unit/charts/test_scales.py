"""Where axes begin and end, how figures are written, and what stands on the time axis."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.charts.scales import domain, edges, ticks
from feedback_core.charts.types import Quantity, Span
from tests.unit.charts.builders import MINUTES, NPS, SHARE, month

CES = Quantity("CES", 1.0, 7.0)


@pytest.mark.parametrize(
    ("quantity", "values", "ends"),
    [
        (SHARE, [0.12, 0.2], (0.0, 0.25)),
        (SHARE, [0.6, 0.9], (0.0, 1.0)),
        (SHARE, [0.0], (0.0, 0.2)),
        (NPS, [40.0, 52.0], (0.0, 60.0)),
        (NPS, [-12.0, 30.0], (-20.0, 40.0)),
        (NPS, [-100.0, 100.0], (-100.0, 100.0)),
        (NPS, [0.0], (0.0, 20.0)),
        (CES, [5.1, 5.4], (1.0, 7.0)),
        (MINUTES, [130.0, 150.0], (0.0, 160.0)),
        (MINUTES, [0.0], (0.0, 1.0)),
        (MINUTES, [], (0.0, 1.0)),
    ],
)
def test_an_axis_begins_where_its_quantity_is_counted_from(
    quantity: Quantity, values: list[float], ends: tuple[float, float]
) -> None:
    assert domain(quantity, values) == pytest.approx(ends)


@given(
    st.sampled_from([SHARE, NPS, CES, MINUTES, Quantity("x", 0.0, None), Quantity("x", 5.0, 5000.0)]),
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), max_size=6),
)
def test_an_axis_holds_every_value_and_is_never_a_point(quantity: Quantity, values: list[float]) -> None:
    low, high = domain(quantity, values)
    room = 1e-6 * max(1.0, abs(low), abs(high))
    assert low < high
    assert all(low - room <= value <= high + room for value in values)


@pytest.mark.parametrize(
    ("quantity", "value", "text"),
    [
        (SHARE, 0.4321, "43.2%"),
        (SHARE, -0.00001, "0.0%"),
        (NPS, -12.34, "\u221212.3"),
        (NPS, -0.01, "0.0"),
        (CES, 5.126, "5.13"),
        (MINUTES, 12345.6, "12,346"),
        (MINUTES, 0.0123456, "0.01235"),
    ],
)
def test_a_figure_is_written_with_the_digits_that_it_bears(quantity: Quantity, value: float, text: str) -> None:
    assert quantity.text(value) == text


def test_figures_are_rounded_beyond_what_is_shown() -> None:
    assert SHARE.rounded(0.123456789) == 0.12346
    assert NPS.rounded(12.3456) == 12.35
    assert str(NPS.rounded(-0.0001)) == "0.0"
    assert NPS.rounded(None) is None


def test_months_are_named_from_january_on_as_closely_as_there_is_room() -> None:
    assert ticks([month(i) for i in range(3)], Span.MONTH) == [month(i) for i in range(3)]
    assert {day.month for day in ticks([month(i) for i in range(40)], Span.MONTH)} == {1, 3, 5, 7, 9, 11}
    assert {day.month for day in ticks([month(i) for i in range(400)], Span.MONTH)} == {1}


def test_a_series_without_january_still_has_a_tick() -> None:
    days = [date(2020 + i, 7, 1) for i in range(40)]
    assert ticks(days, Span.QUARTER)


@pytest.mark.parametrize("span", [Span.DAY, Span.WEEK])
def test_days_and_weeks_are_named_every_so_often(span: Span) -> None:
    days = [date(2025, 1, 6) + timedelta(days=span.days * i) for i in range(300)]
    assert 5 <= len(ticks(days, span)) <= 11


def test_a_period_has_its_place_half_way_to_its_neighbours() -> None:
    places = edges([date(2026, 1, 1), date(2026, 1, 3), date(2026, 1, 5)], Span.DAY)
    assert [(place / 86_400_000) % 1 for place in places] == [0.0] * 4
    assert [(b - a) / 86_400_000 for a, b in pairwise(places)] == [2.0, 2.0, 2.0]


def test_a_single_period_has_its_own_length() -> None:
    begin, end = edges([date(2026, 1, 1)], Span.WEEK)
    assert (end - begin) / 86_400_000 == pytest.approx(7)


@pytest.mark.parametrize(
    ("span", "label"),
    [
        (Span.DAY, "1 Apr 2026"),
        (Span.WEEK, "week of 1 Apr 2026"),
        (Span.MONTH, "Apr 2026"),
        (Span.QUARTER, "Q2 2026"),
        (Span.YEAR, "2026"),
    ],
)
def test_a_period_is_called_what_readers_call_it(span: Span, label: str) -> None:
    assert span.label(date(2026, 4, 1)) == label
