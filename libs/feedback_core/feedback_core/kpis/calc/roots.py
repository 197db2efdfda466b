"""Where a function crosses zero: to the last bit, or where R stops looking."""

import math
from collections.abc import Callable
from sys import float_info

from feedback_core.kit.errors import NotEstimable

MAX_HALVINGS = 200
MAX_STEPS = 1000
DEFAULT_TOLERANCE = float_info.epsilon**0.25


def crossing(function: Callable[[float], float], *, positive_at: float, beyond: float) -> float:
    """The point between ``positive_at`` and ``beyond`` where ``function`` stops being positive, by bisection.

    ``function`` is positive from ``positive_at`` on and changes sign once before ``beyond``. It may return to zero at
    ``beyond`` itself, as score functions do where the constrained variance vanishes; that zero is not mistaken for the
    crossing, which regula falsi or Brent's method would do.
    """
    inside, outside = positive_at, beyond
    for _ in range(MAX_HALVINGS):
        middle = (inside + outside) / 2.0
        if middle in {inside, outside}:
            break
        if function(middle) > 0.0:
            inside = middle
        else:
            outside = middle
    return (inside + outside) / 2.0


def uniroot(
    function: Callable[[float], float], lower: float, upper: float, *, tolerance: float = DEFAULT_TOLERANCE
) -> float:
    """The estimate that R's ``uniroot(function, c(lower, upper))`` stops at; the signs at both ends differ.

    For figures that are to agree with R's to the last digit; elsewhere `crossing` gives the root itself.

    Raises:
        NotEstimable: it did not stop.

    Source: Brent (1973), Algorithms for Minimization without Derivatives, ch. 4, as in R's zeroin.c.
    """
    a, b, c = lower, upper, lower
    fa, fb = function(a), function(b)
    fc = fa
    for _ in range(MAX_STEPS):
        previous = b - a
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        least = 2 * float_info.epsilon * abs(b) + tolerance / 2
        step = (c - b) / 2
        if abs(step) <= least or fb == 0:
            return b
        if abs(previous) >= least and abs(fa) > abs(fb):
            step = _interpolated(step, previous, least, (a, b, c), (fa, fb, fc))
        if abs(step) < least:
            step = math.copysign(least, step)
        a, fa = b, fb
        b += step
        fb = function(b)
        if fb * fc > 0:
            c, fc = a, fa
    raise NotEstimable("The search for a root did not end; the figures are too far apart for it.")


def _interpolated(
    bisection: float,
    previous: float,
    least: float,
    points: tuple[float, float, float],
    values: tuple[float, float, float],
) -> float:
    """A secant or inverse quadratic step where it stays well inside the bracket, else half the bracket."""
    a, b, c = points
    fa, fb, fc = values
    if a == c:
        p = (c - b) * fb / fa
        q = 1 - fb / fa
    else:
        to_last, of_last = fa / fc, fb / fc
        ratio = fb / fa
        p = ratio * ((c - b) * to_last * (to_last - of_last) - (b - a) * (of_last - 1))
        q = (to_last - 1) * (of_last - 1) * (ratio - 1)
    if p > 0:
        q = -q
    else:
        p = -p
    if p < 0.75 * (c - b) * q - abs(least * q) / 2 and p < abs(previous * q / 2):
        return p / q
    return bisection
