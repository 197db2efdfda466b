"""Vocabulary of sampling bias."""

from feedback_core.bias.types.assessment import (
    CategoryComposition,
    GoodnessOfFit,
    MarginComposition,
    SamplingBiasOutcome,
    SamplingBiasResult,
    Usability,
    WeightingSummary,
)
from feedback_core.bias.types.assessment_parts import Representation
from feedback_core.bias.types.coverage import CategoryCoverage, Coverage, Stage, UnseenBounds
from feedback_core.bias.types.diagnostics import BiasDiagnostic, BiasReason, EarlyLate, KpiUse, ModeEffect
from feedback_core.bias.types.fieldwork import FieldworkAssessment
from feedback_core.bias.types.frames import (
    Frame,
    Outcomes,
    Reach,
    SamplingBiasParameters,
    SamplingFrame,
)
from feedback_core.fieldwork.types.response import (
    CategoryPartial,
    CategoryResponse,
    InvitedGroup,
    MergedCategories,
    PartialIndicator,
    ResponseAssessment,
)

__all__ = [
    "BiasDiagnostic",
    "BiasReason",
    "CategoryComposition",
    "CategoryCoverage",
    "CategoryPartial",
    "CategoryResponse",
    "Coverage",
    "EarlyLate",
    "FieldworkAssessment",
    "Frame",
    "GoodnessOfFit",
    "InvitedGroup",
    "KpiUse",
    "MarginComposition",
    "MergedCategories",
    "ModeEffect",
    "Outcomes",
    "PartialIndicator",
    "Reach",
    "Representation",
    "ResponseAssessment",
    "SamplingBiasOutcome",
    "SamplingBiasParameters",
    "SamplingBiasResult",
    "SamplingFrame",
    "Stage",
    "UnseenBounds",
    "Usability",
    "WeightingSummary",
]
