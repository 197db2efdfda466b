"""What a known event changed in a series of periods: the segmented regression, and the finding in words."""

from datetime import date
from typing import Final

import numpy as np
from scipy.special import fdtrc

from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.trends.calc.arrays import IntArray
from feedback_core.trends.calc.interrupted import interrupted_series
from feedback_core.trends.calc.run import Run
from feedback_core.trends.calc.segmented_regression import LEVEL_CHANGE, SLOPE_CHANGE, segmented_design
from feedback_core.trends.calc.sentence import Wording, decimals
from feedback_core.trends.types import (
    Component,
    Direction,
    InterruptedSeries,
    InterruptionFinding,
    InterruptionPeriod,
    KnownEvent,
    SegmentedFit,
)

MOST_HARMONICS: Final = 2

ASSUMES: Final = (
    "Without the event, level, slope and season before it would have gone on.",
    "Nothing else happened at the same time, and the event did not change who answers.",
    "Errors of neighbouring periods are as the error model has them.",
)


def interruption(run: Run, event: KnownEvent, direction: Direction, wording: Wording) -> InterruptionFinding | None:
    """The effect of an event, or ``None`` with the reason noted: at least 8 periods on each side, among others.

    A period in which the event happened is left out: it is neither before nor after. A season is fitted as sines and
    cosines where one was found.

    Source: as `interrupted_series`. Golden: s23 by parts.
    """
    return run.attempt(Component.INTERRUPTION, lambda: _finding(run, event, direction, wording))


def why_not(run: Run, event: KnownEvent) -> str:
    """That the effect cannot be told, and why, as a sentence; empty where it can."""
    reasons = [reason.detail for reason in run.reasons if reason.component is Component.INTERRUPTION]
    return f" The effect of {event.label} cannot be told: {reasons[0]}" if reasons else ""


def _finding(run: Run, event: KnownEvent, direction: Direction, wording: Wording) -> InterruptionFinding:
    grid = run.grid
    position = grid.position_of(event.at)
    straddling = _straddling(run, event.at, position)
    kept = np.flatnonzero(grid.positions != straddling) if straddling is not None else np.arange(grid.n)
    positions: IntArray = grid.positions[kept]
    first_after = int(np.count_nonzero(positions < position))
    harmonics = 0 if not run.adjusted or run.period is None else min(MOST_HARMONICS, (run.period - 1) // 2)
    design = segmented_design(positions, first_after, period=run.period if harmonics else None, harmonics=harmonics)
    values = grid.values[kept]
    found = interrupted_series(values, design, errors=event.errors, level=run.level)
    fit, effect = found.fit, found.effect
    p_value = _joint_p_value(fit)
    effective = p_value < 1 - run.level
    without = Interval(effect.counterfactual_low[-1], effect.counterfactual_high[-1], run.level, fit.error_model)
    rises = effect.at_end.value > 0
    improvement = None if not effective or direction == "neutral" else rises == (direction == "higher_is_better")
    starts = [grid.starts[int(at)] for at in positions]
    warnings = list(found.warnings)
    if straddling is not None:
        left_out = grid.name_of(grid.starts[straddling])
        warnings.insert(0, f"{left_out} is left out: {event.label} lies within it.")
    return InterruptionFinding(
        event=event,
        first_period=starts[first_after],
        straddling=None if straddling is None else grid.starts[straddling],
        n_before=first_after,
        n_after=len(starts) - first_after,
        harmonics=harmonics,
        level_change=fit.coefficient(LEVEL_CHANGE),
        slope_change=fit.coefficient(SLOPE_CHANGE),
        slope_before=fit.coefficient("slope"),
        joint_p_value=p_value,
        effective=effective,
        improvement=improvement,
        at_end=effect.at_end,
        mean=effect.mean,
        counterfactual_at_end=Estimate(effect.counterfactual[-1], without, None, fit.n, float(fit.n)),
        phi=fit.phi,
        serial_correlation=found.serial_correlation,
        periods=tuple(
            InterruptionPeriod(start, float(value), *rest)
            for start, value, *rest in zip(
                starts,
                values,
                effect.fitted,
                effect.counterfactual,
                effect.counterfactual_low,
                effect.counterfactual_high,
                strict=True,
            )
        ),
        sentence=_sentence(run, event, found, effective=effective, improvement=improvement, wording=wording),
        assumes=ASSUMES,
        warnings=tuple(warnings),
    )


def _straddling(run: Run, at: date, position: int) -> int | None:
    """Position of the period in which the event lies without beginning it; of waves nobody knows when they end."""
    grid = run.grid
    begins = position < grid.size and grid.starts[position] == at
    if begins or position == 0 or grid.step.unit == "wave":
        return None
    following = grid.start_after(position - grid.size + 1)
    return position - 1 if following is not None and at < following else None


def _joint_p_value(fit: SegmentedFit) -> float:
    """Wald's F of neither change, on the residual degrees of freedom."""
    names = [term.name for term in fit.coefficients]
    chosen = [names.index(LEVEL_CHANGE), names.index(SLOPE_CHANGE)]
    changes = np.array([fit.coefficients[index].value for index in chosen])
    covariance = np.array(fit.covariance)[np.ix_(chosen, chosen)]
    statistic = float(changes @ np.linalg.solve(covariance, changes)) / len(chosen)
    return float(fdtrc(len(chosen), fit.degrees_of_freedom, statistic))


def _sentence(
    run: Run,
    event: KnownEvent,
    found: InterruptedSeries,
    *,
    effective: bool,
    improvement: bool | None,
    wording: Wording,
) -> str:
    effect, grid = found.effect, run.grid
    last, p_value = grid.name_of(grid.starts[-1]), _p(_joint_p_value(found.fit))
    subject = wording.subject
    if subject[1:2].islower():
        subject = f"{subject[:1].lower()}{subject[1:]}"
    limits = _interval(effect.at_end, wording)
    if not effective:
        return (
            f"No effect of {event.label} on {subject} can be told ({p_value}): in {last}, a difference {limits} "
            "from its earlier course fits the figures."
        )
    places = decimals(effect.at_end.interval, effect.at_end.value)
    how = "above" if effect.at_end.value > 0 else "below"
    amount = wording.amount(abs(effect.at_end.value), places)
    judged = "" if improvement is None else ", an improvement" if improvement else ", a deterioration"
    level, slope = found.fit.coefficient(LEVEL_CHANGE), found.fit.coefficient(SLOPE_CHANGE)
    return (
        f"After {event.label}, {subject} left its course ({p_value}): in {last} it lay {amount} {how} where that would "
        f"have led (a difference {limits}){judged}; at once it moved by "
        f"{wording.amount(level.value, decimals(level.interval, level.value))}, and its slope by "
        f"{wording.amount(slope.value, decimals(slope.interval, slope.value))} a {grid.step.noun.removesuffix('s')}."
    )


def _interval(estimate: Estimate, wording: Wording) -> str:
    interval = estimate.interval
    assert interval is not None
    places = decimals(interval, estimate.value)
    return f"from {wording.number(interval.low, places)} to {wording.amount(interval.high, places)}"


def _p(p_value: float) -> str:
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"
