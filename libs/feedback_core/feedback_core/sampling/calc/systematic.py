"""Systematic samples: every so many of a list in a given order, from a random start."""

import numpy as np
from numpy.typing import NDArray

from feedback_core.sampling.calc.drawn import Drawn


def draw_systematic(order: NDArray[np.int64], n: int, start: float) -> Drawn:
    """``n`` units at equal distances along the list; each has probability n/N exactly, also where N/n is not whole.

    Args:
        order: indices of the units in the order of the list, shape (N,).
        n: at least 1, at most N.
        start: from 0 up to 1, uniform: where in the first interval the first one lies.

    Raises:
        ValueError: more are wanted than there are, or nobody.

    Source: Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, 3.4.1 (fractional interval method).
    """
    if not 1 <= n <= order.size:
        raise ValueError("a systematic sample has at least one unit, and no more than the list")
    step = order.size / n
    places = np.minimum(((start + np.arange(n)) * step).astype(np.int64), order.size - 1)
    return Drawn(order[places], np.full(n, n / order.size))
