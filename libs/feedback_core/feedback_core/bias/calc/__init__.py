"""Pure calculations on sampling bias; they run in the worker only."""

from feedback_core.bias.calc.cell_table import AnswerCount, AnswerValue, CellTable, KpiScores, KpiUnit, cell_table
from feedback_core.bias.calc.differences import mean_difference, share_differences, standardised_difference
from feedback_core.bias.calc.goodness_of_fit import DesignBasedFit, design_based_fit, goodness_of_fit
from feedback_core.bias.calc.summary import assess_sampling_bias
from feedback_core.bias.types import (
    CategoryComposition,
    GoodnessOfFit,
    MarginComposition,
    Representation,
    SamplingBiasResult,
    Usability,
    WeightingSummary,
)

__all__ = [
    "AnswerCount",
    "AnswerValue",
    "CategoryComposition",
    "CellTable",
    "DesignBasedFit",
    "GoodnessOfFit",
    "KpiScores",
    "KpiUnit",
    "MarginComposition",
    "Representation",
    "SamplingBiasResult",
    "Usability",
    "WeightingSummary",
    "assess_sampling_bias",
    "cell_table",
    "design_based_fit",
    "goodness_of_fit",
    "mean_difference",
    "share_differences",
    "standardised_difference",
]
