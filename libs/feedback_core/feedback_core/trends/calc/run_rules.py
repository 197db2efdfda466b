"""Rules on runs about the centre line: of a fixed length, and Anhoej's, whose bounds follow the number of points."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from feedback_core.trends.calc.arrays import IntArray
from feedback_core.trends.types import RunRules


def violating_runs(side: Sequence[int] | IntArray, run_length: int = 7) -> NDArray[np.bool_]:
    """Points at which a run on one side of the centre has reached ``run_length``, shape (n,).

    Args:
        side: of each point: 1 above the centre, -1 below, 0 on it or without a value, which ends a run; shape (n,).
        run_length: from which a run counts: 7, or 8.

    Source: Western Electric (1956), in the form of R's qcc: the first points of the run are not marked. Golden: s22.
    """
    marked = np.zeros(len(side), dtype=np.bool_)
    length = before = 0
    for i, here in enumerate(side):
        length = 0 if here == 0 else (length + 1 if here == before else 1)
        before = int(here)
        marked[i] = length >= run_length
    return marked


def anhoej_rules(side: Sequence[int] | IntArray) -> RunRules | None:
    """Unusually long runs and unusually few crossings; ``None`` where no point is off the centre.

    Points on the centre, and periods without a value, are passed over: a run may go on behind them.

    Args:
        side: of each point: 1 above the centre, -1 below, 0 on it or without a value; shape (n,).

    Source: Anhøj & Olesen (2014), PLoS ONE 9:e113825; longest run of Schilling (2012), crossings of Chen (2010).
    Golden: s22.
    """
    useful = [int(here) for here in side if here != 0]
    if not useful:
        return None
    starts = [0, *(i for i in range(1, len(useful)) if useful[i] != useful[i - 1]), len(useful)]
    longest = max(b - a for a, b in pairwise(starts))
    crossings = len(starts) - 2
    most = round(math.log2(len(useful))) + 3
    fewest = int(binom.ppf(0.05, len(useful) - 1, 0.5)) if len(useful) > 1 else 0
    return RunRules(
        useful=len(useful),
        longest_run=longest,
        longest_run_max=most,
        crossings=crossings,
        crossings_min=fewest,
        signal=longest > most or crossings < fewest,
    )
