"""Net Promoter Score against R package NPS, and against exact roots of its score equation."""

from collections import Counter
from typing import Any

import pytest

from feedback_core.kit.estimates import Interval
from feedback_core.kpis.calc import (
    NpsCounts,
    compare_nps,
    net_promoter_score,
    nps_adjusted_wald_interval,
    nps_points,
    nps_score_interval,
    nps_variance,
    nps_wald_interval,
)
from feedback_core.kpis.calc.quantiles import two_sided_normal_p
from tests.reference.goldens import golden_rows, load_golden

SCORE_ROOT_ABS = 1e-9
SCORE_PROGRAM_ABS = 2e-6


def figure(expected: float | list[float]) -> Any:
    return pytest.approx(expected, rel=1e-10, abs=1e-12)


def share_limits(interval: Interval) -> tuple[float, float]:
    return interval.low / 100, interval.high / 100


def counts_by_case() -> dict[str, NpsCounts]:
    return {
        row["case"]: NpsCounts(int(row["promoters"]), int(row["passives"]), int(row["detractors"]))
        for row in golden_rows("s01_nps_ci")
    }


def test_points_variance_and_all_three_intervals_equal_the_programs() -> None:
    golden = load_golden("s01_nps_ci")
    inputs = counts_by_case()
    assert golden["tolerance"]["default_rel"] == 1e-10
    assert len(inputs) == len(golden["expected"]["by_counts"]) == 10
    for expected in golden["expected"]["by_counts"]:
        counts = inputs[expected["case"]]
        score = share_limits(nps_score_interval(counts))
        adjusted = nps_adjusted_wald_interval(counts)

        assert counts.n == expected["n"]
        assert nps_points(counts) / 100 == figure(expected["nps"])
        assert nps_variance(counts) == figure(expected["variance_population"])
        assert (nps_variance(counts) / counts.n) ** 0.5 == figure(expected["se_wald"])
        assert share_limits(nps_wald_interval(counts)) == figure(expected["wald"])
        assert share_limits(adjusted) == figure(expected["adjusted_wald"])
        assert (adjusted.low + adjusted.high) / 200 == figure(expected["adjusted_wald_centre"])
        assert (adjusted.high - adjusted.low) / 200 / 1.959963984540054 == figure(expected["se_adjusted_wald"])
        assert score == pytest.approx(expected["score_root"], abs=SCORE_ROOT_ABS, rel=0)
        assert score == pytest.approx(expected["score_program"], abs=SCORE_PROGRAM_ABS, rel=0)


def test_the_estimate_is_the_adjusted_wald_one_cut_to_the_scale_or_the_score_one() -> None:
    inputs = counts_by_case()
    for expected in load_golden("s01_nps_ci")["expected"]["by_counts"]:
        counts = inputs[expected["case"]]
        interval = net_promoter_score(counts).interval
        assert interval is not None
        if expected["case"] in {"n60", "n200", "n1000"}:
            assert interval.method == "adjusted_wald"
            assert share_limits(interval) == figure(expected["adjusted_wald"])
        else:
            assert interval.method == "score"
            assert share_limits(interval) == pytest.approx(expected["score_root"], abs=SCORE_ROOT_ABS, rel=0)
        cut = net_promoter_score(counts, method="adjusted_wald").interval
        assert cut is not None
        assert share_limits(cut) == figure(
            [max(expected["adjusted_wald"][0], -1), min(expected["adjusted_wald"][1], 1)]
        )


def test_raw_scores_group_and_test_as_in_the_cran_package() -> None:
    expected = load_golden("s01_nps_ci")["expected"]["raw_scores"]
    rows = golden_rows("s01_nps_ci", "input_scores.csv")
    scores = [int(row["score"]) for row in rows if row["score"]]
    counts = NpsCounts.of(Counter(scores))
    error = (nps_variance(counts) / counts.n) ** 0.5

    assert (len(rows) - len(scores), counts.n) == (expected["n_missing"], expected["n"])
    assert {
        "Detractor": counts.detractors,
        "Passive": counts.passives,
        "Promoter": counts.promoters,
    } == expected["counts"]
    assert nps_points(counts) / 100 == figure(expected["nps"])
    assert nps_variance(counts) == figure(expected["var"])
    assert error == figure(expected["se"])
    assert net_promoter_score(counts).standard_error == figure(100 * expected["se"])
    assert share_limits(nps_wald_interval(counts)) == figure(expected["wald"])
    assert two_sided_normal_p(nps_points(counts) / 100 / error) == figure(expected["p_value_vs_0"])


def test_two_samples_compare_as_in_the_cran_package() -> None:
    expected = load_golden("s01_nps_ci")["expected"]["two_sample_first120_vs_rest"]
    scores = [int(row["score"]) for row in golden_rows("s01_nps_ci", "input_scores.csv") if row["score"]]
    first, second = NpsCounts.of(Counter(scores[:120])), NpsCounts.of(Counter(scores[120:]))
    comparison = compare_nps(first, second)
    assert comparison.interval is not None
    assert comparison.statistic is not None

    assert (comparison.n_first, comparison.n_second) == (expected["n_x"], expected["n_y"])
    assert nps_points(first) / 100 == figure(expected["nps_x"])
    assert nps_points(second) / 100 == figure(expected["nps_y"])
    assert comparison.difference / 100 == figure(expected["abs_difference"])
    assert comparison.difference / 100 / comparison.statistic == figure(expected["se"])
    assert share_limits(comparison.interval) == figure(expected["ci_of_abs_difference"])
    assert comparison.p_value == figure(expected["p_value"])
    assert (comparison.test, comparison.beyond_sampling_error) == ("z_unpooled", False)
