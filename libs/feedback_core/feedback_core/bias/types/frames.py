"""What is known of the population and of the fieldwork, and what an assessment is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import Field

from feedback_core.bias.types.coverage import Stage
from feedback_core.fieldwork.types import Dispositions
from feedback_core.fieldwork.types.response import InvitedGroup


@dataclass(frozen=True, slots=True)
class Frame:
    """What is known of the population.

    Attributes:
        margins: attribute to category to share, percentage or count.
    """

    margins: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Reach:
    """A population by one attribute, and who of it is left after each step on the way to being invited."""

    attribute: str
    population: Mapping[str, int]
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of the invitations.

    Attributes:
        dispositions: invitations by final disposition.
        e: share of those of unknown eligibility taken to be eligible; by proportional allocation if ``None``.
    """

    dispositions: Dispositions
    e: float | None = None


@dataclass(frozen=True, slots=True)
class SamplingFrame:
    """What is known of the population and the fieldwork.

    Attributes:
        margins: attribute to category to share, percentage or count; those of the invited if empty.
        invited: everybody invited, by the combinations of some attributes.
        reach: whom the survey could reach.
        outcomes: what became of the invitations.
    """

    margins: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    invited: tuple[InvitedGroup, ...] = ()
    reach: Reach | None = None
    outcomes: Outcomes | None = None


@dataclass(frozen=True, slots=True)
class SamplingBiasParameters:
    """What a sampling-bias assessment is asked for.

    Attributes:
        kpi: key of the KPI whose answers are held against the frame.
        frame: the population, the invited, whom they were drawn from, and what became of them.
        question: key of the question; may be left out where the survey has only one of the KPI's type.
        item: row of a matrix, or choice of a ranking.
        choice: whose share is asked for.
        start: first instant; ``None``: the beginning.
        end: first instant no longer in it; ``None``: no end.
        level: of the intervals.
        weighting: key of a weighting scheme of the survey, by which the KPI is weighted instead of to the margins.
    """

    kpi: str
    frame: SamplingFrame = SamplingFrame()
    question: str | None = None
    item: str | None = None
    choice: str | None = None
    start: Annotated[datetime | None, Field(alias="from")] = None
    end: Annotated[datetime | None, Field(alias="to")] = None
    level: float = 0.95
    weighting: str | None = None
