"""Vocabulary of sampling bias."""

from feedback_core.bias.types.assessment import (
    CategoryComposition,
    Frame,
    GoodnessOfFit,
    MarginComposition,
    MergedCategories,
    Representation,
    SamplingBiasOutcome,
    SamplingBiasParameters,
    SamplingBiasResult,
    Usability,
    WeightingSummary,
)
from feedback_core.bias.types.diagnostics import BiasDiagnostic, BiasReason, EarlyLate, KpiUse, ModeEffect

__all__ = [
    "BiasDiagnostic",
    "BiasReason",
    "CategoryComposition",
    "EarlyLate",
    "Frame",
    "GoodnessOfFit",
    "KpiUse",
    "MarginComposition",
    "MergedCategories",
    "ModeEffect",
    "Representation",
    "SamplingBiasOutcome",
    "SamplingBiasParameters",
    "SamplingBiasResult",
    "Usability",
    "WeightingSummary",
]
