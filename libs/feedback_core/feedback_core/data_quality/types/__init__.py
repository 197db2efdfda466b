"""Vocabulary of data quality: rules, what is measured, the analysis."""

from feedback_core.data_quality.types.analysis import DataQualityOutcome, DataQualityParameters
from feedback_core.data_quality.types.findings import (
    BreakOff,
    BreakOffStep,
    FlagFindings,
    FlagShare,
    GroupFlags,
    GroupNonresponse,
    ItemNonresponseFinding,
    KpiWithAndWithout,
    ScaleFinding,
)
from feedback_core.data_quality.types.items import ItemSet, ScaleItem
from feedback_core.data_quality.types.measuring import (
    FlagBasis,
    FlagState,
    MeasuredPart,
    Measurement,
    NewFlag,
    OutlierBasis,
    ResponsePart,
    VersionBasis,
    VersionItems,
)
from feedback_core.data_quality.types.rules import (
    ALL_KINDS,
    MOST_SCALE_ITEMS,
    MOST_SCALES,
    Flagging,
    InclusionRule,
    ItemScale,
    StoredRule,
    Thresholds,
)

__all__ = [
    "ALL_KINDS",
    "MOST_SCALES",
    "MOST_SCALE_ITEMS",
    "BreakOff",
    "BreakOffStep",
    "DataQualityOutcome",
    "DataQualityParameters",
    "FlagBasis",
    "FlagFindings",
    "FlagShare",
    "FlagState",
    "Flagging",
    "GroupFlags",
    "GroupNonresponse",
    "InclusionRule",
    "ItemNonresponseFinding",
    "ItemScale",
    "ItemSet",
    "KpiWithAndWithout",
    "MeasuredPart",
    "Measurement",
    "NewFlag",
    "OutlierBasis",
    "ResponsePart",
    "ScaleFinding",
    "ScaleItem",
    "StoredRule",
    "Thresholds",
    "VersionBasis",
    "VersionItems",
]
