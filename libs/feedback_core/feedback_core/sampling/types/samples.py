"""Vocabulary of samples: what was drawn, and with which probability."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from feedback_core.jobs.types import Job, JobPayload
from feedback_core.kit.errors import Conflict, Fault, Invalid
from feedback_core.sampling.types.designs import Design
from feedback_core.sampling.types.frames import Coverage

REPLACED: Final = "replaced"


class SampleNotDrawn(Conflict):
    """The sample is not drawn yet, or could not be."""

    code = "sample_not_drawn"


class ReplacementNotAllowed(Conflict):
    """The design has no rule for it, or the rule does not allow it."""

    code = "replacement_not_allowed"


class ReserveExhausted(Invalid):
    """The frame has nobody left in a stratum who could come in."""

    code = "reserve_exhausted"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)


@dataclass(frozen=True, slots=True)
class DrawnStratum:
    """A stratum as it was drawn from.

    Attributes:
        values: of the attributes by which it is stratified; none of a sample without strata.
        population: units that could be drawn.
        wanted: units asked for.
        drawn: units drawn, those that came in later included.
        start: on the circle of permanent random numbers, from where they were drawn.
    """

    values: Mapping[str, str | None]
    population: int
    wanted: int
    drawn: int
    start: int

    @property
    def shortfall(self) -> int:
        """How many fewer were drawn than were asked for."""
        return max(0, self.wanted - self.drawn)


@dataclass(frozen=True, slots=True)
class SampleOutcome:
    """What a draw came to.

    Attributes:
        coverage: who of the frame could be drawn.
        clusters: drawn, and in all; ``None``: none were.
        certain: units that were sure to be drawn by their size.
        inner_start: of two stages: where on the circle units of a cluster are drawn from.
        overlap: units that are of the sample with which it is coordinated; ``None``: with none.
        drawn_at_first: units, without those that came in later.
    """

    strata: tuple[DrawnStratum, ...]
    coverage: Coverage
    drawn_at_first: int
    clusters: tuple[int, int] | None = None
    certain: int = 0
    inner_start: int | None = None
    overlap: int | None = None
    warnings: tuple[str, ...] = ()

    @property
    def drawn(self) -> int:
        """Units, those that came in later included."""
        return sum(stratum.drawn for stratum in self.strata)


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample as it stands; ``outcome`` is ``None`` until it is drawn."""

    id: UUID
    frame_id: UUID
    survey_id: UUID | None
    name: str
    design: Design
    seed: int
    outcome: SampleOutcome | None
    frame_changes: int | None
    requested_by: str
    created_at: datetime
    drawn_at: datetime | None
    job: Job


@dataclass(frozen=True, slots=True)
class SampleUnit:
    """A unit of a sample; ``contact`` is sealed."""

    position: int
    unit_id: UUID
    ref: str | None
    stratum: int
    cluster: str | None
    probability: float
    cluster_probability: float | None
    release: int
    replaced_for: str | None
    contact: bytes | None


@dataclass(frozen=True, slots=True)
class Replaced:
    """A unit in whose place another one is to be asked, by its ref, and why."""

    ref: str
    reason: str


@dataclass(frozen=True, slots=True)
class Released:
    """Who came in later.

    Attributes:
        units: ids, in the order in which they are to be asked.
    """

    number: int
    reason: str
    units: tuple[UUID, ...]
    released_by: str
    released_at: datetime


@dataclass(frozen=True, slots=True)
class DrawSample(JobPayload):
    """Draw a sample."""

    kind: ClassVar[str] = "sampling.draw"

    sample_id: UUID
