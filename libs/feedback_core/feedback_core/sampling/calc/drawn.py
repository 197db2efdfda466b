"""What a draw gives: who, with which probability, and in which stratum and cluster."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Drawn:
    """Units drawn, in the order in which they are to be asked.

    Attributes:
        unit: index of each in the population, shape (n,).
        probability: with which each was to be drawn, above 0 and at most 1, shape (n,).
        cluster: code of the cluster of each, shape (n,); ``None``: no clusters were drawn.
        cluster_probability: with which that cluster was to be drawn; with ``cluster`` only.
        cluster_population: units in that cluster; with ``cluster`` only.
    """

    unit: NDArray[np.int64]
    probability: NDArray[np.float64]
    cluster: NDArray[np.int64] | None = None
    cluster_probability: NDArray[np.float64] | None = None
    cluster_population: NDArray[np.int64] | None = None

    @property
    def n(self) -> int:
        """How many."""
        return int(self.unit.size)
