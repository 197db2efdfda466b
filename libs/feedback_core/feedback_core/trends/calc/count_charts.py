"""Control charts of counts: shares (p) and events per exposure (u), each with Laney's limits where counts are large."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import ABSOLUTE_NOISE, FloatArray, IntArray, as_grid
from feedback_core.trends.calc.run_rules import anhoej_rules, violating_runs
from feedback_core.trends.calc.xmr import SCREENING_FACTOR, assurance_of
from feedback_core.trends.types import CountChart, CountChartKind, CountPoint, Direction, Variation

Laney = Literal["auto", "always", "never"]

MOVING_RANGE: Final = 1.128  # mean moving range of standard normals, rounded as qicharts2 and qcc have it
LARGE_SIZE: Final = 1000  # median size from which limits by sampling error alone are absurdly tight
LEAST_EXPECTED: Final = 5.0  # events (and non-events) below which normal limits mislead
LEAST_RANGES: Final = 2


@dataclass(frozen=True, slots=True)
class ChartRules:
    """What a chart of counts counts as a signal.

    Attributes:
        run_length: from which a run on one side of the centre counts: 7 (qcc, Making Data Count), or 8.
        sigmas: distance of the limits from the centre, in standard errors.
        screen: leave moving ranges of at least 3.267 times their mean out of Laney's limits, once.
        baseline: only so many first periods make centre and limits; all when not given.
    """

    run_length: int = 7
    sigmas: float = 3.0
    screen: bool = True
    baseline: int | None = None


def p_chart(
    counts: Sequence[float | None] | FloatArray,
    sizes: Sequence[float | None] | FloatArray,
    *,
    direction: Direction = "neutral",
    target: float | None = None,
    laney: Laney = "auto",
    rules: ChartRules | None = None,
) -> CountChart:
    """Share of answers with a property in each period, with limits from the number of answers.

    Limits are ``p +- 3 sqrt(p(1-p)/n_i)``, cut to 0..1. From a median of 1000 answers they would be tighter than any
    process keeps; Laney's multiply them by how far the standardised shares move from period to period.

    Args:
        counts: answers with the property, one per period; ``None`` where a period has no value.
        sizes: answers, one per period; a period of size 0 is a gap, and no run or moving range reaches across it.
        direction: which way is good.
        target: for the assurance icon, as a share.
        laney: ``auto`` decides by the median size and says so.
        rules: what is a signal; see ``ChartRules``.

    Raises:
        NotEstimable: no period with answers, a share of 0 or 1 in all of them, or too few neighbours for Laney's.
        ValueError: negative counts or sizes, counts above sizes, or another number of counts than sizes.

    Source: Shewhart (1931); Montgomery, Introduction to Statistical Quality Control; Laney (2002), Quality
    Engineering 14:531. Golden: s22.
    """
    events, denominators = _matched(counts, sizes)
    if (events > denominators).any():
        raise ValueError("a count of answers exceeds the answers of its period")
    return _chart(events, denominators, direction, target, laney, rules or ChartRules(), share=True)


def u_chart(
    counts: Sequence[float | None] | FloatArray,
    sizes: Sequence[float | None] | FloatArray,
    *,
    direction: Direction = "neutral",
    target: float | None = None,
    laney: Laney = "auto",
    rules: ChartRules | None = None,
) -> CountChart:
    """Events per unit of exposure in each period, with limits from the exposure; an answer may hold several events.

    Limits are ``u +- 3 sqrt(u/e_i)``, the lower at least 0; Laney's as in ``p_chart``, from a median of 1000 events.

    Args:
        counts: events, one per period; ``None`` where a period has no value.
        sizes: exposure, one per period, above 0; a period of size 0 is a gap.
        direction: which way is good.
        target: for the assurance icon, in events per unit.
        laney: ``auto`` decides by the median number of events and says so.
        rules: what is a signal; see ``ChartRules``.

    Raises:
        NotEstimable: no period with exposure, no event in any of them, or too few neighbours for Laney's.
        ValueError: negative counts or sizes, or another number of counts than sizes.

    Source: as ``p_chart``. Golden: s22 (the p charts; u charts share all but the standard error).
    """
    events, denominators = _matched(counts, sizes)
    return _chart(events, denominators, direction, target, laney, rules or ChartRules(), share=False)


def _chart(
    events: FloatArray,
    sizes: FloatArray,
    direction: Direction,
    target: float | None,
    laney: Laney,
    rules: ChartRules,
    *,
    share: bool,
) -> CountChart:
    present = np.flatnonzero(np.isfinite(events))
    base = _baseline(present, rules)
    values = events / sizes
    centre = float(events[base].sum() / sizes[base].sum())
    spread = centre * (1 - centre) if share else centre
    if spread <= ABSOLUTE_NOISE:
        nothing = "no answer or every answer has the property" if share else "there is no event"
        raise NotEstimable(f"In the whole baseline {nothing}, so a control chart has no limits.")
    errors = np.sqrt(spread / sizes)
    prime, why = _decide(laney, (sizes if share else events)[present], share)
    sigma_z = _sigma_z((values - centre) / errors, base, rules) if prime else None
    half = rules.sigmas * errors * (1.0 if sigma_z is None else sigma_z)
    lower, upper = np.maximum(centre - half, 0.0), centre + half
    if share:
        upper = np.minimum(upper, 1.0)
    side = np.where(np.isfinite(values), np.sign(np.nan_to_num(values, nan=centre) - centre), 0.0).astype(np.int64)
    violating = violating_runs(side, rules.run_length)
    points = tuple(
        CountPoint(
            index=int(i),
            value=float(values[i]),
            size=float(sizes[i]),
            lower_limit=float(lower[i]),
            upper_limit=float(upper[i]),
            beyond_limits=bool(values[i] > upper[i] or values[i] < lower[i]),
            in_violating_run=bool(violating[i]),
            variation=_variation(values[i] > upper[i] or values[i] < lower[i] or violating[i], int(side[i]), direction),
        )
        for i in present
    )
    return CountChart(
        kind=_kind(share, prime),
        centre=centre,
        sigma_z=sigma_z,
        points=points,
        run_length=rules.run_length,
        runs=anhoej_rules(side),
        variation=points[-1].variation,
        assurance=assurance_of(points[-1].lower_limit, points[-1].upper_limit, target, direction),
        warnings=(*why, *_few_expected(centre, sizes[present], share, prime)),
    )


def _matched(
    counts: Sequence[float | None] | FloatArray, sizes: Sequence[float | None] | FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Counts and sizes on the grid, both NaN where either is missing or the size is 0."""
    events, denominators = as_grid(counts), as_grid(sizes)
    if events.shape != denominators.shape:
        raise ValueError("one size per count is needed")
    if (events < 0).any() or (denominators < 0).any():
        raise ValueError("counts and sizes must not be negative")
    known = np.isfinite(events) & (np.nan_to_num(denominators) > 0)
    if not known.any():
        raise NotEstimable("No period has answers, so there is nothing to chart.")
    return np.where(known, events, np.nan), np.where(known, denominators, np.nan)


