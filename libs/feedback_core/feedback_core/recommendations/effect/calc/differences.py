"""The change of one group less the change of another."""

import math
from typing import Final

from scipy.special import stdtrit

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval

METHOD: Final = "difference_in_differences"
_SMALL: Final = 30


def difference_in_differences(
    before: Estimate,
    after: Estimate,
    control_before: Estimate,
    control_after: Estimate,
    *,
    level: float = 0.95,
) -> Estimate:
    """(after - before) of those whom a change is for, less the same of those whom it is not for.

    The four figures are of independent samples; the interval is by t on Welch-Satterthwaite degrees of freedom.

    Raises:
        NotEstimable: a figure without a standard error, or none of them with any spread.
        ValueError: a level outside 0..1.

    Source: Angrist & Pischke (2009), Mostly Harmless Econometrics, section 5.2; Welch (1947), Biometrika 34:28.
    Golden: none; statsmodels.
    """
    if not 0.0 < level < 1.0:
        raise ValueError("level must lie between 0 and 1")
    figures = (before, after, control_before, control_after)
    variances = []
    for figure in figures:
        if figure.standard_error is None:
            raise NotEstimable("One of the four figures has no standard error, so their differences have no interval.")
        variances.append(figure.standard_error**2)
    total = sum(variances)
    if total <= 0.0:
        raise NotEstimable("All answers of each group are the same: nothing says how far chance alone would move them.")
    value = (after.value - before.value) - (control_after.value - control_before.value)
    shares = sum(
        (variance / total) ** 2 / max(figure.n_effective - 1, 1)
        for variance, figure in zip(variances, figures, strict=True)
    )
    half = float(stdtrit(1 / shares, 0.5 + level / 2)) * math.sqrt(total)
    n = sum(figure.n for figure in figures)
    few = min(figure.n for figure in figures)
    warnings = () if few >= _SMALL else (f"One of the four groups has only {few} answers.",)
    interval = Interval(value - half, value + half, level, METHOD)
    return Estimate(value, interval, math.sqrt(total), n, sum(figure.n_effective for figure in figures), warnings)
