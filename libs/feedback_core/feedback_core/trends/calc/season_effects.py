"""Is there a season? Season effects beside the better of a line and one step, and the test of all of them at once."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import fdtrc

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import FloatArray, IntArray
from feedback_core.trends.calc.step_models import PERFECT, fit_line, fit_step

LEAST_DF: Final = 5


@dataclass(frozen=True, slots=True)
class SeasonEffects:
    """Season effects in the units of the series, shape (period,), summing to 0, and their joint p-value."""

    effects: FloatArray
    p_value: float


def season_effects(values: FloatArray, positions: IntArray, period: int, min_segment: int = 5) -> SeasonEffects:
    """F test of free season effects against none, each beside a line or one step, whichever leaves less.

    Args:
        values: shape (n,).
        positions: whole positions on the time grid, shape (n,); season is position modulo ``period``.
        period: periods in a cycle.
        min_segment: least values on each side of a step.

    Raises:
        NotEstimable: a season without any value, or too few values for the effects.
    """
    groups = positions % period
    counts = np.bincount(groups, minlength=period)
    if int(counts.min()) == 0:
        raise NotEstimable(f"At least one of the {period} seasons has no value at all.")
    df = values.size - period - 1
    if df < LEAST_DF or values.size < 2 * min_segment:
        raise NotEstimable(f"{period} season effects need more than {values.size} values.")
    centre = float(np.median(values))
    scale = float(np.abs(values - centre).max())
    unit = (values - centre) / scale
    line, step = fit_line(unit, positions, groups), fit_step(unit, groups, min_segment)
    one = np.zeros_like(groups)
    plain = min(fit_line(unit, positions, one).rss, fit_step(unit, one, min_segment).rss)
    better = line if line.rss <= step.rss else step
    if better.rss <= PERFECT * max(plain, PERFECT * values.size):
        explained = plain > PERFECT * values.size
        return SeasonEffects(better.effects * scale, 0.0 if explained else 1.0)
    f = max(0.0, (plain - better.rss) / (period - 1)) / (better.rss / df)
    return SeasonEffects(better.effects * scale, float(fdtrc(period - 1, df, f)))
