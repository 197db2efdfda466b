"""Vocabulary of analyses: kinds, runs, schedules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from feedback_core.jobs.types import Job


class AnalysisKind(StrEnum):
    """What can be asked of the worker."""

    TREND = "trend"
    SAMPLING_BIAS = "sampling_bias"
    DRIVERS = "drivers"
    THEMES = "themes"
    REVIEW = "review"
    DATA_QUALITY = "data_quality"
    EFFECT = "effect"
    METHOD_EFFECTIVENESS = "method_effectiveness"


class Cadence(StrEnum):
    """How often a schedule runs."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """What is asked for; the same request on the same data is the same run.

    Attributes:
        parameters: JSON document of the kind's own parameters.
    """

    kind: AnalysisKind
    survey_id: UUID
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnalysisRun:
    """A run and the job that makes it.

    Attributes:
        data_version: what the data were when it was asked for.
        sentence: the finding, in plain words; ``None`` until it has succeeded.
        result: JSON document of the kind's own result; ``None`` until it has succeeded.
        libraries: versions of what calculated it.
    """

    id: UUID
    kind: AnalysisKind
    survey_id: UUID
    parameters: Mapping[str, Any]
    data_version: str
    sentence: str | None
    result: Mapping[str, Any] | None
    libraries: Mapping[str, str] | None
    requested_by: str
    schedule_id: UUID | None
    created_at: datetime
    job: Job


@dataclass(frozen=True, slots=True)
class AnalysisSchedule:
    """An analysis asked for again and again.

    Attributes:
        hour: of the day, 0..23, in ``time_zone``.
        time_zone: IANA name.
    """

    id: UUID
    kind: AnalysisKind
    survey_id: UUID
    parameters: Mapping[str, Any]
    cadence: Cadence
    hour: int
    time_zone: str
    enabled: bool
    next_run_at: datetime
    created_at: datetime
    revision: int
