"""The time grid of a series: which periods there are, which have a value, and what they are called."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import FloatArray, IntArray, distinct_levels
from feedback_core.trends.types import PeriodValue, Step

LARGEST_GRID: Final = 20_000  # periods; more means dates without a common step


@dataclass(frozen=True, slots=True)
class Grid:
    """A series on its time grid, from the first to the last period with a usable value.

    Attributes:
        step: distance of the periods.
        starts: first day of every period of the grid.
        positions: of the periods with a value, 0.., shape (n,).
        values: theirs; figures that differ only by rounding are equal, shape (n,).
        errors: their standard errors; ``None`` unless all are known, shape (n,).
        counts: answers with the property, where all values are shares; else ``None``, shape (n,).
        sizes: answers behind each value, shape (n,).
        exposures: days over which each value was counted, where all are counts; else ``None``, shape (n,).
        answers: behind the values.
        left_out: periods with a value that are incomplete.
    """

    step: Step
    starts: tuple[date, ...]
    positions: IntArray
    values: FloatArray
    errors: FloatArray | None
    counts: FloatArray | None
    sizes: FloatArray
    exposures: FloatArray | None
    answers: int
    left_out: tuple[date, ...]

    @property
    def n(self) -> int:
        """Periods with a value."""
        return int(self.positions.size)

    @property
    def size(self) -> int:
        """Periods from first to last."""
        return len(self.starts)

    @property
    def missing(self) -> tuple[date, ...]:
        """Periods of the grid without a value."""
        present = set(self.positions.tolist())
        return tuple(start for i, start in enumerate(self.starts) if i not in present)

    def spread_out(self, values: FloatArray) -> FloatArray:
        """Values of the present periods on the whole grid, NaN in the gaps, shape (size,)."""
        result = np.full(self.size, np.nan)
        result[self.positions] = values
        return result

    def date_of(self, index: int) -> date:
        """First day of the index-th period that has a value."""
        return self.starts[int(self.positions[index])]

    def position_of(self, day: date) -> int:
        """Position of the first period that begins on or after ``day``; ``size`` if none does."""
        return sum(start < day for start in self.starts)

    def start_after(self, steps: int) -> date | None:
        """First day of the period so many after the last one; ``None`` for waves."""
        return None if self.step.unit == "wave" else _moved(self.starts[-1], steps, self.step)

    def name_of(self, start: date) -> str:
        """What a reader calls the period: ``2026-03``, ``2026-Q1``, ``2026``, or the day it starts."""
        if self.step.unit != "month":
            return start.isoformat()
        if self.step.size == 12 and start.month == 1:
            return f"{start:%Y}"
        if self.step.size == 3 and start.month % 3 == 1:
            return f"{start:%Y}-Q{start.month // 3 + 1}"
        return f"{start:%Y-%m}"


def place(series: Sequence[PeriodValue], *, waves: bool = False) -> Grid:
    """Put a series on its grid; the order of the input does not matter.

    Periods that the input leaves out between others are gaps, just as those without a value. Waves are numbered by
    their order instead, however irregular their dates; only one without a value is a gap.

    Raises:
        NotEstimable: no complete period has a value, or the dates have no common step.
        ValueError: two entries for the same period.
    """
    ordered = sorted(series, key=lambda period: period.start)
    starts = [period.start for period in ordered]
    if len(set(starts)) != len(starts):
        raise ValueError("two entries for the same period")
    usable = [period for period in ordered if period.complete and period.value is not None]
    if not usable:
        raise NotEstimable("No complete period has a value, so there is no series to look at.")
    if waves:
        step, grid = _waves(starts, usable)
        offsets = [grid.index(period.start) for period in usable]
    else:
        step = common_step(starts)
        offsets = [_distance(usable[0].start, period.start, step) for period in usable]
        if offsets[-1] >= LARGEST_GRID:
            detail = f"The periods have no common step: they would make a grid of more than {LARGEST_GRID:,}."
            raise NotEstimable(f"{detail} Number them as waves.")
        grid = tuple(_moved(usable[0].start, i, step) for i in range(offsets[-1] + 1))
    errors = [period.standard_error for period in usable]
    known = [error for error in errors if error is not None]
    counts = [float(period.count) for period in usable if period.count is not None]
    exposures = [period.exposure for period in usable if period.exposure is not None]
    return Grid(
        step=step,
        starts=grid,
        positions=np.array(offsets, dtype=np.int64),
        values=distinct_levels(np.array([period.value for period in usable], dtype=np.float64)),
        errors=np.array(known, dtype=np.float64) if len(known) == len(errors) else None,
        counts=np.array(counts, dtype=np.float64) if len(counts) == len(usable) else None,
        sizes=np.array([period.n for period in usable], dtype=np.float64),
        exposures=np.array(exposures, dtype=np.float64) if len(exposures) == len(usable) else None,
        answers=sum(period.n for period in usable),
        left_out=tuple(period.start for period in ordered if not period.complete and period.value is not None),
    )


def common_step(starts: Sequence[date]) -> Step:
    """Largest step that reaches every date: whole months where all are the same day (1-28) of the month, else days."""
    if len(starts) > 1 and starts[0].day <= 28 and len({start.day for start in starts}) == 1:
        months = [start.year * 12 + start.month for start in starts]
        return Step("month", math.gcd(*(b - a for a, b in pairwise(months))))
    days = [start.toordinal() for start in starts]
    return Step("day", math.gcd(*(b - a for a, b in pairwise(days))) or 1)


def _distance(origin: date, start: date, step: Step) -> int:
    if step.unit == "month":
        return ((start.year - origin.year) * 12 + start.month - origin.month) // step.size
    return (start - origin).days // step.size


def _moved(origin: date, count: int, step: Step) -> date:
    if step.unit == "day":
        return origin + timedelta(days=count * step.size)
    months = origin.year * 12 + origin.month - 1 + count * step.size
    return origin.replace(year=months // 12, month=months % 12 + 1)


def _waves(starts: Sequence[date], usable: Sequence[PeriodValue]) -> tuple[Step, tuple[date, ...]]:
    """The step of waves, and their dates from the first usable one to the last."""
    grid = tuple(start for start in starts if usable[0].start <= start <= usable[-1].start)
    days = (grid[-1] - grid[0]).days
    return Step("wave", max(1, round(days / max(1, len(grid) - 1)))), grid
