"""Standardised differences, people as columns, and means under fixed weights."""

import numpy as np
import pytest

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import (
    People,
    covariate_balance,
    margin_balance,
    mean_under_fixed_weights,
    people,
    read_margins,
)


def test_differences_are_signed_and_in_deviations_of_the_frame() -> None:
    frame = people({"region": ["n"] * 20 + ["s"] * 80}, {"age": np.repeat([20.0, 40.0], 50)})
    sample = people({"region": ["n", "s"]}, {"age": [30.0, 50.0]})

    balance = covariate_balance(sample, frame)

    sd = (0.2 * 0.8 * 100 / 99) ** 0.5
    assert balance.of("region") == pytest.approx({"n": 0.3 / sd, "s": -0.3 / sd})
    assert balance.of("age") == pytest.approx({"": 10 / np.std(np.repeat([20.0, 40.0], 50), ddof=1)})
    assert balance.mean_absolute == pytest.approx((0.3 / sd + balance.of("age")[""]) / 2)


def test_counts_and_weights_are_people() -> None:
    one_by_one = people({"region": ["n", "n", "s", "s", "s"]}, {"age": [1.0, 1, 2, 2, 2]})
    counted = people({"region": ["n", "s"]}, {"age": [1.0, 2.0]}, counts=[2, 3])
    sample = people({"region": ["n", "s"]}, {"age": [1.0, 2.0]}, weights=[3.0, 1.0])

    assert covariate_balance(sample, counted) == covariate_balance(sample, one_by_one)
    assert covariate_balance(sample, counted) == covariate_balance(
        people({"region": ["n", "n", "n", "s"]}, {"age": [1.0, 1, 1, 2]}), counted
    )


def test_a_reference_level_can_be_left_out() -> None:
    frame = people({"region": ["n", "s", "w"]})

    balance = covariate_balance(frame, frame, without_first_level=["region"])

    assert balance.of("region") == {"s": 0, "w": 0}


def test_against_margins() -> None:
    margins = read_margins({"region": {"n": 0.2, "s": 0.8}})

    balance = margin_balance(np.array([[0, 1]]), margins, np.array([5.0, 5.0]))

    assert balance.of("region") == pytest.approx({"n": 0.3 / 0.4, "s": -0.3 / 0.4})


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (people({"region": ["n", "n"]}, levels={"region": ["n", "s"]}), "does not vary in region 'n'"),
        (people({"region": ["n"]}, levels={"region": ["n", "s"]}), "single person"),
    ],
)
def test_a_frame_that_does_not_vary_is_refused(frame: People, words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        covariate_balance(people({"region": ["n", "s"]}), frame)


def test_other_attributes_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="same attributes"):
        covariate_balance(people({"region": ["n", "s"]}), people({"age": ["o", "y"]}))


def test_people_are_refused_in_words() -> None:
    with pytest.raises(NotEstimable, match="at least one attribute"):
        people({})
    with pytest.raises(NotEstimable, match="nobody"):
        people({"region": []})
    with pytest.raises(NotEstimable, match="age of someone"):
        people({}, {"age": [1.0, float("nan")]})
    with pytest.raises(NotEstimable, match="region is 'w'"):
        people({"region": ["n", "w"]}, levels={"region": ["n", "s"]})
    with pytest.raises(NotEstimable, match="weight"):
        people({"region": ["n", "s"]}, weights=[1.0, 0.0])
    with pytest.raises(NotEstimable, match="count"):
        people({"region": ["n", "s"]}, counts=[1.0, -1.0])
    with pytest.raises(ValueError, match="one length"):
        people({"region": ["n", "s"], "age": ["o"]})
    with pytest.raises(ValueError, match="shape"):
        people({"region": ["n", "s"]}, weights=[1.0])


def test_the_mean_under_fixed_weights_by_hand() -> None:
    mean = mean_under_fixed_weights([0.0, 1.0], [1.0, 3.0])

    assert mean.value == 0.75
    assert mean.standard_error == pytest.approx((1 * 0.75**2 + 9 * 0.25**2) ** 0.5 / 4)
    assert mean.interval is not None
    assert mean.interval.high - mean.value == pytest.approx(1.959963984540054 * (mean.standard_error or 0))
    assert mean.n_effective == pytest.approx(1.6)
    counted = mean_under_fixed_weights([0.0, 1.0], [1.0, 3.0], counts=[2, 2])
    assert counted == mean_under_fixed_weights([0.0, 0.0, 1.0, 1.0], [1.0, 1.0, 3.0, 3.0])


def test_the_mean_under_fixed_weights_refuses_or_says_why_it_has_no_interval() -> None:
    constant = mean_under_fixed_weights([5.0, 5.0], [1.0, 2.0])

    assert constant.interval is None
    assert "no spread" in constant.warnings[0]
    with pytest.raises(NotEstimable, match="Fewer than two"):
        mean_under_fixed_weights([5.0], [1.0])
    with pytest.raises(NotEstimable, match="finite"):
        mean_under_fixed_weights([5.0, float("nan")], [1.0, 1.0])
    with pytest.raises(NotEstimable, match="above 0"):
        mean_under_fixed_weights([5.0, 6.0], [1.0, 0.0])
