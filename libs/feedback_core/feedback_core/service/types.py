"""Vocabulary of the service that customers judge: its features, and the processes, offers and touchpoints of these."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from feedback_core.kit.errors import Conflict

FEATURE_KEY: Final = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")
PART_KEY: Final = FEATURE_KEY
"""Of processes, offers and touchpoints."""


class FeatureInUse(Conflict):
    """Something refers to the feature: questions of a published survey, or a standard; so it cannot be deleted."""

    code = "feature_in_use"


class PartInUse(Conflict):
    """Features or standards refer to the process, offer or touchpoint, so it cannot be deleted."""

    code = "part_in_use"


class PartKind(StrEnum):
    """What a feature belongs to."""

    PROCESS = "process"
    OFFER = "offer"
    TOUCHPOINT = "touchpoint"


@dataclass(frozen=True, slots=True)
class Footprint:
    """What one unit of a process takes; ``None``: nobody has measured it, which is not nothing.

    Attributes:
        unit: what is counted: a response, a visit, a letter.
        source: where the figures come from.
        as_of: day that they are of.
    """

    unit: str
    paper_sheets: float | None = None
    travel_km: float | None = None
    energy_kwh: float | None = None
    source: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class PartDetails:
    """What is said of a process, an offer or a touchpoint, and can be edited.

    Attributes:
        name: what people call it.
        owner: who answers for it.
        footprint: of a process only.
    """

    name: str
    description: str | None = None
    owner: str | None = None
    footprint: Footprint | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A process that produces features, an offer that has them, or a touchpoint at which they are met.

    Attributes:
        key: what features refer to it by; unique among its kind, and never changed.
        revision: counts edits.
    """

    kind: PartKind
    key: str
    details: PartDetails
    created_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class FeatureDetails:
    """What is said of a feature, and can be edited.

    Attributes:
        name: what people call it.
        process: key of the process that produces it.
        owner: who answers for it.
        offers: keys of the offers that it is a feature of.
        touchpoints: keys of the touchpoints at which customers meet it.
        assumed_importance: how much it is thought to matter to customers, from 1 (little) to 5 (most); ``None``: nobody
            has said. What is measured stands beside it in analyses of drivers.
    """

    name: str
    description: str | None = None
    process: str | None = None
    owner: str | None = None
    offers: tuple[str, ...] = ()
    touchpoints: tuple[str, ...] = ()
    assumed_importance: int | None = None


@dataclass(frozen=True, slots=True)
class Feature:
    """Something about the service that customers judge: the waiting time, the web site, the staff.

    Attributes:
        key: what questions refer to it by; unique in its organisation, and never changed.
        revision: counts edits.
    """

    key: str
    details: FeatureDetails
    created_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Linked:
    """Something that a finding is about: what it is called, and who answers for it."""

    key: str
    name: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class ServiceLinks:
    """Where a finding belongs: the feature, and all that it is tied to, each with its owner."""

    feature: Linked | None = None
    process: Linked | None = None
    offers: tuple[Linked, ...] = ()
    touchpoints: tuple[Linked, ...] = ()


def name_of_key(key: str) -> str:
    """A name made from a key, for a feature that nobody has described yet: ``waiting_time`` → ``Waiting time``."""
    words = re.sub(r"[_.-]+", " ", key).strip()
    return words[:1].upper() + words[1:]
