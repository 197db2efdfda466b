"""Ordinal regression from counts of patterns, against R's ordinal and MASS, and statsmodels on expanded rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from feedback_core.drivers.calc import (
    AnswerPatterns,
    Coefficient,
    categorical_driver,
    driver_tests,
    fit_ordinal,
    predicted_probabilities,
    proportional_odds_tests,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s24_ordinal_logit_housing"
SATISFACTION = ("Low", "Medium", "High")
LEVELS = {
    "Infl": ("Low", "Medium", "High"),
    "Type": ("Tower", "Apartment", "Atrium", "Terrace"),
    "Cont": ("Low", "High"),
}

# R data set MASS::housing (Venables & Ripley): Freq by Sat (fastest), Infl, Type, Cont.
HOUSING = [
    *(21, 21, 28, 34, 22, 36, 10, 11, 36, 61, 23, 17, 43, 35, 40, 26, 18, 54),
    *(13, 9, 10, 8, 8, 12, 6, 7, 9, 18, 6, 7, 15, 13, 13, 7, 5, 11),
    *(14, 19, 37, 17, 23, 40, 3, 5, 23, 78, 46, 43, 48, 45, 86, 15, 25, 62),
    *(20, 23, 20, 10, 22, 24, 7, 10, 21, 57, 23, 13, 31, 21, 13, 5, 6, 13),
]


def patterns_of(rows: Sequence[dict[str, str]]) -> AnswerPatterns:
    return AnswerPatterns(
        outcome=np.array([float(SATISFACTION.index(row["Sat"])) for row in rows]),
        drivers=tuple(
            categorical_driver(name, [levels.index(row[name]) for row in rows], levels)
            for name, levels in LEVELS.items()
        ),
        counts=np.array([float(row["Freq"]) for row in rows]),
    )


@pytest.fixture
def housing() -> AnswerPatterns:
    return patterns_of(golden_rows(CASE))


@pytest.fixture
def expected() -> dict[str, Any]:
    figures: dict[str, Any] = load_golden(CASE)["expected"]
    return figures


def estimates(values: Sequence[Coefficient]) -> dict[str, float]:
    return {value.name: value.estimate for value in values}


def coefficient(figures: object) -> Any:
    return pytest.approx(figures, rel=1e-6)


def test_coefficients_errors_and_likelihood_of_the_logit_model(
    housing: AnswerPatterns, expected: dict[str, Any]
) -> None:
    fit = fit_ordinal(housing, categories=SATISFACTION)
    every = [*fit.thresholds, *fit.coefficients]

    assert (fit.n, fit.categories) == (expected["n"], SATISFACTION)
    assert estimates(fit.thresholds) == coefficient(expected["thresholds_logit"])
    assert estimates(fit.coefficients) == coefficient(expected["coef_logit"])
    assert {value.name: value.standard_error for value in every} == pytest.approx(expected["se_logit"], rel=1e-4)
    assert {value.name: value.statistic for value in every} == pytest.approx(expected["z"], rel=1e-4)
    assert {value.name: value.odds_ratio for value in fit.coefficients} == coefficient(expected["odds_ratio"])
    assert fit.log_likelihood == pytest.approx(expected["loglik"], rel=1e-9)
    assert fit.null_log_likelihood == pytest.approx(expected["loglik_null"], rel=1e-9)
    assert fit.aic == pytest.approx(expected["aic"], rel=1e-9)
    assert estimates(fit.coefficients) == coefficient(expected["polr_coef"])
    assert estimates(fit.thresholds) == coefficient(expected["polr_zeta"])


def test_the_probit_model(housing: AnswerPatterns, expected: dict[str, Any]) -> None:
    fit = fit_ordinal(housing, link="probit", categories=SATISFACTION)

    assert estimates(fit.thresholds) == coefficient(expected["thresholds_probit"])
    assert estimates(fit.coefficients) == coefficient(expected["coef_probit"])
    assert fit.log_likelihood == pytest.approx(expected["loglik_probit"], rel=1e-9)
    assert {value.odds_ratio for value in fit.coefficients} == {None}


def test_likelihood_ratio_of_each_driver(housing: AnswerPatterns, expected: dict[str, Any]) -> None:
    tests = {test.driver: test for test in driver_tests(housing)}

    assert list(tests) == list(expected["lr_test"])
    for name, figures in expected["lr_test"].items():
        found = tests[name]
        assert (found.statistic, found.degrees_of_freedom) == coefficient((figures["chisq"], figures["df"]))
        assert found.p_value == coefficient(figures["p"])


def test_proportional_odds_of_each_driver(housing: AnswerPatterns, expected: dict[str, Any]) -> None:
    tests = {test.driver: test for test in proportional_odds_tests(housing)}

    assert list(tests) == list(expected["proportional_odds_lr_test"])
    for name, figures in expected["proportional_odds_lr_test"].items():
        found = tests[name]
        assert (found.statistic, found.degrees_of_freedom) == coefficient((figures["chisq"], figures["df"]))
        assert found.p_value == coefficient(figures["p"])
        assert found.log_likelihood == pytest.approx(figures["loglik"], rel=1e-9)


def test_predicted_probabilities(housing: AnswerPatterns, expected: dict[str, Any]) -> None:
    fit = fit_ordinal(housing, categories=SATISFACTION)
    row = [1.0 if label == "InflHigh" else 0.0 for label in housing.labels]

    predicted = predicted_probabilities(fit, row)

    assert predicted[0].tolist() == coefficient(expected["predicted_HighInfl_Tower_LowCont"])


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_statsmodels_on_one_row_per_respondent_gives_the_same(housing: AnswerPatterns, link: Any) -> None:
    repeats = housing.counts.astype(int)
    outcome, columns = np.repeat(housing.outcome, repeats), np.repeat(housing.columns, repeats, axis=0)
    slow = OrderedModel(outcome, columns, distr=link).fit(method="bfgs", gtol=1e-8, disp=False)

    fit = fit_ordinal(housing, link=link)

    assert [value.estimate for value in fit.coefficients] == pytest.approx(slow.params[:6].tolist(), rel=1e-6)
    assert [value.standard_error for value in fit.coefficients] == pytest.approx(slow.bse[:6].tolist(), rel=1e-4)
    assert fit.log_likelihood == pytest.approx(slow.llf, rel=1e-10)


def test_the_printed_coefficients_of_venables_and_ripley() -> None:
    """MASS, 4th ed., section 7.3; typed in, so that it holds without the golden folder."""
    order = [
        {"Sat": sat, "Infl": infl, "Type": kind, "Cont": contact}
        for contact in LEVELS["Cont"]
        for kind in LEVELS["Type"]
        for infl in LEVELS["Infl"]
        for sat in SATISFACTION
    ]
    rows = [{**row, "Freq": str(count)} for row, count in zip(order, HOUSING, strict=True)]

    fit = fit_ordinal(patterns_of(rows), categories=SATISFACTION)

    assert estimates(fit.coefficients) == pytest.approx(
        {
            "InflMedium": 0.5664,
            "InflHigh": 1.2888,
            "TypeApartment": -0.5724,
            "TypeAtrium": -0.3662,
            "TypeTerrace": -1.0910,
            "ContHigh": 0.3603,
        },
        abs=5e-5,
    )
