"""Vocabulary of what is told back: an item, its figures, and how far what was promised has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Conflict

MOST_SHOWN: Final = 100
"""Items of a public page, the latest."""


class Progress(StrEnum):
    """How far what we say we did has come."""

    UNDER_WAY = "under_way"
    DONE = "done"


class NothingDone(Conflict):
    """Nothing is published of an action that is neither under way nor done."""

    code = "nothing_done"


@dataclass(frozen=True, slots=True)
class FigureLink:
    """A figure of a run that is to be shown; ``label`` says to customers what it is."""

    run_id: UUID
    pointer: str
    label: str


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """A figure as it is shown: an aggregate of at least the organisation's minimum of answers, frozen as of then."""

    run_id: UUID
    pointer: str
    label: str
    value: float
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody writes of an item."""

    you_said: str
    we_did: str
    action_id: UUID
    figures: tuple[FigureLink, ...]
    published: bool


@dataclass(frozen=True, slots=True)
class Item:
    """What customers said, and what was done about it.

    Attributes:
        progress: of its action, as it stands now; ``None``: it is planned, or was given up, and the item is not shown.
        published_at: ``None``: it is not to be shown.
    """

    id: UUID
    survey_id: UUID
    action_id: UUID
    you_said: str
    we_did: str
    figures: tuple[PublicFigure, ...]
    progress: Progress | None
    published_at: datetime | None
    written_by: str
    created_at: datetime
    updated_at: datetime
    revision: int

    @property
    def is_shown(self) -> bool:
        """Whether everybody may read it now."""
        return self.published_at is not None and self.progress is not None


@dataclass(frozen=True, slots=True)
class Feed:
    """What everybody may read of a survey, the latest first."""

    title: str
    language: str
    items: tuple[Item, ...]
