"""Agreement of coders against R's irr and vcd, and printed examples."""

import pytest

from feedback_core.themes.calc import (
    KappaWeights,
    Metric,
    cohen_kappa,
    fleiss_agreement,
    krippendorff_alpha,
    percent_agreement,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s32_coder_agreement"
METRICS: tuple[Metric, ...] = ("nominal", "ordinal", "interval", "ratio")


def two_coders() -> list[list[int]]:
    return [[int(row["coder_a"]), int(row["coder_b"])] for row in golden_rows(CASE, "input_two_coders.csv")]


@pytest.mark.parametrize("metric", METRICS)
def test_krippendorff_with_missing_codes(metric: Metric) -> None:
    golden = load_golden(CASE)
    rows = golden_rows(CASE, "input_krippendorff.csv")
    units = [[int(code) if code else None for code in row.values()] for row in rows]
    result = krippendorff_alpha(units, metric=metric)
    assert golden["tolerance"]["default_rel"] == 1e-9
    assert result.alpha == pytest.approx(golden["expected"]["krippendorff_4x12"][metric], rel=1e-9)
    assert round(result.alpha, 3) == golden["published"]["krippendorff"][metric]


@pytest.mark.parametrize("metric", METRICS[:3])
def test_krippendorff_of_two_coders(metric: Metric) -> None:
    expected = load_golden(CASE)["expected"]["krippendorff_two_coders"]
    assert krippendorff_alpha(two_coders(), metric=metric).alpha == pytest.approx(expected[metric], rel=1e-9)


def test_fleiss() -> None:
    golden = load_golden(CASE)
    expected = golden["expected"]["fleiss_14x10"]
    rows = golden_rows(CASE, "input_fleiss.csv")
    result = fleiss_agreement([[int(row[f"c{code}"]) for code in range(1, 6)] for row in rows])
    assert (result.comments, result.coders) == (10, 14)
    assert result.kappa == pytest.approx(expected["kappa"], rel=1e-9)
    assert result.z == pytest.approx(expected["z"], rel=1e-9)
    assert result.p_value == pytest.approx(expected["p"], abs=1e-15)
    assert round(result.kappa, 3) == golden["published"]["fleiss"]["kappa"]


@pytest.mark.parametrize(("weights", "suffix"), [("none", ""), ("linear", "_linear"), ("quadratic", "_quadratic")])
def test_cohen(weights: KappaWeights, suffix: str) -> None:
    expected = load_golden(CASE)["expected"]["cohen"]
    first, second = zip(*two_coders(), strict=True)
    result = cohen_kappa(first, second, weights=weights, categories=[1, 2, 3, 4])

    assert result.n == expected["n"]
    assert result.percent_agreement == pytest.approx(expected["percent_agreement"], rel=1e-9)
    assert percent_agreement(two_coders()) == result.percent_agreement
    assert result.kappa == pytest.approx(expected[f"kappa{suffix}"], rel=1e-9)
    assert result.standard_error == pytest.approx(expected[f"ase{suffix}"], rel=1e-9)
    if f"ci95{suffix}" in expected:
        assert result.interval is not None
        assert [result.interval.low, result.interval.high] == pytest.approx(expected[f"ci95{suffix}"], rel=1e-9)
    if weights == "none":
        assert result.z == pytest.approx(expected["z"], rel=1e-9)
