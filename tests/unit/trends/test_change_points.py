"""Change points: PELT against trying every segmentation, the single change against known truth, and refusals."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc import difference_scale, most_likely_change, pelt
from tests.unit.trends.builders import all_finite, noise

values = st.floats(-100, 100).map(lambda value: round(value, 1))


def _best_by_trying_all(series: list[float], penalty: float, min_segment: int) -> float:
    data = np.array(series) - np.mean(series)

    def cost(a: int, b: int) -> float:
        return float(((data[a:b] - data[a:b].mean()) ** 2).sum())

    costs = []
    for count in range(len(series) // min_segment):
        for changes in itertools.combinations(range(1, len(series)), count):
            bounds = [0, *changes, len(series)]
            if all(b - a >= min_segment for a, b in itertools.pairwise(bounds)):
                costs.append(sum(cost(a, b) for a, b in itertools.pairwise(bounds)) + penalty * count)
    return min(costs)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(values, min_size=6, max_size=11).filter(lambda v: len(set(v)) > 1), st.integers(1, 3), st.floats(1, 5000)
)
def test_pelt_is_as_good_as_trying_every_segmentation(series: list[float], min_segment: int, penalty: float) -> None:
    found = pelt(series, penalty=penalty, min_segment=min_segment, scale=1.0)

    bounds = [0, *found.change_points, len(series)]
    segments = [np.array(series[a:b]) for a, b in itertools.pairwise(bounds)]
    reached = sum(float(((s - s.mean()) ** 2).sum()) for s in segments) + penalty * len(found.change_points)
    assert min(len(segment) for segment in segments) >= min_segment
    assert reached == pytest.approx(_best_by_trying_all(series, penalty, min_segment), abs=1e-6)


@given(st.integers(8, 30), st.integers(8, 30), st.floats(2, 50), st.integers(0, 1000))
def test_a_step_is_found_where_it_is(before: int, after: int, height: float, seed: int) -> None:
    wobble = np.random.default_rng(seed).uniform(-0.2, 0.2, before + after)
    series = wobble + np.where(np.arange(before + after) >= before, height, 0.0)

    assert before in pelt(series).change_points
    assert most_likely_change(series, rng=np.random.default_rng(seed), resamples=99).index == before


def test_noise_of_the_differences_does_not_grow_with_the_step() -> None:
    quiet = noise(200, seed=1)
    stepped = quiet + np.where(np.arange(200) >= 100, 50.0, 0.0)

    assert difference_scale(quiet) == pytest.approx(1.0, abs=0.15)
    assert difference_scale(stepped) == pytest.approx(difference_scale(quiet), abs=0.02)
    assert difference_scale(np.array([0.0] * 9 + [3.0] + [0.0] * 9)) == pytest.approx(np.sqrt(0.5))


def test_the_single_change_has_its_truth_within_its_intervals() -> None:
    series = 4.1 + noise(36, seed=3, sd=0.2) - np.where(np.arange(36) >= 22, 0.8, 0.0)

    found = most_likely_change(series, rng=np.random.default_rng(1))

    assert found.index_low <= 22 <= found.index_high
    assert found.difference.interval is not None
    assert found.difference.interval.low <= -0.8 <= found.difference.interval.high < 0
    assert found.after - found.before == pytest.approx(found.difference.value)
    assert found.p_value == 0.001


def test_the_same_generator_gives_the_same_figures() -> None:
    series = noise(30, seed=2)
    first, again = (most_likely_change(series, rng=np.random.default_rng(5)) for _ in range(2))
    assert first == again


def test_a_season_is_not_a_change_and_does_not_hide_one() -> None:
    season = np.tile([0.0, 4.0, -6.0, 2.0], 8)
    step = np.where(np.arange(32) >= 13, 2.0, 0.0)
    groups = np.arange(32) % 4
    wobble = noise(32, seed=2, sd=0.4)

    alone = most_likely_change(season + wobble, seasons=groups, rng=np.random.default_rng(1))
    together = most_likely_change(season + step + wobble, seasons=groups, rng=np.random.default_rng(1))
    blind = most_likely_change(season + step + wobble, rng=np.random.default_rng(1))

    assert alone.p_value > 0.1
    assert (together.index, together.p_value) == (13, 0.001)
    assert blind.p_value > 0.01
    assert together.before == pytest.approx(float((step + wobble)[:13].mean()), abs=0.3)


def test_wandering_errors_make_the_test_careful() -> None:
    series = noise(48, seed=12, rho=0.8)

    found = most_likely_change(series, rng=np.random.default_rng(1))

    assert found.autocorrelation > 0.3
    shuffled = np.random.default_rng(3).permutation(series)
    assert most_likely_change(shuffled, rng=np.random.default_rng(1)).autocorrelation < 0.3
    gaps = most_likely_change(series, positions=np.arange(48) * 2, rng=np.random.default_rng(1))
    assert gaps.autocorrelation < 0.1
    assert gaps.p_value < found.p_value


def test_two_levels_without_error_have_a_difference_but_no_interval() -> None:
    found = most_likely_change([1.0] * 10 + [2.0] * 12, rng=np.random.default_rng(1))

    assert (found.index, found.before, found.after, found.sup_f) == (10, 1.0, 2.0, None)
    assert found.difference.interval is None
    assert found.difference.warnings
    assert found.p_value == 0.001


@pytest.mark.parametrize("series", [[], [1.0, 2.0] * 4, [3.0] * 30])
def test_too_few_or_equal_values_are_refused(series: list[float]) -> None:
    with pytest.raises(NotEstimable):
        pelt(series)
    with pytest.raises(NotEstimable):
        most_likely_change(series, rng=np.random.default_rng(1))


def test_a_season_that_explains_everything_leaves_no_change_to_find() -> None:
    with pytest.raises(NotEstimable, match="Season effects explain"):
        most_likely_change([1.0, 2.0, 3.0] * 8, seasons=[0, 1, 2] * 8, rng=np.random.default_rng(1))


@settings(deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=10, max_size=40))
def test_every_figure_is_finite(series: list[float]) -> None:
    for calculate in (pelt, lambda v: most_likely_change(v, rng=np.random.default_rng(1), resamples=49)):
        try:
            found = calculate(series)
        except NotEstimable:
            continue
        assert all_finite(found)


def test_ten_years_of_days_take_seconds() -> None:
    series = noise(3650, seed=9) + np.where(np.arange(3650) >= 2000, 0.5, 0.0)
    start = time.perf_counter()

    found = most_likely_change(series, rng=np.random.default_rng(1))
    segments = pelt(series)

    assert found.index_low <= 2000 <= found.index_high
    assert len(segments.change_points) == 1
    assert abs(segments.change_points[0] - 2000) < 60
    assert time.perf_counter() - start < 20.0
