"""Reliability of a scale against R's psych and lavaan."""

import numpy as np
import pytest

from feedback_core.responses.quality.calc import one_factor_model, scale_reliability
from tests.reference.goldens import golden_rows, load_golden

CASE = "s31_scale_reliability"


def answers() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[float(value) for value in row.values()] for row in golden_rows(CASE)])


def test_alpha_and_its_relatives() -> None:
    golden = load_golden(CASE)
    expected = golden["expected"]
    items = list(golden_rows(CASE)[0])
    scale = scale_reliability(answers())

    assert golden["tolerance"]["alpha"] == "rel 1e-10"
    assert (scale.n, scale.k) == (expected["n"], expected["k"])
    assert scale.alpha == pytest.approx(expected["alpha_raw"], rel=1e-10)
    assert scale.standardised_alpha == pytest.approx(expected["alpha_std"], rel=1e-10)
    assert scale.average_correlation == pytest.approx(expected["average_r"], rel=1e-10)
    assert scale.lambda6 == pytest.approx(expected["lambda6"], rel=1e-10)
    assert scale.interval is not None
    assert [scale.interval.low, scale.interval.high] == pytest.approx(expected["feldt_ci95"], rel=1e-10)
    for figures, name in (
        (scale.alpha_if_dropped, "alpha_if_dropped"),
        (scale.item_rest_correlations, "item_rest_r"),
        (scale.item_means, "item_means"),
    ):
        assert dict(zip(items, figures, strict=True)) == pytest.approx(expected[name], rel=1e-10)


def test_omega_of_the_standardised_items_by_minimum_residuals() -> None:
    expected = load_golden(CASE)["expected"]
    model = one_factor_model(answers(), method="minres")
    loadings = dict(zip(golden_rows(CASE)[0], model.loadings, strict=True))
    assert model.omega == pytest.approx(expected["omega_total_minres_std"], rel=1e-4)
    assert loadings == pytest.approx(expected["loadings_minres_std"], rel=1e-4)


def test_omega_of_the_confirmatory_model_by_maximum_likelihood() -> None:
    expected = load_golden(CASE)["expected"]
    model = one_factor_model(answers(), method="ml")
    assert model.omega == pytest.approx(expected["omega_cfa_ml_raw"], rel=1e-6)
    assert model.loadings == pytest.approx(expected["loadings_cfa_ml_raw"], rel=1e-4)
    assert model.residual_variances == pytest.approx(expected["residual_variances_cfa_ml"], rel=1e-4)
    assert model.chi_square == pytest.approx(expected["chi2_cfa"], rel=1e-6)
    assert model.degrees_of_freedom == 14
