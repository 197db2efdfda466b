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
from feedback_core.bias.types.diagnostics import BiasReason, EarlyLate, Evidence, ModeEffect, Use

__all__ = [
    "BiasReason",
    "CategoryComposition",
    "EarlyLate",
    "Evidence",
    "Frame",
    "GoodnessOfFit",
    "MarginComposition",
    "MergedCategories",
    "ModeEffect",
    "Representation",
    "SamplingBiasOutcome",
    "SamplingBiasParameters",
    "SamplingBiasResult",
    "Usability",
    "Use",
    "WeightingSummary",
]
