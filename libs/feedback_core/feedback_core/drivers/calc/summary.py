"""The whole analysis: what goes with the outcome, how much, how sure that is, and where to act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from feedback_core.drivers.calc.bootstrap import bootstrap_importance
from feedback_core.drivers.calc.correlations import collinearity_warnings, correlations_of
from feedback_core.drivers.calc.importance import relative_importance
from feedback_core.drivers.calc.linear import LinearFit, fit_linear
from feedback_core.drivers.calc.outcome_model import ModelledOutcome, model_outcome
from feedback_core.drivers.calc.patterns import AnswerPatterns, checked
from feedback_core.drivers.calc.quadrants import FeaturePosition, Placement, Quadrants, importance_performance
from feedback_core.drivers.calc.wording import CANNOT_TELL, finding_in_words, size_warnings
from feedback_core.drivers.types import (
    DriverFinding,
    DriverQuestion,
    DriverRank,
    DriversResult,
    ImportanceMethod,
    Performance,
)
from feedback_core.kit.errors import NotEstimable

RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class DriversQuestion:
    """What is asked of the answers.

    Attributes:
        outcome: the question to be explained.
        top: lowest value of its top boxes.
        drivers: in the order of the drivers of the patterns.
        method: how the explained share is divided.
        level: of intervals, and of decisions.
    """

    outcome: DriverQuestion
    top: int
    drivers: Sequence[DriverQuestion]
    method: ImportanceMethod = "johnson"
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class _Sureness:
    """Ranks and intervals by driver, or why there are none."""

    ranks: Mapping[str, DriverRank]
    resamples: int
    warnings: tuple[str, ...]


def analyse_drivers(
    patterns: AnswerPatterns,
    question: DriversQuestion,
    performances: Mapping[str, Performance],
    *,
    rng: np.random.Generator | None,
) -> DriversResult:
    """Importance of each driver with intervals and ranks, its effect, and importance against performance.

    Args:
        patterns: answers of those who answered the outcome and every driver; one numeric driver per question.
        question: what is asked of them.
        performances: by name of the driver; those not there may not be shown.
        rng: the source of chance of the intervals; without it there are none.

    Raises:
        NotEstimable: as `fit_linear`; or the drivers explain nothing.

    Source: as of the parts.
    """
    given = checked(patterns)
    correlations = correlations_of(given)
    importance = relative_importance(correlations, method=question.method)
    if importance.rescaled is None:
        raise NotEstimable("The drivers explain nothing of the outcome, so there is no importance to divide.")
    linear = fit_linear(given, level=question.level)
    modelled, failed = _modelled(given, question)
    sure = _sureness(given, question, rng)
    placed = _placed(question, importance.rescaled, sure.ranks, performances)
    placements = {placement.feature: placement for placement in placed.placements} if placed else {}
    findings = [
        _finding(
            i,
            driver,
            raw=importance.raw[i],
            share=importance.rescaled[i],
            correlation=float(correlations.with_outcome[i]),
            linear=linear,
            modelled=modelled,
            rank=sure.ranks.get(driver.name),
            performance=performances.get(driver.name),
            placement=placements.get(driver.name),
        )
        for i, driver in enumerate(question.drivers)
    ]
    ordered = tuple(sorted(findings, key=lambda finding: -finding.share))
    return DriversResult(
        n=given.n,
        n_effective=given.n_effective,
        method=question.method,
        r_squared=importance.r_squared,
        adjusted_r_squared=linear.adjusted_r_squared,
        drivers=ordered,
        importance_line=placed.importance_line if placed else None,
        performance_line=placed.performance_line if placed else None,
        model=modelled.finding if modelled else None,
        resamples=sure.resamples,
        cannot_tell=CANNOT_TELL,
        sentence=finding_in_words(question.outcome.name, ordered, importance.r_squared),
        warnings=(
            *size_warnings(given.n_effective, len(question.drivers)),
            *collinearity_warnings(correlations),
            *failed,
            *sure.warnings,
        ),
    )


def _modelled(given: AnswerPatterns, question: DriversQuestion) -> tuple[ModelledOutcome | None, tuple[str, ...]]:
    try:
        return model_outcome(given, top=question.top, level=question.level), ()
    except NotEstimable as refused:
        return None, (f"The model of the answers has no estimate: {refused.detail}",)


def _sureness(given: AnswerPatterns, question: DriversQuestion, rng: np.random.Generator | None) -> _Sureness:
    if rng is None:
        return _Sureness({}, 0, ("No intervals were asked for, so the order of the drivers may be chance.",))
    try:
        found = bootstrap_importance(given, rng=rng, method=question.method, resamples=RESAMPLES, level=question.level)
    except NotEstimable as refused:
        return _Sureness({}, 0, (f"There are no intervals: {refused.detail}",))
    return _Sureness({rank.driver: rank for rank in found.ranks}, found.resamples, ())


def _placed(
    question: DriversQuestion,
    shares: Sequence[float],
    ranks: Mapping[str, DriverRank],
    performances: Mapping[str, Performance],
) -> Quadrants | None:
    """Quadrants of the drivers whose performance may be shown; ``None`` where there are fewer than two."""
    positions = [
        FeaturePosition(
            driver.name,
            share,
            ranks[driver.name].share_interval if driver.name in ranks else None,
            performances[driver.name].value,
            performances[driver.name].interval,
        )
        for driver, share in zip(question.drivers, shares, strict=True)
        if driver.name in performances
    ]
    return importance_performance(positions) if len(positions) > 1 else None


def _finding(
    i: int,
    driver: DriverQuestion,
    *,
    raw: float,
    share: float,
    correlation: float,
    linear: LinearFit,
    modelled: ModelledOutcome | None,
    rank: DriverRank | None,
    performance: Performance | None,
    placement: Placement | None,
) -> DriverFinding:
    return DriverFinding(
        driver=driver,
        contribution=raw,
        contribution_interval=rank.raw_interval if rank else None,
        share=share,
        share_interval=rank.share_interval if rank else None,
        rank=rank.rank if rank else None,
        rank_low=rank.rank_low if rank else None,
        rank_high=rank.rank_high if rank else None,
        correlation=correlation,
        slope=linear.coefficients[i],
        standardised_slope=linear.standardised[i],
        variance_inflation=linear.variance_inflation[i],
        effect=modelled.effects[i] if modelled else None,
        performance=performance,
        quadrant=placement.quadrant if placement else None,
        quadrant_is_clear=placement.is_clear if placement else False,
    )
