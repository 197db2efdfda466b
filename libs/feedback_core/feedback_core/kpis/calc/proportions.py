"""Share of answers that count, with intervals."""

import math
from collections.abc import Callable
from typing import Literal

from scipy.special import betaincinv, ndtr, ndtri

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.counts import small_sample_warnings
from feedback_core.kpis.calc.quantiles import normal_quantile, upper_tail
from feedback_core.kpis.calc.roots import crossing

ProportionMethod = Literal[
    "wilson",
    "wilson_cc",
    "agresti_coull",
    "clopper_pearson",
    "jeffreys",
    "likelihood_ratio",
    "logit",
    "probit",
    "cloglog",
    "wald",
]

Limits = Callable[[float, float, float], tuple[float, float]]


def proportion_estimate(
    successes: int, n: int, *, level: float = 0.95, method: ProportionMethod = "wilson"
) -> Estimate:
    """Share ``successes / n``, 0..1, with limits cut at 0 and 1.

    ``standard_error`` is the plug-in one, ``None`` when it is 0 because none or all count.

    Raises:
        NotEstimable: nobody answered.
        ValueError: ``successes`` is not between 0 and ``n``.
    """
    raw = proportion_interval(successes, n, level=level, method=method)
    share = successes / n
    spread = share * (1.0 - share)
    return Estimate(
        value=share,
        interval=Interval(max(raw.low, 0.0), min(raw.high, 1.0), raw.level, raw.method),
        standard_error=math.sqrt(spread / n) if spread > 0.0 else None,
        n=n,
        n_effective=float(n),
        warnings=small_sample_warnings(n),
    )


def proportion_interval(
    successes: float, n: float, *, level: float = 0.95, method: ProportionMethod = "wilson"
) -> Interval:
    """Limits of a share as the named method gives them, not cut: Agresti-Coull and Wald may leave 0..1.

    ``n`` need not be whole: with an effective n the limits serve weighted shares. Wilson (the default) keeps its
    coverage at any n and share. ``wald`` has zero width for none or all: for comparison with other programs, never to
    be shown. ``logit``, ``probit`` and ``cloglog`` do not exist for none or all, and give the Clopper-Pearson limits
    there, as R binom does. ``wilson_cc`` corrects for continuity as R prop.test does: by at most the distance of
    ``successes`` from n/2.

    Raises:
        NotEstimable: nobody answered.
        ValueError: ``successes`` is not between 0 and ``n``, or ``level`` is not between 0 and 1.

    Source: Wilson (1927), JASA 22:209; Newcombe (1998), Statistics in Medicine 17:857; Brown, Cai & DasGupta (2001),
    Statistical Science 16:101. Golden: s02.
    """
    if n <= 0:
        raise NotEstimable("Nobody answered: a share takes at least one answer.")
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a share")
    low, high = _LIMITS[method](float(successes), float(n), level)
    return Interval(low, high, level, method)


def wilson_limits(x: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's score limits for a normal quantile ``z``; exactly 0 for none and exactly 1 for all."""
    p = x / n
    centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n)
    half = z * math.sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n)) / (1.0 + z * z / n)
    return (0.0 if x == 0.0 else centre - half), (1.0 if x == n else centre + half)


def _wilson(x: float, n: float, level: float) -> tuple[float, float]:
    return wilson_limits(x, n, normal_quantile(level))


def _wilson_cc(x: float, n: float, level: float) -> tuple[float, float]:
    z = normal_quantile(level)
    correction = min(0.5, abs(x - n / 2.0))
    below, above = x - correction, x + correction
    low = 0.0 if below <= 0.0 else wilson_limits(below, n, z)[0]
    high = 1.0 if above >= n else wilson_limits(above, n, z)[1]
    return low, high


def _wald(x: float, n: float, level: float) -> tuple[float, float]:
    p = x / n
    half = normal_quantile(level) * math.sqrt(p * (1.0 - p) / n)
    return p - half, p + half


def _agresti_coull(x: float, n: float, level: float) -> tuple[float, float]:
    z_squared = normal_quantile(level) ** 2
    return _wald(x + z_squared / 2.0, n + z_squared, level)


def _clopper_pearson(x: float, n: float, level: float) -> tuple[float, float]:
    tail = upper_tail(level)
    low = 0.0 if x == 0.0 else float(betaincinv(x, n - x + 1.0, tail))
    high = 1.0 if x == n else float(betaincinv(x + 1.0, n - x, 1.0 - tail))
    return low, high


def _jeffreys(x: float, n: float, level: float) -> tuple[float, float]:
    tail = upper_tail(level)
    low = 0.0 if x == 0.0 else float(betaincinv(x + 0.5, n - x + 0.5, tail))
    high = 1.0 if x == n else float(betaincinv(x + 0.5, n - x + 0.5, 1.0 - tail))
    return low, high


def signed_root_deviance(x: float, n: float, share: float) -> float:
    """How far ``share`` is from ``x / n`` by likelihood, in normal quantiles: negative below it, positive above."""
    p = x / n
    deviance = 2.0 * (_scaled_log(x, p / share) + _scaled_log(n - x, (1.0 - p) / (1.0 - share)))
    return math.copysign(math.sqrt(max(deviance, 0.0)), share - p)


def _likelihood_ratio(x: float, n: float, level: float) -> tuple[float, float]:
    z = normal_quantile(level)

    def excess(share: float) -> float:
        return abs(signed_root_deviance(x, n, share)) - z

    low = 0.0 if x == 0.0 else crossing(excess, positive_at=0.0, beyond=x / n)
    high = 1.0 if x == n else crossing(excess, positive_at=1.0, beyond=x / n)
    return low, high


def _scaled_log(count: float, ratio: float) -> float:
    return count * math.log(ratio) if count > 0.0 else 0.0


def _logit(x: float, n: float, level: float) -> tuple[float, float]:
    if x in {0.0, n}:
        return _clopper_pearson(x, n, level)
    p = x / n
    centre = math.log(p / (1.0 - p))
    half = normal_quantile(level) / math.sqrt(n * p * (1.0 - p))
    return 1.0 / (1.0 + math.exp(half - centre)), 1.0 / (1.0 + math.exp(-half - centre))


def _probit(x: float, n: float, level: float) -> tuple[float, float]:
    if x in {0.0, n}:
        return _clopper_pearson(x, n, level)
    p = x / n
    centre = float(ndtri(p))
    density = math.exp(-centre * centre / 2.0) / math.sqrt(2.0 * math.pi)
    half = normal_quantile(level) * math.sqrt(p * (1.0 - p) / n) / density
    return float(ndtr(centre - half)), float(ndtr(centre + half))


def _cloglog(x: float, n: float, level: float) -> tuple[float, float]:
    if x in {0.0, n}:
        return _clopper_pearson(x, n, level)
    p = x / n
    centre = math.log(-math.log(p))
    half = normal_quantile(level) * math.sqrt((1.0 - p) / (n * p)) / -math.log(p)
    return math.exp(-math.exp(centre + half)), math.exp(-math.exp(centre - half))


_LIMITS: dict[ProportionMethod, Limits] = {
    "wilson": _wilson,
    "wilson_cc": _wilson_cc,
    "agresti_coull": _agresti_coull,
    "clopper_pearson": _clopper_pearson,
    "jeffreys": _jeffreys,
    "likelihood_ratio": _likelihood_ratio,
    "logit": _logit,
    "probit": _probit,
    "cloglog": _cloglog,
    "wald": _wald,
}
