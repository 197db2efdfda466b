"""Checks on counts by value, the form in which every figure here gets its data."""

import math
from collections.abc import Mapping


def total_of(counts: Mapping[float, int] | Mapping[int, int]) -> int:
    """Number of answers in a table of value -> n.

    Raises:
        ValueError: a value is not finite, or a count is negative.
    """
    for value, n in counts.items():
        if not math.isfinite(value):
            raise ValueError(f"{value} is not a value of a scale")
        if n < 0:
            raise ValueError(f"the count of {value} is negative: {n}")
    return sum(counts.values())


def small_sample_warnings(n: int, *, below: int = 30) -> tuple[str, ...]:
    """A sentence for the reader when ``n`` is small, else nothing."""
    if n >= below:
        return ()
    answers = "1 answer" if n == 1 else f"{n} answers"
    return (f"Only {answers}: read the interval before the figure.",)
