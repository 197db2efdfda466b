"""The sampling-bias assessment: composition, weights, the KPI both ways, a verdict and what stays unseen."""

import math
from collections.abc import Callable, Sequence

from feedback_core.bias.calc.cell_table import CellTable, KpiScores, scores_of
from feedback_core.bias.calc.composition import (
    compare_with_frame,
    ranked_by_effect,
    ranked_by_gap,
)
from feedback_core.bias.calc.differences import mean_difference
from feedback_core.bias.calc.verdict import judge, judge_with
from feedback_core.bias.calc.weighted_kpi import WeightedKpi, unweighted_kpi, weighted_kpi
from feedback_core.bias.calc.wording import cannot_tell, sentence
from feedback_core.bias.types import BiasReason, MarginComposition, SamplingBiasResult
from feedback_core.kit.errors import DomainError, Fault, Invalid, NotEstimable
from feedback_core.kit.estimates import Estimate
from feedback_core.weighting.calc import CAP, Margin, MarginsUnusable
from feedback_core.weighting.margins import pointer


def assess_sampling_bias(
    sample: CellTable,
    margins: Sequence[Margin],
    kpi: KpiScores,
    *,
    unweighted: Estimate | None = None,
    level: float = 0.95,
    minimum_cell: int = 5,
    cap: float = CAP,
    evidence: Sequence[BiasReason] = (),
    weigh: Callable[[], WeightedKpi] | None = None,
) -> SamplingBiasResult:
    """Hold the respondents of ``sample`` against the frame's ``margins``.

    Respondents whose category is unknown are counted and told of, and left out of the weighting.

    Args:
        sample: answers by cell and value.
        margins: the frame, one margin per attribute (`read_margins`).
        kpi: how answers become scores.
        unweighted: the KPI of the same answers where the caller has it, with the interval of its own method; otherwise
            the mean score with a t interval.
        level: coverage of the intervals.
        minimum_cell: fewer answers than this are not published.
        cap: largest weight over the mean weight.
        evidence: findings beside composition and weights that bear on the verdict (`evidence_of_methods` …).
        weigh: weights the KPI by a scheme of its own (`kpi_by_scheme`) instead of raking it to ``margins``.

    Raises:
        MarginsUnusable: no margin, a margin of an attribute that the respondents lack, or respondents with a category
            that the frame does not name.
        Invalid: an answered value without a score, an ``unweighted`` that is not of these answers, a cap not above 1.
        NotEstimable: fewer than ``minimum_cell`` answers, or an attribute that is unknown for all of them.

    Source: Pearson's test, ASMD (Austin 2009), raking (Deville, Särndal & Sautory 1993), Kish (1992).
    """
    _refuse_unusable(sample, margins, minimum_cell)
    scores = scores_of(sample, kpi)
    answered = unweighted_kpi(sample, scores, kpi, level=level)
    if unweighted is not None:
        answered = _same_answers(unweighted, answered)
    compared = tuple(compare_with_frame(sample, margin, scores, minimum_cell=minimum_cell) for margin in margins)
    raked: WeightedKpi | None = None
    obstacles: tuple[str, ...] = ()
    try:
        raked = weigh() if weigh else weighted_kpi(sample, margins, scores, kpi, cap=cap, level=level)
    except MarginsUnusable as unusable:
        obstacles = tuple(fault.detail for fault in unusable.faults)
    except DomainError as impossible:
        if weigh is None:
            raise
        obstacles = (impossible.detail,)
    verdict = judge_with(judge(answered, raked, compared, obstacles), evidence)
    weighted = None if raked is None else raked.estimate
    attributes = [margin.attribute for margin in margins]
    not_in_frame = tuple(attribute for attribute in sample.attributes if attribute not in attributes)
    differences = [[category.standardised_difference for category in margin.categories] for margin in compared]
    return SamplingBiasResult(
        n=sample.n,
        margins=compared,
        by_gap=ranked_by_gap(compared),
        by_effect=ranked_by_effect(compared),
        largest_difference=max(max(levels) for levels in differences),
        mean_difference=mean_difference(differences),
        weighting=None if raked is None else raked.weighting,
        unweighted=answered,
        weighted=weighted,
        shift=None if weighted is None else weighted.value - answered.value,
        not_in_frame=not_in_frame,
        cannot_tell=cannot_tell(attributes, not_in_frame),
        state=verdict.state,
        reasons=verdict.reasons,
        sentence=sentence(kpi, answered, weighted, compared, verdict),
        warnings=_warnings(sample, compared, raked, cap),
        not_usable_for=verdict.not_usable_for,
        evidence=tuple(evidence),
    )


def _refuse_unusable(sample: CellTable, margins: Sequence[Margin], minimum_cell: int) -> None:
    if not margins:
        detail = "Give the frame's distribution over at least one attribute."
        raise MarginsUnusable([Fault(pointer(), "no_margins", detail)])
    known = ", ".join(sample.attributes) or "none"
    faults = [
        Fault(
            pointer(margin.attribute),
            "unknown_attribute",
            f"Respondents have no attribute {margin.attribute!r}; the survey declares: {known}.",
        )
        for margin in margins
        if margin.attribute not in sample.attributes
    ]
    if faults:
        raise MarginsUnusable(faults)
    if sample.n < max(2, minimum_cell):
        raise NotEstimable(f"Only {sample.n} answered; at least {max(2, minimum_cell)} are needed to publish anything.")


def _same_answers(given: Estimate, own: Estimate) -> Estimate:
    if given.n != own.n or not math.isclose(given.value, own.value, rel_tol=1e-9, abs_tol=1e-9):
        detail = f"The given figure is {given.value} of {given.n} answers, but these make {own.value} of {own.n}."
        raise Invalid([Fault("/unweighted", "other_answers", detail)])
    return given


def _warnings(
    sample: CellTable, margins: Sequence[MarginComposition], raked: WeightedKpi | None, cap: float
) -> tuple[str, ...]:
    told = [f"{margin.attribute}: {warning}" for margin in margins for warning in margin.fit.warnings]
    told += [
        f"The {margin.attribute} of {margin.n_unknown:,} of {sample.n:,} respondents is unknown; they are in the "
        "unweighted figure only."
        for margin in margins
        if margin.n_unknown
    ]
    if raked is not None and raked.weighting.scheme is not None:
        told += [f"Weighted by {raked.weighting.scheme}: {warning}" for warning in raked.weighting.warnings]
    elif raked is not None and raked.weighting.share_capped:
        told.append(
            f"{raked.weighting.share_capped:.1%} of the respondents would weigh more than {cap:g} times the mean "
            f"(up to {raked.weighting.largest_before_cap:.1f}); their weights were cut to that."
        )
    return tuple(told)
