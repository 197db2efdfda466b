"""Vocabulary of interview guides."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class GuideFault(StrEnum):
    """Codes of what can be wrong with a guide, beside those of questionnaires (``surveys.codes``)."""

    ASKED_TWICE = "asked_twice"


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """How a question is put.

    Attributes:
        question: its key in the survey; ``None``: one that the interviewer asks beside them, to open or to lead over.
        ask: what the interviewer says; ``None``: the words of the survey.
        prompts: what may be offered where nothing comes to mind.
        probes: how to ask on, without leading.
        note: for the interviewer alone.
    """

    question: str | None
    ask: str | None
    prompts: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    """What an interviewer says from beginning to end, in one language."""

    language: str
    title: str
    introduction: str
    questions: tuple[GuideQuestion, ...]
    closing: str
    consent: str | None = None


@dataclass(frozen=True, slots=True)
class StoredGuide:
    """A version of the guide of a survey."""

    survey_id: UUID
    version: int
    guide: Guide
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class PrintedQuestion:
    """A question as it stands on paper: the words, how it is put, and what can be answered."""

    number: int
    key: str | None
    ask: str
    prompts: tuple[str, ...]
    probes: tuple[str, ...]
    note: str | None
    options: tuple[str, ...]
    scale: tuple[int, int] | None
    rows: tuple[str, ...]
    lines: int


@dataclass(frozen=True, slots=True)
class PrintedGuide:
    """A guide as it is printed."""

    stored: StoredGuide
    questions: tuple[PrintedQuestion, ...]
