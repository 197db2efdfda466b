"""Draws: laws that hold whatever the frame, and small populations where every sample can be counted."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from feedback_core.sampling.calc.clusters import Clusters, draw_clusters
from feedback_core.sampling.calc.numbers import CIRCLE, fraction_of, number_of
from feedback_core.sampling.calc.proportional import draw_proportional, inclusion_probabilities
from feedback_core.sampling.calc.simple import draw_strata, rotated_start
from feedback_core.sampling.calc.systematic import draw_systematic

SEEDS = st.integers(0, 2**53 - 1)
PLACES = st.integers(0, CIRCLE - 1)
SIZES = st.lists(st.floats(0.1, 1e6), min_size=1, max_size=60)


def numbers_of(seed: int, many: int) -> NDArray[np.int64]:
    return np.array([number_of(seed, f"C-{place}") for place in range(many)], dtype=np.int64)


def one_stratum(numbers: NDArray[np.int64], n: int, start: int) -> list[int]:
    zero = np.zeros(numbers.size, dtype=np.int64)
    drawn: list[int] = draw_strata(numbers, zero, np.array([n]), np.array([start])).unit.tolist()
    return drawn


@given(SEEDS, st.lists(st.integers(0, 4), min_size=1, max_size=80), PLACES, st.data())
def test_each_stratum_gives_what_is_asked_of_it_and_probabilities_add_up_to_that(
    seed: int, strata: list[int], start: int, data: st.DataObject
) -> None:
    stratum = np.array(strata, dtype=np.int64)
    population = np.bincount(stratum, minlength=5)
    sizes = np.array([data.draw(st.integers(0, int(there))) for there in population])

    drawn = draw_strata(numbers_of(seed, stratum.size), stratum, sizes, np.full(5, start))

    assert np.bincount(stratum[drawn.unit], minlength=5).tolist() == sizes.tolist()
    assert len(set(drawn.unit.tolist())) == drawn.n
    assert drawn.probability.tolist() == [sizes[h] / population[h] for h in stratum[drawn.unit]]


def test_more_than_a_stratum_has_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="more units"):
        draw_strata(numbers_of(1, 3), np.zeros(3, dtype=np.int64), np.array([4]), np.array([0]))


@given(SEEDS, st.integers(2, 60), PLACES, st.data())
def test_a_sample_is_the_beginning_of_every_larger_one(seed: int, many: int, start: int, data: st.DataObject) -> None:
    numbers, n = numbers_of(seed, many), data.draw(st.integers(1, many))
    assert one_stratum(numbers, many, start)[:n] == one_stratum(numbers, n, start)


@given(SEEDS, st.integers(2, 60), PLACES, st.floats(0, 1), st.data())
def test_a_coordinated_sample_keeps_the_part_that_is_asked_for(
    seed: int, many: int, start: int, overlap: float, data: st.DataObject
) -> None:
    numbers, n = numbers_of(seed, many), data.draw(st.integers(1, many // 2))
    earlier = one_stratum(numbers, n, start)

    moved = rotated_start(numbers[earlier], start, overlap)
    later = one_stratum(numbers, n, moved)

    assert len(set(earlier) & set(later)) == n - round((1 - overlap) * n)


@given(SEEDS, st.integers(4, 60), PLACES)
def test_samples_that_follow_each_other_share_nobody_until_everybody_was_drawn(
    seed: int, many: int, start: int
) -> None:
    numbers, n = numbers_of(seed, many), many // 4
    seen: set[int] = set()
    for _ in range(4):
        drawn = one_stratum(numbers, n, start)
        assert not seen & set(drawn)
        seen |= set(drawn)
        start = rotated_start(numbers[drawn], start, 0)


def test_every_set_of_units_is_as_likely_as_any_other() -> None:
    # 15 pairs of 6 units, 3,000 seeds: chi-square of 14 degrees of freedom; 36.1 is passed once in a thousand times.
    counted = dict.fromkeys(combinations(range(6), 2), 0)
    for seed in range(3_000):
        first, second = sorted(one_stratum(numbers_of(seed, 6), 2, 0))
        counted[first, second] += 1
    assert sum((n - 200) ** 2 / 200 for n in counted.values()) < 36.1


@given(st.integers(1, 300), st.floats(0, 1, exclude_max=True), st.data())
def test_a_systematic_sample_has_as_many_as_are_wanted_at_equal_distances(
    many: int, start: float, data: st.DataObject
) -> None:
    n = data.draw(st.integers(1, many))
    drawn = draw_systematic(np.arange(many), n, start)
    steps = np.diff(drawn.unit)
    assert drawn.n == n == len(set(drawn.unit.tolist()))
    assert drawn.probability.tolist() == [n / many] * n
    assert set(steps.tolist()) <= {many // n, -(-many // n)}


@pytest.mark.parametrize("n", [1, 3, 7, 10])
def test_each_unit_of_a_list_is_reached_from_equally_many_starts(n: int) -> None:
    starts = (np.arange(20_000) + 0.5) / 20_000
    came = np.bincount(np.concatenate([draw_systematic(np.arange(10), n, start).unit for start in starts]))
    assert came / starts.size == pytest.approx(np.full(10, n / 10), abs=1e-3)


@given(SIZES, st.data())
def test_probabilities_by_size_add_up_and_never_pass_one(sizes: list[float], data: st.DataObject) -> None:
    given_sizes = np.array(sizes)
    n = data.draw(st.integers(1, given_sizes.size))
    probability = inclusion_probabilities(given_sizes, n)
    assert probability.sum() == pytest.approx(n)
    assert (probability > 0).all()
    assert (probability <= 1).all()
    some = probability < 1
    assert probability[some] / given_sizes[some] == pytest.approx(
        np.full(int(some.sum()), probability[some].sum() / given_sizes[some].sum()) if some.any() else []
    )


@given(SIZES, SEEDS, st.floats(0, 1, exclude_max=True), st.data())
def test_a_sample_by_size_has_as_many_as_are_wanted_and_everybody_who_is_certain(
    sizes: list[float], seed: int, start: float, data: st.DataObject
) -> None:
    given_sizes = np.array(sizes)
    n = data.draw(st.integers(1, given_sizes.size))
    drawn = draw_proportional(numbers_of(seed, given_sizes.size), given_sizes, n, start)
    probability = inclusion_probabilities(given_sizes, n)
    assert drawn.n == n == len(set(drawn.unit.tolist()))
    assert set(np.flatnonzero(probability >= 1).tolist()) <= set(drawn.unit.tolist())
    assert drawn.probability.tolist() == probability[drawn.unit].tolist()


def test_each_unit_by_size_is_reached_from_as_many_starts_as_its_probability_says() -> None:
    sizes, starts = np.array([1.0, 2.0, 3.0, 5.0, 9.0]), (np.arange(20_000) + 0.5) / 20_000
    numbers = numbers_of(3, 5)
    came = np.bincount(np.concatenate([draw_proportional(numbers, sizes, 2, start).unit for start in starts]))
    assert came / starts.size == pytest.approx(inclusion_probabilities(sizes, 2), abs=1e-3)


@pytest.mark.parametrize("sizes", [[1.0, 0.0], [1.0, -2.0], [1.0, float("nan")], [1.0, float("inf")]])
def test_a_size_that_is_not_above_nothing_is_refused(sizes: list[float]) -> None:
    with pytest.raises(ValueError, match="size"):
        inclusion_probabilities(np.array(sizes), 1)


@given(
    SEEDS, st.lists(st.integers(0, 6), min_size=3, max_size=60), st.booleans(), st.integers(1, 5) | st.none(), st.data()
)
@settings(max_examples=60)
def test_clusters_are_drawn_whole_or_by_as_many_units_as_are_wanted(
    seed: int, of: list[int], by_size: bool, take: int | None, data: st.DataObject
) -> None:
    _, cluster = np.unique(of, return_inverse=True)
    population = np.bincount(cluster)
    wanted = data.draw(st.integers(1, population.size))
    how = Clusters(numbers_of(seed + 1, population.size), wanted, take, by_size, 5, 7, fraction_of(seed, b"point"))

    drawn = draw_clusters(numbers_of(seed, cluster.size), cluster, how)

    assert drawn.cluster is not None
    assert drawn.cluster_probability is not None
    assert drawn.cluster_population is not None
    named, taken = np.unique(drawn.cluster, return_counts=True)
    assert named.size == wanted
    there = population[named]
    assert taken.tolist() == (there if take is None else np.minimum(there, take)).tolist()
    assert (cluster[drawn.unit] == drawn.cluster).all()
    assert drawn.cluster_population.tolist() == population[drawn.cluster].tolist()
    first = (
        inclusion_probabilities(population.astype(float), wanted)
        if by_size
        else np.full(population.size, wanted / population.size)
    )
    share = dict(zip(named.tolist(), (taken / there).tolist(), strict=True))
    expected = [first[code] * share[code] for code in drawn.cluster.tolist()]
    assert drawn.probability == pytest.approx(expected)


def test_a_random_number_is_permanent_and_of_its_seed() -> None:
    assert number_of(7, "C-1") == number_of(7, "C-1")
    assert len({number_of(seed, name) for seed in (7, 8) for name in ("C-1", "C-2")}) == 4
    assert number_of(7, "C-1", b"cluster") != number_of(7, "C-1")
    assert all(0 <= number_of(seed, "C-1") < CIRCLE for seed in range(100))
