"""R-indicators, coefficients of variation and partial indicators against the program RISQ 2.1."""

from typing import Any

import pytest

from feedback_core.bias.calc import RIndicator, r_indicator, response_patterns
from tests.reference.goldens import golden_rows, load_golden

CASE = "s15_r_indicator"
VARIABLES = ("region", "age", "plan")


def close(expected: float) -> Any:
    return pytest.approx(expected, rel=1e-7)


@pytest.fixture(scope="module")
def found() -> RIndicator:
    rows = golden_rows(CASE)
    variables = {variable: [row[variable] for row in rows] for variable in VARIABLES}
    return r_indicator(response_patterns([int(row["responded"]) for row in rows], variables))


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    golden = load_golden(CASE)
    assert golden["tolerance"] == {"default_rel": 1e-7}
    figures: dict[str, Any] = golden["expected"]
    return figures


def test_the_indicator_and_what_it_bounds(found: RIndicator, expected: dict[str, Any]) -> None:
    assert found.r.n == expected["n"]
    assert found.response_rate == close(expected["response_rate"])
    assert found.r.value == close(expected["R"])
    assert found.r_unadjusted == close(expected["R_unadjusted"])
    assert found.r.standard_error == close(expected["R_se"])
    assert found.bias_factor == close(expected["bias_factor"])
    assert found.coefficient_of_variation == close(expected["CV"])
    assert found.cv_unadjusted == close(expected["CV_unadjusted"])
    assert found.cv_standard_error == close(expected["CV_se"])
    assert found.propensity_sd == close(expected["propensity_sd_unbiased"])
    assert found.largest_bias(1.0) == close(expected["max_abs_bias_standardised"])


def test_the_response_model(found: RIndicator, expected: dict[str, Any]) -> None:
    coefficients = {f"{variable}{category}" or "(Intercept)": value for variable, category, value in found.coefficients}
    assert coefficients == {name: close(value) for name, value in expected["coef"].items()}


def test_partial_indicators_by_variable(found: RIndicator, expected: dict[str, Any]) -> None:
    assert {partial.variable for partial in found.partials} == expected["partial_by_variable"].keys()
    scaled = {partial.variable: partial for partial in found.partial_coefficients_of_variation}
    for partial in found.partials:
        figures = expected["partial_by_variable"][partial.variable]
        assert partial.unconditional == close(figures["Pu"])
        assert partial.unconditional_unadjusted == close(figures["PuUnadj"])
        assert partial.standard_error == close(figures["PuSE"]) == close(figures["PcSEApprox"])
        assert partial.conditional == close(figures["Pc"])
        assert partial.conditional_unadjusted == close(figures["PcUnadj"])
        of_variation, figures = scaled[partial.variable], expected["partial_cv_by_variable"][partial.variable]
        assert of_variation.unconditional == close(figures["CVu"])
        assert of_variation.unconditional_unadjusted == close(figures["CVuUnadj"])
        assert of_variation.standard_error == close(figures["CVuSE"]) == close(figures["CVcSEApprox"])
        assert of_variation.conditional == close(figures["CVc"])
        assert of_variation.conditional_unadjusted == close(figures["CVcUnadj"])


def test_partial_indicators_by_category(found: RIndicator, expected: dict[str, Any]) -> None:
    for partial in found.partials:
        categories = expected["partial_by_category"][partial.variable]
        assert {part.category for part in partial.categories} == categories.keys()
        for part in partial.categories:
            figures = categories[part.category]
            assert part.unconditional == close(figures["PuUnadj"])
            assert part.unconditional_standard_error == pytest.approx(figures["PuUnadjSE"], rel=1e-7, abs=0)
            assert part.conditional == close(figures["PcUnadj"])
            assert part.conditional_standard_error == close(figures["PcUnadjSE"])


def test_the_panel_of_known_bias() -> None:
    golden = load_golden("s35_panel_known_bias")["expected"]["r_indicator"]
    rows = golden_rows("s35_panel_known_bias", "input_invites.csv")
    variables = {name: [row[name] for row in rows] for name in ("segment", "region", "tenure", "channel")}

    found = r_indicator(response_patterns([int(row["responded"]) for row in rows], variables))

    assert found.r.value == close(golden["R"])
    assert found.r_unadjusted == close(golden["R_unadjusted"])
    assert found.r.standard_error == close(golden["se"])
    assert found.coefficient_of_variation == close(golden["CV"])
    for partial in found.partials:
        figures = golden["partial"][partial.variable]
        assert partial.unconditional == close(figures["Pu"])
        assert partial.unconditional_unadjusted == close(figures["PuUnadj"])
        assert partial.conditional == close(figures["Pc"])
        assert partial.conditional_unadjusted == close(figures["PcUnadj"])
        assert partial.standard_error == close(figures["PuSE"]) == close(figures["PcSEApprox"])
