"""Laws of propensity weights, a second implementation, and refusals."""

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import (
    BoundsImpossible,
    People,
    people,
    propensity_classes,
    response_propensities,
    weight_by_response,
    weight_to_reference,
)

REGIONS = ("north", "south", "west")
TENURES = ("new", "old")


@st.composite
def invited(draw: st.DrawFn) -> tuple[People, NDArray[np.int64]]:
    """Groups of invited by region and tenure, some but never all of whom responded."""
    cells = [(region, tenure) for region in REGIONS for tenure in TENURES]
    responded = np.array(draw(st.lists(st.integers(1, 9), min_size=6, max_size=6)))
    silent = np.array(draw(st.lists(st.integers(1, 9), min_size=6, max_size=6)))
    weights = np.array(draw(st.lists(st.integers(1, 4), min_size=6, max_size=6)), dtype=float)
    columns = {"region": [cell[0] for cell in cells], "tenure": [cell[1] for cell in cells]}
    return people(columns, weights=weights, counts=responded + silent), responded


@settings(deadline=None)
@given(invited())
def test_fitted_respondents_are_those_of_every_category(case: tuple[People, NDArray[np.int64]]) -> None:
    who, responded = case
    fitted = response_propensities(who, responded).probabilities

    for row, names in zip(who.codes, who.levels, strict=True):
        expected = np.bincount(row, weights=who.counts * fitted, minlength=len(names))
        assert expected == pytest.approx(np.bincount(row, weights=responded), rel=1e-9)


@pytest.mark.filterwarnings("ignore::statsmodels.tools.sm_exceptions.PerfectSeparationWarning")
@settings(deadline=None, max_examples=20)
@given(invited(), st.booleans())
def test_statsmodels_agrees(case: tuple[People, NDArray[np.int64]], weighted: bool) -> None:
    who, responded = case
    # A table that the model fits exactly is taken for separation by statsmodels' warning.
    dummies = np.hstack(
        [np.ones((6, 1)), *(np.eye(len(n))[row][:, 1:] for n, row in zip(who.levels, who.codes, strict=True))]
    )
    own = who.weights if weighted else np.ones(6)
    both = np.column_stack([own * responded, own * (who.counts - responded)])
    slow = sm.GLM(both, dummies, family=sm.families.Binomial()).fit(tol=1e-12, maxiter=200)

    fitted = response_propensities(who, responded, weighted=weighted)

    assert fitted.probabilities == pytest.approx(slow.predict(dummies), rel=1e-7)


@settings(deadline=None)
@given(invited(), st.sampled_from([None, 2]), st.sampled_from(["weighted_rate", "rate", "mean", "median"]))
def test_people_one_by_one_get_the_weight_of_their_group(
    case: tuple[People, NDArray[np.int64]], classes: int | None, adjustment: Any
) -> None:
    who, responded = case
    group = np.repeat(np.arange(6), who.counts.astype(int))
    place = np.concatenate([np.arange(n) for n in who.counts.astype(int)])
    answered = place < responded[group]
    one_by_one = people(
        {
            attribute: np.array(names)[row[group]].tolist()
            for attribute, names, row in zip(who.attributes, who.levels, who.codes, strict=True)
        },
        weights=who.weights[group],
    )

    grouped = weight_by_response(who, responded, classes=classes, adjustment=adjustment)
    each = weight_by_response(one_by_one, answered, classes=classes, adjustment=adjustment)

    assert each.weights == pytest.approx(grouped.weights[group[answered]], rel=1e-9)
    assert each.design_effect is not None
    assert grouped.design_effect is not None
    assert each.design_effect.design_effect == pytest.approx(grouped.design_effect.design_effect, rel=1e-9)


def test_one_attribute_gives_its_response_rates() -> None:
    who = people({"region": ["north", "south"]}, weights=[2.0, 3.0], counts=[100, 40])

    weighting = weight_by_response(who, [50, 10])

    assert weighting.weights == pytest.approx([2 / 0.5, 3 / 0.25])
    assert weighting.g_weights == pytest.approx((2, 4))
    assert weighting.after is not None
    assert weighting.after.mean_absolute == pytest.approx(0, abs=1e-12)
    assert weighting.calibration is None
    assert "fixed" in weighting.warnings[0]


def test_an_attribute_in_which_nobody_differs_does_no_harm_but_cannot_be_compared() -> None:
    who = people({"region": ["north", "south"], "country": ["uk", "uk"]}, counts=[100, 40])

    weighting = weight_by_response(who, [50, 10])

    assert weighting.weights == pytest.approx([2, 4])
    assert (weighting.before, weighting.after) == (None, None)


def test_a_number_enters_the_model() -> None:
    ages = np.repeat(np.arange(20.0, 70), 4)
    responded = (np.arange(200) * 7919) % 100 < ages
    slow = sm.Logit(responded.astype(float), sm.add_constant(ages)).fit(disp=0, tol=1e-12)

    fitted = response_propensities(people({}, {"age": ages}), responded)

    assert fitted.probabilities == pytest.approx(slow.predict(), rel=1e-7)


def test_groups_in_which_nobody_responded_get_no_weight_but_count() -> None:
    who = people({}, {"age": [20.0, 30.0, 40.0]}, counts=[10, 5, 10])

    weighting = weight_by_response(who, [6, 0, 4])

    fitted = response_propensities(who, [6, 0, 4]).probabilities
    assert 10 * fitted[0] + 5 * fitted[1] + 10 * fitted[2] == pytest.approx(10)
    assert weighting.weights == pytest.approx(1 / fitted[[0, 2]])


