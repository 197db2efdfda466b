"""Raking under a cap on the weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.weighting.calc import BoundsImpossible, rake, rake_capped, read_margins, weighted_shares
from tests.unit.weighting.tables import Table, tables


@settings(deadline=None)
@given(tables(), st.floats(1.2, 6))
def test_no_capped_weight_exceeds_the_cap_and_the_gap_is_told(table: Table, cap: float) -> None:
    capped = rake_capped(table.codes, table.margins, counts=table.counts, base=table.base, cap=cap)

    mean = float(table.counts @ capped.weights) / table.counts.sum()
    assert capped.weights.max() <= cap * mean * (1 + 1e-6)
    reached = weighted_shares(table.codes, table.margins, table.counts * capped.weights)
    gaps = [np.abs(now - margin.shares).max() for now, margin in zip(reached, table.margins, strict=True)]
    assert capped.largest_gap == pytest.approx(100 * max(gaps), abs=1e-9)
    assert (capped.largest_gap < 1e-6) == (capped.convergence.largest_error < 1e-8)
    if capped.largest_before <= cap:
        assert capped.share_capped == 0
        assert capped.largest_gap < 1e-6


def test_a_cap_that_the_margins_allow_is_met_with_them() -> None:
    margins = read_margins({"region": {"north": 0.5, "south": 0.5}, "age": {"old": 0.5, "young": 0.5}})
    codes = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
    counts = [400, 100, 100, 20]
    cap = 4.0

    free = rake(codes, margins, counts=counts)
    capped = rake_capped(codes, margins, counts=counts, cap=cap)

    assert free.weights.max() > cap
    assert capped.weights.max() == pytest.approx(cap, rel=1e-6)
    assert capped.largest_gap < 1e-6
    assert capped.largest_before == pytest.approx(free.weights.max())
    assert capped.share_capped == pytest.approx(20 / 620)


def test_capped_weights_are_the_closest_to_the_base_weights() -> None:
    margins = read_margins({"region": {"north": 0.5, "south": 0.5}, "age": {"old": 0.5, "middle": 0.3, "young": 0.2}})
    codes = np.array([[0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2]])
    cap = 2.8

    capped = rake_capped(codes, margins, counts=[60, 20, 10, 5, 10, 15], cap=cap)

    # At the optimum the weights below the cap are products of a factor per category; at the cap the product exceeds it.
    north_old, north_middle, north_young, south_old, south_middle, south_young = capped.weights
    assert capped.largest_gap < 1e-6
    assert south_old == pytest.approx(cap)
    assert max(south_middle, south_young) < cap
    assert north_middle * south_young == pytest.approx(north_young * south_middle)
    assert north_old * south_middle / north_middle > cap


def test_a_cap_that_the_margins_forbid_leaves_a_gap() -> None:
    margins = read_margins({"region": {"north": 0.5, "south": 0.5}})

    capped = rake_capped(np.array([[0, 1]]), margins, counts=[980, 20], cap=5.0)

    assert capped.weights.tolist() == pytest.approx([0.9 / 0.98, 5.0])
    assert capped.largest_gap == pytest.approx(40)


def test_a_cap_of_one_is_refused() -> None:
    with pytest.raises(BoundsImpossible):
        rake_capped(np.array([[0, 1]]), read_margins({"region": {"n": 0.5, "s": 0.5}}), cap=1)
