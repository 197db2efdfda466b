"""P-values of families of tests, and all pairs of shares, against R's p.adjust, pairwise.prop.test and chisq.test."""

from typing import get_args

import pytest

from feedback_core.kpis.calc.multiplicity import (
    AdjustmentMethod,
    adjust_p_values,
    compare_all_shares,
    equal_shares_test,
)
from feedback_core.kpis.calc.proportion_differences import Share
from tests.reference.goldens import golden_rows, load_golden

CASE = "s26_multiplicity"
METHODS: tuple[AdjustmentMethod, ...] = get_args(AdjustmentMethod)


@pytest.mark.parametrize("family", ["bh1995_thrombolysis", "dashboard40"])
def test_every_adjustment_of_a_family(family: str) -> None:
    golden = load_golden(CASE)
    expected = golden["expected"][family]
    p_values = [float(row["p"]) for row in golden_rows(CASE) if row["set"] == family]
    assert golden["tolerance"]["default_rel"] == 1e-10
    assert {*expected, "none"} == set(METHODS)

    for method in METHODS:
        adjusted = adjust_p_values(p_values, method=method)
        assert adjusted == pytest.approx(expected.get(method, p_values), rel=1e-10), method
    claimed = sum(p <= 0.05 for p in adjust_p_values(p_values))
    assert claimed == golden["expected"]["n_rejected_bh_0.05"][family]


def test_the_paper_claims_four_and_bonferroni_three() -> None:
    published = load_golden(CASE)["published"]
    p_values = [float(row["p"]) for row in golden_rows(CASE) if row["set"] == "bh1995_thrombolysis"]
    assert sum(p <= 0.05 for p in adjust_p_values(p_values)) == published["bh_rejections"]
    assert sum(p <= 0.05 for p in adjust_p_values(p_values, method="bonferroni")) == published["bonferroni_rejections"]


def test_all_pairs_of_sites_and_all_sites_at_once() -> None:
    expected = load_golden(CASE)["expected"]
    rows = golden_rows(CASE, "input_pairwise.csv")
    shares = [Share(int(row["topbox"]), int(row["n"])) for row in rows]

    raw, adjusted = {}, {}
    for pair in compare_all_shares(shares):
        name = f"{rows[pair.second]['site']}-{rows[pair.first]['site']}"
        assert pair.test is not None
        raw[name], adjusted[name] = pair.test.p_value, pair.adjusted_p_value
    overall = equal_shares_test(shares)

    assert raw == pytest.approx(expected["pairwise_p_raw"], rel=1e-10)
    assert adjusted == pytest.approx(expected["pairwise_p_bh"], rel=1e-10)
    assert overall.chi_square == pytest.approx(expected["global_chi2"], rel=1e-10)
    assert overall.p_value == pytest.approx(expected["global_p"], rel=1e-10)
    assert overall.degrees_of_freedom == len(shares) - 1