def test_a_floor_holds_small_propensities() -> None:
    who = people({"region": ["north", "south"]}, counts=[100, 100])

    weighting = weight_by_response(who, [50, 2], floor=0.1)

    assert weighting.weights == pytest.approx([2, 10])
    assert weighting.trimmed == 2
    assert "2 respondents was below 0.1" in weighting.warnings[1]


def test_the_propensity_of_a_class_by_each_adjustment() -> None:
    # Two classes: north and south below, west above; rates 10/100 and 30/100 by hand.
    who = people({"region": list(REGIONS)}, weights=[1.0, 3.0, 1.0], counts=[100, 100, 50])
    responded = [10, 30, 40]

    def of_north(adjustment: Any) -> float:
        return float(weight_by_response(who, responded, classes=2, adjustment=adjustment).weights[0])

    assert propensity_classes([0.1, 0.3, 0.8], classes=2, counts=[100, 100, 50]).codes.tolist() == [0, 0, 1]
    assert of_north("weighted_rate") == pytest.approx(400 / 100)
    assert of_north("rate") == pytest.approx(200 / 40)
    assert of_north("mean") == pytest.approx(1 / 0.2)
    assert of_north("median") == pytest.approx(1 / 0.2)


def test_classes_lie_between_quantiles() -> None:
    classes = propensity_classes(np.arange(1, 11) / 20, classes=5)

    assert classes.codes.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert classes.upper == pytest.approx([0.14, 0.23, 0.32, 0.41, 0.5])
    assert propensity_classes([0.3, 0.3, 0.3]).codes.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("columns", "counts", "responded", "words"),
    [
        ({"region": ["north", "south"]}, [5, 5], [0, 0], "only one kind"),
        ({"region": ["north", "south"]}, [5, 5], [5, 5], "only one kind"),
        ({"region": ["north", "south"]}, [5, 5], [5, 2], "region 'north'"),
        ({"region": ["a", "a", "b", "b"], "age": ["x", "y", "x", "y"]}, [4, 4, 4, 4], [2, 0, 4, 2], "age and region"),
    ],
)
def test_perfect_separation_is_refused_in_words(
    columns: dict[str, list[str]], counts: list[int], responded: list[int], words: str
) -> None:
    with pytest.raises(NotEstimable, match=words):
        weight_by_response(people(columns, counts=counts), responded)


def test_a_number_that_tells_respondents_apart_is_refused() -> None:
    ages = np.arange(20.0, 60)
    with pytest.raises(NotEstimable, match="age together tell some people apart"):
        response_propensities(people({}, {"age": ages}), ages > 41)


def test_impossible_questions_are_refused() -> None:
    who = people({"region": ["north", "south"]}, counts=[5, 5])
    with pytest.raises(NotEstimable, match="floor"):
        weight_by_response(who, [2, 3], floor=1.0)
    with pytest.raises(NotEstimable, match="at least two"):
        weight_by_response(who, [2, 3], classes=1)
    with pytest.raises(ValueError, match="between 0 and"):
        weight_by_response(who, [2, 6])
    with pytest.raises(NotEstimable, match="nobody"):
        propensity_classes([])


def test_volunteers_weigh_by_the_odds_and_sum_to_the_reference() -> None:
    sample = people({"age": ["old", "young"]}, weights=[1.0, 2.0], counts=[6, 2])
    reference = people({"age": ["old", "young"]}, weights=[5.0, 5.0], counts=[20, 80])

    weighting = weight_to_reference(sample, reference)

    # Odds 6/100 and 4/400: weights 100/6 and 2 · 400/4.
    assert weighting.weights == pytest.approx([100 / 6, 200])
    assert sample.counts @ weighting.weights == pytest.approx(500)
    assert weighting.after is not None
    assert weighting.after.mean_absolute == pytest.approx(0, abs=1e-12)


def test_balanced_classes_change_nothing_where_the_model_is_saturated() -> None:
    sample, reference = people({"age": ["o", "y"]}, counts=[6, 2]), people({"age": ["o", "y"]}, counts=[20, 80])

    plain = weight_to_reference(sample, reference)
    balanced = weight_to_reference(sample, reference, balance_classes=True)

    assert balanced.weights == pytest.approx(plain.weights, rel=1e-9)


def test_trimmed_volunteers_are_told() -> None:
    sample, reference = people({"age": ["o", "y"]}, counts=[90, 10]), people({"age": ["o", "y"]}, counts=[10, 90])

    by_ratio = weight_to_reference(sample, reference, weight_trimming_mean_ratio=3)
    by_share = weight_to_reference(sample, reference, weight_trimming_percentile=(0.0, 0.2))

    # The mean is 1, so the ten young are cut from 9 to 3, and all scaled up from 40 to 100.
    assert by_ratio.weights == pytest.approx([1 / 9 * 2.5, 3 * 2.5])
    assert by_ratio.trimmed == 10
    assert "10 respondents were cut" in by_ratio.warnings[1]
    assert by_share.weights == pytest.approx([1, 1])


def test_files_and_trimmings_that_do_not_go_together_are_refused() -> None:
    sample, reference = people({"age": ["o", "y"]}), people({"sex": ["f", "m"]})
    with pytest.raises(NotEstimable, match="same attributes"):
        weight_to_reference(sample, reference)
    with pytest.raises(ValueError, match="not both"):
        weight_to_reference(sample, sample, weight_trimming_mean_ratio=3, weight_trimming_percentile=0.1)
    with pytest.raises(BoundsImpossible):
        weight_to_reference(sample, sample, weight_trimming_mean_ratio=1)
