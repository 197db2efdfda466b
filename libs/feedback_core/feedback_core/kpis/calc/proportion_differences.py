"""Intervals of the difference of two independent shares."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.kpis.calc.proportions import wilson_limits
from feedback_core.kpis.calc.quantiles import normal_quantile
from feedback_core.kpis.calc.roots import crossing

DifferenceMethod = Literal["newcombe", "agresti_caffo", "score", "wald"]


@dataclass(frozen=True, slots=True)
class Share:
    """``successes`` of ``n`` answers count.

    Raises:
        NotEstimable: nobody answered.
        ValueError: ``successes`` is not between 0 and ``n``.
    """

    successes: int
    n: int

    def __post_init__(self) -> None:
        if self.n == 0:
            raise NotEstimable("Nobody answered in one of the groups: a difference takes answers in both.")
        if not 0 <= self.successes <= self.n:
            raise ValueError(f"{self.successes} of {self.n} is not a share")

    @property
    def value(self) -> float:
        """The share, 0..1."""
        return self.successes / self.n

    @property
    def failures(self) -> int:
        """Answers that do not count."""
        return self.n - self.successes


def proportion_difference_interval(
    first: Share, second: Share, *, level: float = 0.95, method: DifferenceMethod = "newcombe"
) -> Interval:
    """Limits of first minus second as the named method gives them, not cut: Agresti-Caffo and Wald may leave -1..1.

    ``newcombe`` (the default) joins the Wilson limits of both; ``score`` inverts the score test with the constrained
    maximum likelihood and is the most exact and the slowest. ``wald`` has zero width when both are none or all: for
    comparison with other programs, never to be shown.

    Source: Newcombe (1998), Statistics in Medicine 17:873, method 10; Agresti & Caffo (2000), The American Statistician
    54:280; Miettinen & Nurminen (1985), Statistics in Medicine 4:213 (score, with their N/(N - 1)). Golden: s03.
    """
    low, high = _LIMITS[method](first, second, normal_quantile(level))
    return Interval(low, high, level, method)


def _newcombe(first: Share, second: Share, z: float) -> tuple[float, float]:
    low_first, high_first = wilson_limits(first.successes, first.n, z)
    low_second, high_second = wilson_limits(second.successes, second.n, z)
    difference = first.value - second.value
    return (
        difference - math.hypot(first.value - low_first, high_second - second.value),
        difference + math.hypot(high_first - first.value, second.value - low_second),
    )


def _agresti_caffo(first: Share, second: Share, z: float) -> tuple[float, float]:
    return _wald(Share(first.successes + 1, first.n + 2), Share(second.successes + 1, second.n + 2), z)


def _wald(first: Share, second: Share, z: float) -> tuple[float, float]:
    difference = first.value - second.value
    half = z * math.sqrt(_variance(first.value) / first.n + _variance(second.value) / second.n)
    return difference - half, difference + half


def _score(first: Share, second: Share, z: float) -> tuple[float, float]:
    return _lower_score_limit(first, second, z), -_lower_score_limit(second, first, z)


def _lower_score_limit(first: Share, second: Share, z: float) -> float:
    observed = first.value - second.value
    if observed == -1.0:
        return -1.0
    correction = (first.n + second.n) / (first.n + second.n - 1)

    def excess(difference: float) -> float:
        p = _constrained_share(first, second, difference)
        spread = _variance(p + difference) / first.n + _variance(p) / second.n
        return observed - difference - z * math.sqrt(max(spread * correction, 0.0))

    return crossing(excess, positive_at=-1.0, beyond=observed)


def _constrained_share(first: Share, second: Share, difference: float) -> float:
    """Second share of greatest likelihood among all pairs of shares that differ by ``difference``.

    The slope of the log-likelihood falls from plus to minus infinity over the shares allowed; its zero is sought with
    the denominators multiplied out, since these vanish at the ends.
    """
    lowest = max(0.0, -difference)
    highest = min(1.0, 1.0 - difference)

    def slope(p: float) -> float:
        q = p + difference
        of_first = (first.successes * (1.0 - q) - first.failures * q) * p * (1.0 - p)
        of_second = (second.successes * (1.0 - p) - second.failures * p) * q * (1.0 - q)
        return of_first + of_second

    return crossing(slope, positive_at=lowest, beyond=highest)


def _variance(p: float) -> float:
    return p * (1.0 - p)


_LIMITS: dict[DifferenceMethod, Callable[[Share, Share, float], tuple[float, float]]] = {
    "newcombe": _newcombe,
    "agresti_caffo": _agresti_caffo,
    "score": _score,
    "wald": _wald,
}
