"""Composition of the respondents against the frame, category by category, and what each gap does to the KPI."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feedback_core.bias.calc.cell_table import CellTable
from feedback_core.bias.calc.differences import LOOK, mean_difference, share_differences
from feedback_core.bias.calc.goodness_of_fit import goodness_of_fit
from feedback_core.bias.types import CategoryComposition, MarginComposition, Representation
from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import Margin, MarginsUnusable, faults_against_respondents

# A standardised residual this large is rarer than one in twenty under random sampling.
BEYOND_CHANCE = 1.96


def compare_with_frame(
    sample: CellTable, margin: Margin, scores: NDArray[np.float64], *, minimum_cell: int
) -> MarginComposition:
    """Composition of ``sample`` over the attribute of ``margin``.

    Args:
        sample: answers by cell; one of its attributes is the margin's.
        margin: the frame's distribution.
        scores: score of each of the sample's values.
        minimum_cell: with fewer answers, a category's effect on the KPI is withheld, and another's with it, so that it
            cannot be worked out from the rest.

    Raises:
        MarginsUnusable: respondents have a category that the frame does not name.
        NotEstimable: no respondent's category is known.
    """
    folded = sample.onto([margin.attribute])
    answers = {cell[0]: row for cell, row in zip(folded.cells, folded.counts, strict=True)}
    unknown = answers.pop(None, np.zeros(len(folded.values), dtype=np.int64))
    if not answers:
        raise NotEstimable(f"The {margin.attribute} of every respondent is unknown, so nothing can be compared.")
    present = {category for category in answers if category is not None}
    # A frame category that nobody answered for is a finding here; it only forbids weighting.
    faults = [fault for fault in faults_against_respondents(margin, present) if fault.code == "category_not_in_frame"]
    if faults:
        raise MarginsUnusable(faults)
    nobody = np.zeros(len(folded.values), dtype=np.int64)
    counts = np.vstack([answers.get(category, nobody) for category in margin.categories])
    fit = goodness_of_fit(counts.sum(axis=1).tolist(), margin.shares)
    differences = share_differences([n / fit.n for n in fit.observed], margin.shares)
    effects = _effects(counts, np.asarray(margin.shares), scores, minimum_cell)
    categories = tuple(
        CategoryComposition(
            attribute=margin.attribute,
            category=category,
            n=fit.observed[index],
            share=fit.observed[index] / fit.n,
            frame_share=margin.shares[index],
            gap=fit.gaps[index],
            standardised_residual=fit.standardised_residuals[index],
            standardised_difference=differences[index],
            representation=_represented(fit.standardised_residuals[index], differences[index]),
            effect_on_kpi=effects[index],
        )
        for index, category in enumerate(margin.categories)
    )
    return MarginComposition(margin.attribute, categories, fit, mean_difference([differences]), int(unknown.sum()))


def ranked_by_gap(margins: Sequence[MarginComposition]) -> tuple[CategoryComposition, ...]:
    """Over- and under-represented categories of all attributes, the largest gap first."""
    off = [
        category
        for margin in margins
        for category in margin.categories
        if category.representation is not Representation.AS_EXPECTED
    ]
    return tuple(sorted(off, key=lambda category: -abs(category.gap)))


def ranked_by_effect(margins: Sequence[MarginComposition]) -> tuple[CategoryComposition, ...]:
    """The same categories as `ranked_by_gap`, the largest effect on the KPI first, those withheld left out."""
    known = [category for category in ranked_by_gap(margins) if category.effect_on_kpi is not None]
    return tuple(sorted(known, key=lambda category: -abs(category.effect_on_kpi or 0.0)))


def _represented(residual: float, difference: float) -> Representation:
    if difference < LOOK or abs(residual) < BEYOND_CHANCE:
        return Representation.AS_EXPECTED
    return Representation.OVER if residual > 0 else Representation.UNDER


def _effects(
    counts: NDArray[np.int64], frame: NDArray[np.float64], scores: NDArray[np.float64], minimum_cell: int
) -> list[float | None]:
    in_category = counts.sum(axis=1)
    n = in_category.sum()
    mean = float(counts.sum(axis=0) @ scores) / float(n)
    withheld = _withheld(in_category, minimum_cell)
    return [
        None if hidden or not size else float((share - size / n) * (float(answers @ scores) / float(size) - mean))
        for answers, size, share, hidden in zip(counts, in_category, frame, withheld, strict=True)
    ]


def _withheld(sizes: NDArray[np.int64], minimum_cell: int) -> NDArray[np.bool_]:
    """Categories too small to publish, with the next smallest until their sum is publishable and not one of a kind."""
    hidden = (sizes > 0) & (sizes < minimum_cell)
    if not hidden.any():
        return hidden
    for index in np.argsort(sizes, kind="stable"):
        if np.count_nonzero(hidden) >= 2 and sizes[hidden].sum() >= minimum_cell:
            break
        hidden[index] |= sizes[index] > 0
    return hidden
