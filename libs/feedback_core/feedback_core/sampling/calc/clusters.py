"""Samples of clusters: whole ones, or some units of each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_core.sampling.calc.drawn import Drawn
from feedback_core.sampling.calc.proportional import draw_proportional
from feedback_core.sampling.calc.simple import draw_strata


@dataclass(frozen=True, slots=True)
class Clusters:
    """How clusters are drawn.

    Attributes:
        numbers: permanent random number of each cluster, shape (M,).
        wanted: clusters to be drawn, 1 to M.
        take: units of each, its population where that is smaller; ``None``: all.
        by_size: draw them with probability proportional to their units, not with equal ones.
        start: where on the circle the clusters begin.
        inner_start: where on it the units of each cluster begin.
        fraction: from 0 up to 1, uniform; of clusters by size.
    """

    numbers: NDArray[np.int64]
    wanted: int
    take: int | None
    by_size: bool
    start: int
    inner_start: int
    fraction: float


def draw_clusters(numbers: NDArray[np.int64], cluster: NDArray[np.int64], how: Clusters) -> Drawn:
    """Clusters, and of each all units or a simple random sample; drawn cluster after cluster.

    A unit's probability is that of its cluster times the part of the cluster that is taken. With clusters by size and
    an equal number of units of each it is the same for everybody in clusters that have as many, and are not certain.

    Args:
        numbers: permanent random number of each unit, shape (N,).
        cluster: code of each unit's cluster from 0, every code with a unit, shape (N,).
        how: many, and which.

    Raises:
        ValueError: more clusters are wanted than there are.

    Source: Särndal, Swensson & Wretman (1992), 4.2 and 4.3.
    """
    population = np.bincount(cluster, minlength=how.numbers.size)
    if how.wanted > population.size:
        raise ValueError("more clusters are wanted than there are")
    if how.by_size:
        first = draw_proportional(how.numbers, population.astype(np.float64), how.wanted, how.fraction, begin=how.start)
    else:
        one = np.zeros(population.size, dtype=np.int64)
        first = draw_strata(how.numbers, one, np.array([how.wanted]), np.array([how.start]))
    place = np.full(population.size, -1, dtype=np.int64)
    place[first.unit] = np.arange(first.n)
    inside = np.flatnonzero(place[cluster] >= 0)
    sizes = population[first.unit]
    taken = sizes if how.take is None else np.minimum(sizes, how.take)
    starts = np.full(first.n, how.inner_start, dtype=np.int64)
    second = draw_strata(numbers[inside], place[cluster[inside]], taken, starts)
    unit = inside[second.unit]
    of = place[cluster[unit]]
    return Drawn(
        unit=unit,
        probability=first.probability[of] * second.probability,
        cluster=cluster[unit],
        cluster_probability=first.probability[of],
        cluster_population=sizes[of].astype(np.int64),
    )
