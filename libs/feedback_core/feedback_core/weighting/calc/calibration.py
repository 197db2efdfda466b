"""What is left of a score once the calibrated margins have explained their part of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_core.weighting.calc.model_matrix import ModelMatrix, solved, standardised


@dataclass(frozen=True, slots=True)
class Calibration:
    """What weights were post-stratified, raked or calibrated to, unit by unit (a respondent, or a cell of alike ones).

    Attributes:
        codes: shape (margins, units): category of each unit.
        base: weight of each unit in the regression, shape (units,): that before weighting, summed over its respondents.
        numbers: shape (numbers, units): what was calibrated to a total; none when absent.
    """

    codes: NDArray[np.int64]
    base: NDArray[np.float64]
    numbers: NDArray[np.float64] | None = None

    def residuals(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Residuals of ``scores``, shape (units, p), of the regression on dummies and numbers, weighted by ``base``.

        Source: Deville, Särndal & Sautory (1993), JASA 88:1013; R survey's ``calibrate`` and ``postStratify`` regress
        so too, its ``rake`` without weights: the same where base weights are equal. Golden: s07, s08, s09, s35.
        """
        return scores - self.explained(scores * self.base[:, None])

    def explained(self, weighted_scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Fitted part of the scores, shape (units, p), from their sums over each unit weighted by the base weights."""
        numbers = np.zeros((0, self.base.size)) if self.numbers is None else self.numbers
        if numbers.shape[0] + self.codes.shape[0] == 0:
            return np.zeros(weighted_scores.shape)
        scaled, _, _ = standardised(numbers, self.base, centred=self.codes.shape[0] > 0)
        sizes = tuple(int(row.max()) + 1 for row in self.codes)
        matrix = ModelMatrix(self.codes, sizes, scaled)
        whole = self.base.sum()
        slopes = solved(matrix.crossed(self.base / whole), matrix.sums(weighted_scores / whole))
        return matrix.fitted(slopes)
