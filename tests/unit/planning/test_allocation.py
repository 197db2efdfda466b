"""Allocation to strata and clusters: worked figures, optimality, bounds, whole numbers, refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, minimize

from feedback_core.kit.errors import NotEstimable
from feedback_core.planning.calc import (
    AllocationRule,
    Bounds,
    Stratum,
    allocate,
    allocate_to_budget,
    allocate_to_standard_error,
    cluster_design_effect,
    optimal_cluster_size,
    plan_clusters,
    whole_allocation,
)

# Golden s29: web, phone, store and VIP customers; spread of +100, 0, -100.
STRATA = [Stratum(24000, 42, 0.4), Stratum(9000, 55, 4.5), Stratum(5000, 61, 9), Stratum(400, 30, 12)]
RULES: tuple[AllocationRule, ...] = ("proportional", "neyman", "optimal")
ANY_STRATA = st.lists(
    st.builds(Stratum, st.integers(40, 5000), st.floats(0.5, 90), st.floats(0.2, 20)), min_size=1, max_size=6
)


def test_worked_figures() -> None:
    # R package PracTools 1.7.5, strAlloc(alloc = "neyman") and ("totcost") (golden s29).
    neyman = allocate(STRATA, 1200, rule="neyman")
    assert neyman.sizes == pytest.approx(
        [664.615384615385, 326.373626373626, 201.098901098901, 7.91208791208791], rel=1e-12
    )
    assert neyman.standard_error == pytest.approx(1.3460814655052, rel=1e-12)
    assert allocate_to_budget(STRATA, 2500).standard_error == pytest.approx(1.35518297017744, rel=1e-12)


def test_at_equal_cost_the_optimal_rule_has_the_least_error() -> None:
    budget = allocate(STRATA, 1200, rule="proportional").cost
    errors = [allocate_to_budget(STRATA, budget, rule=rule).standard_error for rule in RULES]
    assert errors[2] < errors[1]
    assert errors[2] < errors[0]


def test_inside_bounds_no_other_allocation_has_less_error() -> None:
    bounds = Bounds(floor=30, caps=(700, 250, 5000, 400))
    ours = allocate(STRATA, 1100, rule="neyman", bounds=bounds)
    share = np.array([s.population for s in STRATA]) / sum(s.population for s in STRATA)
    squares = (share * np.array([s.standard_deviation for s in STRATA])) ** 2

    def error(n: NDArray[np.float64]) -> float:
        return 100 * float((squares / n).sum())

    slow = minimize(
        error,
        [600.0, 200.0, 200.0, 100.0],
        bounds=[(30, 700), (30, 250), (30, 5000), (30, 400)],
        constraints=LinearConstraint(np.ones(4), 1100, 1100),
        method="SLSQP",
        options={"ftol": 1e-14},
    )
    assert ours.sizes == pytest.approx(slow.x.tolist(), rel=1e-3)
    assert ours.sizes[1] == pytest.approx(250)
    assert ours.sizes[3] == pytest.approx(30)


@settings(deadline=None)
@given(ANY_STRATA, st.sampled_from(RULES), st.integers(0, 40), st.floats(0, 1))
def test_the_goal_is_met_inside_the_bounds(
    strata: list[Stratum], rule: AllocationRule, floor: int, part: float
) -> None:
    bounds = Bounds(floor=floor)
    least = max(1, floor) * len(strata)
    n = least + part * (sum(stratum.population for stratum in strata) - least)
    allocation = allocate(strata, n, rule=rule, bounds=bounds)
    assert allocation.n == pytest.approx(n, rel=1e-9)
    assert sum(allocation.shares) == pytest.approx(1)
    assert all(floor <= size <= stratum.population for size, stratum in zip(allocation.sizes, strata, strict=True))
    again = allocate_to_budget(strata, allocation.cost, rule=rule, bounds=bounds)
    assert again.sizes == pytest.approx(allocation.sizes, rel=1e-6)
    if allocation.standard_error > 1e-3:
        again = allocate_to_standard_error(strata, allocation.standard_error, rule=rule, bounds=bounds)
        assert again.standard_error == pytest.approx(allocation.standard_error, rel=1e-9)


@settings(deadline=None)
@given(ANY_STRATA, st.sampled_from(RULES), st.integers(2, 30), st.floats(0, 1))
def test_whole_answers_keep_the_total_and_the_bounds(
    strata: list[Stratum], rule: AllocationRule, floor: int, part: float
) -> None:
    people = sum(stratum.population for stratum in strata)
    n = round(floor * len(strata) + part * (people - floor * len(strata)))
    exact = allocate(strata, n, rule=rule, bounds=Bounds(floor=floor))
    whole = whole_allocation(strata, exact.sizes, bounds=Bounds(floor=floor))
    assert whole.n == n
    assert all(size == int(size) for size in whole.sizes)
    assert all(floor <= size <= stratum.population for size, stratum in zip(whole.sizes, strata, strict=True))
    assert all(abs(a - b) < 1 + 1e-9 for a, b in zip(whole.sizes, exact.sizes, strict=True))


def test_rounding_takes_from_others_what_a_floor_gives() -> None:
    optimal = allocate(STRATA, 1200, rule="optimal")
    assert whole_allocation(STRATA, optimal.sizes).sizes == (990, 145, 63, 2)
    with_floor = whole_allocation(STRATA, optimal.sizes, bounds=Bounds(floor=30))
    assert with_floor.n == 1200
    assert with_floor.sizes[3] == 30
    assert whole_allocation(STRATA, optimal.sizes, n=1201).n == 1201


def test_a_stratum_taken_whole_adds_no_error() -> None:
    strata = [Stratum(100, 10), Stratum(10_000, 1)]
    allocation = allocate(strata, 5000, rule="neyman", bounds=Bounds())
    assert allocation.sizes[0] == pytest.approx(100)
    rest = 10_000 / 10_100 * np.sqrt(1 / 4900 - 1 / 10_000)
    assert allocation.standard_error == pytest.approx(rest)


def test_without_bounds_too_large_a_stratum_is_told() -> None:
    assert "set bounds" in allocate([Stratum(10, 50), Stratum(1000, 1)], 100, rule="neyman").warnings[0]


def test_floors_that_already_suffice_are_the_answer() -> None:
    assert allocate_to_standard_error(STRATA, 50.0, bounds=Bounds(floor=5)).sizes == (5, 5, 5, 5)


def test_impossible_allocations_are_refused() -> None:
    with pytest.raises(NotEstimable, match="no stratum"):
        allocate([], 10)
    with pytest.raises(NotEstimable, match="Each stratum"):
        allocate([Stratum(10, 0.0)], 5)
    with pytest.raises(NotEstimable, match="above 0"):
        allocate(STRATA, 0)
    with pytest.raises(NotEstimable, match="out of reach"):
        allocate(STRATA, 50_000, bounds=Bounds())
    with pytest.raises(NotEstimable, match="floors"):
        allocate(STRATA, 60, bounds=Bounds(floor=30))
    with pytest.raises(NotEstimable, match="floors"):
        allocate_to_budget(STRATA, 60, bounds=Bounds(floor=30))
    with pytest.raises(NotEstimable, match="cap at least 1"):
        allocate(STRATA, 60, bounds=Bounds(caps=(0, 5, 5, 5)))
    with pytest.raises(NotEstimable, match="do not fit"):
        whole_allocation(STRATA, [1, 1, 1, 1], bounds=Bounds(floor=5))
    with pytest.raises(NotEstimable, match="above 0"):
        allocate_to_standard_error(STRATA, 0.0)
    with pytest.raises(NotEstimable, match="gets no answer"):
        whole_allocation(STRATA, [10, 1, 1, 0], bounds=Bounds(floor=0))


def test_the_optimal_cluster_has_the_least_error_for_its_budget() -> None:
    best = plan_clusters(1000, cluster_cost=40, unit_cost=2, intraclass_correlation=0.05, standard_deviation=80)
    assert best.answers_per_cluster == pytest.approx((20 * 0.95 / 0.05) ** 0.5)
    assert best.clusters * (40 + 2 * best.answers_per_cluster) == pytest.approx(best.cost) == pytest.approx(1000)
    for factor in (0.5, 0.9, 1.1, 2.0):
        other = plan_clusters(
            1000,
            cluster_cost=40,
            unit_cost=2,
            intraclass_correlation=0.05,
            standard_deviation=80,
            answers_per_cluster=factor * best.answers_per_cluster,
        )
        assert best.standard_error < other.standard_error < 1.2 * best.standard_error


def test_clusters_are_at_least_one_answer() -> None:
    assert optimal_cluster_size(cluster_cost=1, unit_cost=5, intraclass_correlation=0.9) == 1
    assert cluster_design_effect(1, 0.3) == 1
    assert cluster_design_effect(11, 0.05) == pytest.approx(1.5)


def test_impossible_clusters_are_refused() -> None:
    with pytest.raises(NotEstimable, match="rho"):
        optimal_cluster_size(cluster_cost=1, unit_cost=1, intraclass_correlation=0)
    with pytest.raises(NotEstimable, match="cost"):
        optimal_cluster_size(cluster_cost=0, unit_cost=1, intraclass_correlation=0.1)
    with pytest.raises(NotEstimable, match="less than two"):
        plan_clusters(50, cluster_cost=40, unit_cost=2, intraclass_correlation=0.05, standard_deviation=80)
    with pytest.raises(NotEstimable, match="above 0"):
        plan_clusters(float("nan"), cluster_cost=40, unit_cost=2, intraclass_correlation=0.05, standard_deviation=80)
    with pytest.raises(NotEstimable, match="at least one answer"):
        cluster_design_effect(float("nan"), 0.1)
    with pytest.raises(NotEstimable, match="at least one answer"):
        cluster_design_effect(0.5, 0.1)
