"""Pure trend calculations: arrays of a series in, frozen dataclasses out; for the worker only (SciPy, statsmodels)."""

from feedback_core.trends.calc.change_points import difference_scale, pelt, pettitt
from feedback_core.trends.calc.mann_kendall import cox_stuart, hamed_rao_factor, lag_one, mann_kendall
from feedback_core.trends.calc.precision import sampling_noise, weighted_slope
from feedback_core.trends.calc.seasonal_mann_kendall import seasonal_mann_kendall, seasonal_scores
from feedback_core.trends.calc.seasonality import classical_decomposition, stl, strength
from feedback_core.trends.calc.sentence import Wording
from feedback_core.trends.calc.single_change import most_likely_change
from feedback_core.trends.calc.summary import analyse_trend
from feedback_core.trends.calc.theil_sen import seasonal_sen, theil_sen
from feedback_core.trends.calc.xmr import MAKING_DATA_COUNT_FACTOR, QCC_FACTOR, xmr_chart

__all__ = [
    "MAKING_DATA_COUNT_FACTOR",
    "QCC_FACTOR",
    "Wording",
    "analyse_trend",
    "classical_decomposition",
    "cox_stuart",
    "difference_scale",
    "hamed_rao_factor",
    "lag_one",
    "mann_kendall",
    "most_likely_change",
    "pelt",
    "pettitt",
    "sampling_noise",
    "seasonal_mann_kendall",
    "seasonal_scores",
    "seasonal_sen",
    "stl",
    "strength",
    "theil_sen",
    "weighted_slope",
    "xmr_chart",
]
