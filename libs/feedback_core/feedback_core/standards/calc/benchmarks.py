"""One's own figure beside that of others: with the intervals of both where theirs can be had."""

import math
from dataclasses import dataclass
from typing import Literal

from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.planning.calc.sample_size import normal_quantile
from feedback_core.standards.calc.wording import percent, written
from feedback_core.standards.types import BenchmarkComparison, BenchmarkDetails, Beside, Demand


@dataclass(frozen=True, slots=True)
class _Found:
    interval: Interval | None
    beside: Beside
    basis: Literal["both_intervals", "own_interval_only"]


def compare_with_benchmark(
    key: str, benchmark: BenchmarkDetails, estimate: Estimate, *, direction: Demand, share: bool
) -> BenchmarkComparison | None:
    """How one's own figure stands beside a benchmark; ``None`` where one's own has no interval.

    The interval of the difference is made from those of both: d - sqrt((x - l1)² + (u2 - y)²) to
    d + sqrt((u1 - x)² + (y - l2)²). Theirs is the one stated, brought to the level of one's own, or Wilson's where the
    figure is a share and n is known. Where nothing is known of it, their figure is held against one's own interval
    alone, and the comparison says so.

    Source: Newcombe (1998), Statistics in Medicine 17:873; Zou & Donner (2008), Statistics in Medicine 27:1693.
    """
    own = estimate.interval
    if own is None:
        return None
    difference = estimate.value - benchmark.figure
    theirs = _limits(benchmark, own.level, share=share)
    if theirs is None:
        beside = _beside(own.low - benchmark.figure, own.high - benchmark.figure, direction)
        found = _Found(None, beside, "own_interval_only")
    else:
        below = math.hypot(estimate.value - own.low, theirs[1] - benchmark.figure)
        above = math.hypot(own.high - estimate.value, benchmark.figure - theirs[0])
        interval = Interval(difference - below, difference + above, own.level, "newcombe_hybrid")
        found = _Found(interval, _beside(interval.low, interval.high, direction), "both_intervals")
    return BenchmarkComparison(
        key=key,
        name=benchmark.name,
        sector=benchmark.sector,
        source=benchmark.source,
        published_on=benchmark.published_on,
        comparability=benchmark.comparability,
        figure=benchmark.figure,
        difference=difference,
        interval=found.interval,
        beside=found.beside,
        basis=found.basis,
        sentence=_sentence(benchmark, found, share=share),
    )


def _limits(benchmark: BenchmarkDetails, level: float, *, share: bool) -> tuple[float, float] | None:
    figure, stated = benchmark.figure, benchmark.interval
    if stated is not None:
        scale = normal_quantile(level) / normal_quantile(stated.level)
        return figure - (figure - stated.low) * scale, figure + (stated.high - figure) * scale
    if share and benchmark.n is not None:
        wilson = proportion_estimate(round(figure * benchmark.n), benchmark.n, level=level).interval
        assert wilson is not None
        # Their figure may have been rounded: the limits must not leave it outside.
        return min(wilson.low, figure), max(wilson.high, figure)
    return None


def _beside(low: float, high: float, direction: Demand) -> Beside:
    if low <= 0.0 <= high:
        return Beside.NO_DIFFERENCE_SHOWN
    return Beside.BETTER if (low > 0.0) == (direction is Demand.AT_LEAST) else Beside.WORSE


def _sentence(benchmark: BenchmarkDetails, found: _Found, *, share: bool) -> str:
    theirs = (
        f"{benchmark.name} ({benchmark.sector}, {benchmark.published_on:%Y}): {written(benchmark.figure, share=share)}"
    )
    words = {
        Beside.BETTER: "ours is better",
        Beside.WORSE: "ours is worse",
        Beside.NO_DIFFERENCE_SHOWN: "no difference is shown",
    }[found.beside]
    if found.interval is None:
        return f"{theirs}; {words}, as far as our own interval tells: how sure theirs is, is not known."
    low, high = (written(limit, share=share) for limit in (found.interval.low, found.interval.high))
    unit = " points" if share else ""
    limits = f"{low.removesuffix('%')} to {high.removesuffix('%')}{unit}"
    return f"{theirs}; {words} ({percent(found.interval.level)} interval of the difference {limits})."
