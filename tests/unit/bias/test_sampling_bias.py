"""The sampling-bias assessment: who is missing, what it does to the KPI, and whether it can be used."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.bias.calc import (
    AnswerCount,
    CellTable,
    KpiScores,
    KpiUnit,
    Representation,
    SamplingBiasResult,
    Usability,
    assess_sampling_bias,
    cell_table,
)
from feedback_core.kit.errors import Invalid, NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.weighting.calc import MarginsUnusable, read_margins

NPS = KpiScores(
    "NPS", KpiUnit.POINTS, {score: 100.0 if score >= 9 else 0.0 if score >= 7 else -100.0 for score in range(11)}
)
CSAT = KpiScores("CSAT", KpiUnit.SHARE, {1: 0.0, 2: 0.0, 3: 0.0, 4: 1.0, 5: 1.0})
FAIR = {"region": {"north": 0.6, "south": 0.4}}


def answers(spec: dict[tuple[str | None, ...], tuple[int, int, int]], *attributes: str) -> CellTable:
    """Promoters, passives and detractors per cell."""
    return cell_table(
        attributes,
        [
            AnswerCount(categories, value, n)
            for categories, counts in spec.items()
            for value, n in zip((9, 7, 3), counts, strict=True)
        ],
    )


def test_over_and_under_represented_groups_are_named_and_weighted() -> None:
    sample = answers({("north",): (500, 180, 120), ("south",): (60, 60, 80)}, "region")

    result = assess_sampling_bias(sample, read_margins(FAIR), NPS)

    north, south = result.margins[0].categories
    assert north.n == 800
    assert (north.share, north.gap) == pytest.approx((0.8, 20))
    assert (north.representation, south.representation) == (Representation.OVER, Representation.UNDER)
    assert south.standardised_difference == pytest.approx(0.2 / 0.24**0.5)
    assert result.unweighted.value == pytest.approx(36)
    assert result.weighted is not None
    assert result.weighted.value == pytest.approx(0.6 * 47.5 + 0.4 * -10)
    assert result.shift == pytest.approx(result.weighted.value - 36)
    assert result.state is Usability.WEIGHTED
    assert result.sentence == (
        "Region north (80.0% of the answers, 60.0% of the frame) is over-represented; region south (20.0% of the "
        "answers, 40.0% of the frame) is under-represented; "
        "weighting moves NPS from 36.0 to 24.5: use the weighted figure."
    )


def test_with_one_margin_the_weighted_kpi_is_the_post_stratified_one() -> None:
    sample = answers({("north",): (500, 180, 120), ("south",): (60, 60, 80)}, "region")

    result = assess_sampling_bias(sample, read_margins(FAIR), NPS)

    # Variance by residuals inside the strata at the final weights, n / (n - 1) for the whole sample.
    inside = 0.6**2 / 800 * _variance(500, 180, 120) + 0.4**2 / 200 * _variance(60, 60, 80)
    assert result.weighted is not None
    assert result.weighted.standard_error == pytest.approx((1000 / 999 * inside) ** 0.5, rel=1e-9)
    assert result.weighted.interval is not None
    assert result.weighted.interval.method == "linearised_t"
    assert result.weighting is not None
    assert result.weighting.design_effect.design_effect == pytest.approx(1000 * (0.6**2 / 800 + 0.4**2 / 200))
    assert (result.weighting.smallest_weight, result.weighting.largest_weight) == pytest.approx((0.75, 2.0))


def test_effects_on_the_kpi_add_up_to_what_the_margin_alone_would_change() -> None:
    sample = answers({("north",): (500, 180, 120), ("south",): (60, 60, 80)}, "region")

    result = assess_sampling_bias(sample, read_margins(FAIR), NPS)

    assert [group.category for group in result.by_effect] == ["south", "north"]
    assert [group.effect_on_kpi for group in result.by_effect] == pytest.approx([0.2 * (-10 - 36), -0.2 * (47.5 - 36)])
    assert sum(group.effect_on_kpi or 0 for group in result.by_effect) == pytest.approx(result.shift)


def test_a_faithful_sample_can_be_used_as_it_is() -> None:
    sample = answers({("north",): (370, 130, 110), ("south",): (90, 150, 150)}, "region")

    result = assess_sampling_bias(sample, read_margins(FAIR), NPS)

    assert result.state is Usability.AS_IS
    assert (result.by_gap, result.by_effect) == ((), ())
    assert "No group is clearly over- or under-represented" in result.sentence
    assert result.sentence.endswith("it can be used as it is.")


def test_a_group_that_nobody_answered_for_makes_it_unusable() -> None:
    sample = answers({("north",): (500, 180, 120), ("south",): (60, 60, 80)}, "region")
    margins = read_margins({"region": {"north": 0.5, "south": 0.3, "east": 0.2}})

    result = assess_sampling_bias(sample, margins, NPS)

    east = result.margins[0].categories[2]
    assert (result.state, result.weighted, result.weighting, result.shift) == (Usability.NOT_USABLE, None, None, None)
    assert (east.n, east.representation, east.effect_on_kpi) == (0, Representation.UNDER, None)
    assert "region east (nobody answered, 20.0% of the frame)" in result.sentence
    assert "ask them" in result.sentence


def test_weights_too_extreme_for_the_cap_make_it_unusable() -> None:
    sample = answers({("north",): (500, 280, 190), ("south",): (10, 10, 10)}, "region")

    result = assess_sampling_bias(sample, read_margins(FAIR), NPS)

    assert result.state is Usability.NOT_USABLE
    assert result.weighting is not None
    assert result.weighting.largest_weight == pytest.approx(5)
    assert result.weighting.largest_before_cap == pytest.approx(0.4 / 0.03)
    assert result.weighting.largest_gap == pytest.approx(25)
    assert "13.3 times the mean" in result.reasons[0]
    assert any("cut to that" in warning for warning in result.warnings)


def test_too_few_effective_answers_make_it_unusable() -> None:
    sample = answers({("north",): (8, 6, 6), ("south",): (3, 3, 3)}, "region")

    result = assess_sampling_bias(sample, read_margins(FAIR), NPS)

    assert result.state is Usability.NOT_USABLE
    assert "at least 30 are needed" in result.reasons[0]


def test_margins_that_contradict_each_other_in_this_sample_make_it_unusable() -> None:
    sample = answers({("north", "old"): (90, 30, 30), ("south", "young"): (30, 30, 90)}, "region", "age")
    margins = read_margins(FAIR | {"age": {"old": 0.5, "young": 0.5}})

    result = assess_sampling_bias(sample, margins, NPS)

    assert result.state is Usability.NOT_USABLE
    assert "some combinations have no respondent" in result.reasons[0]


def test_unknown_categories_are_told_of_and_left_out_of_the_weighting() -> None:
    sample = answers({("north",): (500, 180, 120), ("south",): (60, 60, 80), (None,): (50, 0, 0)}, "region")

    result = assess_sampling_bias(sample, read_margins(FAIR), NPS)

    assert (result.n, result.unweighted.n) == (1050, 1050)
    assert result.margins[0].n_unknown == 50
    assert result.weighted is not None
    assert result.weighted.n == 1000
    assert result.weighted.value == pytest.approx(24.5)
    assert any("The region of 50 of 1,050 respondents is unknown" in warning for warning in result.warnings)


def test_too_many_unknown_categories_make_it_unusable() -> None:
    sample = answers({("north",): (300, 100, 100), ("south",): (60, 60, 80), (None,): (400, 0, 0)}, "region")

    result = assess_sampling_bias(sample, read_margins(FAIR), NPS)

    assert result.state is Usability.NOT_USABLE
    assert "36% of the respondents is unknown" in result.reasons[0]


def test_it_says_what_it_cannot_tell() -> None:
    sample = answers(
        {("north", "old", "web"): (90, 30, 30), ("south", "young", "shop"): (30, 30, 90)}, "region", "age", "shop"
    )
    margins = read_margins(FAIR | {"age": {"old": 0.6, "young": 0.4}})

    result = assess_sampling_bias(sample, margins, NPS)

    assert result.not_in_frame == ("shop",)
    unseen, combinations, missing = result.cannot_tell
    assert "depends on the opinion itself" in unseen
    assert "region and age" in combinations
    assert "no figures by shop" in missing


def test_small_groups_keep_their_answers_to_themselves_and_so_does_one_more() -> None:
    margins = read_margins({"region": {"north": 0.3, "south": 0.3, "east": 0.2, "west": 0.2}})
    sample = answers(
        {("north",): (200, 50, 50), ("south",): (50, 50, 50), ("east",): (40, 40, 20), ("west",): (2, 1, 1)}, "region"
    )

    result = assess_sampling_bias(sample, margins, NPS, minimum_cell=5)

    effects = {group.category: group.effect_on_kpi for group in result.margins[0].categories}
    assert (effects["west"], effects["east"]) == (None, None)
    assert effects["north"] is not None
    assert effects["south"] is not None


def test_small_expected_counts_are_told_of() -> None:
    margins = read_margins({"region": {"north": 0.98, "south": 0.02}})

    result = assess_sampling_bias(answers({("north",): (60, 60, 60), ("south",): (2, 2, 2)}, "region"), margins, NPS)

    assert result.warnings[0].startswith("region: One category is expected to have fewer than 5")


def test_the_caller_s_own_interval_is_shown_for_the_unweighted_kpi() -> None:
    sample = answers({("north",): (500, 180, 120), ("south",): (60, 60, 80)}, "region")
    own = Estimate(36.0, Interval(31.3, 40.5, 0.95, "adjusted_wald"), 2.4, 1000, 1000.0)

    assert assess_sampling_bias(sample, read_margins(FAIR), NPS, unweighted=own).unweighted == own
    for other in (replace(own, value=35.0), replace(own, n=999)):
        with pytest.raises(Invalid, match="these make"):
            assess_sampling_bias(sample, read_margins(FAIR), NPS, unweighted=other)


def test_a_share_reads_in_percent_and_its_interval_stays_on_the_scale() -> None:
    sample = cell_table(
        ["region"], [AnswerCount(("north",), 5, 60), AnswerCount(("south",), 5, 38), AnswerCount(("south",), 1, 2)]
    )

    result = assess_sampling_bias(sample, read_margins(FAIR), CSAT)

    assert result.unweighted.interval is not None
    assert result.unweighted.interval.high == 1
    assert "cut at the end of the scale" in result.unweighted.warnings[0]
    assert "CSAT stays 98.0%" in result.sentence


def test_answers_without_spread_have_no_interval_but_a_warning() -> None:
    sample = answers({("north",): (60, 0, 0), ("south",): (40, 0, 0)}, "region")

    result = assess_sampling_bias(sample, read_margins(FAIR), NPS)

    assert result.weighted is not None
    for estimate in (result.unweighted, result.weighted):
        assert estimate.value == pytest.approx(100)
        assert estimate.interval is None
        assert "no spread" in estimate.warnings[0]


@pytest.mark.parametrize(
    ("frame", "pointer", "code"),
    [
        ({"colour": {"red": 0.5, "blue": 0.5}}, "/frame/margins/colour", "unknown_attribute"),
        ({"region": {"north": 0.5, "east": 0.5}}, "/frame/margins/region", "category_not_in_frame"),
    ],
)
def test_a_frame_of_other_people_is_refused(frame: dict[str, dict[str, float]], pointer: str, code: str) -> None:
    sample = answers({("north",): (50, 20, 20), ("south",): (6, 6, 8)}, "region")

    with pytest.raises(MarginsUnusable) as refused:
        assess_sampling_bias(sample, read_margins(frame), NPS)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, code)]


def test_no_margins_too_few_answers_or_unknown_categories_only_are_refused() -> None:
    margins = read_margins(FAIR)
    with pytest.raises(MarginsUnusable, match="at least one attribute"):
        assess_sampling_bias(answers({("north",): (9, 9, 9)}, "region"), [], NPS)
    with pytest.raises(NotEstimable, match="Only 4 answered"):
        assess_sampling_bias(answers({("north",): (2, 1, 1)}, "region"), margins, NPS)
    with pytest.raises(NotEstimable, match="Only 0 answered"):
        assess_sampling_bias(answers({}, "region"), margins, NPS)
    with pytest.raises(NotEstimable, match="every respondent is unknown"):
        assess_sampling_bias(answers({(None,): (9, 9, 9)}, "region"), margins, NPS)


def test_an_answer_off_the_scale_is_refused() -> None:
    sample = cell_table(["region"], [AnswerCount(("north",), 11, 9), AnswerCount(("south",), 9, 9)])

    with pytest.raises(Invalid, match="11"):
        assess_sampling_bias(sample, read_margins(FAIR), NPS)


def test_counts_of_the_same_cell_are_added_and_malformed_ones_refused() -> None:
    table = cell_table(
        ["region"],
        [
            AnswerCount(("north",), 9, 2),
            AnswerCount(("south",), 3, 1),
            AnswerCount(("north",), 9, 3),
            AnswerCount(("x",), 1, 0),
        ],
    )

    assert (table.cells, table.values, table.counts.tolist()) == ((("north",), ("south",)), (3, 9), [[0, 5], [1, 0]])
    with pytest.raises(Invalid):
        cell_table(["region"], [AnswerCount(("north",), 9, -1)])
    with pytest.raises(Invalid):
        cell_table(["region"], [AnswerCount(("north", "old"), 9, 1)])


CELLS = st.dictionaries(
    st.tuples(st.sampled_from(["north", "south", None]), st.sampled_from(["old", "young", None])),
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)),
    max_size=9,
)


@settings(deadline=None)
@given(CELLS, st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_any_sample_is_assessed_or_refused_but_never_nan(
    spec: dict[tuple[str | None, ...], tuple[int, int, int]], north: float, old: float
) -> None:
    margins = read_margins({"region": {"north": north, "south": 1 - north}, "age": {"old": old, "young": 1 - old}})
    try:
        result = assess_sampling_bias(answers(spec, "region", "age"), margins, NPS)
    except NotEstimable as refused:
        assert len(refused.detail.split()) > 4, refused.detail  # noqa: PT017 the sentence is what is tested
        return
    assert all(map(math.isfinite, _figures(result)))
    assert (result.weighted is None) <= (result.state is Usability.NOT_USABLE)
    assert result.reasons
    assert result.sentence.endswith(".")
    if result.state is Usability.AS_IS:
        assert result.largest_difference < 0.1
    if result.weighting is not None:
        assert result.weighting.largest_weight <= 5 * (1 + 1e-6)


def _figures(result: SamplingBiasResult) -> list[float]:
    estimates = [estimate for estimate in (result.unweighted, result.weighted) if estimate is not None]
    groups = [group for margin in result.margins for group in margin.categories]
    return [
        *(figure for e in estimates for figure in (e.value, e.standard_error or 0.0, e.n_effective)),
        *(figure for e in estimates if e.interval for figure in (e.interval.low, e.interval.high)),
        *(figure for g in groups for figure in (g.gap, g.standardised_residual, g.effect_on_kpi or 0.0)),
        *(margin.fit.p_value for margin in result.margins),
        result.mean_difference,
        result.shift or 0.0,
    ]


def _variance(promoters: int, passives: int, detractors: int) -> float:
    return float(np.var(np.repeat([100.0, 0.0, -100.0], [promoters, passives, detractors])))
