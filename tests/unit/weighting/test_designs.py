"""Errors under a design: R's figures from counted rows, unbiasedness over every possible sample, and refusals."""

from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import (
    Design,
    LonelyPsu,
    covariance_of_totals,
    weighted_mean,
    weighted_proportion,
    weighted_ratio,
    weighted_total,
)
from tests.unit.weighting.schools import clustered, stratified_column, stratified_design


def figure(expected: float | list[float]) -> Any:
    return pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("finite", "stratified", "error", "df"),
    [
        # R 4.2.2, survey 4.1-1: SE(svymean(~I(sch.wide == "Yes"), design)) for apistrat (golden s04).
        (True, True, 0.0243447801130748, 197),
        (False, True, 0.0247568028754561, 197),
        (False, False, 0.0260686796653517, 199),
    ],
)
def test_a_share_of_stratified_schools(finite: bool, stratified: bool, error: float, df: int) -> None:
    design = stratified_design(finite=finite, stratified=stratified)
    share = weighted_proportion(stratified_column(1), design)

    assert share.value == figure(0.827948011415824)
    assert share.standard_error == figure(error)
    assert (share.degrees_of_freedom, share.n) == (df, 200)


def test_shares_of_schools_drawn_by_district() -> None:
    # R 4.2.2, survey 4.1-1: svymean(~factor(stype), dclus1) with fpc (golden s05).
    types, design = clustered()
    shares = [weighted_proportion(types == kind, design) for kind in range(3)]

    assert [share.value for share in shares] == figure([0.786885245901639, 0.0765027322404372, 0.136612021857924])
    errors = [share.standard_error for share in shares]
    assert errors == figure([0.0463365536499119, 0.0268102190507708, 0.0296490466402602])
    assert {(share.degrees_of_freedom, share.n) for share in shares} == {(14, 183)}


def test_a_share_that_the_strata_fix_has_no_error() -> None:
    design = stratified_design()
    assert design.strata is not None
    assert weighted_proportion(design.strata == 0, design).standard_error == 0


@st.composite
def designs(draw: st.DrawFn) -> tuple[NDArray[np.float64], Design]:
    """Counted rows in strata of at least two clusters of at least two respondents each, with two finite stages."""
    rows = [
        (stratum, cluster, draw(st.integers(-5, 5)), draw(st.integers(1, 3)), draw(st.integers(1, 8)))
        for stratum in range(draw(st.integers(1, 3)))
        for cluster in range(draw(st.integers(2, 3)))
        for _ in range(draw(st.integers(2, 3)))
    ]
    stratum, cluster, score, count, weight = (np.array(column) for column in zip(*rows, strict=True))
    clusters_in = np.array([len({row[1] for row in rows if row[0] == code}) for code in stratum])
    size = np.array([sum(r[3] for r in rows if r[:2] == pair) for pair in zip(stratum, cluster, strict=True)])
    return score.astype(float), Design(
        weight / 4,
        strata=stratum,
        clusters=cluster if draw(st.booleans()) else None,
        population=clusters_in * draw(st.integers(20, 30)) / 2.0 if draw(st.booleans()) else None,
        cluster_population=size * draw(st.integers(1, 3)) * 1.0 if draw(st.booleans()) else None,
        counts=count,
    )


@settings(deadline=None)
@given(designs())
def test_counted_rows_give_what_their_respondents_give(drawn: tuple[NDArray[np.float64], Design]) -> None:
    scores, design = drawn
    assert design.counts is not None
    each = np.repeat(np.arange(scores.size), design.counts)
    of_each = Design(
        design.weights[each],
        strata=None if design.strata is None else design.strata[each],
        clusters=None if design.clusters is None else design.clusters[each],
        population=None if design.population is None else design.population[each],
        cluster_population=None if design.cluster_population is None else design.cluster_population[each],
    )

    counted, alone = weighted_mean(scores, design), weighted_mean(scores[each], of_each)

    assert counted.value == pytest.approx(alone.value, abs=1e-12)
    assert counted.standard_error == pytest.approx(alone.standard_error, rel=1e-9, abs=1e-12)
    assert (counted.degrees_of_freedom, counted.n) == (alone.degrees_of_freedom, alone.n)
    assert counted.n_effective == pytest.approx(alone.n_effective)


