"""Small raked tables for the tests: respondents with codes in every margin, and a frame."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from feedback_core.weighting.calc import Margin


@dataclass(frozen=True)
class Table:
    """Units with a code in each margin, a count and a base weight."""

    margins: tuple[Margin, ...]
    codes: NDArray[np.int64]
    counts: NDArray[np.int64]
    base: NDArray[np.float64]


@st.composite
def tables(draw: st.DrawFn, *, most_margins: int = 3) -> Table:
    """Tables in which every combination of categories occurs, so that the margins can always be met."""
    sizes = draw(st.lists(st.integers(2, 3), min_size=1, max_size=most_margins))
    margins = []
    for index, size in enumerate(sizes):
        parts = draw(st.lists(st.integers(1, 20), min_size=size, max_size=size))
        shares = tuple(part / sum(parts) for part in parts)
        margins.append(Margin(f"m{index}", tuple(f"c{code}" for code in range(size)), shares))
    cells = np.array(list(np.ndindex(*sizes)), dtype=np.int64).T
    units = cells.shape[1]
    counts = np.array(draw(st.lists(st.integers(1, 9), min_size=units, max_size=units)), dtype=np.int64)
    base = np.array(draw(st.lists(st.integers(1, 8), min_size=units, max_size=units))) / 4
    return Table(tuple(margins), cells, counts, base)
