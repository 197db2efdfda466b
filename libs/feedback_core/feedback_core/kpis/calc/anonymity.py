"""How well respondents are hidden among others of the same attributes: k-anonymity, l-diversity, t-closeness."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.suppression import require_counts

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer", str, int)
Distance = Literal["equal", "ordered"]

# exp(log(l)) may fall short of a whole l by rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Anonymity:
    """Of respondents grouped into classes of equal quasi-identifiers, the figures of the weakest class.

    Attributes:
        n: respondents.
        classes: classes with at least one respondent.
        k: respondents of the smallest class.
        l_diversity: least number of different sensitive answers in a class.
        entropy_l: whole part of exp(entropy) of the sensitive answers, of the class where that is least.
        t_closeness: greatest distance, 0..1, between the sensitive answers of a class and of all.
    """

    n: int
    classes: int
    k: int
    l_diversity: int
    entropy_l: int
    t_closeness: float


@dataclass(frozen=True, slots=True)
class SmallCells(Generic[Key]):
    """Cells of a table that hold respondents, but fewer than may be shown.

    Attributes:
        below: smallest n that may be shown.
        cells: n by cell, in the order of the table.
    """

    below: int
    cells: Mapping[Key, int]

    @property
    def respondents(self) -> int:
        """Respondents in all of them."""
        return sum(self.cells.values())


def assess_anonymity(classes: Mapping[Key, Mapping[Answer, int]], *, distance: Distance = "equal") -> Anonymity:
    """k, l and t of a data set, from counts of the sensitive answers in each class of equal quasi-identifiers.

    Args:
        classes: n by sensitive answer, by class; classes and answers with n = 0 do not count.
        distance: of two distributions of the sensitive answer: ``equal`` (half the sum of absolute differences) when
            any answer is as far from any other; ``ordered`` (the earth mover's distance over the sorted answers,
            neighbours 1 / (m - 1) apart) when they are numbers.

    Raises:
        NotEstimable: there are no respondents.
        ValueError: a count is negative.

    Source: Sweeney (2002), Int. J. Uncertainty, Fuzziness and Knowledge-Based Systems 10:557; Machanavajjhala et al.
    (2007), ACM Transactions on Knowledge Discovery from Data 1:3; Li, Li & Venkatasubramanian (2007), ICDE 106. Golden:
    s34.
    """
    answers = sorted({answer for counts in classes.values() for answer in counts})
    table = np.array([[counts.get(answer, 0) for answer in answers] for counts in classes.values()], dtype=float)
    require_counts((int(n) for n in table.ravel()), 1)
    if not table.sum():
        raise NotEstimable("There are no respondents, so there is nobody to hide.")
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    sizes = table.sum(axis=1)
    shares = table / sizes[:, None]
    gaps = shares - table.sum(axis=0) / table.sum()
    return Anonymity(
        n=int(table.sum()),
        classes=int(sizes.size),
        k=int(sizes.min()),
        l_diversity=int((table > 0).sum(axis=1).min()),
        entropy_l=math.floor(math.exp(_least_entropy(shares)) + _ROUNDING),
        t_closeness=float(_distances(gaps, distance).max()),
    )


def small_cells(counts: Mapping[Key, int], *, below: int) -> SmallCells[Key]:
    """The cells of a table with 0 < n < ``below``.

    Raises:
        ValueError: ``below`` is under 1, or a count is negative.
    """
    require_counts(counts.values(), below)
    return SmallCells(below, {cell: n for cell, n in counts.items() if 0 < n < below})


def _least_entropy(shares: NDArray[np.float64]) -> float:
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    return float((-(shares * logs).sum(axis=1)).min())


def _distances(gaps: NDArray[np.float64], distance: Distance) -> NDArray[np.float64]:
    if distance == "equal":
        return np.asarray(np.abs(gaps).sum(axis=1) / 2.0)
    steps = max(gaps.shape[1] - 1, 1)
    return np.asarray(np.abs(np.cumsum(gaps, axis=1)).sum(axis=1) / steps)
