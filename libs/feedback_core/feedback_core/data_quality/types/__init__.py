"""Vocabulary of data quality: rules, what is measured, the analysis."""

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
    "FlagBasis",
    "FlagState",
    "Flagging",
    "InclusionRule",
    "ItemScale",
    "ItemSet",
    "MeasuredPart",
    "Measurement",
    "NewFlag",
    "OutlierBasis",
    "ResponsePart",
    "ScaleItem",
    "StoredRule",
    "Thresholds",
    "VersionBasis",
    "VersionItems",
]