@settings(deadline=None)
@given(designs())
def test_the_variance_is_the_textbook_s_sum_over_strata_and_clusters(
    drawn: tuple[NDArray[np.float64], Design],
) -> None:
    scores, design = drawn
    assert design.counts is not None
    assert design.strata is not None
    each = np.repeat(np.arange(scores.size), design.counts)
    values = (design.weights * scores)[each]
    strata = design.strata[each]
    clusters = np.arange(each.size) if design.clusters is None else design.clusters[each]
    expected = 0.0
    for stratum in set(strata.tolist()):
        names = sorted(set(clusters[strata == stratum].tolist()))
        members = {name: values[(strata == stratum) & (clusters == name)] for name in names}
        drawn_share = 0.0 if design.population is None else len(names) / design.population[design.strata == stratum][0]
        totals = np.array([member.sum() for member in members.values()])
        expected += (1 - drawn_share) * len(names) * float(totals.var(ddof=1))
        if design.clusters is not None and design.cluster_population is not None:
            for name, member in members.items():
                inside = design.cluster_population[(design.strata == stratum) & (design.clusters == name)][0]
                expected += drawn_share * (1 - member.size / inside) * member.size * float(member.var(ddof=1))

    if design.population is not None and design.clusters is None:
        # People drawn one by one: the population is theirs, and large enough for every draw.
        assert (design.population >= 20).all()
    assert covariance_of_totals(scores[:, None], design)[0, 0] == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_over_all_two_stage_samples_the_estimated_variance_is_right_on_average() -> None:
    population = ((3.0, 9.0, 4.0), (1.0, 1.0, 8.0), (6.0, 2.0), (7.0, 5.0, 5.0, 0.0))
    chosen, drawn_inside = 2, 2
    totals, variances, chances = [], [], []
    for pair in combinations(population, chosen):
        draws = [list(combinations(cluster, drawn_inside)) for cluster in pair]
        chance = 1 / (6 * len(draws[0]) * len(draws[1]))
        for sample in product(*draws):
            sizes = np.repeat([float(len(cluster)) for cluster in pair], drawn_inside)
            design = Design(
                weights=len(population) / chosen * sizes / drawn_inside,
                clusters=np.repeat([0, 1], drawn_inside),
                population=np.full(4, float(len(population))),
                cluster_population=sizes,
            )
            total = weighted_total(np.concatenate(sample), design)
            totals.append(total.value)
            variances.append(total.standard_error**2)
            chances.append(chance)
    true_total = sum(map(sum, population))
    assert np.average(totals, weights=chances) == pytest.approx(true_total)
    true_variance = np.average((np.array(totals) - true_total) ** 2, weights=chances)
    assert np.average(variances, weights=chances) == pytest.approx(true_variance)


def test_a_fraction_drawn_says_the_same_as_the_size_it_was_drawn_from() -> None:
    scores = [1.0, 4.0, 2.0, 8.0, 6.0]
    strata, weights = np.array([0, 0, 0, 1, 1]), np.ones(5)
    sizes = Design(weights, strata=strata, population=np.array([12.0, 12.0, 12.0, 2.0, 2.0]))
    fractions = Design(weights, strata=strata, population=np.array([0.25, 0.25, 0.25, 1.0, 1.0]))

    assert weighted_mean(scores, fractions) == weighted_mean(scores, sizes)


def test_a_domain_keeps_the_clusters_that_have_nobody_in_it() -> None:
    scores = np.array([5.0, 7.0, float("nan"), 9.0, 4.0, 1.0])
    clusters = np.array([0, 0, 1, 1, 2, 2])
    inside = np.array([True, True, False, True, False, False])
    design = Design(np.array([1.0, 2.0, 1.0, 1.0, 3.0, 1.0]), clusters=clusters)

    domain = weighted_mean(scores, design.within(np.isfinite(scores)).within(inside))
    ratio = weighted_ratio(np.where(inside, scores, 0.0), inside.astype(float), design)

    assert (domain.value, domain.standard_error) == pytest.approx((ratio.value, ratio.standard_error))
    assert domain.value == pytest.approx((5 + 14 + 9) / 4)
    assert (domain.n, domain.degrees_of_freedom, ratio.degrees_of_freedom) == (3, 1, 2)
    assert domain.n_effective == pytest.approx(4**2 / 6)


