"""Respondents against the frame: Pearson and design-based goodness of fit, against R's chisq.test and svygofchisq."""

import numpy as np
import pytest

from feedback_core.bias.calc.goodness_of_fit import design_based_fit, goodness_of_fit
from feedback_core.weighting.calc import Design
from tests.reference.goldens import golden_rows, load_golden

CASE = "s14_gof_frame"


@pytest.mark.parametrize("attribute", ["stype", "sch.wide"])
def test_profile_against_frame(attribute: str) -> None:
    expected = load_golden(CASE)["expected"][attribute]
    rows = golden_rows(CASE)
    frame = {
        r["level"]: float(r["frame_count"]) for r in golden_rows(CASE, "input_frame.csv") if r["variable"] == attribute
    }
    levels = list(frame)
    codes = np.array([levels.index(row[attribute]) for row in rows])
    shares = [count / sum(frame.values()) for count in frame.values()]

    fit = goodness_of_fit(np.bincount(codes).tolist(), shares)
    design = Design(
        np.array([float(row["pw"]) for row in rows]),
        clusters=np.array([int(row["dnum"]) for row in rows]),
        population=np.array([float(row["fpc"]) for row in rows]),
    )
    by_design = design_based_fit(codes, shares, design)

    assert list(fit.observed) == expected["observed"]
    assert fit.expected == pytest.approx(expected["expected"], rel=1e-8)
    assert fit.statistic == pytest.approx(expected["pearson"], rel=1e-8)
    assert fit.degrees_of_freedom == expected["df"]
    assert fit.p_value == pytest.approx(expected["p"], rel=1e-8)
    assert fit.standardised_residuals == pytest.approx(expected["standardized_residuals"], rel=1e-8)
    assert fit.cohen_w == pytest.approx(expected["cohen_w"], rel=1e-8)
    assert fit.likelihood_ratio == pytest.approx(expected["g_test"], rel=1e-8)
    assert fit.gaps == pytest.approx(expected["share_difference_pp"], rel=1e-8)
    assert fit.dissimilarity == pytest.approx(expected["dissimilarity_index"], rel=1e-8)
    assert by_design.statistic == pytest.approx(expected["rao_scott_statistic"], rel=1e-8)
    assert (by_design.scale, by_design.degrees_of_freedom) == pytest.approx(expected["rao_scott_parameter"], rel=1e-8)
    assert by_design.p_value == pytest.approx(expected["rao_scott_p"], rel=1e-8)
    assert by_design.generalised_deffs == pytest.approx(expected["generalised_deffs_lambda"], rel=0, abs=1e-6)