def _baseline(present: IntArray, rules: ChartRules) -> IntArray:
    if rules.run_length < 2 or not rules.sigmas > 0 or (rules.baseline is not None and rules.baseline < 1):
        raise ValueError("run_length must be at least 2, sigmas above 0, and baseline at least 1")
    base = present if rules.baseline is None else present[present < rules.baseline]
    if base.size == 0:
        raise NotEstimable("No period of the baseline has answers.")
    return base


def _decide(laney: Laney, counted: FloatArray, share: bool) -> tuple[bool, tuple[str, ...]]:
    """Whether limits are Laney's, and the sentence that says why where that was not asked for."""
    if laney != "auto":
        return laney == "always", ()
    typical = float(np.median(counted))
    if typical < LARGE_SIZE:
        return False, ()
    noun = "answers" if share else "events"
    detail = (
        f"With a median of {typical:.0f} {noun} a period, sampling error alone makes limits that no process keeps; "
        "these allow for the usual movement between periods as well (Laney)."
    )
    return True, (detail,)


def _sigma_z(scores: FloatArray, base: IntArray, rules: ChartRules) -> float:
    within = np.full(scores.size, np.nan)
    within[base] = scores[base]
    ranges = np.abs(np.diff(within))
    ranges = ranges[np.isfinite(ranges)]
    if ranges.size < LEAST_RANGES:
        raise NotEstimable(
            f"Laney's limits need at least {LEAST_RANGES + 1} neighbouring periods with answers in the baseline."
        )
    limit = SCREENING_FACTOR * float(ranges.mean())
    kept = ranges[ranges < limit] if rules.screen and limit > 0 else ranges
    sigma = float(kept.mean()) / MOVING_RANGE
    if sigma <= 1e-9:
        raise NotEstimable("All periods have the same figure, so Laney's limits have no width.")
    return sigma


def _few_expected(centre: float, sizes: FloatArray, share: bool, prime: bool) -> tuple[str, ...]:
    rarer = min(centre, 1 - centre) if share else centre
    smallest = float(sizes.min())
    if prime or smallest * rarer >= LEAST_EXPECTED:
        return ()
    needed = math.ceil(LEAST_EXPECTED / rarer)
    noun = "answers" if share else "units of exposure"
    return (f"The smallest period has {smallest:g} {noun}; limits are rough below {needed} of them.",)


def _kind(share: bool, prime: bool) -> CountChartKind:
    if share:
        return CountChartKind.P_PRIME if prime else CountChartKind.P
    return CountChartKind.U_PRIME if prime else CountChartKind.U


def _variation(signal: bool, side: int, direction: Direction) -> Variation:
    if not signal or side == 0:
        return Variation.COMMON_CAUSE
    if direction == "neutral":
        return Variation.NEUTRAL_HIGH if side > 0 else Variation.NEUTRAL_LOW
    return Variation.IMPROVEMENT if (side > 0) == (direction == "higher_is_better") else Variation.CONCERN
