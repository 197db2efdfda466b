"""What is left of a score once the calibrated margins have explained their part of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Calibration:
    """The margins that weights were raked to, unit by unit (a respondent, or a cell of alike respondents).

    Attributes:
        codes: shape (margins, units): category of each unit.
        base: weight of each unit in the regression, shape (units,): that before raking, summed over its respondents.
    """

    codes: NDArray[np.int64]
    base: NDArray[np.float64]

    def residuals(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Residuals of ``scores``, shape (units, p), of the regression on the margins' dummies, weighted by ``base``.

        Source: Deville, Särndal & Sautory (1993), JASA 88:1013; R survey's ``calibrate`` regresses so too,
        its ``rake`` without weights: the same where base weights are equal. Golden: s08, s35.
        """
        return scores - self.explained(scores * self.base[:, None])

    def explained(self, weighted_scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Fitted part of the scores, shape (units, p), from their sums over each unit weighted by the base weights."""
        sizes = self.codes.max(axis=1) + 1
        blocks = [[self._crossed(i, j, sizes) for j in range(sizes.size)] for i in range(sizes.size)]
        right = np.vstack(
            [_summed(row, weighted_scores, int(size)) for row, size in zip(self.codes, sizes, strict=True)]
        )
        # The dummies of every margin sum to one, so the equations are singular; any solution gives the same fit.
        slopes = np.linalg.lstsq(np.block(blocks) / self.base.sum(), right / self.base.sum(), rcond=1e-11)[0]
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        fitted: NDArray[np.float64] = slopes[self.codes + starts[:, None]].sum(axis=0)
        return fitted

    def _crossed(self, i: int, j: int, sizes: NDArray[np.int64]) -> NDArray[np.float64]:
        """Base weight in each combination of the categories of margins i and j."""
        joint = self.codes[i] * sizes[j] + self.codes[j]
        table = np.bincount(joint, weights=self.base, minlength=int(sizes[i] * sizes[j]))
        return table.astype(float).reshape(int(sizes[i]), int(sizes[j]))


def _summed(codes: NDArray[np.int64], columns: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    return np.column_stack([np.bincount(codes, weights=column, minlength=size) for column in columns.T])
