"""What the answers of a respondent are held against: the distribution of everybody's."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feedback_core.data_quality.types import OutlierBasis, ScaleItem
from feedback_core.kit.errors import NotEstimable
from feedback_core.responses.quality.calc import answer_distribution

# With fewer items the squared distance of answers on a scale of few points is far from a chi-square variable.
LEAST_ITEMS = 5


def outlier_basis(
    items: Sequence[ScaleItem], answers: NDArray[np.float64], *, confidence: float
) -> OutlierBasis | None:
    """The distribution of the answers to the items that everybody was asked and that not all answered alike.

    Args:
        items: in the order of the columns.
        answers: shape (respondents, items), NaN where missing.
        confidence: of the quantile that is the cut.

    Returns:
        ``None`` where fewer than five items are left, or no distance can be computed from them.
    """
    kept = [column for column, item in enumerate(items) if item.of_everybody and _varies(answers[:, column])]
    if len(kept) < LEAST_ITEMS:
        return None
    try:
        found = answer_distribution(answers[:, kept], confidence=confidence)
    except NotEstimable:
        return None
    return OutlierBasis(
        items=tuple(items[column].name for column in kept),
        means=tuple(found.means.tolist()),
        inverse=tuple(tuple(row) for row in found.inverse.tolist()),
        cut=found.cut,
        n=found.n,
    )


def _varies(column: NDArray[np.float64]) -> bool:
    given = column[~np.isnan(column)]
    return given.size > 0 and bool(given.min() < given.max())
