"""What finders are asked, and what they give."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.reports.portfolios.kinds import RecordKind


class Mark(Enum):
    """What only some records of a kind have."""

    REVISED = "revised"
    """A later version than the first."""
    OF_FEATURES = "of_features"
    """A questionnaire with questions about features."""
    TIED = "tied"
    """A feature with a process, an offer or a touchpoint."""
    FOOTPRINT = "footprint"
    """A process of which it is known what it takes."""
    SUPPORTED = "supported"
    """A standard that names the process behind it."""
    AGREED = "agreed"
    """Somebody is on record as having agreed, to an action everybody named."""
    RESOURCED = "resourced"
    """An action with money or hours."""
    DECIDED = "decided"
    """A recommendation on which a decision was taken."""
    PASSED_ON = "passed_on"
    """A report that went out to somebody."""
    ACKNOWLEDGED = "acknowledged"
    """A role that somebody whom it was sent to has acknowledged."""
    STRATEGY = "strategy"
    """What motivates, as a strategy rather than a technique."""
    FOLLOWED = "followed"
    """Something shows what followed: an action that it was put into practice by, or an analysis of an effect."""


_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}")


@dataclass(frozen=True, slots=True)
class Window:
    """Whose records, and which.

    Attributes:
        starts_at: dated then or later; ``None``: from the first on.
        ends_at: dated before; ``None``: to the latest.
        survey_ids: of what belongs to a survey, only to one of these; empty: to any.
        minimum: counts of fewer respondents are not told.
        most: records to give, the latest.
    """

    organisation_id: UUID
    starts_at: datetime | None
    ends_at: datetime | None
    survey_ids: Sequence[UUID]
    minimum: int
    most: int


@dataclass(frozen=True, slots=True)
class Record:
    """One record.

    Attributes:
        key: tells it from others of its kind.
        at: of the record: when it was made, published, decided.
        by: who made it: name of an API key, or of somebody as the organisation wrote it; never a respondent.
        link: path of the API where it is found; its names are those of ids and keys.
        says: the record itself, as JSON.
        facet: where it counts of how many kinds there are: the method, the audience.
        marks: what it has that not every record of its kind has.
        kept_file: id of the report whose file goes with it, and how that ends (``pdf``).
    """

    key: str
    title: str
    at: datetime
    link: str
    by: str | None = None
    says: Mapping[str, object] = field(default_factory=dict)
    facet: str | None = None
    marks: frozenset[Mark] = frozenset()
    kept_file: tuple[UUID, str] | None = None

    @property
    def name(self) -> str:
        """What its file is called, without ending: the key, or where that will not do a fingerprint of it."""
        if _PLAIN.fullmatch(self.key):
            return self.key
        return hashlib.sha256(self.key.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of a kind.

    Attributes:
        records: the latest, the earliest of them first.
        total: how many there are in all.
    """

    records: tuple[Record, ...] = ()
    total: int = 0


Finder = Callable[[Session, Window], Awaitable[Found]]
"""Finds the records of one kind."""

Finders = Mapping[RecordKind, Finder]
