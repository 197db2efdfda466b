"""Allocations to strata against strAlloc of R's PracTools, and closed forms."""

from typing import Any

import pytest

from feedback_core.planning.calc import (
    Allocation,
    Bounds,
    Stratum,
    allocate,
    allocate_to_budget,
    allocate_to_standard_error,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s29_stratified_allocation"
ERROR = "anticipated SE of estimated mean"


def strata() -> list[Stratum]:
    return [Stratum(int(row["N"]), float(row["S"]), float(row["unit_cost"])) for row in golden_rows(CASE)]


def agrees(allocation: Allocation, expected: dict[str, Any]) -> bool:
    assert allocation.sizes == pytest.approx(expected["n"], rel=1e-8)
    assert allocation.sizes == pytest.approx(expected["raw"]["nh"], rel=1e-8)
    assert allocation.shares == pytest.approx(expected["raw"]["nh/n"], rel=1e-8)
    if ERROR in expected["raw"]:
        assert allocation.standard_error == pytest.approx(expected["raw"][ERROR], rel=1e-8)
    return True


@pytest.mark.parametrize("bounds", [None, Bounds()])
def test_the_programs_allocations(bounds: Bounds | None) -> None:
    golden = load_golden(CASE)
    expected = golden["expected"]
    assert golden["tolerance"]["default_rel"] == 1e-8
    by_budget = allocate_to_budget(strata(), 2500, bounds=bounds)

    assert agrees(allocate(strata(), 1200, rule="proportional", bounds=bounds), expected["practools_proportional"])
    assert agrees(allocate(strata(), 1200, rule="neyman", bounds=bounds), expected["practools_neyman"])
    assert agrees(by_budget, expected["practools_totcost"])
    assert agrees(allocate_to_standard_error(strata(), 1.2, bounds=bounds), expected["practools_totvar"])
    assert by_budget.cost == pytest.approx(2500, rel=1e-12)


@pytest.mark.parametrize(
    ("rule", "sizes", "name"),
    [
        ("proportional", "proportional", "proportional"),
        ("neyman", "neyman", "neyman"),
        ("optimal", "optimal_fixed_n", "optimal"),
    ],
)
def test_sizes_errors_and_costs_at_1200(rule: Any, sizes: str, name: str) -> None:
    expected = load_golden(CASE)["expected"]["closed_form"]
    allocation = allocate(strata(), 1200, rule=rule)
    assert allocation.sizes == pytest.approx(expected[sizes], rel=1e-8)
    assert allocation.standard_error == pytest.approx(expected[f"se_{name}"], rel=1e-8)
    assert allocation.cost == pytest.approx(expected[f"cost_{name}"], rel=1e-8)
