"""Why margins cannot be met together: a linear programme over the cells that have respondents."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from feedback_core.weighting.types import Margin

# Shares closer than this to their target count as reached.
_NEGLIGIBLE = 1e-7


def unreachable(cells: NDArray[np.int64], margins: Sequence[Margin]) -> list[tuple[Margin, str]]:
    """Categories whose share no non-negative weights of ``cells`` reach together with the others.

    Minimises the sum of absolute gaps to the targets; a category with a gap left is one to merge or to ask more of.
    Empty when the margins can be met, if only by giving some cells no weight.

    Args:
        cells: shape (margins, cells): codes of the cells that have respondents.
        margins: the targets.
    """
    sizes = [len(margin.categories) for margin in margins]
    offsets = np.cumsum([0, *sizes[:-1]])
    levels, occupied = sum(sizes), cells.shape[1]
    membership = np.zeros((levels, occupied))
    membership[cells + offsets[:, None], np.arange(occupied)] = 1
    slack = np.eye(levels)
    cost = np.concatenate([np.zeros(occupied), np.ones(2 * levels)])
    targets = np.concatenate([margin.shares for margin in margins])
    solved = linprog(cost, A_eq=np.hstack([membership, slack, -slack]), b_eq=targets, method="highs")
    if solved.x is None:
        return []
    short, over = solved.x[occupied : occupied + levels], solved.x[occupied + levels :]
    named = [(margin, category) for margin in margins for category in margin.categories]
    return [where for where, gap in zip(named, np.abs(short - over), strict=True) if gap > _NEGLIGIBLE]
