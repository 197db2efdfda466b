"""Key-driver importance and linear regression, against R's relaimpo, rwa and lm."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from feedback_core.drivers.calc import (
    AnswerPatterns,
    ImportanceMethod,
    correlations_of,
    fit_linear,
    numeric_driver,
    relative_importance,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s25_driver_importance_attitude"
OUTCOME = "rating"

# R data set `attitude` (Chatterjee & Price): rating, complaints, privileges, learning, raises, critical, advance.
ATTITUDE = """
43 51 30 39 61 92 45; 63 64 51 54 63 73 47; 71 70 68 69 76 86 48; 61 63 45 47 54 84 35; 81 78 56 66 71 83 47;
43 55 49 44 54 49 34; 58 67 42 56 66 68 35; 71 75 50 55 70 66 41; 72 82 72 67 71 83 31; 67 61 45 47 62 80 41;
64 53 53 58 58 67 34; 67 60 47 39 59 74 41; 69 62 57 42 55 63 25; 68 83 83 45 59 77 35; 77 77 54 72 79 77 46;
81 90 50 72 60 54 36; 74 85 64 69 79 79 63; 65 60 65 75 55 80 60; 65 70 46 57 75 85 46; 50 58 68 54 64 78 52;
50 40 33 34 43 64 33; 64 61 52 62 66 80 41; 53 66 52 50 63 80 37; 40 37 42 58 50 57 49; 63 54 42 48 66 75 33;
66 77 66 63 88 76 72; 78 75 58 74 80 78 49; 48 57 44 45 51 83 38; 85 85 71 71 77 74 55; 82 82 39 59 64 78 39
"""


def patterns_of(names: Sequence[str], rows: Sequence[Sequence[float]]) -> AnswerPatterns:
    table = np.array(rows, dtype=float)
    outcome = names.index(OUTCOME)
    drivers = tuple(numeric_driver(name, table[:, i]) for i, name in enumerate(names) if i != outcome)
    return AnswerPatterns(table[:, outcome], drivers, np.ones(table.shape[0]))


@pytest.fixture
def attitude() -> AnswerPatterns:
    rows = golden_rows(CASE)
    return patterns_of(list(rows[0]), [[float(value) for value in row.values()] for row in rows])


@pytest.fixture
def expected() -> dict[str, Any]:
    figures: dict[str, Any] = load_golden(CASE)["expected"]
    return figures


def figure(value: object) -> Any:
    return pytest.approx(value, rel=1e-8)


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("lmg", "lmg"),
        ("first", "first"),
        ("last", "last"),
        ("pratt", "pratt"),
        ("genizi", "genizi"),
        ("car", "car"),
        ("johnson", "johnson_raw"),
    ],
)
def test_contribution_of_each_driver(
    attitude: AnswerPatterns, expected: dict[str, Any], method: ImportanceMethod, name: str
) -> None:
    found = relative_importance(correlations_of(attitude), method=method)

    assert dict(zip(found.drivers, found.raw, strict=True)) == figure(expected[name])
    assert found.r_squared == figure(expected["r_squared"])


@pytest.mark.parametrize(
    ("method", "name", "unit"), [("lmg", "lmg_normalised", 1), ("johnson", "johnson_rescaled_percent", 100)]
)
def test_shares_of_the_explained_variance(
    attitude: AnswerPatterns, expected: dict[str, Any], method: ImportanceMethod, name: str, unit: int
) -> None:
    found = relative_importance(correlations_of(attitude), method=method)

    assert found.rescaled is not None
    shares = [unit * share for share in found.rescaled]
    assert dict(zip(found.drivers, shares, strict=True)) == figure(expected[name])


def test_squared_standardised_coefficients(attitude: AnswerPatterns, expected: dict[str, Any]) -> None:
    found = relative_importance(correlations_of(attitude), method="betasq")

    squares = {name: beta**2 for name, beta in expected["standardised_beta"].items()}
    assert dict(zip(found.drivers, found.raw, strict=True)) == figure(squares)


def test_least_squares(attitude: AnswerPatterns, expected: dict[str, Any]) -> None:
    fit = fit_linear(attitude)
    every = [fit.intercept, *fit.coefficients]

    assert {value.name: value.estimate for value in every} == figure(expected["ols_coef"])
    assert {value.name: value.standard_error for value in every} == figure(expected["ols_se"])
    assert dict(zip(attitude.labels, fit.standardised, strict=True)) == figure(expected["standardised_beta"])
    assert dict(zip(attitude.labels, fit.variance_inflation, strict=True)) == figure(expected["vif"])
    assert fit.r_squared == figure(expected["r_squared"])


def test_variance_inflation_follows_from_the_correlations(attitude: AnswerPatterns, expected: dict[str, Any]) -> None:
    correlations = correlations_of(attitude)

    assert dict(zip(correlations.drivers, correlations.variance_inflation, strict=True)) == figure(expected["vif"])


def test_figures_of_the_golden_typed_in() -> None:
    """From relaimpo 2.2.7 and rwa 0.1.0; typed in, so that they hold without the golden folder."""
    names = [OUTCOME, "complaints", "privileges", "learning", "raises", "critical", "advance"]
    patterns = patterns_of(names, [[float(value) for value in row.split()] for row in ATTITUDE.split(";")])
    correlations = correlations_of(patterns)

    assert correlations.r_squared == figure(0.732601992531149)
    assert relative_importance(correlations, method="lmg").raw[0] == figure(0.370816194319328)
    assert relative_importance(correlations, method="johnson").raw[2] == figure(0.163610910750533)
    assert relative_importance(correlations, method="pratt").raw[5] == figure(-0.0284528140428419)
