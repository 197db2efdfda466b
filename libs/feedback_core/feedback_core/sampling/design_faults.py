"""Everything that is wrong with a design, in itself and against what its frame says of units: pure."""

from collections.abc import Iterator
from typing import Final

from feedback_core.kit.errors import Fault
from feedback_core.kit.pointers import step
from feedback_core.sampling.types.designs import Design, DesignFault, DesignKind
from feedback_core.sampling.types.frames import FrameSettings

_RANDOM_NUMBERS: Final = frozenset({DesignKind.SIMPLE, DesignKind.STRATIFIED})
# Which designs each field is of, and what it holds where nothing was said.
_FIELDS: Final[dict[str, tuple[frozenset[DesignKind], object]]] = {
    "sort_by": (frozenset({DesignKind.SYSTEMATIC}), ()),
    "strata_by": (frozenset({DesignKind.STRATIFIED}), ()),
    "rule": (frozenset({DesignKind.STRATIFIED}), None),
    "strata": (frozenset({DesignKind.STRATIFIED}), ()),
    "cluster_by": (frozenset({DesignKind.CLUSTER}), None),
    "clusters": (frozenset({DesignKind.CLUSTER}), None),
    "take": (frozenset({DesignKind.CLUSTER}), None),
    "clusters_by_size": (frozenset({DesignKind.CLUSTER}), False),
    "size": (frozenset({DesignKind.PROPORTIONAL}), None),
    "coordination": (_RANDOM_NUMBERS | {DesignKind.CLUSTER}, None),
    "replacement": (_RANDOM_NUMBERS, None),
}
_NEEDED: Final = {
    DesignKind.SIMPLE: ("n",),
    DesignKind.SYSTEMATIC: ("n",),
    DesignKind.STRATIFIED: ("strata_by",),
    DesignKind.CLUSTER: ("cluster_by", "clusters"),
    DesignKind.PROPORTIONAL: ("n", "size"),
}


def faults_of(design: Design, frame: FrameSettings) -> list[Fault]:
    """Every fault, with pointers from the design."""
    faults = [*_shape(design), *_strata(design)]
    return faults or list(_names(design, frame))


def _shape(design: Design) -> Iterator[Fault]:
    for name in _NEEDED[design.kind]:
        if not getattr(design, name):
            yield _fault(f"/{name}", DesignFault.REQUIRED, f"A {design.kind} sample needs {name}.")
    for name, (kinds, nothing) in _FIELDS.items():
        if design.kind not in kinds and getattr(design, name) != nothing:
            yield _fault(f"/{name}", DesignFault.NOT_APPLICABLE, f"A {design.kind} sample has no {name}.")
    if design.kind is DesignKind.CLUSTER and design.n is not None:
        detail = "A cluster sample is as large as its clusters: give clusters, and take for some units of each."
        yield _fault("/n", DesignFault.NOT_APPLICABLE, detail)
    if design.clusters_by_size and design.coordination is not None:
        detail = "Clusters drawn by size have no start on the circle to be moved; leave coordination out."
        yield _fault("/coordination", DesignFault.NOT_APPLICABLE, detail)


def _strata(design: Design) -> Iterator[Fault]:
    if design.kind is not DesignKind.STRATIFIED:
        return
    yield from _sizes(design)
    seen = set()
    for place, stratum in enumerate(design.strata):
        pointer = f"/strata/{place}"
        if set(stratum.values) != set(design.strata_by):
            detail = f"Each stratum has a value, or null, of each of: {', '.join(design.strata_by)}."
            yield _fault(f"{pointer}/values", DesignFault.UNKNOWN_ATTRIBUTE, detail)
            continue
        named = tuple(stratum.values[key] for key in design.strata_by)
        if named in seen:
            yield _fault(pointer, DesignFault.NAMED_TWICE, "The stratum is named twice.")
        seen.add(named)
        if design.rule is None and stratum.units is None:
            yield _fault(f"{pointer}/units", DesignFault.REQUIRED, "Say how many are to be drawn of it.")
        if design.rule is not None and stratum.units is not None:
            detail = "The rule says how many are drawn; leave units out, or the rule."
            yield _fault(f"{pointer}/units", DesignFault.NOT_APPLICABLE, detail)


def _sizes(design: Design) -> Iterator[Fault]:
    if design.rule is None and design.n is not None:
        yield _fault("/rule", DesignFault.REQUIRED, "Say by which rule n is spread, or give units of each stratum.")
    elif design.rule is None and not design.strata:
        yield _fault("/strata", DesignFault.REQUIRED, "Give the units of each stratum, or n and a rule.")
    elif design.rule is not None and design.n is None:
        yield _fault("/n", DesignFault.REQUIRED, "Say how many the rule is to spread.")
    if design.rule in {"neyman", "optimal"} and not design.strata:
        detail = f"The rule {design.rule} needs the standard deviation of each stratum."
        yield _fault("/strata", DesignFault.REQUIRED, detail)


def _names(design: Design, frame: FrameSettings) -> Iterator[Fault]:
    attributes, measures = ", ".join(frame.attributes) or "none", ", ".join(frame.measures) or "none"
    for place, key in enumerate(design.strata_by):
        if key not in frame.attributes:
            detail = f"The frame has the attributes: {attributes}."
            yield _fault(f"/strata_by/{place}", DesignFault.UNKNOWN_ATTRIBUTE, detail)
        if key in design.strata_by[:place]:
            yield _fault(f"/strata_by/{place}", DesignFault.NAMED_TWICE, "Name each attribute once.")
    for place, key in enumerate(design.sort_by):
        if key not in (*frame.attributes, *frame.measures):
            detail = f"The frame has the attributes: {attributes}; and the measures: {measures}."
            yield _fault(f"/sort_by/{place}", DesignFault.UNKNOWN_ATTRIBUTE, detail)
    for key in design.where:
        if key not in frame.attributes:
            detail = f"The frame has the attributes: {attributes}."
            yield _fault(f"/where{step(key)}", DesignFault.UNKNOWN_ATTRIBUTE, detail)
    if design.cluster_by is not None and design.cluster_by not in frame.attributes:
        detail = f"The frame has the attributes: {attributes}."
        yield _fault("/cluster_by", DesignFault.UNKNOWN_ATTRIBUTE, detail)
    if design.size is not None and design.size not in frame.measures:
        yield _fault("/size", DesignFault.UNKNOWN_MEASURE, f"The frame has the measures: {measures}.")


def _fault(pointer: str, code: DesignFault, detail: str) -> Fault:
    return Fault(pointer, code.value, detail)
