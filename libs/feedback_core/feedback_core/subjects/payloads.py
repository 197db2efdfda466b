"""Jobs of retention, erasure and anonymity."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from feedback_core.jobs.types import JobPayload


@dataclass(frozen=True, slots=True)
class EraseFromSurvey(JobPayload):
    """Take out of a survey what was asked for."""

    kind: ClassVar[str] = "subjects.erase_from_survey"

    erasure_id: UUID


@dataclass(frozen=True, slots=True)
class ApplyRetention(JobPayload):
    """Take out of a survey what it is not to keep any more."""

    kind: ClassVar[str] = "subjects.apply_retention"

    survey_id: UUID


@dataclass(frozen=True, slots=True)
class AnswerRequest(JobPayload):
    """Find everything that is held on somebody, and export or erase it."""

    kind: ClassVar[str] = "subjects.answer_request"

    request_id: UUID


@dataclass(frozen=True, slots=True)
class ForgetExports(JobPayload):
    """Delete exports that nobody fetched in time."""

    kind: ClassVar[str] = "subjects.forget_exports"


@dataclass(frozen=True, slots=True)
class Reseal(JobPayload):
    """Encrypt anew, with the newest key, what an older one has sealed."""

    kind: ClassVar[str] = "subjects.reseal"
