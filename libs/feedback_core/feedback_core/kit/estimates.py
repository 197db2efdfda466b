"""The one shape of a figure: value, interval, n, method, and what a reader must be told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """Limits of an estimate, in its own units.

    Attributes:
        low: lower limit.
        high: upper limit.
        level: nominal coverage, e.g. 0.95.
        method: name of the method: ``adjusted_wald``, ``score``, ``wilson``, ``t``.
    """

    low: float
    high: float
    level: float
    method: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure that can be shown: never without n, interval and method.

    Attributes:
        value: the point estimate, unrounded.
        interval: its confidence interval; ``None`` only where n cannot bear one (said in ``warnings``).
        standard_error: of ``value``, same units; ``None`` where the method has none.
        n: answers that count in the figure.
        n_effective: Kish effective n; equal to ``n`` when unweighted.
        warnings: what a reader must be told, a sentence each.
    """

    value: float
    interval: Interval | None
    standard_error: float | None
    n: int
    n_effective: float
    warnings: tuple[str, ...] = ()
