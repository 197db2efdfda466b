"""Simple random samples of strata, by permanent random numbers: who lies next on the circle after the start."""

import numpy as np
from numpy.typing import NDArray

from feedback_core.sampling.calc.drawn import Drawn
from feedback_core.sampling.calc.numbers import CIRCLE


def draw_strata(
    numbers: NDArray[np.int64], stratum: NDArray[np.int64], sizes: NDArray[np.int64], starts: NDArray[np.int64]
) -> Drawn:
    """A simple random sample without replacement of each stratum; of one stratum, of all.

    The first ``sizes[h]`` units of stratum h that follow ``starts[h]`` on the circle. As the numbers are independent
    and uniform, every set of that size is as likely as any other, wherever the start is; and a sample is the beginning
    of every larger one from the same start.

    Args:
        numbers: permanent random number of each unit, shape (N,).
        stratum: code of each unit's stratum from 0, shape (N,).
        sizes: units wanted of each stratum, at most its population, shape (H,).
        starts: where on the circle each stratum begins; who lies on the start comes last, shape (H,).

    Raises:
        ValueError: more are wanted of a stratum than it has.

    Source: Ohlsson (1995), Coordination of samples using permanent random numbers, in Business Survey Methods, 153-169
    (sequential simple random sampling).
    """
    population = np.bincount(stratum, minlength=sizes.size)
    if (sizes > population).any():
        raise ValueError("more units are wanted of a stratum than it has")
    along = places_after(numbers, starts[stratum])
    order = np.argsort(along, kind="stable") if sizes.size == 1 else np.lexsort((along, stratum))
    rank = np.arange(order.size) - np.repeat(np.cumsum(population) - population, population)
    chosen = order[rank < sizes[stratum[order]]]
    return Drawn(chosen, sizes[stratum[chosen]] / population[stratum[chosen]])


def places_after(numbers: NDArray[np.int64], start: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """How far each number lies behind a start on the circle; whoever lies on it is the farthest."""
    return np.asarray((numbers - start - 1) & (CIRCLE - 1), dtype=np.int64)


def rotated_start(numbers: NDArray[np.int64], start: int, overlap: float) -> int:
    """Where a sample begins that keeps a part of an earlier one of the same stratum.

    The first of the earlier sample drop out, and as many others come in at its end: 1 keeps all of it, 0 nobody.

    Args:
        numbers: of the units of the earlier sample, shape (m,).
        start: of the earlier sample.
        overlap: part of it to be kept, 0 to 1.

    Source: as `draw_strata`; Cotton & Hesse (1992) for moving the start of a rotating sample.
    """
    leaving = round((1 - overlap) * numbers.size)
    if not leaving:
        return start
    order = np.argsort(places_after(numbers, start), kind="stable")
    return int(numbers[order[leaving - 1]])
