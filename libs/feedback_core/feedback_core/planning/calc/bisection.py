"""Where a rising function reaches zero, to the last bit."""

from collections.abc import Callable

_HALVINGS = 2000


def rising_zero(function: Callable[[float], float], low: float, high: float) -> float:
    """The smallest point known between ``low`` (function below 0) and ``high`` (0 or above) where it is not below 0."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if middle in {low, high}:
            break
        low, high = (middle, high) if function(middle) < 0.0 else (low, middle)
    return high
