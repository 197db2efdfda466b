"""Words that several findings on sampling bias share."""

from enum import StrEnum


class Representation(StrEnum):
    """How a category's share of the respondents stands to its share of the frame."""

    OVER = "over"
    UNDER = "under"
    AS_EXPECTED = "as_expected"
