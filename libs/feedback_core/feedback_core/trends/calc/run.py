"""One analysis on its way: the series on its grid, the season found so far, and why parts are missing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import FloatArray, IntArray, varies
from feedback_core.trends.calc.periods import Grid
from feedback_core.trends.types import Component, Reason, ReasonCode, Seasonality

T = TypeVar("T")


@dataclass(slots=True)
class Run:
    """What the parts of an analysis share.

    Attributes:
        grid: the series.
        period: periods in a cycle; ``None`` where no season is to be looked for.
        level: of every interval and test.
        season: once estimated.
        autocorrelation: lag 1, once estimated.
        autocorrelated: whether it is significantly positive.
        reasons: why parts are missing, so far.
    """

    grid: Grid
    period: int | None
    level: float
    season: Seasonality | None = None
    autocorrelation: float | None = None
    autocorrelated: bool = False
    reasons: list[Reason] = field(default_factory=list)

    @property
    def adjusted(self) -> bool:
        """Whether there is a season, so that its effects are removed."""
        return self.season is not None and self.season.p_value < 1 - self.level

    @property
    def values(self) -> FloatArray:
        """The values, season effects removed where there is a season, shape (n,)."""
        if self.season is None or not self.adjusted:
            return self.grid.values
        effects = np.array(self.season.effects, dtype=np.float64)
        return np.asarray(self.grid.values - effects[self.grid.positions % self.season.period], dtype=np.float64)

    @property
    def groups(self) -> IntArray | None:
        """Season of each value where there is a season, shape (n,)."""
        return self.grid.positions % self.season.period if self.season is not None and self.adjusted else None

    def lack(self, component: Component, code: ReasonCode, detail: str) -> None:
        """Note why a part is missing."""
        self.reasons.append(Reason(component, code, detail))

    def attempt(self, component: Component, calculate: Callable[[], T]) -> T | None:
        """The result, or ``None`` with the reason noted."""
        try:
            return calculate()
        except NotEstimable as refusal:
            self.lack(component, ReasonCode.NOT_ESTIMABLE, refusal.detail)
            return None

    def bears(self, component: Component, least: int, what: str) -> bool:
        """Whether there are enough values and they differ; if not, the reason is noted."""
        if self.grid.n < least:
            detail = f"{what} needs at least {least} periods with a value; there are {self.grid.n}."
            self.lack(component, ReasonCode.TOO_FEW_PERIODS, detail)
            return False
        if not varies(self.values):
            self.lack(
                component, ReasonCode.CONSTANT, f"{what} needs values that differ; all {self.grid.n} are the same."
            )
            return False
        return True
