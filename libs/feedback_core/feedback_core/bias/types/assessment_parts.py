"""Words that several findings on sampling bias share."""

from dataclasses import dataclass
from enum import StrEnum


class Representation(StrEnum):
    """How a category's share of the respondents stands to its share of the frame."""

    OVER = "over"
    UNDER = "under"
    AS_EXPECTED = "as_expected"


@dataclass(frozen=True, slots=True)
class MergedCategories:
    """Categories that are shown as one, since with a figure of each a small group could be worked out.

    Attributes:
        attribute: key of the attribute.
        category: what they are called together.
        categories: their keys.
        includes_unknown: whether respondents whose category is not known are among them.
    """

    attribute: str
    category: str
    categories: tuple[str, ...]
    includes_unknown: bool
