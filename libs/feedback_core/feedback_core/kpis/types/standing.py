"""How a response stands, as the cells know it."""

from enum import StrEnum


class Standing(StrEnum):
    """How a response stands: its status, or flagged once somebody excluded it."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    SCREENED_OUT = "screened_out"
    FLAGGED = "flagged"
