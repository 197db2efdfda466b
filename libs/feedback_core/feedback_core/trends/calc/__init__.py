"""Pure trend calculations: arrays of a series in, frozen dataclasses out; for the worker only (SciPy, statsmodels)."""

from feedback_core.trends.calc.autoregressive_errors import fit_gls
from feedback_core.trends.calc.bai_perron import bai_perron
from feedback_core.trends.calc.change_points import difference_scale, pelt, pelt_mean_variance, pettitt
from feedback_core.trends.calc.count_charts import ChartRules, p_chart, u_chart
from feedback_core.trends.calc.forecast import forecast_band
from feedback_core.trends.calc.interrupted import (
    interrupted_series,
    intervention_effect,
    percent_change,
    serial_correlation,
)
from feedback_core.trends.calc.mann_kendall import (
    corrected_mann_kendall,
    cox_stuart,
    hamed_rao_factor,
    lag_one,
    mann_kendall,
    yue_wang_factor,
)
from feedback_core.trends.calc.outlook import TrendOptions
from feedback_core.trends.calc.precision import sampling_noise, weighted_slope
from feedback_core.trends.calc.run_rules import anhoej_rules, violating_runs
from feedback_core.trends.calc.seasonal_mann_kendall import seasonal_mann_kendall, seasonal_scores
from feedback_core.trends.calc.seasonality import classical_decomposition, mstl, stl, strength
from feedback_core.trends.calc.segmented_regression import (
    SegmentedDesign,
    fit_newey_west,
    fit_ols,
    segmented_design,
)
from feedback_core.trends.calc.sentence import Wording
from feedback_core.trends.calc.single_change import most_likely_change
from feedback_core.trends.calc.stability import ols_cusum, recursive_cusum, sup_f
from feedback_core.trends.calc.summary import analyse_trend
from feedback_core.trends.calc.theil_sen import seasonal_sen, theil_sen
from feedback_core.trends.calc.xmr import MAKING_DATA_COUNT_FACTOR, QCC_FACTOR, rebased_xmr, xmr_chart

__all__ = [
    "MAKING_DATA_COUNT_FACTOR",
    "QCC_FACTOR",
    "ChartRules",
    "SegmentedDesign",
    "TrendOptions",
    "Wording",
    "analyse_trend",
    "anhoej_rules",
    "bai_perron",
    "classical_decomposition",
    "corrected_mann_kendall",
    "cox_stuart",
    "difference_scale",
    "fit_gls",
    "fit_newey_west",
    "fit_ols",
    "forecast_band",
    "hamed_rao_factor",
    "interrupted_series",
    "intervention_effect",
    "lag_one",
    "mann_kendall",
    "most_likely_change",
    "mstl",
    "ols_cusum",
    "p_chart",
    "pelt",
    "pelt_mean_variance",
    "percent_change",
    "pettitt",
    "rebased_xmr",
    "recursive_cusum",
    "sampling_noise",
    "seasonal_mann_kendall",
    "seasonal_scores",
    "seasonal_sen",
    "segmented_design",
    "serial_correlation",
    "stl",
    "strength",
    "sup_f",
    "theil_sen",
    "u_chart",
    "violating_runs",
    "weighted_slope",
    "xmr_chart",
    "yue_wang_factor",
]
