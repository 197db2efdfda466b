"""Quantiles and two-sided p-values of the normal and Student distributions."""

import math

from scipy.special import ndtri, stdtr, stdtrit


def normal_quantile(level: float) -> float:
    """Half-width of the central ``level`` of the standard normal: 1.96 for 0.95.

    Raises:
        ValueError: ``level`` is not strictly between 0 and 1.
    """
    return -float(ndtri(upper_tail(level)))


def student_quantile(level: float, df: float) -> float:
    """Half-width of the central ``level`` of Student's t with ``df`` degrees of freedom, which need not be whole."""
    return -float(stdtrit(df, upper_tail(level)))


def upper_tail(level: float) -> float:
    """Probability left out on each side of a central interval: 0.025 for 0.95.

    Raises:
        ValueError: ``level`` is not strictly between 0 and 1.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie strictly between 0 and 1, not {level}")
    return (1.0 - level) / 2.0


def two_sided_normal_p(z: float) -> float:
    """P(|Z| >= |z|), without cancellation in the tail; 0.0 beyond about |z| = 38."""
    return math.erfc(abs(z) / math.sqrt(2.0))


def two_sided_student_p(t: float, df: float) -> float:
    """P(|T| >= |t|) for Student's t with ``df`` degrees of freedom."""
    return 2.0 * float(stdtr(df, -abs(t)))
