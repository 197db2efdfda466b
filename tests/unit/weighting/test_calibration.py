"""Laws of calibration, slow solutions of it, and refusals that say what would do."""

import re

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, minimize

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import (
    BoundsImpossible,
    Calibration,
    Design,
    MarginsUnusable,
    NumericTotal,
    calibrate,
    rake,
    read_margins,
    weighted_mean,
    weighted_shares,
    weighted_total,
)
from feedback_core.weighting.calc.distances import Distance
from tests.unit.weighting.tables import Table, tables

REGION = read_margins({"region": {"north": 60, "south": 40}})
CODES = np.array([[0, 0, 0, 0, 0, 1, 1, 1, 1, 1]])
AGE = np.array([20.0, 30, 40, 50, 60, 25, 35, 45, 55, 70])
BASE = np.full(10, 10.0)


def dummies(codes: NDArray[np.int64], numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.hstack([*(np.eye(int(row.max()) + 1)[row] for row in codes), numbers.T])


@settings(deadline=None)
@given(tables(), st.data(), st.sampled_from(["linear", "raking"]))
def test_margins_and_totals_are_met(table: Table, data: st.DataObject, distance: Distance) -> None:
    units = table.base.size
    ages = np.array(data.draw(st.lists(st.integers(18, 90), min_size=units, max_size=units)), dtype=float)
    weights = np.array(data.draw(st.lists(st.integers(1, 9), min_size=units, max_size=units)), dtype=float)
    # A frame that some positive weights reach: that of weights drawn beforehand, raked to the margins.
    reached = rake(table.codes, table.margins, counts=table.counts, base=weights, total=1000).weights
    number = NumericTotal("age", ages, float(table.counts @ (reached * ages)))

    weighting = calibrate(
        table.codes, table.margins, [number], distance=distance, counts=table.counts, base=table.base, total=1000
    )

    mass = table.counts * weighting.weights
    for shares, margin in zip(weighted_shares(table.codes, table.margins, mass), table.margins, strict=True):
        assert shares == pytest.approx(margin.shares, rel=1e-8)
    assert mass.sum() == pytest.approx(1000, rel=1e-9)
    assert mass @ ages == pytest.approx(number.total, rel=1e-8)
    if distance == "raking":
        assert (weighting.weights > 0).all()


@settings(deadline=None)
@given(tables())
def test_the_raking_distance_is_raking(table: Table) -> None:
    calibrated = calibrate(table.codes, table.margins, distance="raking", counts=table.counts, base=table.base)
    raking = rake(table.codes, table.margins, counts=table.counts, base=table.base)

    assert calibrated.weights == pytest.approx(raking.weights, rel=1e-7)


@settings(deadline=None)
@given(tables(), st.sampled_from(["linear", "raking"]))
def test_respondents_one_by_one_get_the_weight_of_their_cell(table: Table, distance: Distance) -> None:
    in_cells = calibrate(table.codes, table.margins, distance=distance, counts=table.counts, base=table.base)
    cell = np.repeat(np.arange(table.counts.size), table.counts)
    one_by_one = calibrate(table.codes[:, cell], table.margins, distance=distance, base=table.base[cell])

    assert one_by_one.weights == pytest.approx(in_cells.weights[cell], rel=1e-7, abs=1e-10)


def test_errors_from_counted_rows_are_those_of_the_respondents() -> None:
    scores, counts = np.array([0.0, 5, 10, 0, 5, 10, 0, 5, 10, 5]), np.array([1, 2, 3, 1, 2, 1, 1, 2, 1, 2])
    row = np.repeat(np.arange(10), counts)
    in_rows = calibrate(CODES, REGION, [NumericTotal("age", AGE, 4400.0)], counts=counts, total=100)
    each = calibrate(CODES[:, row], REGION, [NumericTotal("age", AGE[row], 4400.0)], total=100)

    counted = weighted_mean(scores, Design(in_rows.weights, calibration=in_rows.calibration, counts=counts))
    one_by_one = weighted_mean(scores[row], Design(each.weights, calibration=each.calibration))

    assert counted.value == pytest.approx(one_by_one.value, rel=1e-12)
    assert counted.standard_error == pytest.approx(one_by_one.standard_error, rel=1e-10)
    assert counted.n == one_by_one.n


def test_linear_calibration_is_the_regression_estimator() -> None:
    x = dummies(CODES, AGE[None, :])
    totals = np.array([60.0, 40.0, 4600.0])
    by_hand = BASE * (1 + x @ np.linalg.solve(x.T @ (BASE[:, None] * x), totals - x.T @ BASE))

    weighting = calibrate(CODES, REGION, [NumericTotal("age", AGE, 4600.0)], base=BASE)

    assert weighting.weights == pytest.approx(by_hand, rel=1e-10)


def test_bounded_linear_calibration_solves_the_quadratic_programme() -> None:
    x, totals = dummies(CODES, AGE[None, :]), np.array([60.0, 40.0, 4500.0])

    def away(factors: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        return float(BASE @ (factors - 1) ** 2)

    slow = minimize(
        away,
        np.ones(10),
        bounds=[(0.74, 1.5)] * 10,
        constraints=[LinearConstraint(x.T * BASE / totals[:, None], 1, 1)],
        method="SLSQP",
        tol=1e-15,
    )

    weighting = calibrate(CODES, REGION, [NumericTotal("age", AGE, 4500.0)], base=BASE, bounds=(0.74, 1.5))

    assert slow.success
    assert weighting.weights / BASE == pytest.approx(slow.x, abs=1e-5)
    assert weighting.g_weights[0] == pytest.approx(0.74, rel=1e-12)


@pytest.mark.parametrize("distance", ["linear", "raking", "logit"])
def test_bounds_are_held(distance: Distance) -> None:
    weighting = calibrate(
        CODES, REGION, [NumericTotal("age", AGE, 4500.0)], base=BASE, bounds=(0.6, 1.5), distance=distance
    )

    assert 0.6 <= weighting.g_weights[0] < 1 < weighting.g_weights[1] <= 1.5
    assert weighting.weights @ AGE == pytest.approx(4500, rel=1e-9)


@pytest.mark.parametrize("distance", ["linear", "raking", "logit"])
def test_bounds_too_narrow_are_refused_and_those_told_would_do(distance: Distance) -> None:
    ages = [NumericTotal("age", AGE, 4800.0)]
    with pytest.raises(BoundsImpossible) as refused:
        calibrate(CODES, REGION, ages, base=BASE, bounds=(0.9, 1.1), distance=distance)

    found = re.search(r"bounds of (\S+) and (\S+) would do", refused.value.detail)
    assert found is not None
    told = (float(found[1]), float(found[2]))
    assert told[0] < 0.9 or told[1] > 1.1
    weighting = calibrate(CODES, REGION, ages, base=BASE, bounds=told, distance=distance)
    assert told[0] <= weighting.g_weights[0] <= weighting.g_weights[1] <= told[1]


def test_a_single_bound_is_enough_for_the_linear_distance() -> None:
    ages = [NumericTotal("age", AGE, 5200.0)]
    assert calibrate(CODES, REGION, ages, base=BASE).g_weights[0] < 0.3

    weighting = calibrate(CODES, REGION, ages, base=BASE, bounds=(0.3, float("inf")))

    assert weighting.g_weights[0] == pytest.approx(0.3)


@pytest.mark.parametrize("bounds", [(1.0, 2.0), (0.5, 1.0), (2.0, 0.5), (float("nan"), 2.0), (-np.inf, np.inf)])
def test_bounds_that_do_not_lie_around_one_are_refused(bounds: tuple[float, float]) -> None:
    with pytest.raises(BoundsImpossible, match="around 1"):
        calibrate(CODES, REGION, base=BASE, bounds=bounds)


def test_the_logit_distance_needs_bounds() -> None:
    with pytest.raises(BoundsImpossible, match="finite lower and a finite upper"):
        calibrate(CODES, REGION, base=BASE, distance="logit")


def test_weights_below_zero_are_told() -> None:
    weighting = calibrate(CODES, REGION, [NumericTotal("age", AGE, 6000.0)], base=BASE)

    assert weighting.g_weights[0] < 0
    assert weighting.design_effect is None
    assert "not above 0; use the raking or logit distance" in weighting.warnings[0]


@pytest.mark.parametrize("distance", ["linear", "raking"])
def test_totals_that_contradict_each_other_are_refused(distance: Distance) -> None:
    # Everyone's number is 2, so its total over 100 people can only be 200.
    with pytest.raises(MarginsUnusable, match="contradict"):
        calibrate(CODES, REGION, [NumericTotal("twos", np.full(10, 2.0), 201.0)], base=BASE, distance=distance)


def test_a_total_out_of_reach_of_positive_weights_is_refused() -> None:
    with pytest.raises(MarginsUnusable, match="go to 0"):
        calibrate(CODES, REGION, [NumericTotal("age", AGE, 9000.0)], base=BASE, distance="raking")


def test_numbers_that_repeat_each_other_do_no_harm() -> None:
    ages = NumericTotal("age", AGE, 4600.0)
    months = NumericTotal("months", 12 * AGE, 12 * 4600.0)
    constant = NumericTotal("twos", np.full(10, 2.0), 200.0)

    once = calibrate(CODES, REGION, [ages], base=BASE)
    thrice = calibrate(CODES, REGION, [ages, months, constant], base=BASE)

    assert thrice.weights == pytest.approx(once.weights, rel=1e-9)


def test_numbers_alone_keep_the_number_of_people() -> None:
    weighting = calibrate(np.zeros((0, 10), dtype=np.int64), (), [NumericTotal("age", AGE, 4600.0)], base=BASE)

    assert weighting.weights.sum() == pytest.approx(100)
    assert weighting.weights @ AGE == pytest.approx(4600)
    assert weighting.after is None


def test_the_order_of_numbers_and_their_units_do_not_matter() -> None:
    ages, spend = NumericTotal("age", AGE, 4600.0), NumericTotal("spend", 1e6 + AGE[::-1] ** 2, 1e8 + 220_000.0)

    forwards = calibrate(CODES, REGION, [ages, spend], base=BASE, distance="raking")
    backwards = calibrate(CODES, REGION, [spend, ages], base=BASE, distance="raking")

    assert forwards.weights == pytest.approx(backwards.weights, rel=1e-8)


def test_what_is_not_a_number_is_refused() -> None:
    with pytest.raises(NotEstimable, match="age"):
        calibrate(CODES, REGION, [NumericTotal("age", np.where(AGE > 60, np.nan, AGE), 4600.0)])
    with pytest.raises(MarginsUnusable, match="Nobody with region 'south'"):
        calibrate(np.zeros((1, 3), dtype=np.int64), REGION)


@settings(deadline=None)
@given(tables(most_margins=2), st.data())
def test_residuals_are_those_of_a_regression_on_dummies_and_numbers(table: Table, data: st.DataObject) -> None:
    units = table.base.size
    draw = st.lists(st.integers(-9, 9), min_size=units, max_size=units)
    scores, numbers = np.array(data.draw(draw), dtype=float), np.array([data.draw(draw)], dtype=float)
    x, root = dummies(table.codes, numbers), np.sqrt(table.base)
    slopes = np.linalg.lstsq(x * root[:, None], scores * root, rcond=1e-10)[0]

    residuals = Calibration(table.codes, table.base, numbers).residuals(scores[:, None])

    assert residuals[:, 0] == pytest.approx(scores - x @ slopes, abs=1e-8)


def test_the_calibrated_number_itself_has_no_error() -> None:
    weighting = calibrate(CODES, REGION, [NumericTotal("age", AGE, 4600.0)], base=BASE)
    design = Design(weighting.weights, calibration=weighting.calibration)

    assert weighted_total(AGE, design).value == pytest.approx(4600)
    assert weighted_total(AGE, design).standard_error == pytest.approx(0, abs=1e-9)
    assert weighted_mean(AGE**2, design).standard_error > 0


@settings(deadline=None)
@given(st.data(), st.sampled_from(["linear", "raking", "logit"]))
def test_small_samples_are_calibrated_or_refused_but_never_nan(data: st.DataObject, distance: Distance) -> None:
    n = data.draw(st.integers(1, 8))
    codes = np.array([data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))])
    ages = np.array(data.draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)), dtype=float)
    total = data.draw(st.integers(-50, 500))
    try:
        weighting = calibrate(
            codes,
            REGION,
            [NumericTotal("age", ages, float(total))],
            base=np.full(n, 100 / n),
            distance=distance,
            bounds=(0.3, 3.0) if distance == "logit" else None,
        )
    except (MarginsUnusable, BoundsImpossible) as refused:
        event(refused.code)
        return
    assert np.isfinite(weighting.weights).all()
    assert weighting.weights @ ages == pytest.approx(total, abs=1e-5)
