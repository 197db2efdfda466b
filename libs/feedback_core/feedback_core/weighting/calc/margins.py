"""Margins of the frame: what share each category has, read and checked before any weight is calculated."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import Fault
from feedback_core.weighting.margins import pointer
from feedback_core.weighting.types import Margin, MarginsUnusable


def encode(margins: Sequence[Margin], columns: Sequence[Sequence[str]]) -> NDArray[np.int64]:
    """Codes of the respondents' categories, shape (margins, respondents): indexes into ``Margin.categories``.

    Args:
        margins: as read by `read_margins`.
        columns: per margin, the category of each respondent; all of one length.

    Raises:
        MarginsUnusable: a category without respondents, or one of respondents that the margin does not name.
    """
    faults = [
        fault
        for margin, column in zip(margins, columns, strict=True)
        for fault in faults_against_respondents(margin, set(column))
    ]
    if faults:
        raise MarginsUnusable(faults)
    coded = [_codes(margin, column) for margin, column in zip(margins, columns, strict=True)]
    return np.array(coded, dtype=np.int64).reshape(len(margins), -1)


def faults_against_respondents(margin: Margin, present: Iterable[str]) -> list[Fault]:
    """What keeps this margin from being met by respondents of the categories ``present``."""
    answering = set(present)
    named = set(margin.categories)
    missing = [without_respondents(margin.attribute, name) for name in margin.categories if name not in answering]
    unnamed = [
        Fault(
            pointer(margin.attribute),
            "category_not_in_frame",
            f"Respondents have {margin.attribute} {name!r}, which the frame does not name; "
            "add its share or recode them.",
        )
        for name in sorted(answering - named)
    ]
    return missing + unnamed


def without_respondents(attribute: str, category: str) -> Fault:
    """The fault of a frame category that nobody answered for: no weight can stand in for it."""
    return Fault(
        pointer(attribute, category),
        "category_without_respondents",
        f"Nobody with {attribute} {category!r} answered, so no weight can stand in for them; "
        "ask them, or merge the category with a similar one.",
    )


def _codes(margin: Margin, column: Sequence[str]) -> list[int]:
    code_of = {category: code for code, category in enumerate(margin.categories)}
    return [code_of[name] for name in column]
