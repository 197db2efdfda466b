"""Pure calculations on sampling bias; they run in the worker only."""

from feedback_core.bias.calc.cell_table import AnswerCount, AnswerValue, CellTable, KpiScores, KpiUnit, cell_table
from feedback_core.bias.calc.coverage import coverage
from feedback_core.bias.calc.differences import mean_difference, share_differences, standardised_difference
from feedback_core.bias.calc.early_late import early_against_late
from feedback_core.bias.calc.evidence import (
    evidence_of_coverage,
    evidence_of_early_late,
    evidence_of_methods,
    evidence_of_missing_items,
    evidence_of_response,
    evidence_of_waves,
)
from feedback_core.bias.calc.goodness_of_fit import DesignBasedFit, design_based_fit, goodness_of_fit
from feedback_core.bias.calc.missing_items import (
    ItemCounts,
    ItemNonresponse,
    ItemRate,
    SegmentNonresponse,
    item_nonresponse,
    missing_by_score,
    missing_by_segment,
    still_answering,
)
from feedback_core.bias.calc.modes import mode_effect, mode_effects
from feedback_core.bias.calc.r_indicators import RIndicator, r_indicator
from feedback_core.bias.calc.response_patterns import ResponsePatterns, response_patterns
from feedback_core.bias.calc.summary import assess_sampling_bias
from feedback_core.bias.calc.unseen import mean_with_unseen, tipping_mean, unseen_bounds
from feedback_core.bias.calc.waves import Extrapolation, Wave, WaveExtrapolation, extrapolate_waves
from feedback_core.bias.types import (
    BiasDiagnostic,
    BiasReason,
    CategoryComposition,
    CategoryCoverage,
    CategoryPartial,
    Coverage,
    EarlyLate,
    GoodnessOfFit,
    KpiUse,
    MarginComposition,
    ModeEffect,
    PartialIndicator,
    Representation,
    SamplingBiasResult,
    Stage,
    UnseenBounds,
    Usability,
    WeightingSummary,
)

__all__ = [
    "AnswerCount",
    "AnswerValue",
    "BiasDiagnostic",
    "BiasReason",
    "CategoryComposition",
    "CategoryCoverage",
    "CategoryPartial",
    "CellTable",
    "Coverage",
    "DesignBasedFit",
    "EarlyLate",
    "Extrapolation",
    "GoodnessOfFit",
    "ItemCounts",
    "ItemNonresponse",
    "ItemRate",
    "KpiScores",
    "KpiUnit",
    "KpiUse",
    "MarginComposition",
    "ModeEffect",
    "PartialIndicator",
    "RIndicator",
    "Representation",
    "ResponsePatterns",
    "SamplingBiasResult",
    "SegmentNonresponse",
    "Stage",
    "UnseenBounds",
    "Usability",
    "Wave",
    "WaveExtrapolation",
    "WeightingSummary",
    "assess_sampling_bias",
    "cell_table",
    "coverage",
    "design_based_fit",
    "early_against_late",
    "evidence_of_coverage",
    "evidence_of_early_late",
    "evidence_of_methods",
    "evidence_of_missing_items",
    "evidence_of_response",
    "evidence_of_waves",
    "extrapolate_waves",
    "goodness_of_fit",
    "item_nonresponse",
    "mean_difference",
    "mean_with_unseen",
    "missing_by_score",
    "missing_by_segment",
    "mode_effect",
    "mode_effects",
    "r_indicator",
    "response_patterns",
    "share_differences",
    "standardised_difference",
    "still_answering",
    "tipping_mean",
    "unseen_bounds",
]
