"""Margins of the frame as a caller gives them: read, checked, and refused with pointers."""

import math
from collections.abc import Mapping, Sequence

from feedback_core.kit.errors import Fault
from feedback_core.weighting.types import Margin, MarginsUnusable

# Shares are often given rounded to 2 or 3 decimals; a larger gap is a missing category or a slip.
SHARE_TOLERANCE = 0.005
# Two sources count the same population a little differently; more than this and they are two populations.
TOTAL_TOLERANCE = 0.01
# Smaller shares are slips, and beyond what the arithmetic can meet to its tolerance.
SMALLEST_SHARE = 1e-9
FEWEST_CATEGORIES = 2


def read_margins(raw: Mapping[str, Mapping[str, float]]) -> tuple[Margin, ...]:
    """Margins from attribute → category → share, percentage or count.

    Figures that sum to 1 (± 0.005) are shares, to 100 (± 0.5) percentages, anything else counts. Shares are scaled to
    sum to exactly 1.

    Raises:
        MarginsUnusable: no margin, fewer than two categories, a figure that is not finite and above 0 or
            less than a billionth of the frame, shares that do not sum to 1, or counts whose totals differ between
            margins by more than 1 %.
    """
    faults: list[Fault] = []
    margins: list[Margin] = []
    if not raw:
        faults.append(Fault(pointer(), "no_margins", "Give the frame's distribution over at least one attribute."))
    for attribute, figures in raw.items():
        found = _faults_of(attribute, figures)
        faults += found
        if not found:
            margins.append(_margin(attribute, figures))
    faults += _contradicting_totals(margins)
    if faults:
        raise MarginsUnusable(faults)
    return tuple(margins)


def pointer(*parts: str) -> str:
    """JSON pointer (RFC 6901) below ``/frame/margins``."""
    return "".join(["/frame/margins", *("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)])


def _faults_of(attribute: str, figures: Mapping[str, float]) -> list[Fault]:
    if len(figures) < FEWEST_CATEGORIES:
        return [Fault(pointer(attribute), "too_few_categories", f"Give at least two categories of {attribute}.")]
    faults = [
        Fault(
            pointer(attribute, category),
            "not_a_positive_number",
            f"{figure} is not a share or count above 0; give the frame's figure, "
            "or leave the category out if it is empty.",
        )
        for category, figure in figures.items()
        if not (math.isfinite(figure) and figure > 0)
    ]
    if faults:
        return faults
    total = sum(figures.values())
    if not math.isfinite(total):
        return [Fault(pointer(attribute), "too_large", f"The counts of {attribute} are too large to add up.")]
    negligible = [category for category, figure in figures.items() if figure / total < SMALLEST_SHARE]
    if negligible:
        return [
            Fault(
                pointer(attribute, category),
                "share_too_small",
                f"{attribute} {category!r} is less than a billionth of the frame; merge it with a similar category.",
            )
            for category in negligible
        ]
    if not _are_shares(total) and max(figures.values()) < 1:
        return [
            Fault(
                pointer(attribute),
                "shares_do_not_sum",
                f"The shares of {attribute} sum to {total:.4g}, not 1; name every category of the frame.",
            )
        ]
    return []


def _margin(attribute: str, figures: Mapping[str, float]) -> Margin:
    total = math.fsum(figures.values())
    shares = tuple(float(figure / total) for figure in figures.values())
    counted = None if _are_shares(total) or _are_percentages(total) else total
    return Margin(attribute, tuple(figures), shares, counted)


def _are_shares(total: float) -> bool:
    return abs(total - 1) <= SHARE_TOLERANCE


def _are_percentages(total: float) -> bool:
    return abs(total - 100) <= 100 * SHARE_TOLERANCE


def _contradicting_totals(margins: Sequence[Margin]) -> list[Fault]:
    counted = [margin for margin in margins if margin.total is not None]
    if not counted:
        return []
    first = counted[0]
    return [
        Fault(
            pointer(margin.attribute),
            "totals_contradict",
            f"{margin.attribute} counts {margin.total:.10g} people and {first.attribute} {first.total:.10g}; "
            "give both for the same population, or as shares.",
        )
        for margin in counted[1:]
        if abs((margin.total or 0) / (first.total or 1) - 1) > TOTAL_TOLERANCE
    ]
