"""Ordinal regression: laws, an independent slow solution, weights and designs, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.discrete.discrete_model import Logit

from feedback_core.drivers.calc import (
    AnswerPatterns,
    OrdinalFit,
    categorical_driver,
    driver_tests,
    fit_ordinal,
    fit_top_box,
    numeric_driver,
    predicted_probabilities,
    proportional_odds_tests,
)
from feedback_core.drivers.calc.cumulative import CumulativeModel, maximise
from feedback_core.drivers.calc.ordinal import prepare
from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import Design
from tests.unit.drivers.builders import answers, grouped, weighted


def slopes(fit: OrdinalFit) -> list[float]:
    return [value.estimate for value in fit.coefficients]


def errors(fit: OrdinalFit) -> list[float]:
    return [value.standard_error for value in (*fit.thresholds, *fit.coefficients)]


def test_equal_answers_counted_together_change_nothing() -> None:
    rows = weighted(answers(400))

    one_by_one, together = fit_ordinal(rows), fit_ordinal(grouped(rows))

    assert slopes(together) == pytest.approx(slopes(one_by_one), rel=1e-9)
    assert errors(together) == pytest.approx(errors(one_by_one), rel=1e-9)
    assert (together.n, together.n_effective) == pytest.approx((400, one_by_one.n_effective))


def test_the_effects_that_made_the_answers_are_found() -> None:
    fit = fit_ordinal(answers(20_000))

    assert slopes(fit) == pytest.approx([1.0, 0.5], abs=4 * max(errors(fit)))
    # The ratings were centred at 3 when the answers were made.
    assert [t.estimate for t in fit.thresholds] == pytest.approx([-1 + 4.5, 1 + 4.5], abs=4 * max(errors(fit)))


@given(unit=st.floats(1e-6, 1e6), shift=st.floats(-1e3, 1e3))
def test_the_unit_of_a_driver_is_only_its_unit(unit: float, shift: float) -> None:
    rows = answers(200)
    other = replace(rows, drivers=(numeric_driver("d0", rows.columns[:, 0] * unit + shift * unit), rows.drivers[1]))

    plain, scaled = fit_ordinal(rows), fit_ordinal(other)

    assert slopes(scaled) == pytest.approx([slopes(plain)[0] / unit, slopes(plain)[1]], rel=1e-5)
    assert scaled.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-10)


def test_a_scale_turned_round_turns_the_signs() -> None:
    rows = answers(300)

    plain, turned = fit_ordinal(rows), fit_ordinal(replace(rows, outcome=-rows.outcome))

    assert slopes(turned) == pytest.approx([-slope for slope in slopes(plain)], rel=1e-8)
    assert turned.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("link", ["logit", "probit"])
def test_the_derivatives_are_those_of_the_likelihood(link: str) -> None:
    model = prepare(answers(60), link).model  # type: ignore[arg-type]
    model = replace(model, nominal=model.columns[:, :1])
    found = maximise(model)

    def value(parameters: np.ndarray) -> float:
        return _slow_log_likelihood(model, parameters)

    step = 1e-4
    units = step * np.eye(model.size)
    gradient = [(value(found.parameters + u) - value(found.parameters - u)) / (2 * step) for u in units]
    second = [
        [
            (
                value(found.parameters + u + v)
                - value(found.parameters + u - v)
                - value(found.parameters - u + v)
                + value(found.parameters - u - v)
            )
            / (4 * step**2)
            for v in units
        ]
        for u in units
    ]

    assert value(found.parameters) == pytest.approx(found.log_likelihood, rel=1e-12)
    assert gradient == pytest.approx([0.0] * model.size, abs=1e-5)
    assert found.information == pytest.approx(-np.array(second), rel=1e-4, abs=1e-4)


def _slow_log_likelihood(model: CumulativeModel, parameters: np.ndarray) -> float:
    """Answer by answer, from the definition."""
    from scipy.stats import logistic, norm

    curve = logistic if model.link == "logit" else norm
    slope_end = model.thresholds + model.columns.shape[1]
    total = 0.0
    for code, row, special, mass in zip(model.codes, model.columns, model.nominal, model.mass, strict=True):
        cumulative = [0.0]
        for j in range(model.thresholds):
            extra = 0.0 if j == 0 else special @ np.split(parameters[slope_end:], model.thresholds - 1)[j - 1]
            cumulative.append(float(curve.cdf(parameters[j] - row @ parameters[model.thresholds : slope_end] + extra)))
        cumulative.append(1.0)
        total += mass * np.log(cumulative[code + 1] - cumulative[code])
    return float(total)


def test_weights_that_are_alike_change_no_estimate_and_scale_does_not_matter() -> None:
    rows = answers(500)

    plain = fit_ordinal(rows)
    alike, larger = (fit_ordinal(replace(rows, weights=np.full(500, weight))) for weight in (1.0, 1000.0))

    assert slopes(alike) == pytest.approx(slopes(plain), rel=1e-9)
    assert errors(alike) == pytest.approx(errors(larger), rel=1e-12)
    # The model is true, so the sandwich says what the likelihood says, up to chance.
    assert errors(alike) == pytest.approx(errors(plain), rel=0.15)
    assert alike.aic is None


def test_weights_are_no_counts() -> None:
    rows = weighted(answers(500))
    repeated = fit_ordinal(replace(rows, counts=rows.weights, weights=None))  # type: ignore[arg-type]

    fit = fit_ordinal(rows)

    assert slopes(fit) == pytest.approx(slopes(repeated), rel=1e-9)
    assert min(np.array(errors(fit)) / errors(repeated)) > 1.1
    assert fit.n == 500
    assert fit.n_effective < 500


def test_a_design_of_respondents_alone_is_weights_alone() -> None:
    rows = weighted(answers(300))
    assert rows.weights is not None

    by_design = fit_ordinal(replace(rows, weights=None), design=Design(rows.weights))

    assert errors(by_design) == pytest.approx(errors(fit_ordinal(rows)), rel=1e-9)


def test_a_cluster_of_twins_counts_once() -> None:
    rows = answers(200)
    twins = AnswerPatterns(
        np.tile(rows.outcome, 2),
        tuple(numeric_driver(d.name, np.tile(d.columns[:, 0], 2)) for d in rows.drivers),
        np.ones(400),
    )

    clustered = fit_ordinal(twins, design=Design(np.ones(400), clusters=np.tile(np.arange(200), 2)))

    assert errors(clustered) == pytest.approx(errors(fit_ordinal(rows, design=Design(np.ones(200)))), rel=1e-9)


def test_top_box_is_binary_logit() -> None:
    rows = answers(400)
    slow = Logit(rows.outcome >= 2, np.column_stack([np.ones(400), rows.columns])).fit(disp=False)

    fit = fit_top_box(rows, top=2)

    assert slopes(fit) == pytest.approx(slow.params[1:].tolist(), rel=1e-6)
    assert fit.thresholds[0].estimate == pytest.approx(-slow.params[0], rel=1e-6)
    assert fit.categories == ("below 2", "2 or more")


def test_a_category_that_nobody_chose_takes_no_part() -> None:
    rows = answers(300)
    gap = replace(rows, outcome=np.where(rows.outcome == 2, 3.0, rows.outcome))

    fit = fit_ordinal(gap, categories=("bad", "fair", "good", "best"))

    assert fit.categories == ("bad", "fair", "best")
    assert slopes(fit) == pytest.approx(slopes(fit_ordinal(rows)), rel=1e-9)


def test_patterns_that_nobody_gave_take_no_part() -> None:
    rows = answers(100)
    more = AnswerPatterns(
        np.append(rows.outcome, 7.0),
        tuple(numeric_driver(d.name, np.append(d.columns[:, 0], 99.0)) for d in rows.drivers),
        np.append(rows.counts, 0.0),
    )

    assert slopes(fit_ordinal(more)) == pytest.approx(slopes(fit_ordinal(rows)), rel=1e-12)


def test_predicted_probabilities_sum_to_one_and_move_with_the_driver() -> None:
    fit = fit_ordinal(answers(300))

    low, high = predicted_probabilities(fit, [[1, 1], [5, 5]])

    assert (low.sum(), high.sum()) == pytest.approx((1, 1))
    assert high[2] > low[2]


def test_without_drivers_the_shares_themselves_are_fitted() -> None:
    rows = replace(answers(100), drivers=())

    fit = fit_ordinal(rows)

    assert fit.log_likelihood == pytest.approx(fit.null_log_likelihood, rel=1e-12)
    shares = np.bincount(rows.outcome.astype(int)) / 100
    assert predicted_probabilities(fit, np.zeros((1, 0)))[0] == pytest.approx(shares)


def test_a_driver_without_effect_is_told_from_one_with() -> None:
    mute, strong = driver_tests(answers(800, slopes=(0.0, 1.0)))

    assert mute.p_value > 0.001
    assert strong.p_value < 1e-12


def test_tests_under_weights_are_wald_and_near_the_likelihood_ratio() -> None:
    rows = answers(2000, slopes=(0.1, 0.2))

    ratio, wald = driver_tests(rows), driver_tests(replace(rows, weights=np.ones(2000)))
    odds, odds_wald = (proportional_odds_tests(r) for r in (rows, replace(rows, weights=np.ones(2000))))

    assert [test.method for test in (*wald, *odds_wald)] == ["wald"] * 4
    assert [test.statistic for test in wald] == pytest.approx([test.statistic for test in ratio], rel=0.1)
    assert [test.degrees_of_freedom for test in odds_wald] == [1, 1]
    assert [t.statistic for t in odds_wald] == pytest.approx([t.statistic for t in odds], rel=0.2, abs=0.2)


def test_a_slope_that_differs_by_threshold_is_noticed() -> None:
    rng = np.random.default_rng(3)
    rating = rng.integers(1, 6, 3000).astype(float)
    # The rating decides who leaves the bottom, and nothing about who reaches the top.
    leaves = rng.random(3000) < 1 / (1 + np.exp(-(rating - 3)))
    outcome = np.where(leaves, 1.0 + (rng.random(3000) < 0.5), 0.0)
    rows = AnswerPatterns(outcome, (numeric_driver("wait", rating),), np.ones(3000))

    (broken,) = proportional_odds_tests(rows)
    (kept, _) = proportional_odds_tests(answers(3000))

    assert broken.p_value < 1e-8
    assert kept.p_value > 0.001
    assert proportional_odds_tests(answers(200), drivers=["d1"])[0].driver == "d1"


def test_an_odds_ratio_too_large_for_a_number_is_left_out() -> None:
    rows = answers(200)
    tiny = replace(rows, drivers=(numeric_driver("d0", rows.columns[:, 0] * 1e-6),))

    assert fit_ordinal(tiny).coefficients[0].odds_ratio is None


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (replace(answers(50), counts=np.zeros(50)), "Nobody answered"),
        (replace(answers(50), outcome=np.ones(50)), "Everybody answered 1"),
        (replace(answers(50), drivers=(numeric_driver("wait", np.full(50, 3)),)), "same answer to wait"),
        (
            replace(answers(50), drivers=(*answers(50).drivers, numeric_driver("twin", answers(50).columns[:, 0] * 2))),
            "d0 and twin, one follows",
        ),
        (replace(answers(50), drivers=(numeric_driver("split", answers(50).outcome > 1),)), "separates"),
        (replace(answers(50), weights=np.zeros(50)), "weight"),
        (replace(answers(50), weights=np.full(50, np.nan)), "weight"),
        (replace(answers(50), outcome=np.full(50, np.inf)), "finite"),
        (replace(answers(50), counts=np.full(50, -1.0)), "count"),
    ],
)
def test_what_cannot_be_estimated_is_refused_in_words(rows: AnswerPatterns, says: str) -> None:
    with pytest.raises(NotEstimable, match=says):
        fit_ordinal(rows)


def test_one_respondent_is_refused() -> None:
    with pytest.raises(NotEstimable, match="nothing to explain"):
        fit_ordinal(AnswerPatterns(np.ones(1), (numeric_driver("a", [1]),), np.ones(1)))


def test_a_boundary_that_all_reach_is_refused() -> None:
    with pytest.raises(NotEstimable, match="Everybody gave 0 or more"):
        fit_top_box(answers(50), top=0)
    with pytest.raises(NotEstimable, match="Nobody gave 9 or more"):
        fit_top_box(answers(50), top=9)


def test_two_categories_have_no_odds_to_be_proportional() -> None:
    rows = answers(100)

    with pytest.raises(NotEstimable, match="two categories"):
        proportional_odds_tests(replace(rows, outcome=np.minimum(rows.outcome, 1)))


def test_dummies_are_named_as_in_r_and_leave_out_the_first_level() -> None:
    driver = categorical_driver("Infl", [0, 1, 2], ["Low", "Medium", "High"])

    assert driver.labels == ("InflMedium", "InflHigh")
    assert driver.columns.tolist() == [[0, 0], [1, 0], [0, 1]]
    with pytest.raises(NotEstimable, match="fewer than two"):
        categorical_driver("Infl", [0], ["Low"])
    with pytest.raises(ValueError, match="outside"):
        categorical_driver("Infl", [2], ["Low", "High"])


def test_shapes_that_do_not_fit_are_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="one row per pattern"):
        fit_ordinal(replace(answers(50), counts=np.ones(3)))
    with pytest.raises(ValueError, match="columns"):
        predicted_probabilities(fit_ordinal(answers(50)), [[1, 2, 3]])
    with pytest.raises(ValueError, match="no index"):
        fit_ordinal(answers(50), categories=("a",))
    with pytest.raises(ValueError, match="link"):
        fit_ordinal(answers(50), link="cauchit")  # type: ignore[arg-type]
