"""Sample sizes against R's PracTools and samplingbook, and Cochran's example."""

import math

import pytest

from feedback_core.planning.calc import (
    sample_size_for_mean,
    sample_size_for_nps,
    sample_size_for_proportion,
    sample_size_for_proportion_by_cv,
    wilson_sample_size,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s28_sample_size"


def test_proportions_by_margin_with_and_without_a_population() -> None:
    golden = load_golden(CASE)
    rows = golden_rows(CASE)
    assert golden["tolerance"]["default_rel"] == 1e-8
    assert len(rows) == len(golden["expected"]["proportion"]) == 6
    for row, expected in zip(rows, golden["expected"]["proportion"], strict=True):
        p, margin, level = float(row["p"]), float(row["moe"]), float(row["conf"])
        population = None if row["N"] == "Inf" else int(row["N"])
        wald = sample_size_for_proportion(p, margin=margin, level=level, population=population)
        simple = sample_size_for_proportion(p, margin=margin, level=level, population=population, correction="simple")

        assert (p, margin, level, population) == tuple(expected[key] for key in ("p", "moe", "conf", "N"))
        assert wald.exact == pytest.approx(expected["practools_nPropMoe_wald"], rel=1e-8)
        assert simple.n == expected["samplingbook_n"]
        assert wilson_sample_size(p, margin=margin, level=level).exact == pytest.approx(expected["nWilson"], rel=1e-8)


def test_by_coefficient_of_variation_and_for_a_mean() -> None:
    expected = load_golden(CASE)["expected"]
    by_cv = sample_size_for_proportion_by_cv(0.5, cv=0.05, population=3200)
    mean = sample_size_for_mean(4.0, margin=0.1)
    of_2000 = sample_size_for_mean(4.0, margin=0.1, population=2000)
    assert by_cv.exact == pytest.approx(expected["nProp_cv"], rel=1e-8)
    assert mean.exact == pytest.approx(expected["mean_moe"]["sd2_4_e_0.1_N_Inf"], rel=1e-8)
    assert of_2000.exact == pytest.approx(expected["mean_moe"]["sd2_4_e_0.1_N_2000"], rel=1e-8)


def test_cochrans_islanders() -> None:
    golden = load_golden(CASE)
    two_errors = math.erf(math.sqrt(2))  # the level whose quantile is 2, as the book takes it
    unlimited = sample_size_for_proportion(0.5, margin=0.05, level=two_errors)
    islanders = sample_size_for_proportion(0.5, margin=0.05, level=two_errors, population=3200)
    assert unlimited.exact == pytest.approx(golden["expected"]["cochran_n0"], rel=1e-8)
    assert islanders.exact == pytest.approx(golden["expected"]["cochran_n"], rel=1e-8)
    assert (unlimited.n, islanders.n) == (golden["published"]["n0"], golden["published"]["n"])


def test_net_promoter_scores() -> None:
    expected = load_golden(CASE)["expected"]["nps"]
    points = 100 * expected["e"]
    size = sample_size_for_nps(expected["p"], expected["d"], margin=points, level=expected["conf"])
    assert size.exact == pytest.approx(expected["n"], rel=1e-8)
    assert sample_size_for_nps(0.5, 0.5, margin=5).exact == pytest.approx(expected["worst_case_n_e_0.05"], rel=1e-8)
