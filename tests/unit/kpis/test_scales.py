"""What counts as satisfied on a scale."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.kpis.calc import Share, customer_effort, customer_satisfaction, top_box_share, top_box_values


@pytest.mark.parametrize(
    ("scale", "boxes"),
    [
        ((1, 2), (2,)),
        ((1, 3), (3,)),
        ((1, 4), (3, 4)),
        ((1, 5), (4, 5)),
        ((1, 7), (6, 7)),
        ((1, 10), (9, 10)),
        ((0, 10), (9, 10)),
        ((-2, 2), (1, 2)),
    ],
)
def test_the_top_boxes_follow_the_length_of_the_scale(scale: tuple[int, int], boxes: tuple[int, ...]) -> None:
    assert top_box_values(*scale) == boxes


@settings(deadline=None)
@given(st.integers(-10, 10), st.integers(1, 20))
def test_turning_the_scale_round_mirrors_the_boxes(minimum: int, length: int) -> None:
    maximum = minimum + length
    mirrored = tuple(sorted(minimum + maximum - value for value in top_box_values(minimum, maximum)))
    assert top_box_values(minimum, maximum, high_is_good=False) == mirrored


@pytest.mark.parametrize("scale", [(5, 5), (5, 1)])
def test_a_scale_that_does_not_run_upwards_is_refused(scale: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="upwards"):
        top_box_values(*scale)


def test_satisfaction_is_the_wilson_share_of_the_top_boxes() -> None:
    # R package binom 1.1.1.1: binom.confint(412, 500, methods = "wilson").
    estimate = customer_satisfaction({1: 20, 2: 30, 3: 38, 4: 112, 5: 300}, minimum=1, maximum=5)
    assert estimate.interval is not None
    assert (estimate.value, estimate.n) == (0.824, 500)
    assert (estimate.interval.low, estimate.interval.high) == pytest.approx(
        (0.78818582871064, 0.854873598670274), abs=1e-9
    )


def test_effort_is_a_mean_and_its_easy_share_follows_the_polarity_of_the_question() -> None:
    counts = {1: 4, 2: 3, 4: 2, 7: 1}
    assert customer_effort(counts, minimum=1, maximum=7).value == pytest.approx(2.5)
    assert top_box_share(counts, minimum=1, maximum=7) == Share(1, 10)
    assert top_box_share(counts, minimum=1, maximum=7, high_is_good=False) == Share(7, 10)


def test_answers_off_the_scale_are_refused() -> None:
    with pytest.raises(ValueError, match=r"off the 1-5 scale: \[0, 6\]"):
        customer_satisfaction({0: 1, 5: 3, 6: 2, 9: 0}, minimum=1, maximum=5)
    with pytest.raises(ValueError, match="off the 1-5 scale"):
        customer_effort({6: 1}, minimum=1, maximum=5)
