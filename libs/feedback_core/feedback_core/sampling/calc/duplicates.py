"""Who stands in a frame more than once: units that share an address, a number, or a name and postcode."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

NOBODY: Final = -1
"""In the place of a key that a unit does not have, and of whom a unit repeats that repeats nobody."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Who repeats whom.

    Attributes:
        repeats: for each unit the index of the one that stands for it, or ``NOBODY``, shape (N,).
        shared: by key, whether each unit has it in common with another one, shape (N,).
    """

    repeats: NDArray[np.int64]
    shared: Mapping[str, NDArray[np.bool_]]

    @property
    def n(self) -> int:
        """Units that another one stands for."""
        return int(np.count_nonzero(self.repeats != NOBODY))


def find_duplicates(keys: Mapping[str, NDArray[np.int64]]) -> Duplicates:
    """Units that are one person: those that have a key in common, and those that a chain of such units connects.

    The first of them, in the order given, stands for the others.

    Args:
        keys: by the name of the key, the code of what each unit has there, or ``NOBODY``; at least one, shape (N,).

    Source: transitive closure of deterministic links; Herzog, Scheuren & Winkler (2007), Data Quality and Record
    Linkage Techniques, ch. 8.
    """
    n = next(iter(keys.values())).size
    shared, pairs = {}, []
    for name, codes in keys.items():
        has = np.flatnonzero(codes != NOBODY)
        _, first, group, count = np.unique(codes[has], return_index=True, return_inverse=True, return_counts=True)
        together = np.zeros(n, dtype=bool)
        together[has] = count[group] > 1
        shared[name] = together
        pairs.append(np.array([has, has[first[group]]]))
    rows, columns = np.concatenate(pairs, axis=1) if pairs else np.zeros((2, 0), dtype=np.int64)
    linked = rows != columns
    links = coo_array((np.ones(int(linked.sum()), dtype=bool), (rows[linked], columns[linked])), shape=(n, n))
    _, person = connected_components(links.tocsr(), directed=False)
    earliest = np.full(n, n, dtype=np.int64)
    np.minimum.at(earliest, person, np.arange(n))
    stands = earliest[person]
    return Duplicates(np.where(stands == np.arange(n), NOBODY, stands), shared)
