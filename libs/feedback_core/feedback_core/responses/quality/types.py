"""Signs of careless answering, as they are kept beside responses."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FlagKind(StrEnum):
    """Signs of careless answering."""

    STRAIGHT_LINING = "straight_lining"
    SPEEDING = "speeding"
    DUPLICATE = "duplicate"
    INCONSISTENT = "inconsistent"
    OUTLIER = "outlier"
    MISSING_ITEMS = "missing_items"


@dataclass(frozen=True, slots=True)
class ResponseFlag:
    """One sign of careless answering, as it was measured: a fact beside the response, which it does not alter.

    Attributes:
        sign: what was found, more closely: the grid, or in what a duplicate is the same.
        value: as measured, in the unit of its kind.
        threshold: that ``value`` is beyond.
        rule_version: of the survey's inclusion rule that set the threshold.
    """

    kind: FlagKind
    sign: str
    value: float
    threshold: float
    rule_version: int
    flagged_at: datetime
