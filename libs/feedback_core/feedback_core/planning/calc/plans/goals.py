"""The answers that a goal takes of an unlimited population, and how they were calculated."""

import math
from dataclasses import dataclass

from scipy.special import ndtri

from feedback_core.planning.calc.comparison_size import (
    TwoSampleSize,
    sample_size_for_t_test,
    sample_size_to_compare_means,
    sample_size_to_compare_proportions,
)
from feedback_core.planning.calc.plans.refusals import NotPlannable, pointing_at
from feedback_core.planning.calc.sample_size import (
    PopulationCorrection,
    normal_quantile,
    sample_size_for_mean,
    sample_size_for_nps,
    sample_size_for_proportion,
    sample_size_for_proportion_by_cv,
    wilson_sample_size,
)
from feedback_core.planning.types import (
    CompareMeans,
    CompareNps,
    CompareProportions,
    Comparing,
    Goal,
    MeanGoal,
    NpsGoal,
    ProportionGoal,
    Step,
)

# Above this, Student's t test takes as many answers as the z test, to less than one in ten thousand.
_LARGE = 100_000
_LEAST_DIFFERENCE = 1e-6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a goal takes.

    Attributes:
        exact: answers of each group, before design, population and rounding.
        steps: how they were calculated.
        words: what is to be found out, as the object of a sentence.
        spread: standard deviation of answers, in the units of the goal.
        half_width: of the interval asked for; ``None`` for a comparison.
        correction: for a finite population; ``None`` where the method knows none.
    """

    exact: tuple[float, ...]
    steps: tuple[Step, ...]
    words: str
    spread: float
    half_width: float | None
    correction: PopulationCorrection | None


def wanted_by(goal: Goal, level: float) -> Wanted:
    """What ``goal`` takes of an unlimited population.

    Raises:
        NotPlannable: no number of answers reaches it.
    """
    if isinstance(goal, Comparing) and goal.power <= 1.0 - level:
        detail = "Chance alone finds a difference as often as that: ask for a power above 1 - level."
        raise NotPlannable("/goal/power", detail)
    with pointing_at("/goal"):
        match goal:
            case ProportionGoal():
                return _proportion(goal, level)
            case MeanGoal():
                return _mean(goal, level)
            case NpsGoal():
                return _nps(goal, level)
            case CompareProportions():
                return _two_proportions(goal, level)
            case CompareMeans():
                return _two_means(goal, level)
            case CompareNps():
                return _two_scores(goal, level)


def _proportion(goal: ProportionGoal, level: float) -> Wanted:
    p = goal.proportion
    spread = math.sqrt(p * (1.0 - p))
    if (goal.margin is None) == (goal.cv is None):
        raise NotPlannable("/goal", "Give either margin (half-width of the interval) or cv (relative standard error).")
    if goal.cv is not None:
        size = sample_size_for_proportion_by_cv(p, cv=goal.cv)
        step = Step("simple_random_sample", "(1 - p) / (p cv²)", f"(1 - {p:g}) / ({p:g} × {goal.cv:g}²)", size.exact)
        words = f"a share of about {_percent(p)} with a standard error of {_percent(goal.cv)} of it"
        return Wanted((size.exact,), (step,), words, spread, normal_quantile(level) * goal.cv * p, "exact")
    margin = goal.margin or 0.0
    half = margin * (p if goal.relative else 1.0)
    z = _z(level)
    words = f"a share of about {_percent(p)} to ± {_points(half)}"
    if goal.interval == "wilson":
        size = wilson_sample_size(p, margin=margin, level=level, relative=goal.relative)
        formula = "(p q - 2e² + √(e² - p q (4e² - p q))) z² / 2e², q = 1 - p"
        arithmetic = f"p = {p:g}, e = {half:g}, z = {z.value:.4f}"
        return Wanted((size.exact,), (z, _srs(formula, arithmetic, size.exact)), words, spread, half, None)
    size = sample_size_for_proportion(p, margin=margin, level=level, relative=goal.relative)
    arithmetic = f"{z.value:.4f}² × {p:g} × {1.0 - p:g} / {half:g}²"
    step = _srs("z² p (1 - p) / e²", arithmetic, size.exact)
    return Wanted((size.exact,), (z, step), words, spread, half, "exact")


def _mean(goal: MeanGoal, level: float) -> Wanted:
    size = sample_size_for_mean(goal.standard_deviation**2, margin=goal.margin, level=level)
    z = _z(level)
    arithmetic = f"{z.value:.4f}² × {goal.standard_deviation:g}² / {goal.margin:g}²"
    words = f"a mean to ± {goal.margin:g}"
    steps = (z, _srs("z² S² / e²", arithmetic, size.exact))
    return Wanted((size.exact,), steps, words, goal.standard_deviation, goal.margin, "simple")


def _nps(goal: NpsGoal, level: float) -> Wanted:
    size = sample_size_for_nps(goal.promoters, goal.detractors, margin=goal.margin, level=level)
    z, spread = _z(level), _spread_of_score(goal.promoters, goal.detractors)
    arithmetic = f"{z.value:.4f}² × {spread.value:.2f}² / {goal.margin:g}²"
    words = f"a Net Promoter Score to ± {goal.margin:g} points"
    steps = (z, spread, _srs("z² S² / e²", arithmetic, size.exact))
    return Wanted((size.exact,), steps, words, spread.value, goal.margin, "exact")


def _two_proportions(goal: CompareProportions, level: float) -> Wanted:
    if 0.0 < abs(goal.first - goal.second) < _LEAST_DIFFERENCE:
        detail = "The shares differ by less than one in a million: say the smallest difference that matters."
        raise NotPlannable("/goal/second", detail)
    with pointing_at("/goal/second"):
        sizes = sample_size_to_compare_proportions(
            goal.first, goal.second, power=goal.power, level=level, ratio=goal.ratio, sides=goal.sides
        )
    pooled = (goal.first + goal.ratio * goal.second) / (1.0 + goal.ratio)
    alpha, beta = _test(level, goal.sides), _power(goal.power)
    formula = "(z_test √(p̄ q̄ (1 + 1/r)) + z_power √(p₁ q₁ + p₂ q₂/r))² / (p₁ - p₂)²"
    arithmetic = (
        f"z_test = {alpha.value:.4f}, z_power = {beta.value:.4f}, p₁ = {goal.first:g}, p₂ = {goal.second:g}, "
        f"p̄ = {pooled:.4f}, r = {goal.ratio:g}"
    )
    words = f"a difference between shares of {_percent(goal.first)} and {_percent(goal.second)}"
    return _compared(sizes, (alpha, beta), formula, arithmetic, words, math.sqrt(pooled * (1.0 - pooled)))


def _two_means(goal: CompareMeans, level: float) -> Wanted:
    first = goal.standard_deviation
    second = goal.standard_deviation_second or first
    words = f"a difference of {abs(goal.difference):g} between two means"
    alpha, beta = _test(level, goal.sides), _power(goal.power)
    normal = sample_size_to_compare_means(
        goal.difference,
        sd_first=first,
        sd_second=second,
        power=goal.power,
        level=level,
        ratio=goal.ratio,
        sides=goal.sides,
    )
    if goal.test == "t" and normal.first.exact <= _LARGE:
        if second != first:
            detail = "Student's t test takes one standard deviation for both groups: leave the second out, or test z."
            raise NotPlannable("/goal/standard_deviation_second", detail)
        sizes = sample_size_for_t_test(
            goal.difference, sd=first, power=goal.power, level=level, ratio=goal.ratio, sides=goal.sides
        )
        formula = "least n whose non-central t test has the power"
        arithmetic = f"shift {abs(goal.difference):g} / {first:g} × √(n r / (1 + r)), r = {goal.ratio:g}"
        return _compared(sizes, (alpha, beta), formula, arithmetic, words, first)
    arithmetic = (
        f"({alpha.value:.4f} + {beta.value:.4f})² × ({first:.4g}² + {second:.4g}² / {goal.ratio:g}) "
        f"/ {abs(goal.difference):g}²"
    )
    return _compared(normal, (alpha, beta), _TWO_MEANS, arithmetic, words, max(first, second))


def _two_scores(goal: CompareNps, level: float) -> Wanted:
    spread = _spread_of_score(goal.promoters, goal.detractors)
    sizes = sample_size_to_compare_means(
        goal.difference, sd_first=spread.value, power=goal.power, level=level, ratio=goal.ratio, sides=goal.sides
    )
    alpha, beta = _test(level, goal.sides), _power(goal.power)
    arithmetic = (
        f"({alpha.value:.4f} + {beta.value:.4f})² × ({spread.value:.2f}² + {spread.value:.2f}² / {goal.ratio:g}) "
        f"/ {abs(goal.difference):g}²"
    )
    words = f"a difference of {abs(goal.difference):g} points between two Net Promoter Scores"
    return _compared(sizes, (alpha, beta, spread), _TWO_MEANS, arithmetic, words, spread.value)


_TWO_MEANS = "(z_test + z_power)² (S₁² + S₂²/r) / d²"


def _compared(
    sizes: TwoSampleSize, before: tuple[Step, ...], formula: str, arithmetic: str, words: str, spread: float
) -> Wanted:
    exact = (sizes.first.exact, sizes.second.exact)
    step = _srs(formula, arithmetic, sizes.first.exact)
    return Wanted(exact, (*before, step), words, spread, None, None)


def _spread_of_score(promoters: float, detractors: float) -> Step:
    value = 100.0 * math.sqrt(max(promoters + detractors - (promoters - detractors) ** 2, 0.0))
    arithmetic = f"100 √({promoters:g} + {detractors:g} - ({promoters:g} - {detractors:g})²)"
    return Step("standard_deviation", "100 √(p + d - (p - d)²)", arithmetic, value)


def _z(level: float) -> Step:
    return Step("z", "Φ⁻¹((1 + level) / 2)", f"Φ⁻¹((1 + {level:g}) / 2)", normal_quantile(level))


def _test(level: float, sides: int) -> Step:
    value = -float(ndtri((1.0 - level) / sides))
    return Step("z_of_test", "Φ⁻¹(1 - error / sides)", f"Φ⁻¹(1 - {1.0 - level:.4g} / {sides})", value)


def _power(power: float) -> Step:
    return Step("z_of_power", "Φ⁻¹(power)", f"Φ⁻¹({power:g})", float(ndtri(power)))


def _srs(formula: str, arithmetic: str, value: float) -> Step:
    return Step("simple_random_sample", formula, arithmetic, value)


def _percent(share: float) -> str:
    return f"{100.0 * share:g} %"


def _points(share: float) -> str:
    return f"{100.0 * share:g} points"
