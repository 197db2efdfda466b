"""Vocabulary of trends: a series of periods goes in, tests, slopes, charts and changes come out."""

from feedback_core.trends.types.analysis import SeriesPoint, TrendOutcome, TrendParameters
from feedback_core.trends.types.changes import (
    BaiPerron,
    BreakDate,
    Pettitt,
    Segmentation,
    SingleChange,
    StabilityMethod,
    StabilityTest,
)
from feedback_core.trends.types.count_charts import CountChart, CountChartKind, CountPoint, RunRules
from feedback_core.trends.types.forecasts import Forecast, ForecastMethod, ForecastPoint
from feedback_core.trends.types.interrupted import (
    Coefficient,
    ErrorModel,
    InterruptedSeries,
    InterventionEffect,
    SegmentedFit,
    SerialCorrelation,
)
from feedback_core.trends.types.monotonic import CoxStuart, SamplingNoise, SenSlope, TrendMethod, TrendTest
from feedback_core.trends.types.periods import LARGEST_VALUE, PeriodValue, Step
from feedback_core.trends.types.result import (
    ChangePoint,
    ChartPart,
    Component,
    ForecastPeriod,
    LevelChange,
    Reason,
    ReasonCode,
    Shape,
    TrendForecast,
    TrendResult,
    TrendSlope,
)
from feedback_core.trends.types.seasonality import (
    ClassicalDecomposition,
    Decomposition,
    MultipleDecomposition,
    Seasonality,
)
from feedback_core.trends.types.xmr import Assurance, Direction, SpecialCause, Variation, XmrChart, XmrPoint

__all__ = [
    "LARGEST_VALUE",
    "Assurance",
    "BaiPerron",
    "BreakDate",
    "ChangePoint",
    "ChartPart",
    "ClassicalDecomposition",
    "Coefficient",
    "Component",
    "CountChart",
    "CountChartKind",
    "CountPoint",
    "CoxStuart",
    "Decomposition",
    "Direction",
    "ErrorModel",
    "Forecast",
    "ForecastMethod",
    "ForecastPeriod",
    "ForecastPoint",
    "InterruptedSeries",
    "InterventionEffect",
    "LevelChange",
    "MultipleDecomposition",
    "PeriodValue",
    "Pettitt",
    "Reason",
    "ReasonCode",
    "RunRules",
    "SamplingNoise",
    "Seasonality",
    "Segmentation",
    "SegmentedFit",
    "SenSlope",
    "SerialCorrelation",
    "SeriesPoint",
    "Shape",
    "SingleChange",
    "SpecialCause",
    "StabilityMethod",
    "StabilityTest",
    "Step",
    "TrendForecast",
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
