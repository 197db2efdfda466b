"""Vocabulary of culture: what was noted, and how it was assessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

DIMENSION_KEY: Final = r"^[a-z][a-z0-9_-]{0,62}$"

LEVELS: Final = (1, 5)
"""From: nothing of it is to be seen; to: it is how things are done here, whoever is there."""

MOST_SHOWN: Final = 200
"""Assessments of the course over time, the latest."""


class NoteKind(StrEnum):
    """How something was learnt."""

    DOCUMENT = "document"
    OBSERVATION = "observation"
    INTERVIEW = "interview"


class EvidenceKind(StrEnum):
    """What an assessment rests on."""

    RUN = "run"
    KPI = "kpi"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class NoteDetails:
    """Something that was read, seen or heard.

    Attributes:
        source: which document, place or occasion.
        dimensions: keys of the dimensions that it speaks of.
    """

    kind: NoteKind
    source: str
    text: str
    observed_on: date
    dimensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it was written."""

    id: UUID
    details: NoteDetails
    written_by: str
    key_name: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class RunLink:
    """A figure or finding of an analysis, as somebody links it; ``value``: as quoted, held against the run."""

    run_id: UUID
    pointer: str
    value: float | None = None
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class KpiLink:
    """A figure of a survey, of customers or of staff, to be read and frozen now."""

    kpi: str
    survey_id: UUID
    question: str | None = None
    item: str | None = None
    choice: str | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    start: datetime | None = None
    end: datetime | None = None
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class NoteLink:
    """A note; ``statement``: what it shows, in words that name nobody."""

    note_id: UUID
    statement: str


@dataclass(frozen=True, slots=True)
class JudgedDimension:
    """How one dimension is judged, and from what."""

    key: str
    label: str
    level: int
    statement: str
    evidence: tuple[RunLink | KpiLink | NoteLink, ...]


@dataclass(frozen=True, slots=True)
class FrozenEvidence:
    """A piece of evidence as of then."""

    kind: EvidenceKind
    statement: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    kpi: str | None = None
    survey_id: UUID | None = None
    audience: str | None = None
    run_id: UUID | None = None
    pointer: str | None = None
    note_id: UUID | None = None
    note_kind: NoteKind | None = None
    observed_on: date | None = None


@dataclass(frozen=True, slots=True)
class AssessedDimension:
    """How one dimension was judged, with its evidence as of then."""

    key: str
    label: str
    level: int
    statement: str
    evidence: tuple[FrozenEvidence, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A look at the culture on a day; never changed."""

    id: UUID
    as_of: date
    title: str
    dimensions: tuple[AssessedDimension, ...]
    written_by: str
    key_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CoursePoint:
    """How a dimension was judged on a day, and on how much of each kind."""

    assessment_id: UUID
    as_of: date
    level: int
    change: int | None
    evidence: Mapping[EvidenceKind, int]


@dataclass(frozen=True, slots=True)
class DimensionCourse:
    """A dimension over time, by day; ``label`` as it was called last."""

    key: str
    label: str
    points: tuple[CoursePoint, ...]
