"""Vocabulary of evidence: links that people give, and whether what a recommendation stands on still holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from feedback_core.kit.errors import Invalid
from feedback_core.recommendations.types import Entered, ExpectedEffect, RecommendationKind


class EvidenceMissing(Invalid):
    """A recommendation without evidence is an opinion."""

    code = "evidence_missing"


class EvidenceState(StrEnum):
    """Whether the evidence still holds."""

    CURRENT = "current"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class EvidenceStanding:
    """Whether the evidence of a recommendation still holds, and why not, a sentence each."""

    state: EvidenceState
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceLink:
    """A figure of a run, as somebody links it.

    Attributes:
        pointer: JSON pointer into the result of the run.
        value: as quoted; held against the run. ``None``: as the run says.
        statement: what it says, in plain words; ``None``: made from the figure.
    """

    run_id: UUID
    pointer: str
    value: float | None = None
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class WrittenRecommendation:
    """A recommendation as somebody writes it.

    Attributes:
        gap: size of what is wrong, as a share of the range of the figure; ``None`` where it has no size.
        procedure: key of the procedure that it enters under.
    """

    kind: RecommendationKind
    title: str
    rationale: str
    evidence: tuple[EvidenceLink, ...]
    feature_key: str | None
    gap: float | None
    expected_effect: ExpectedEffect | None
    entered: Entered
    procedure: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken out of the data of a run since it read them.

    Attributes:
        excluded: responses of its period that were excluded, or put back.
        erased: responses of its survey that were erased.
        swept: erasures of a question, and other erasures of many responses of its survey at once.
    """

    excluded: int
    erased: int
    swept: int


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run found."""

    id: UUID
    created_at: datetime
    result: Mapping[str, Any]
