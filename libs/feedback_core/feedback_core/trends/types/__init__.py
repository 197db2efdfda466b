"""Vocabulary of trends: a series of periods goes in, tests, slopes, charts and changes come out."""

from feedback_core.trends.types.analysis import SeriesPoint, TrendOutcome, TrendParameters
from feedback_core.trends.types.changes import Pettitt, Segmentation, SingleChange
from feedback_core.trends.types.monotonic import CoxStuart, SamplingNoise, SenSlope, TrendMethod, TrendTest
from feedback_core.trends.types.periods import LARGEST_VALUE, PeriodValue, Step
from feedback_core.trends.types.result import (
    ChangePoint,
    Component,
    LevelChange,
    Reason,
    ReasonCode,
    Shape,
    TrendResult,
    TrendSlope,
)
from feedback_core.trends.types.seasonality import ClassicalDecomposition, Decomposition, Seasonality
from feedback_core.trends.types.xmr import Assurance, Direction, SpecialCause, Variation, XmrChart, XmrPoint

__all__ = [
    "LARGEST_VALUE",
    "Assurance",
    "ChangePoint",
    "ClassicalDecomposition",
    "Component",
    "CoxStuart",
    "Decomposition",
    "Direction",
    "LevelChange",
    "PeriodValue",
    "Pettitt",
    "Reason",
    "ReasonCode",
    "SamplingNoise",
    "Seasonality",
    "Segmentation",
    "SenSlope",
    "SeriesPoint",
    "Shape",
    "SingleChange",
    "SpecialCause",
    "Step",
    "TrendMethod",
    "TrendOutcome",
    "TrendParameters",
    "TrendResult",
    "TrendSlope",
    "TrendTest",
    "Variation",
    "XmrChart",
    "XmrPoint",
]
