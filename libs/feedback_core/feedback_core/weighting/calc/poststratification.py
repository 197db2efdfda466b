"""Post-stratification: every cell of the frame gets the weight that it has there."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.weighting.calc.balance import margin_balance
from feedback_core.weighting.calc.calibration import Calibration
from feedback_core.weighting.calc.raking import positive, rake
from feedback_core.weighting.calc.weighting import Weighting, described
from feedback_core.weighting.types import Margin

# Rule of thumb: a smaller cell's weight is mostly chance; merge it with a similar one.
SMALL_CELL = 20


def post_stratify(
    codes: NDArray[np.int64],
    cells: Margin,
    *,
    counts: ArrayLike | None = None,
    base: ArrayLike | None = None,
    total: float | None = None,
) -> Weighting:
    """Base weights times the frame's size of the cell over its weighted size among respondents.

    To post-stratify by several attributes at once, make each combination a category of ``cells``.

    Args:
        codes: cell of each unit, an index into ``cells.categories``, shape (units,).
        cells: the frame's distribution over the cells.
        counts: respondents in each unit; one each when absent.
        base: design weight of a respondent of each unit; 1 when absent.
        total: what the weights sum to; the frame's size when the margin has counts, otherwise that of the base weights.

    Raises:
        MarginsUnusable: a cell without respondents.
        WeightsUnusable: counts, base weights or total that are not finite and above 0.

    Source: Holt & Smith (1979), JRSS A 142:33. Golden: s07, s35.
    """
    row = codes[None, :]
    number, start = positive(counts, codes.size, "counts"), positive(base, codes.size, "base weights")
    raking = rake(row, [cells], counts=number, base=start, total=cells.total if total is None else total)
    held = np.bincount(codes, weights=number, minlength=len(cells.categories))
    small = [name for name, n in zip(cells.categories, held, strict=True) if n < SMALL_CELL]
    told = [f"{', '.join(small)}: fewer than {SMALL_CELL} respondents; merge with a similar cell."] if small else []
    return described(
        "poststratification",
        raking.weights,
        base=start,
        counts=number,
        balance=(margin_balance(row, [cells], number * start), margin_balance(row, [cells], number * raking.weights)),
        calibration=Calibration(row, number * start),
        warnings=told,
    )
