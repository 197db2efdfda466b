"""How a response stands, as the cells know it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Standing(StrEnum):
    """How a response stands: its status, or flagged once somebody excluded it, or suspect by the inclusion rule."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    SCREENED_OUT = "screened_out"
    OVER_QUOTA = "over_quota"
    INVALID = "invalid"
    FLAGGED = "flagged"
    SUSPECT = "suspect"
    SUSPECT_PARTIAL = "suspect_partial"


SUSPECTED: Final[Mapping[Standing, Standing]] = {
    Standing.COMPLETE: Standing.SUSPECT,
    Standing.PARTIAL: Standing.SUSPECT_PARTIAL,
}
"""How a response of each status stands that the inclusion rule holds for suspect; of the others it says nothing."""
