"""Coverage of a population, and what an unseen part of it could do to a mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.bias.calc import (
    Representation,
    Stage,
    coverage,
    mean_with_unseen,
    tipping_mean,
    unseen_bounds,
)
from feedback_core.kit.errors import NotEstimable

POPULATION = {"young": 400, "old": 600}
LISTED = Stage("not listed", {"young": 380, "old": 600})
REACHED = Stage("no address", {"young": 350, "old": 300})
CONSENTED = Stage("opted out", {"young": 340, "old": 260})


def test_who_is_lost_at_which_step() -> None:
    found = coverage(POPULATION, [LISTED, REACHED, CONSENTED])

    assert (found.population, found.reachable, found.rate) == (1000, 600, 0.6)
    assert found.lost == {"not listed": 20, "no address": 330, "opted out": 50}
    young, old = found.categories
    assert (young.rate, old.rate) == pytest.approx((0.85, 260 / 600))
    assert old.lost == (0, 300, 40)
    assert old.gap == pytest.approx(100 * (260 / 600 - 0.6))
    assert old.standardised_difference == pytest.approx((0.6 - 260 / 600) / 0.24**0.5)
    assert (young.representation, old.representation) == (Representation.OVER, Representation.UNDER)
    assert found.dissimilarity == pytest.approx(0.6 - 260 / 600)
    assert found.largest_difference == pytest.approx(old.standardised_difference)
    assert found.sentence == (
        "The survey can reach 60% of the population; most are lost at no address, and far too few with old (43% of "
        "them) are among the reachable."
    )


def test_an_even_loss_misrepresents_nobody() -> None:
    found = coverage(POPULATION, [Stage("no address", {"young": 200, "old": 300})])

    assert [category.representation for category in found.categories] == [Representation.AS_EXPECTED] * 2
    assert (found.dissimilarity, found.mean_difference) == pytest.approx((0, 0), abs=1e-12)
    assert found.sentence == "The survey can reach 50% of the population; most are lost at no address."


def test_the_whole_population() -> None:
    assert coverage(POPULATION, [Stage("lost", POPULATION)]).sentence == "The survey can reach 100% of the population."


@pytest.mark.parametrize(
    ("population", "stages", "words"),
    [
        (POPULATION, [], "at least one stage"),
        ({"young": 5, "old": 0}, [Stage("s", {"young": 5})], "two categories"),
        (POPULATION, [Stage("s", {"young": 401, "old": 0})], "more people with young"),
        (POPULATION, [REACHED, LISTED], "not listed: more people with old"),
        (POPULATION, [Stage("s", {"middle": 4})], "no middle"),
        (POPULATION, [Stage("s", {"young": 0, "old": 0})], "Nobody"),
    ],
)
def test_what_contradicts_itself_is_refused(population: dict[str, int], stages: list[Stage], words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        coverage(population, stages)


def test_bounds_for_a_quarter_heard() -> None:
    found = unseen_bounds(0.25, 40.0, (-100, 100))

    assert (found.low, found.high, found.largest_bias) == (-65.0, 85.0, 105.0)
    assert mean_with_unseen(0.25, 40.0, 0.0) == 10.0
    assert tipping_mean(0.25, 40.0, 0.0) == pytest.approx(-40 / 3)


@given(st.floats(0.01, 0.99), st.floats(-100, 100), st.floats(-100, 100))
def test_the_tipping_mean_brings_the_figure_to_the_threshold(share: float, mean: float, threshold: float) -> None:
    assert mean_with_unseen(share, mean, tipping_mean(share, mean, threshold)) == pytest.approx(threshold, abs=1e-9)
    bounds = unseen_bounds(share, mean, (-100, 100))
    assert bounds.low <= mean + 1e-9
    assert mean - 1e-9 <= bounds.high


def test_shares_and_means_that_cannot_be() -> None:
    with pytest.raises(NotEstimable, match="above 0"):
        unseen_bounds(0.0, 5.0, (0, 10))
    with pytest.raises(NotEstimable, match="outside the scale"):
        unseen_bounds(0.5, 11.0, (0, 10))
    with pytest.raises(NotEstimable, match="Everybody"):
        tipping_mean(1.0, 5.0, 4.0)
