"""From the people of a frame, counted by stratum, to how many of whom are drawn; or why that cannot be: pure."""

from collections.abc import Sequence

from feedback_core.kit.errors import Fault
from feedback_core.sampling.calc.allocating import Allocating, NotAllocable, allocate_strata
from feedback_core.sampling.types.designs import (
    MOST_STRATA,
    Design,
    DesignFault,
    DesignImpossible,
    DesignKind,
    StratumIn,
)
from feedback_core.sampling.types.populations import CountedStratum, Plan, coverage_in


def plan_draw(design: Design, counted: Sequence[CountedStratum], clusters: int) -> Plan:
    """How many are drawn of whom.

    Args:
        design: without faults in itself.
        counted: people of the frame by stratum and standing.
        clusters: with somebody who could be drawn; 0 where none are drawn.

    Raises:
        DesignImpossible: it cannot be drawn so from this frame; each fault is named.
    """
    coverage = coverage_in(counted)
    strata = tuple(stratum for stratum in counted if stratum.eligible)
    if coverage.unsized and design.unsized == "refuse":
        detail = (
            f"{coverage.unsized} units have no {design.size} above 0, and could never be drawn by it: mend them, or"
            " leave them out."
        )
        raise _impossible("/size", DesignFault.SIZE_NOT_POSITIVE, detail)
    if not strata:
        raise _impossible("/where", DesignFault.NOBODY, "Nobody of the frame could be drawn.")
    if design.kind is DesignKind.CLUSTER:
        return _of_clusters(design, strata, clusters, counted)
    if design.kind is DesignKind.STRATIFIED:
        return _of_strata(design, strata, counted)
    assert design.n is not None
    there = strata[0].eligible
    if design.n > there and design.short == "refuse":
        detail = f"{design.n} are wanted, and {there} could be drawn."
        raise _impossible("/n", DesignFault.SHORT_OF_UNITS, detail)
    return Plan(strata, (min(design.n, there),), (design.n,), None, coverage)


def _of_clusters(
    design: Design, strata: tuple[CountedStratum, ...], clusters: int, counted: Sequence[CountedStratum]
) -> Plan:
    assert design.clusters is not None
    if design.clusters > clusters and design.short == "refuse":
        detail = f"{design.clusters} clusters are wanted, and {clusters} could be drawn."
        raise _impossible("/clusters", DesignFault.SHORT_OF_CLUSTERS, detail)
    return Plan(strata, (0,), (0,), (min(design.clusters, clusters), clusters), coverage_in(counted))


def _of_strata(design: Design, strata: tuple[CountedStratum, ...], counted: Sequence[CountedStratum]) -> Plan:
    if len(strata) > MOST_STRATA:
        detail = f"These attributes make {len(strata)} strata, and at most {MOST_STRATA} can be drawn from."
        raise _impossible("/strata_by", DesignFault.TOO_MANY_STRATA, detail)
    said = _said_of(design, strata, counted)
    how = Allocating(
        rule=design.rule,
        n=design.n,
        wanted=tuple(each.units or 0 for each in said),
        deviations=tuple(each.standard_deviation for each in said),
        unit_costs=tuple(each.unit_cost for each in said),
        floor=design.floor,
        exponent=design.exponent,
        short=design.short,
    )
    try:
        found = allocate_strata([stratum.eligible for stratum in strata], how)
    except NotAllocable as refused:
        if refused.place is None:
            short = design.n is not None and design.n > sum(stratum.eligible for stratum in strata)
            code = DesignFault.SHORT_OF_UNITS if short else DesignFault.NOT_ALLOCABLE
            raise _impossible("/n", code, refused.detail) from refused
        place = next(i for i, each in enumerate(design.strata) if each is said[refused.place])
        raise _impossible(f"/strata/{place}/units", DesignFault.SHORT_OF_UNITS, refused.detail) from refused
    wanted = tuple(size + short for size, short in zip(found.sizes, found.shortfall, strict=True))
    return Plan(strata, found.sizes, wanted, None, coverage_in(counted))


def _said_of(design: Design, strata: Sequence[CountedStratum], counted: Sequence[CountedStratum]) -> list[StratumIn]:
    """What is said of each stratum that has somebody to draw.

    Raises:
        DesignImpossible: a stratum is named that the frame lacks, or one of the frame is not named.
    """
    by_values = {tuple(each.values[key] for key in design.strata_by): each for each in design.strata}
    there = {stratum.values for stratum in counted}
    faults = [
        _fault(
            f"/strata/{place}/values",
            DesignFault.UNKNOWN_STRATUM,
            f"The frame has no unit that is {_named(design, tuple(each.values[key] for key in design.strata_by))}.",
        )
        for place, each in enumerate(design.strata)
        if tuple(each.values[key] for key in design.strata_by) not in there
    ]
    if by_values:
        faults += [
            _fault(
                "/strata",
                DesignFault.STRATUM_NOT_NAMED,
                f"{stratum.eligible} units are {_named(design, stratum.values)}, and nothing is said of them.",
            )
            for stratum in strata
            if stratum.values not in by_values
        ]
    faults += [
        _fault(
            f"/strata/{place}/values",
            DesignFault.NOBODY,
            f"Nobody who is {_named(design, tuple(each.values[key] for key in design.strata_by))} could be drawn.",
        )
        for place, each in enumerate(design.strata)
        if each.units and design.short == "refuse" and _is_barred(design, each, counted)
    ]
    if faults:
        raise DesignImpossible(faults)
    return [by_values.get(stratum.values) or StratumIn({}) for stratum in strata]


def _is_barred(design: Design, said: StratumIn, counted: Sequence[CountedStratum]) -> bool:
    values = tuple(said.values[key] for key in design.strata_by)
    return any(stratum.values == values and not stratum.eligible for stratum in counted)


def _named(design: Design, values: Sequence[str | None]) -> str:
    pairs = zip(design.strata_by, values, strict=True)
    return ", ".join(f"{key} {'(not known)' if value is None else value}" for key, value in pairs)


def _impossible(pointer: str, code: DesignFault, detail: str) -> DesignImpossible:
    return DesignImpossible([_fault(pointer, code, detail)])


def _fault(pointer: str, code: DesignFault, detail: str) -> Fault:
    return Fault(pointer, code.value, detail)
