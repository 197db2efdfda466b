"""From findings to what they forbid: thresholds in one place, each a convention of size and never a p value alone."""

from collections.abc import Sequence

from feedback_core.bias.calc.cell_table import KpiUnit
from feedback_core.bias.calc.differences import ACT, LOOK
from feedback_core.bias.calc.waves import WaveExtrapolation
from feedback_core.bias.calc.wording import figure
from feedback_core.bias.types import (
    BiasDiagnostic,
    BiasReason,
    Coverage,
    EarlyLate,
    KpiUse,
    ModeEffect,
    ResponseAssessment,
)
from feedback_core.fieldwork.calc.r_indicators import RIndicator
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.comparison import Comparison

# Cohen (1988): a small effect.
SMALL_EFFECT = 0.2
SIGNIFICANT = 0.05
# More left out than this, or less of the population reachable, and the rest is no longer "nearly all"; a convention.
MANY_LEFT_OUT = 0.2
LITTLE_COVERAGE = 0.8


def evidence_of_response(indicator: RIndicator | ResponseAssessment) -> tuple[BiasReason, ...]:
    """Uneven response by the variables known of all invited asks for weighting by them."""
    largest = indicator.coefficient_of_variation
    if largest < LOOK:
        return ()
    most = max(indicator.partials, key=lambda partial: partial.conditional)
    detail = (
        f"Response was uneven (R {indicator.r.value:.2f}), most by {most.variable}; a mean could be off by up to "
        f"{largest:.2f} standard deviations."
    )
    return (BiasReason(BiasDiagnostic.RESPONSE_PROPENSITY, largest, LOOK, None, detail),)


def evidence_of_early_late(found: EarlyLate, unit: KpiUnit = KpiUnit.SCALE) -> tuple[BiasReason, ...]:
    """A gradient over time suggests that those who never answered would lie further along it."""
    if abs(found.cohen_d) < SMALL_EFFECT or max(found.welch_p, found.wilcoxon_p) >= SIGNIFICANT:
        return ()
    how = "higher" if found.difference > 0 else "lower"
    detail = (
        f"The first answers are {how} than the last ({figure(found.mean_early, unit)} against "
        f"{figure(found.mean_late, unit)}), so those who did not answer may differ too."
    )
    return (BiasReason(BiasDiagnostic.EARLY_LATE, found.cohen_d, SMALL_EFFECT, KpiUse.NONRESPONDENTS, detail),)


def evidence_of_waves(found: WaveExtrapolation, respondents: Estimate) -> tuple[BiasReason, ...]:
    """If those who did not answer were like the last wave, would the figure leave its own interval?"""
    if respondents.interval is None:
        return ()
    half = (respondents.interval.high - respondents.interval.low) / 2
    if abs(found.last_wave.bias) <= half:
        return ()
    low, high = found.range
    detail = (
        f"If those who did not answer are like the last wave, the figure is off by {found.last_wave.bias:.2f}; the "
        f"scenarios range from {low:.2f} to {high:.2f}."
    )
    return (BiasReason(BiasDiagnostic.WAVES, found.last_wave.bias, half, KpiUse.NONRESPONDENTS, detail),)


def evidence_of_methods(effects: Sequence[ModeEffect], unit: KpiUnit = KpiUnit.SCALE) -> tuple[BiasReason, ...]:
    """Methods that differ at the same composition make groups asked differently incomparable."""
    return tuple(
        BiasReason(
            BiasDiagnostic.METHODS,
            effect.effect_size,
            SMALL_EFFECT,
            KpiUse.COMPARING_METHODS,
            f"At the same composition, answers by {effect.method} are {_amount(abs(effect.difference), unit)} "
            f"{'higher' if effect.difference > 0 else 'lower'} than those by {effect.reference}.",
        )
        for effect in effects
        if abs(effect.effect_size) >= SMALL_EFFECT and effect.p_adjusted < SIGNIFICANT
    )


def evidence_of_missing_items(rate: Estimate, by_score: Comparison | None = None) -> tuple[BiasReason, ...]:
    """Many omissions, or omissions that go with another score: the answers are not those of all who were asked."""
    reasons = []
    if rate.value >= MANY_LEFT_OUT:
        detail = f"{rate.value:.0%} of those who were asked left the question out."
        reasons.append(
            BiasReason(BiasDiagnostic.MISSING_ITEMS, rate.value, MANY_LEFT_OUT, KpiUse.THOSE_WHO_LEFT_IT_OUT, detail)
        )
    size = by_score.effect_size if by_score is not None and by_score.beyond_sampling_error else None
    if by_score is not None and size is not None and abs(size) >= SMALL_EFFECT:
        how = "higher" if by_score.difference > 0 else "lower"
        detail = f"Those who left the question out score {abs(by_score.difference):.2f} {how} elsewhere."
        reasons.append(
            BiasReason(BiasDiagnostic.MISSING_ITEMS, size, SMALL_EFFECT, KpiUse.THOSE_WHO_LEFT_IT_OUT, detail)
        )
    return tuple(reasons)


def evidence_of_coverage(found: Coverage) -> tuple[BiasReason, ...]:
    """A frame that misses much of the population, or a part of it, says nothing of that part."""
    reasons = []
    if found.rate < LITTLE_COVERAGE:
        reasons.append(
            BiasReason(BiasDiagnostic.COVERAGE, found.rate, LITTLE_COVERAGE, KpiUse.UNREACHABLE, found.sentence)
        )
    if found.largest_difference >= ACT:
        worst = max(found.categories, key=lambda category: category.standardised_difference)
        detail = f"The reachable people are {worst.gap:+.1f} points off the population in {worst.category}."
        reasons.append(
            BiasReason(BiasDiagnostic.COVERAGE, worst.standardised_difference, ACT, KpiUse.UNREACHABLE, detail)
        )
    return tuple(reasons)


def _amount(difference: float, unit: KpiUnit) -> str:
    """A difference as a reader sees it: that of shares in points, since a percentage of one could be meant."""
    if unit is KpiUnit.SCALE:
        return f"{difference:.2f}"
    return f"{difference * (100 if unit is KpiUnit.SHARE else 1):.1f} points"
