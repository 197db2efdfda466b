"""How many are drawn of whom: rules, what falls short, and what cannot be drawn."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.planning.types import AllocationRule
from feedback_core.sampling.calc.allocating import Allocating, NotAllocable, allocate_strata
from feedback_core.sampling.design_faults import faults_of
from feedback_core.sampling.plans import plan_draw
from feedback_core.sampling.types.designs import Coordination, Design, DesignImpossible, DesignKind, StratumIn
from feedback_core.sampling.types.frames import FrameSettings
from feedback_core.sampling.types.populations import CountedStratum

RULES: tuple[AllocationRule, ...] = ("equal", "proportional", "neyman", "optimal", "power")
FRAME = FrameSettings("Customers", attributes=("region", "branch"), measures=("turnover",))
REGIONS = Design(DesignKind.STRATIFIED, n=100, strata_by=("region",), rule="proportional")
COUNTED = [
    CountedStratum(("north",), {"eligible": 600, "opted_out": 20}),
    CountedStratum(("south",), {"eligible": 300, "resting": 5}),
    CountedStratum((None,), {"eligible": 100}),
]


def codes(error: pytest.ExceptionInfo[DesignImpossible]) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in error.value.faults]


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=12), st.sampled_from(RULES), st.data())
def test_a_rule_spreads_n_and_never_takes_more_than_there_are(
    population: list[int], rule: AllocationRule, data: st.DataObject
) -> None:
    n = data.draw(st.integers(2 * len(population), max(sum(population), 2 * len(population))))
    deviations = tuple(data.draw(st.floats(0.5, 90)) for _ in population)
    how = Allocating(rule, n, deviations=deviations, unit_costs=(1.0,) * len(population), short="take_all")
    found = allocate_strata(population, how)
    assert sum(found.sizes) + sum(found.shortfall) == n
    assert all(0 <= size <= there for size, there in zip(found.sizes, population, strict=True))


def test_proportional_and_neyman_are_those_of_golden_s29() -> None:
    population, deviations = [24000, 9000, 5000, 400], (42.0, 55.0, 61.0, 30.0)
    proportional = allocate_strata(population, Allocating("proportional", 1200)).sizes
    neyman = allocate_strata(population, Allocating("neyman", 1200, deviations=deviations)).sizes
    assert proportional == (750, 281, 156, 13)
    assert neyman == (665, 326, 201, 8)


def test_a_stratum_with_fewer_than_are_wanted_is_refused_or_taken_whole() -> None:
    how = Allocating(None, wanted=(50, 10))
    with pytest.raises(NotAllocable) as refused:
        allocate_strata([30, 100], how)
    assert refused.value.place == 0
    taken = allocate_strata([30, 100], replace(how, short="take_all"))
    assert (taken.sizes, taken.shortfall) == ((30, 10), (20, 0))


def test_a_plan_counts_who_could_not_be_drawn() -> None:
    plan = plan_draw(REGIONS, COUNTED, 0)
    assert plan.sizes == (60, 30, 10)
    assert (plan.coverage.people, plan.coverage.eligible) == (1025, 1000)
    assert (plan.coverage.opted_out, plan.coverage.resting) == (20, 5)


def test_an_unknown_stratum_and_one_that_is_not_named_are_both_told() -> None:
    strata = (StratumIn({"region": "north"}), StratumIn({"region": "west"}), StratumIn({"region": "south"}))
    with pytest.raises(DesignImpossible) as refused:
        plan_draw(replace(REGIONS, rule="neyman", strata=strata), COUNTED, 0)
    assert codes(refused) == [("/strata/1/values", "unknown_stratum"), ("/strata", "stratum_not_named")]


def test_units_by_stratum_need_no_rule() -> None:
    strata = tuple(
        StratumIn({"region": value}, units=units) for value, units in (("north", 5), ("south", 7), (None, 0))
    )
    plan = plan_draw(replace(REGIONS, n=None, rule=None, strata=strata), COUNTED, 0)
    assert plan.sizes == (5, 7, 0)


@pytest.mark.parametrize(
    ("design", "clusters", "code"),
    [
        (Design(DesignKind.SIMPLE, n=2_000), 0, ("/n", "short_of_units")),
        (replace(REGIONS, n=2_000), 0, ("/n", "short_of_units")),
        (replace(REGIONS, n=3), 0, ("/n", "not_allocable")),
        (Design(DesignKind.CLUSTER, cluster_by="branch", clusters=9), 8, ("/clusters", "short_of_clusters")),
    ],
)
def test_what_the_frame_cannot_give_is_told_where(design: Design, clusters: int, code: tuple[str, str]) -> None:
    with pytest.raises(DesignImpossible) as refused:
        plan_draw(design, COUNTED if design.strata_by else [CountedStratum((), {"eligible": 1000})], clusters)
    assert codes(refused) == [code]


def test_a_size_of_nothing_is_refused_or_left_out() -> None:
    design = Design(DesignKind.PROPORTIONAL, n=10, size="turnover")
    counted = [CountedStratum((), {"eligible": 90, "unsized": 10})]
    with pytest.raises(DesignImpossible) as refused:
        plan_draw(design, counted, 0)
    assert codes(refused) == [("/size", "size_not_positive")]
    plan = plan_draw(replace(design, unsized="leave_out"), counted, 0)
    assert (plan.sizes, plan.coverage.unsized) == ((10,), 10)


def test_a_frame_with_nobody_to_draw_is_told() -> None:
    with pytest.raises(DesignImpossible) as refused:
        plan_draw(Design(DesignKind.SIMPLE, n=1), [CountedStratum((), {"opted_out": 3})], 0)
    assert codes(refused) == [("/where", "nobody_to_draw")]


@pytest.mark.parametrize(
    ("design", "code"),
    [
        (Design(DesignKind.SIMPLE), ("/n", "required")),
        (Design(DesignKind.SIMPLE, n=5, size="turnover"), ("/size", "not_applicable")),
        (Design(DesignKind.STRATIFIED, n=5, strata_by=("region",)), ("/rule", "required")),
        (Design(DesignKind.STRATIFIED, strata_by=("region",)), ("/strata", "required")),
        (replace(REGIONS, rule="neyman"), ("/strata", "required")),
        (replace(REGIONS, strata_by=("country",)), ("/strata_by/0", "unknown_attribute")),
        (replace(REGIONS, strata=(StratumIn({"branch": "b"}),)), ("/strata/0/values", "unknown_attribute")),
        (replace(REGIONS, strata=(StratumIn({"region": "north"}),) * 2), ("/strata/1", "named_twice")),
        (Design(DesignKind.SYSTEMATIC, n=5, sort_by=("age",)), ("/sort_by/0", "unknown_attribute")),
        (Design(DesignKind.CLUSTER, cluster_by="branch", clusters=2, n=5), ("/n", "not_applicable")),
        (Design(DesignKind.PROPORTIONAL, n=5, size="region"), ("/size", "unknown_measure")),
        (Design(DesignKind.SIMPLE, n=5, where={"country": ("uk",)}), ("/where/country", "unknown_attribute")),
        (
            Design(DesignKind.SYSTEMATIC, n=5, coordination=Coordination(UUID(int=1), 0.5)),
            ("/coordination", "not_applicable"),
        ),
    ],
)
def test_a_design_that_contradicts_itself_or_its_frame_is_told_where(design: Design, code: tuple[str, str]) -> None:
    assert [(fault.pointer, fault.code) for fault in faults_of(design, FRAME)] == [code]


def test_a_sound_design_has_no_fault() -> None:
    assert faults_of(REGIONS, FRAME) == []
