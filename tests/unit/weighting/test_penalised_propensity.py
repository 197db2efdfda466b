"""The penalised odds of volunteers: limits of the penalty, choice of its strength, refusals."""

import numpy as np
import pytest

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import (
    people,
    quantile_groups,
    weight_to_reference,
    weight_to_reference_penalised,
)

AGES, REGIONS = ["old"] * 30 + ["young"] * 10, ["north", "south"] * 20
SAMPLE = people({"age": AGES, "region": REGIONS})
REFERENCE = people({"age": (["young"] * 30 + ["old"] * 10) * 3, "region": REGIONS * 3}, {}, weights=np.full(120, 5.0))
FOLDS = np.random.default_rng(1).permutation(np.arange(160) % 5)


def test_an_overwhelming_penalty_leaves_the_weights_equal() -> None:
    weighting = weight_to_reference_penalised(SAMPLE, REFERENCE, FOLDS, strengths=(1e9,))

    assert weighting.weights == pytest.approx(np.full(40, 15.0), rel=1e-6)
    assert "1e+09 was chosen by 5 folds" in weighting.warnings[1]


def test_no_penalty_is_maximum_likelihood() -> None:
    penalised = weight_to_reference_penalised(SAMPLE, REFERENCE, FOLDS, strengths=(1e-12,))

    plain = weight_to_reference(SAMPLE, REFERENCE, balance_classes=True)

    assert penalised.weights == pytest.approx(plain.weights, rel=1e-6)


def test_the_strongest_within_a_standard_error_is_chosen() -> None:
    # Age tells the two files apart plainly: a penalty that hides it loses, one that hardly matters is not preferred.
    weighting = weight_to_reference_penalised(SAMPLE, REFERENCE, FOLDS, strengths=(100.0, 0.01, 1e-6))

    assert "penalty of 0.01" in weighting.warnings[1]
    assert weighting.before is not None
    assert weighting.after is not None
    assert weighting.after.mean_absolute < weighting.before.mean_absolute


def test_a_category_of_volunteers_only_is_no_obstacle() -> None:
    sample = people({"age": ["old", "young", "child"] * 4}, levels={"age": ["old", "young", "child"]})
    reference = people({"age": ["old", "young"] * 6 + ["child"]}, levels={"age": ["old", "young", "child"]})

    weighting = weight_to_reference_penalised(sample, reference, np.arange(25) % 2, strengths=(1.0, 0.1))

    assert np.isfinite(weighting.weights).all()
    assert (weighting.weights > 0).all()


def test_a_category_that_the_reference_lacks_is_no_obstacle_either() -> None:
    names = {"age": ["old", "young", "child"]}
    sample = people({"age": ["old", "young", "child"] * 4}, levels=names)
    reference = people({"age": ["old", "young"] * 6}, levels=names)

    weighting = weight_to_reference_penalised(sample, reference, np.arange(24) // 6 % 2, strengths=(1.0, 0.1))

    assert weighting.weights[2] < weighting.weights[0]
    assert weighting.after is None


def test_folds_that_cannot_judge_are_refused() -> None:
    with pytest.raises(NotEstimable, match="A fold is empty"):
        weight_to_reference_penalised(SAMPLE, REFERENCE, 2 * FOLDS)
    with pytest.raises(NotEstimable, match="only one kind"):
        weight_to_reference_penalised(SAMPLE, REFERENCE, (np.arange(160) < 40).astype(np.int64))
    with pytest.raises(NotEstimable, match="two or more folds"):
        weight_to_reference_penalised(SAMPLE, REFERENCE, np.zeros(160, dtype=np.int64))
    with pytest.raises(ValueError, match="folds"):
        weight_to_reference_penalised(SAMPLE, REFERENCE, FOLDS[:100])


def test_quantile_groups_are_taken_over_both_files() -> None:
    here, there = quantile_groups([1.0, 2.0], [3.0, 4.0], groups=2)

    assert (here, there) == (["g0", "g0"], ["g1", "g1"])
    assert quantile_groups([7.0, 7.0], [7.0]) == (["g0", "g0"], ["g0"])
    with pytest.raises(NotEstimable, match="finite"):
        quantile_groups([1.0], [float("nan")])
