"""Kish design effect: figures, laws and refusals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import design_effect_by_group, kish_design_effect

WEIGHTS = st.lists(st.floats(1e-100, 1e100), min_size=1, max_size=30)


def test_two_sizes_of_weight() -> None:
    effect = kish_design_effect([1, 1, 3, 3])

    assert effect.n == 4
    assert (effect.design_effect, effect.effective_n) == pytest.approx((1.25, 3.2), rel=1e-14)


def test_the_raked_schools_of_california() -> None:
    # R survey 4.1-1 on apiclus1 (golden s08): weights and schools per cell give a design effect of 1.0516567.
    weights = [
        39.8392362469351,
        67.1255292412626,
        49.0690721641239,
        29.870675492628,
        50.3294011162406,
        36.7910248643798,
    ]

    assert kish_design_effect(weights, [12, 3, 8, 132, 11, 17]).design_effect == pytest.approx(
        1.05165669560485, rel=1e-12
    )


@settings(deadline=None)
@given(WEIGHTS, st.floats(1e-50, 1e50))
def test_it_is_at_least_one_and_ignores_the_scale(weights: list[float], factor: float) -> None:
    effect = kish_design_effect(weights)

    assert effect.design_effect >= 1
    assert 0 < effect.effective_n <= effect.n == len(weights)
    assert kish_design_effect([factor * w for w in weights]).design_effect == pytest.approx(effect.design_effect)


@settings(deadline=None)
@given(st.floats(1e-300, 1e300), st.integers(1, 50))
def test_equal_weights_cost_nothing(weight: float, n: int) -> None:
    assert kish_design_effect([weight] * n).design_effect == pytest.approx(1, rel=1e-12)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.1, 10), st.integers(1, 5)), min_size=1, max_size=10))
def test_cells_are_as_good_as_answers(cells: list[tuple[float, int]]) -> None:
    each = [weight for weight, n in cells for _ in range(n)]
    in_cells = kish_design_effect([weight for weight, _ in cells], [n for _, n in cells])

    assert in_cells.design_effect == pytest.approx(kish_design_effect(each).design_effect, rel=1e-12)
    assert in_cells.n == len(each)


def test_groups_are_named_in_order() -> None:
    groups = design_effect_by_group([1, 1, 5, 1, 3], ["b", "b", "a", "c", "c"])

    assert [(group.group, group.effect.n, round(group.effect.design_effect, 12)) for group in groups] == [
        ("a", 1, 1.0),
        ("b", 2, 1.0),
        ("c", 2, 1.25),
    ]


@pytest.mark.parametrize("weights", [[], [0.0], [1.0, -1.0], [float("nan")], [float("inf"), 1.0]])
def test_it_refuses_in_words(weights: list[float]) -> None:
    with pytest.raises(NotEstimable, match=r"answer|weight"):
        kish_design_effect(weights)
