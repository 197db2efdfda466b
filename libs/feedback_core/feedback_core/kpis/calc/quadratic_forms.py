"""Tail probability of a sum of weighted chi-squares over an independent chi-square."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from feedback_core.kpis.calc.roots import crossing

# Nearer to its centre than this the saddlepoint formula divides zero by zero.
_AT_THE_CENTRE = 1e-4

# A whole number that rounding has pushed below itself is still that number.
_ROUNDING = 1e-9


def upper_tail_of_ratio(x: float, weights: NDArray[np.float64], df: float) -> float:
    """P(sum of weights·chi²₁ / (chi²_df / df) > x) by a saddlepoint approximation.

    As in R's survey, the denominator's chi-square has the whole part of ``df`` as degrees of freedom and ``df`` itself
    as divisor. At the centre of the distribution, where the formula divides zero by zero, its limit is taken.

    Args:
        x: the statistic.
        weights: of the numerator's chi-squares, at least 0, one of them above.
        df: of the denominator, at least 1; need not be whole.

    Source: Kuonen (1999), Biometrika 86:929. Golden: s13.
    """
    if x <= 0:
        return 1.0
    largest = float(weights.max())
    up, down, whole = weights / largest, x / largest / df, math.floor(df + _ROUNDING)

    def slope(zeta: float) -> float:
        """Derivative of the cumulant generating function of the numerator less x/df times the denominator."""
        return float((up / (1 - 2 * zeta * up)).sum()) - whole * down / (1 + 2 * zeta * down)

    zeta = crossing(slope, positive_at=0.5, beyond=-0.5 / down)
    rising, falling = up / (1 - 2 * zeta * up), down / (1 + 2 * zeta * down)
    curvature = 2 * float((rising**2).sum() + whole * falling**2)
    if abs(zeta) < _AT_THE_CENTRE:
        skewness = 8 * float((rising**3).sum() - whole * falling**3) / curvature**1.5
        return float(ndtr(-skewness / 6))
    cumulant = -float(np.log1p(-2 * zeta * up).sum() + whole * math.log1p(2 * zeta * down)) / 2
    w = math.copysign(math.sqrt(-2 * cumulant), zeta)
    v = zeta * math.sqrt(curvature)
    return float(ndtr(-(w + math.log(v / w) / w)))
