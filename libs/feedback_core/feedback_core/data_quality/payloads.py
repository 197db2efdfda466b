"""The job that measures the responses of a survey."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from feedback_core.jobs.types import JobPayload


@dataclass(frozen=True, slots=True)
class FlagResponses(JobPayload):
    """Hold the responses of a survey to its inclusion rule."""

    kind: ClassVar[str] = "data_quality.flag"

    survey_id: UUID
