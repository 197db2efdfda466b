"""The job that reads comments; by itself, so that asking for it loads no language models."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from feedback_core.jobs.types import JobPayload

READER_VERSION: Final = 1
"""Counts the versions of what language and sentiment are told by; another one has every comment read again."""


@dataclass(frozen=True, slots=True)
class ReadComments(JobPayload):
    """Read the comments of a survey that have not been read yet, or were read by something that has changed."""

    kind: ClassVar[str] = "themes.read"

    survey_id: UUID
