"""Shapes of reviews, goals and thanks."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, LongText, Output, Page
from feedback_api.schemas.performance import OfSubject, ReplyOut, StandingOut, named
from feedback_api.schemas.practice import StandardName
from feedback_api.schemas.recommendations import OnBehalfOf
from feedback_api.schemas.times import Day, Moment
from feedback_core.people.performance.types import Goal, GoalDetails, GoalState, Recognition, Review

_SOMEBODY = "01890a5d-ac96-774b-bcce-b302099a8057"


class ReviewIn(OfSubject):
    """A review; the figures of its measures are read and frozen now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "staff_id": _SOMEBODY,
                    "from": "2025-01-01",
                    "to": "2026-01-01",
                    "measures": ["wait_by_agent"],
                    "summary": "A good year; we agreed to look at mornings.",
                }
            ]
        }
    )

    start: Moment | None = Field(default=None, alias="from")
    end: Moment | None = Field(default=None, alias="to")
    measures: list[StandardName] = Field(max_length=20, description="Keys of performance measures")
    summary: LongText = Field(description="What was said; sealed at rest")
    on_behalf_of: OnBehalfOf = None


class FrozenFigureOut(StandingOut):
    """What a measure said of them then."""

    measure: str
    measure_version: int
    standard: str
    standard_version: int
    kpi: str
    unit: str
    case_mix: list[str]
    minimum_n: int
    level: float
    overall: float | None
    differ: bool | None
    explained: float | None
    no_order: str | None
    warnings: list[str]
    as_of: datetime


class ReviewHeadOut(Output):
    """A review, without what was said and found: that is read with `GET /v1/performance-reviews/{review_id}`."""

    id: UUID
    staff_id: UUID | None
    team_id: UUID | None
    start: datetime | None = Field(serialization_alias="from")
    end: datetime | None = Field(serialization_alias="to")
    measures: list[str]
    written_by: str
    key_name: str = Field(description="Name of the API key")
    created_at: datetime

    @classmethod
    def of(cls, found: Review) -> Self:
        """From the domain."""
        return cls.model_validate(_fields(found))


class ReviewOut(ReviewHeadOut):
    """A review, with figures as of then, what was said, and what was replied."""

    figures: list[FrozenFigureOut]
    summary: str | None = Field(description="Null: it was taken out, since somebody was named who asked for that")
    replies: list[ReplyOut]

    @classmethod
    def of(cls, found: Review) -> Self:
        """From the domain."""
        figures = [FrozenFigureOut.model_validate(each) for each in found.figures]
        replies = [ReplyOut.of(each) for each in found.replies]
        return cls.model_validate({**_fields(found), "figures": figures, "summary": found.summary, "replies": replies})


class ReviewPage(Page[ReviewOut]):
    """A page of reviews."""


def _fields(found: Review) -> dict[str, object]:
    return {
        "id": found.id,
        **named(found.subject),
        "start": found.start,
        "end": found.end,
        "measures": [each["measure"] for each in found.figures],
        "written_by": found.written_by,
        "key_name": found.key_name,
        "created_at": found.created_at,
    }


class GoalBody(Input):
    """What is to be reached."""

    text: LongText = Field(description="Sealed at rest")
    due_on: Day
    measure: StandardName | None = Field(default=None, description="Key of the measure that will say whether it was")
    target: Annotated[float, Field(strict=True, ge=-1e9, le=1e9, allow_inf_nan=False)] | None = Field(
        default=None, description="Of that measure, in its units"
    )

    def details(self) -> GoalDetails:
        """For the domain."""
        return GoalDetails(self.text, self.due_on, self.measure, self.target)


_GOAL: Final[dict[str, Any]] = {
    "text": "Nine in ten call the wait good.",
    "due_on": "2026-12-31",
    "measure": "wait_by_agent",
    "target": 0.9,
}


class GoalIn(GoalBody, OfSubject):
    """A goal of a person or team."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"staff_id": _SOMEBODY, **_GOAL}]})

    on_behalf_of: OnBehalfOf = None


class GoalEditIn(GoalBody):
    """Another wording, day or target of a goal that is open."""

    model_config = ConfigDict(json_schema_extra={"examples": [_GOAL]})

    on_behalf_of: OnBehalfOf = None


class GoalOutcomeIn(Input):
    """What became of a goal."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "reached", "said": "0.92 in the last quarter."}]}
    )

    state: GoalState = Field(description="Not `open`")
    said: LongText
    on_behalf_of: OnBehalfOf = None


class GoalHeadOut(Output):
    """A goal, without what was written: that is read with `GET /v1/performance-goals/{goal_id}`."""

    id: UUID
    staff_id: UUID | None
    team_id: UUID | None
    due_on: date
    measure: str | None
    target: float | None
    state: GoalState
    written_by: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, found: Goal) -> Self:
        """From the domain."""
        return cls.model_validate(_goal(found))


class GoalOut(GoalHeadOut):
    """A goal."""

    text: str
    said: str | None = Field(description="Of what became of it")

    @classmethod
    def of(cls, found: Goal) -> Self:
        """From the domain."""
        return cls.model_validate({**_goal(found), "text": found.details.text, "said": found.said})


class GoalPage(Page[GoalOut]):
    """A page of goals."""


def _goal(found: Goal) -> dict[str, object]:
    details = found.details
    return {
        "id": found.id,
        **named(found.subject),
        "due_on": details.due_on,
        "measure": details.measure,
        "target": details.target,
        "state": found.state,
        "written_by": found.written_by,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }


class RecognitionIn(OfSubject):
    """Thanks to somebody, with what for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"staff_id": _SOMEBODY, "text": "Stayed to help a family find its way.", "standard": "short_wait"}
            ]
        }
    )

    text: LongText = Field(description="Sealed at rest")
    standard: StandardName | None = Field(default=None, description="Key of the standard that it helped to reach")
    on_behalf_of: OnBehalfOf = None


class RecognitionHeadOut(Output):
    """Thanks to somebody, without the words: those are read in the list."""

    id: UUID
    staff_id: UUID | None
    team_id: UUID | None
    standard: str | None
    given_by: str
    key_name: str = Field(description="Name of the API key")
    given_at: datetime

    @classmethod
    def of(cls, found: Recognition) -> Self:
        """From the domain."""
        return cls.model_validate(_recognition(found))


class RecognitionOut(RecognitionHeadOut):
    """Thanks to somebody."""

    text: str

    @classmethod
    def of(cls, found: Recognition) -> Self:
        """From the domain."""
        return cls.model_validate({**_recognition(found), "text": found.text})


class RecognitionPage(Page[RecognitionOut]):
    """A page of thanks."""


def _recognition(found: Recognition) -> dict[str, object]:
    return {
        "id": found.id,
        **named(found.subject),
        "standard": found.standard,
        "given_by": found.given_by,
        "key_name": found.key_name,
        "given_at": found.given_at,
    }
