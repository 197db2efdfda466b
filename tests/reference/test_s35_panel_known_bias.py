"""The whole bias assessment on a panel whose truth is known, against R's survey package."""

from collections import Counter

import numpy as np
import pytest

from feedback_core.bias.calc import AnswerCount, KpiScores, KpiUnit, Usability, assess_sampling_bias, cell_table
from feedback_core.weighting.calc import Calibration, Design, encode, rake, read_margins, weighted_mean
from tests.reference.goldens import golden_rows, load_golden

CASE = "s35_panel_known_bias"
ATTRIBUTES = ("segment", "region", "tenure", "channel")
NPS = KpiScores(
    "NPS", KpiUnit.POINTS, {score: 100.0 if score >= 9 else 0.0 if score >= 7 else -100.0 for score in range(11)}
)


def frame_counts() -> dict[str, dict[str, float]]:
    rows = golden_rows(CASE, "input_frame.csv")
    return {attribute: dict(Counter(row[attribute] for row in rows)) for attribute in ATTRIBUTES}


def respondents() -> list[dict[str, str]]:
    return [row for row in golden_rows(CASE, "input_invites.csv") if row["responded"] == "1"]


def test_the_assessment_from_cells() -> None:
    expected = load_golden(CASE)["expected"]
    counted = Counter((tuple(row[a] for a in ATTRIBUTES), int(row["score"])) for row in respondents())
    sample = cell_table(ATTRIBUTES, [AnswerCount(cell, score, n) for (cell, score), n in counted.items()])

    result = assess_sampling_bias(sample, read_margins(frame_counts()), NPS)

    naive, raked = expected["naive"], expected["raked_from_equal"]
    assert result.unweighted.value == pytest.approx(naive["nps"], rel=1e-6)
    assert result.unweighted.standard_error == pytest.approx(naive["nps_se"], rel=1e-5)
    assert result.weighted is not None
    assert result.weighted.value == pytest.approx(raked["nps"], rel=1e-6)
    assert result.weighted.standard_error == pytest.approx(raked["nps_se"], rel=1e-5)
    assert result.weighted.interval is not None
    limits = (result.weighted.interval.low, result.weighted.interval.high)
    assert limits == pytest.approx(raked["nps_ci"], rel=1e-5)
    assert result.weighting is not None
    assert result.weighting.design_effect.design_effect == pytest.approx(raked["kish_deff"], rel=1e-6)
    assert result.weighting.design_effect.effective_n == pytest.approx(raked["effective_n"], rel=1e-6)
    mean_weight = raked["weight_sum"] / expected["n_responded"]
    assert result.weighting.smallest_weight == pytest.approx(raked["weight_min"] / mean_weight, rel=1e-6)
    assert result.weighting.largest_weight == pytest.approx(raked["weight_max"] / mean_weight, rel=1e-6)
    for margin in result.margins:
        fit = expected["goodness_of_fit_naive"][margin.attribute]
        assert margin.fit.statistic == pytest.approx(fit["chi2"], rel=1e-6)
        assert margin.fit.degrees_of_freedom == fit["df"]
        assert margin.fit.p_value == pytest.approx(fit["p"], rel=1e-6)
    assert result.state is Usability.WEIGHTED
    assert abs(result.weighted.value - expected["truth"]["nps"]) < 0.1 < abs(naive["nps_error_vs_truth"])


def test_raking_from_unequal_design_weights_in_strata() -> None:
    expected = load_golden(CASE)["expected"]["raked_from_design"]
    rows = respondents()
    margins = read_margins(frame_counts())
    codes = encode(margins, [[row[attribute] for row in rows] for attribute in ATTRIBUTES])
    base = np.array([float(row["design_weight"]) for row in rows])
    raking = rake(codes, margins, base=base, total=margins[0].total)

    # rake() of R's survey takes its residuals from a regression without weights, calibrate() from one with base
    # weights; both are consistent, and equal where the base weights are.
    design = Design(raking.weights, strata=codes[0], calibration=Calibration(codes, np.ones(base.size)))
    scores = [NPS.by_value[int(row["score"])] for row in rows]
    mean = weighted_mean(scores, design)

    assert mean.value == pytest.approx(expected["nps"], rel=1e-6)
    assert mean.standard_error == pytest.approx(expected["nps_se"], rel=1e-5)
    assert mean.degrees_of_freedom == len(rows) - 3
