"""Where a function crosses zero, to the last bit."""

from collections.abc import Callable

MAX_HALVINGS = 200


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
