"""Intervals of a weighted share that keep inside 0..1 and know the design."""

import math
from collections.abc import Callable
from typing import Literal

from scipy.optimize import brentq
from scipy.special import betaincinv, entr, expit, log_expit, logit, ndtri, stdtrit

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.weighting.calc.linearisation import Linearised

DesignProportionMethod = Literal["logit", "likelihood", "asin", "beta", "mean", "xlogit", "wilson"]

# A share this near to none or all is none or all: weights do not sum to 1 in the last digits.
_NONE = 1e-12


def design_proportion_interval(
    share: Linearised, *, level: float = 0.95, method: DesignProportionMethod = "logit"
) -> Interval:
    """Limits of a weighted share, 0..1, with its linearised standard error and Student's t of the design.

    ``logit`` and ``xlogit`` are symmetric on the logit scale, ``asin`` on that of asin √p, ``mean`` on the share's own
    (it alone may leave 0..1). ``likelihood`` holds the binomial deviance of an effective number of answers against t²;
    ``beta`` (Korn & Graubard) and ``wilson`` are the Clopper-Pearson and Wilson limits of such a number. None or all
    have no linearised error: whatever the method, they get Clopper-Pearson limits of the weights' effective n, and the
    interval says so by its method ``beta_effective_n``.

    Args:
        share: from `weighted_proportion`, or a weighted mean of 0 and 1.
        level: nominal coverage.
        method: names as in ``svyciprop`` of R's survey.

    Raises:
        NotEstimable: a share between 0 and 1 that the design fixes, so that it has no error; or no degree of freedom.
        ValueError: not a share, or a ``level`` that is not between 0 and 1.

    Source: Korn & Graubard (1998), Survey Methodology 24:193; Rao & Scott (1984), Annals of Statistics 12:46, for
    ``likelihood``; Dean & Pagano (2015), J. Survey Statistics and Methodology 3:484, for ``wilson``. Golden: s06.
    """
    if not -_NONE <= share.value <= 1 + _NONE:
        raise ValueError(f"{share.value} is not a share")
    t = share.t_quantile(level)
    if share.standard_error == 0:
        low, high = _none_or_all(share, level, t)
        return Interval(low, high, level, "beta_effective_n")
    low, high = _LIMITS[method](share, level, t)
    return Interval(low, high, level, method)


def _none_or_all(share: Linearised, level: float, t: float) -> tuple[float, float]:
    if _NONE < share.value < 1 - _NONE:
        raise NotEstimable("The design fixes this share, so it has no sampling error and no interval.")
    n = share.n_effective * _fewer_degrees(share, level, t)
    return _clopper_pearson(float(round(share.value)), n, level)


def _mean(share: Linearised, _level: float, t: float) -> tuple[float, float]:
    half = t * share.standard_error
    return share.value - half, share.value + half


def _logit(share: Linearised, _level: float, t: float) -> tuple[float, float]:
    centre = float(logit(share.value))
    half = t * share.standard_error / (share.value * (1 - share.value))
    return float(expit(centre - half)), float(expit(centre + half))


def _asin(share: Linearised, _level: float, t: float) -> tuple[float, float]:
    centre = math.asin(math.sqrt(share.value))
    half = t * share.standard_error / (2 * math.sqrt(share.value * (1 - share.value)))
    return math.sin(max(centre - half, 0.0)) ** 2, math.sin(min(centre + half, math.pi / 2)) ** 2


def _likelihood(share: Linearised, _level: float, t: float) -> tuple[float, float]:
    p = share.value
    n = _answers_as_precise(share) * (share.n - 1) / share.n

    centre = float(logit(p))
    entropy = float(entr(p) + entr(1 - p))

    def excess(theta: float) -> float:
        deviance = -2 * n * (entropy + p * float(log_expit(theta)) + (1 - p) * float(log_expit(-theta)))
        return deviance - t * t

    # On the logit scale the deviance grows like 2n(1 - p)θ and 2npθ, so these are beyond the limits.
    far = t * t / (2 * n) + 1
    lower, upper = brentq(excess, -far / p, centre), brentq(excess, centre, far / (1 - p))
    return float(expit(lower)), float(expit(upper))


def _beta(share: Linearised, level: float, t: float) -> tuple[float, float]:
    return _clopper_pearson(share.value, _answers_as_precise(share) * _fewer_degrees(share, level, t), level)


def _wilson(share: Linearised, level: float, t: float) -> tuple[float, float]:
    p, n = share.value, _answers_as_precise(share) * _fewer_degrees(share, level, t)
    z = float(ndtri((1 + level) / 2))
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return centre - half, centre + half


def _answers_as_precise(share: Linearised) -> float:
    """Independent answers of which this share would have the same standard error."""
    return share.value * (1 - share.value) / share.standard_error**2


def _fewer_degrees(share: Linearised, level: float, t: float) -> float:
    """What an effective n loses because the error itself rests on few clusters: (t of n - 1 / t of the design)²."""
    return (float(stdtrit(share.n - 1, (1 + level) / 2)) / t) ** 2


def _clopper_pearson(p: float, n: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    low = 0.0 if p == 0 else float(betaincinv(n * p, n * (1 - p) + 1, tail))
    high = 1.0 if p == 1 else float(betaincinv(n * p + 1, n * (1 - p), 1 - tail))
    return low, high


_LIMITS: dict[DesignProportionMethod, Callable[[Linearised, float, float], tuple[float, float]]] = {
    "logit": _logit,
    "xlogit": _logit,
    "likelihood": _likelihood,
    "asin": _asin,
    "beta": _beta,
    "mean": _mean,
    "wilson": _wilson,
}
