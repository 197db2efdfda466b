"""Vocabulary of designs: how a sample is to be drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal
from uuid import UUID

from feedback_core.kit.errors import Fault, Invalid
from feedback_core.planning.types import AllocationRule

MOST_STRATA: Final = 2_000


class DesignKind(StrEnum):
    """How units are drawn."""

    SIMPLE = "simple"
    SYSTEMATIC = "systematic"
    STRATIFIED = "stratified"
    CLUSTER = "cluster"
    PROPORTIONAL = "proportional_to_size"


class Channel(StrEnum):
    """By what those drawn must be reachable."""

    EMAIL = "email"
    PHONE = "phone"


Short = Literal["refuse", "take_all"]


class DesignFault(StrEnum):
    """Codes of what can be wrong with a design, in itself or held against its frame."""

    REQUIRED = "required"
    NOT_APPLICABLE = "not_applicable"
    NAMED_TWICE = "named_twice"
    UNKNOWN_ATTRIBUTE = "unknown_attribute"
    UNKNOWN_MEASURE = "unknown_measure"
    UNKNOWN_STRATUM = "unknown_stratum"
    STRATUM_NOT_NAMED = "stratum_not_named"
    TOO_MANY_STRATA = "too_many_strata"
    SHORT_OF_UNITS = "short_of_units"
    SHORT_OF_CLUSTERS = "short_of_clusters"
    NOT_ALLOCABLE = "not_allocable"
    NOBODY = "nobody_to_draw"
    SIZE_NOT_POSITIVE = "size_not_positive"
    OTHER_FRAME = "other_frame"
    OTHER_STRATA = "other_strata"
    NOT_DRAWN = "not_drawn"


class DesignImpossible(Invalid):
    """The sample cannot be drawn so; each fault is named with a pointer."""

    code = "design_impossible"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)


@dataclass(frozen=True, slots=True)
class StratumIn:
    """What is said of one stratum.

    Attributes:
        values: of each attribute by which it is stratified; ``None``: of whom it is not known.
        units: to be drawn of it, where no rule spreads them.
        standard_deviation: of the answers in it.
        unit_cost: of one answer.
    """

    values: Mapping[str, str | None]
    units: int | None = None
    standard_deviation: float = 1.0
    unit_cost: float = 1.0


@dataclass(frozen=True, slots=True)
class Coordination:
    """How a sample stands to an earlier one of the same frame and strata.

    Attributes:
        sample_id: the earlier one.
        overlap: part of it that is drawn again: 0 nobody, 1 everybody, between them it rotates.
    """

    sample_id: UUID
    overlap: float


@dataclass(frozen=True, slots=True)
class ReplacementRule:
    """When somebody else of the frame is asked in the place of one who was drawn.

    Attributes:
        reasons: words of the organisation, for which that is done.
        most_share: of the units drawn at first that may be replaced or added later, 0 to 1.
    """

    reasons: tuple[str, ...]
    most_share: float = 1.0


@dataclass(frozen=True, slots=True)
class Design:
    """How a sample is drawn.

    Attributes:
        n: units to be drawn; ``None`` where strata, or clusters, say how many.
        where: attribute to the values that are drawn from; others are not of the population.
        reachable_by: what those drawn must have.
        rests: whether the frame's contact rule holds.
        counts_as_contact: whether those drawn count as asked, for the contact rules of all frames.
        short: what becomes of a stratum, or of all, that has fewer than are wanted.
        sort_by: of systematic: attributes and measures along which the list is ordered.
        strata_by: of stratified: attributes whose values together are a stratum.
        rule: of stratified: how ``n`` is spread.
        strata: of stratified: what is said of each.
        floor: of stratified by a rule: least units of a stratum.
        exponent: of the power rule.
        cluster_by: of cluster: the attribute whose values are the clusters.
        clusters: of cluster: how many.
        take: of cluster: units of each; ``None``: all.
        clusters_by_size: of cluster: with probability proportional to their units.
        size: of proportional to size: the measure.
        unsized: of it: what becomes of units whose size is not above 0.
        coordination: how it stands to an earlier one; of simple, stratified and cluster.
        replacement: when others come in later; of simple and stratified.
    """

    kind: DesignKind
    n: int | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reachable_by: Channel | None = None
    rests: bool = True
    counts_as_contact: bool = True
    short: Short = "refuse"
    sort_by: tuple[str, ...] = ()
    strata_by: tuple[str, ...] = ()
    rule: AllocationRule | None = None
    strata: tuple[StratumIn, ...] = ()
    floor: int = 2
    exponent: float = 0.5
    cluster_by: str | None = None
    clusters: int | None = None
    take: int | None = None
    clusters_by_size: bool = False
    size: str | None = None
    unsized: Literal["refuse", "leave_out"] = "refuse"
    coordination: Coordination | None = None
    replacement: ReplacementRule | None = None
