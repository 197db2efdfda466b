"""The time grid: its step, its gaps and the names of its periods."""

from datetime import date

import pytest

from feedback_core.trends.calc.periods import common_step, place
from feedback_core.trends.types import PeriodValue, Step
from tests.unit.trends.builders import month, monthly


@pytest.mark.parametrize(
    ("starts", "step", "noun"),
    [
        ([date(2026, 1, 1), date(2026, 2, 1), date(2026, 5, 1)], Step("month", 1), "months"),
        ([date(2025, 10, 1), date(2026, 1, 1), date(2026, 7, 1)], Step("month", 3), "quarters"),
        ([date(2022, 1, 1), date(2023, 1, 1), date(2025, 1, 1)], Step("month", 12), "years"),
        ([date(2026, 1, 5), date(2026, 1, 12), date(2026, 2, 2)], Step("day", 7), "weeks"),
        ([date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 4)], Step("day", 1), "days"),
        ([date(2026, 1, 31), date(2026, 3, 31), date(2026, 5, 31)], Step("day", 1), "days"),
    ],
)
def test_the_step_is_read_from_the_dates(starts: list[date], step: Step, noun: str) -> None:
    assert common_step(starts) == step
    assert step.noun == noun


@pytest.mark.parametrize(
    ("start", "following", "name"),
    [
        (date(2026, 3, 1), date(2026, 4, 1), "2026-03"),
        (date(2026, 4, 1), date(2026, 7, 1), "2026-Q2"),
        (date(2026, 1, 1), date(2027, 1, 1), "2026"),
        (date(2026, 4, 1), date(2027, 4, 1), "2026-04"),
        (date(2026, 3, 2), date(2026, 3, 9), "2026-03-02"),
    ],
)
def test_a_period_has_the_name_a_reader_gives_it(start: date, following: date, name: str) -> None:
    grid = place([PeriodValue(start, 1.0), PeriodValue(following, 2.0)])
    assert grid.name_of(start) == name


def test_a_year_has_its_periods() -> None:
    assert (Step("month", 3).per_year, Step("month", 1).per_year) == (4.0, 12.0)
    assert Step("day", 7).per_year == pytest.approx(52.1775)


def test_the_grid_runs_from_the_first_to_the_last_value() -> None:
    grid = place(
        [
            PeriodValue(date(2025, 11, 1), None),
            PeriodValue(date(2025, 12, 1), 4.0, 0.1, 10),
            PeriodValue(date(2026, 1, 1), None),
            PeriodValue(date(2026, 3, 1), 5.0, 0.2, 20),
            PeriodValue(date(2026, 4, 1), None),
        ]
    )
    assert grid.starts == (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
    assert grid.positions.tolist() == [0, 3]
    assert grid.missing == (date(2026, 1, 1), date(2026, 2, 1))
    assert grid.answers == 30
    assert grid.errors is not None
    assert grid.errors.tolist() == [0.1, 0.2]


def test_figures_that_differ_by_rounding_are_equal() -> None:
    grid = place([PeriodValue(date(2026, 1, 1), 0.1 + 0.2), PeriodValue(date(2026, 2, 1), 0.3)])
    assert grid.values[0] == grid.values[1]


def test_waves_are_numbered_whatever_lies_between_them() -> None:
    days = [date(2024, 1, 15), date(2024, 3, 2), date(2024, 3, 30), date(2024, 11, 5), date(2025, 1, 9)]
    series = [PeriodValue(day, value, None, 10) for day, value in zip(days, [1.0, 2.0, None, 4.0, 5.0], strict=True)]

    grid = place(series, waves=True)

    assert grid.starts == tuple(days)
    assert grid.positions.tolist() == [0, 1, 3, 4]
    assert (grid.step, grid.step.noun) == (Step("wave", 90), "waves")
    assert grid.missing == (days[2],)
    assert grid.name_of(days[1]) == "2024-03-02"
    assert grid.start_after(1) is None
    assert place(series[:1], waves=True).step == Step("wave", 1)


def test_counts_are_kept_where_every_value_is_a_share() -> None:
    shares = [PeriodValue(month(i), i / 10, None, 10, count=i) for i in range(1, 4)]
    assert place(shares).counts is not None
    assert place(shares).sizes.tolist() == [10, 10, 10]
    assert place([*shares, PeriodValue(month(5), 0.5, None, 10)]).counts is None
    with pytest.raises(ValueError, match="count must lie between"):
        PeriodValue(month(0), 0.5, None, 10, count=11)


def test_a_day_has_the_position_of_the_next_period_to_begin() -> None:
    grid = place(monthly([1.0, 2.0, 3.0]))
    assert [grid.position_of(day) for day in (date(2022, 1, 1), date(2023, 1, 2), date(2023, 2, 1))] == [0, 1, 1]
    assert grid.position_of(date(2030, 1, 1)) == 3
    assert [grid.start_after(1), grid.start_after(10)] == [date(2023, 4, 1), date(2024, 1, 1)]
