"""What findings beside the composition do to the verdict."""

import pytest

from feedback_core.bias.calc import (
    AnswerCount,
    BiasDiagnostic,
    BiasReason,
    KpiScores,
    KpiUnit,
    KpiUse,
    SamplingBiasResult,
    Stage,
    Usability,
    Wave,
    assess_sampling_bias,
    cell_table,
    coverage,
    early_against_late,
    evidence_of_coverage,
    evidence_of_early_late,
    evidence_of_methods,
    evidence_of_missing_items,
    evidence_of_response,
    evidence_of_waves,
    extrapolate_waves,
    missing_by_score,
    mode_effects,
    r_indicator,
    response_patterns,
)
from feedback_core.kpis.calc import mean_estimate, proportion_estimate
from feedback_core.weighting.calc import read_margins

SCORE = KpiScores("Score", KpiUnit.SCALE, {value: float(value) for value in range(11)})
UNEVEN = BiasReason(BiasDiagnostic.RESPONSE_PROPENSITY, 0.3, 0.1, None, "Response was uneven.")
LATE = BiasReason(BiasDiagnostic.EARLY_LATE, 0.5, 0.2, KpiUse.NONRESPONDENTS, "The first answers are higher.")
BY_PHONE = BiasReason(BiasDiagnostic.METHODS, 0.4, 0.2, KpiUse.COMPARING_METHODS, "Answers by telephone are higher.")


def assessed(share_north: float, *evidence: BiasReason, share_east: float = 0.0) -> SamplingBiasResult:
    counts = {("north",): {9: 300, 7: 300}, ("south",): {9: 200, 7: 200}}
    sample = cell_table(["region"], [AnswerCount(c, v, n) for c, row in counts.items() for v, n in row.items()])
    shares = {"north": share_north, "south": 1 - share_north - share_east, "east": share_east}
    margins = read_margins({"region": {region: share for region, share in shares.items() if share}})
    return assess_sampling_bias(sample, margins, SCORE, evidence=evidence)


def test_without_evidence_composition_decides() -> None:
    found = assessed(0.6)

    assert (found.state, found.not_usable_for, found.evidence) == (Usability.AS_IS, (), ())


def test_uneven_response_asks_for_weights() -> None:
    found = assessed(0.6, UNEVEN)

    assert (found.state, found.not_usable_for) == (Usability.WEIGHTED, ())
    assert found.reasons == ("Response was uneven.",)
    assert found.sentence.endswith("use the weighted figure.")


def test_uses_are_forbidden_and_said_in_the_sentence() -> None:
    found = assessed(0.3, LATE, BY_PHONE)

    assert found.state is Usability.WEIGHTED
    assert found.not_usable_for == (KpiUse.NONRESPONDENTS, KpiUse.COMPARING_METHODS)
    assert found.reasons[1:] == (LATE.detail, BY_PHONE.detail)
    assert found.evidence == (LATE, BY_PHONE)
    assert found.sentence.endswith(
        "use the weighted figure, but not for what those who did not answer think and comparing groups that were asked "
        "by different methods."
    )


def test_evidence_never_improves_a_verdict() -> None:
    unusable = assessed(0.5, UNEVEN, LATE, share_east=0.1)

    assert unusable.state is Usability.NOT_USABLE
    assert LATE.detail in unusable.reasons


def test_response_counts_from_a_tenth_of_a_standard_deviation() -> None:
    groups = {"group": ["a", "b"]}
    (reason,) = evidence_of_response(r_indicator(response_patterns([100, 200], groups, counts=[400, 400])))

    assert (reason.not_usable_for, reason.threshold) == (None, 0.1)
    assert "most by group" in reason.detail
    assert evidence_of_response(r_indicator(response_patterns([200, 202], groups, counts=[400, 400]))) == ()


def test_a_gradient_over_time_counts_if_it_is_large_and_more_than_chance() -> None:
    falling = [9, 8] * 20 + [7, 6] * 20
    (reason,) = evidence_of_early_late(early_against_late(range(80), falling))

    assert reason.not_usable_for is KpiUse.NONRESPONDENTS
    assert "higher than the last (8.50 against 6.50)" in reason.detail
    assert evidence_of_early_late(early_against_late(range(80), [9, 6] * 40)) == ()
    assert evidence_of_early_late(early_against_late(range(12), [9, 6, 8, 7, 6, 9, 7, 8, 6, 7, 9, 6])) == ()


def test_waves_count_if_the_figure_would_leave_its_interval() -> None:
    respondents = mean_estimate({7.0: 700, 8.0: 750})
    waves = extrapolate_waves([Wave(780, 7.62), Wave(410, 7.31), Wave(260, 7.05)], 5000)
    (reason,) = evidence_of_waves(waves, respondents)

    assert reason.value == pytest.approx(waves.last_wave.bias)
    assert reason.not_usable_for is KpiUse.NONRESPONDENTS
    flat = extrapolate_waves([Wave(780, 7.5), Wave(410, 7.5)], 5000)
    assert evidence_of_waves(flat, respondents) == ()
    assert evidence_of_waves(waves, mean_estimate({7.0: 1})) == ()


def test_methods_count_at_the_same_composition() -> None:
    web = cell_table(["r"], [AnswerCount(("n",), value, 50) for value in (6, 8)])
    phone = cell_table(["r"], [AnswerCount(("n",), value, 40) for value in (8, 10)])

    (reason,) = evidence_of_methods(mode_effects({"web": web, "phone": phone}, SCORE))

    assert reason.detail == "At the same composition, answers by phone are 2.00 higher than those by web."
    assert evidence_of_methods(mode_effects({"web": web, "copy": web}, SCORE)) == ()
    few = cell_table(["r"], [AnswerCount(("n",), value, 2) for value in (6, 9)])
    (large_by_chance,) = mode_effects({"web": web, "few": few}, SCORE)
    assert large_by_chance.effect_size > 0.2
    assert evidence_of_methods([large_by_chance]) == ()


def test_omissions_count_if_many_or_if_they_go_with_a_score() -> None:
    unhappy = missing_by_score({2.0: 30, 4.0: 30}, {7.0: 100, 9.0: 100})

    many, selective = evidence_of_missing_items(proportion_estimate(60, 260), unhappy)

    assert many.detail == "23% of those who were asked left the question out."
    assert selective.detail == "Those who left the question out score 5.00 lower elsewhere."
    assert evidence_of_missing_items(proportion_estimate(10, 260)) == ()


def test_coverage_counts_if_little_or_lopsided() -> None:
    population = {"young": 400, "old": 600}
    little, lopsided = evidence_of_coverage(coverage(population, [Stage("lost", {"young": 350, "old": 200})]))

    assert {little.not_usable_for, lopsided.not_usable_for} == {KpiUse.UNREACHABLE}
    assert little.value == 0.55
    assert "off the population in" in lopsided.detail
    assert evidence_of_coverage(coverage(population, [Stage("lost", {"young": 390, "old": 590})])) == ()