@pytest.mark.parametrize(
    ("lonely_psu", "variance"),
    [
        # Totals 1, 3 | 8: the first stratum adds 2 (1 + 1) = 4, the mean of all three is 4. Python svy 0.35 treats them
        # alike (center, scale, skip).
        ("adjust", 4 + (8 - 4) ** 2),
        ("average", 4 + 4),
        ("certainty", 4),
        ("remove", 4),
    ],
)
def test_a_stratum_with_a_single_cluster_is_treated_as_asked(lonely_psu: LonelyPsu, variance: float) -> None:
    design = Design(np.ones(3), strata=np.array([0, 0, 1]), lonely_psu=lonely_psu)
    total = weighted_total([1.0, 3.0, 8.0], design)

    assert total.standard_error**2 == pytest.approx(variance)
    assert total.degrees_of_freedom == 1


def test_a_stratum_drawn_whole_adds_nothing_even_alone() -> None:
    design = Design(np.ones(3), strata=np.array([0, 0, 1]), population=np.array([9.0, 9.0, 1.0]))
    assert weighted_total([1.0, 3.0, 8.0], design).standard_error ** 2 == pytest.approx((1 - 2 / 9) * 4)


def test_a_cluster_with_a_single_respondent_is_refused_where_the_second_stage_counts() -> None:
    clusters = np.array([0, 0, 1])
    inside = np.array([4.0, 4.0, 3.0])
    endless = Design(np.ones(3), clusters=clusters, cluster_population=inside)
    finite = Design(np.ones(3), clusters=clusters, population=np.full(3, 8.0), cluster_population=inside)

    assert weighted_mean([1.0, 2.0, 4.0], endless).standard_error > 0
    with pytest.raises(NotEstimable, match="single"):
        weighted_mean([1.0, 2.0, 4.0], finite)


def test_few_degrees_of_freedom_are_warned_of() -> None:
    few, many = weighted_mean([1.0, 2.0, 4.0], Design(np.ones(3))), weighted_mean(np.arange(11.0), Design(np.ones(11)))
    assert few.warnings
    assert many.warnings == ()


def test_the_normal_interval_is_narrower_than_student_s() -> None:
    mean = weighted_mean([1.0, 2.0, 6.0], Design(np.ones(3)))
    z, t = mean.interval(quantile="z"), mean.interval()

    assert (z.high - z.low) / 2 == pytest.approx(1.959963984540054 * mean.standard_error)
    assert z.method == "linearised_z"
    assert t.low < z.low < z.high < t.high
    with pytest.raises(ValueError, match="level"):
        mean.interval(1.0)


@pytest.mark.parametrize(
    ("design", "words"),
    [
        (Design(np.ones(2), counts=np.array([3, 0])), "no respondent"),
        (Design(np.ones(2), domain=np.array([False, False])), "this group"),
        (Design(np.ones(2), population=np.array([0.0, 0.0])), "not above 0"),
        (Design(np.ones(2), strata=np.array([0, 1]), population=np.array([0.5, 7.0])), "mixed"),
        (Design(np.ones(2), population=np.array([float("nan"), float("nan")])), "population sizes"),
        (Design(np.ones(2), strata=np.array([0, 1]), lonely_psu="average"), "no spread can be averaged"),
    ],
)
def test_it_refuses_in_words(design: Design, words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        weighted_mean([1.0, 2.0], design)


def test_without_a_degree_of_freedom_there_is_no_interval() -> None:
    design = Design(np.ones(3), strata=np.array([0, 1, 2]), lonely_psu="adjust")
    with pytest.raises(NotEstimable, match="no more clusters than strata"):
        weighted_mean([1.0, 2.0, 6.0], design).interval()


def test_a_column_of_another_length_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="design"):
        weighted_mean([1.0, 2.0], Design(np.ones(2), strata=np.array([0])))
