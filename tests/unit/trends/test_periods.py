"""The time grid: its step, its gaps and the names of its periods."""

from datetime import date

import pytest

from feedback_core.trends.calc.periods import common_step, place
from feedback_core.trends.types import PeriodValue, Step


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
