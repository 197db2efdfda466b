"""Shapes of actions."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, Line, LongText, Output
from feedback_api.schemas.money import Hours, MoneyBody
from feedback_api.schemas.recommendations import OnBehalfOf
from feedback_api.schemas.times import Day
from feedback_core.recommendations.actions.types import (
    ActionDetails,
    ActionMove,
    ActionOutcome,
    ActionState,
    Answer,
    EntryKind,
)
from feedback_core.recommendations.actions.use_cases import SeenAction

_RECOMMENDATION: Final = "0198c5a2-7d1c-7b7e-8f0a-5d0a4f6f9a13"
_DETAILS: Final[dict[str, Any]] = {
    "title": "Open a second desk from 8 to 10",
    "owner": "Grace Hopper",
    "due_on": "2026-05-31",
    "cost": {"amount": 1250000, "currency": "EUR"},
    "hours": 80,
    "people": ["Ada Lovelace"],
}


class DetailsIn(Input):
    """What is to be done, by whom, until when, and with what."""

    title: Line
    description: LongText | None = None
    owner: Line
    due_on: Day = Field(description="Last day on which it is in time")
    cost: MoneyBody | None = None
    hours: Hours | None = Field(default=None, description="Of work")
    people: Annotated[list[Line], Field(max_length=100)] = Field(
        default_factory=list, description="Who are to agree, beside the owner"
    )
    on_behalf_of: OnBehalfOf = None

    def details(self) -> ActionDetails:
        """For the domain."""
        return ActionDetails(
            title=self.title,
            description=self.description,
            owner=self.owner,
            due_on=self.due_on,
            cost=self.cost.money() if self.cost else None,
            hours=self.hours,
            people=tuple(dict.fromkeys(self.people)),
        )


class ActionIn(DetailsIn):
    """A new action about an accepted recommendation."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"recommendation_id": _RECOMMENDATION, **_DETAILS}]})

    recommendation_id: UUID


class ActionEditIn(DetailsIn):
    """An action as it is to be from now on. Before it is under way, everybody is to agree anew."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_DETAILS, "reason": "The desk comes in June."}]})

    reason: LongText = Field(description="Why it is changed")


class AgreementIn(Input):
    """Agree to an action or decline it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answer": "agreed", "on_behalf_of": "Ada Lovelace"}]})

    answer: Answer
    reason: LongText | None = Field(default=None, description="Needed to decline")
    on_behalf_of: OnBehalfOf = None


class ActionMoveIn(Input):
    """A step of an action."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "closed", "reason": "The desk was never built.", "outcome": "unknown"}]}
    )

    to: ActionState
    reason: LongText
    change_on: Day | None = Field(
        default=None, description="First day on which it could have an effect; the day of completion if left out"
    )
    outcome: ActionOutcome | None = Field(default=None, description="Whether it worked; needed to close")
    analysis_id: UUID | None = Field(
        default=None, description="Of kind `effect`; needed to close as effective or not_effective"
    )
    on_behalf_of: OnBehalfOf = None

    def move(self) -> ActionMove:
        """For the domain."""
        return ActionMove(self.to, self.reason, self.change_on, self.outcome, self.analysis_id)


class NoteIn(Input):
    """How it goes."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "The desk has been ordered."}]})

    text: LongText
    on_behalf_of: OnBehalfOf = None


class AgreementOut(Output):
    """Whether somebody named agrees."""

    person: str
    answer: Answer | None = Field(description="Null: nothing was said yet")
    reason: str | None
    answered_at: datetime | None


class ActionEntryOut(Output):
    """Something that happened to an action, and who did it."""

    kind: EntryKind
    from_state: ActionState | None
    to_state: ActionState | None
    said: str
    written_by: str
    key_name: str = Field(description="Name of the API key")
    written_at: datetime


class ActionOut(Output):
    """What is done about a recommendation."""

    id: UUID
    recommendation_id: UUID
    title: str
    description: str | None
    owner: str
    due_on: date
    overdue: bool
    cost: MoneyBody | None
    hours: float | None
    agreements: list[AgreementOut]
    state: ActionState
    change_on: date | None = Field(description="First day on which it could have an effect; null until completed")
    outcome: ActionOutcome | None = Field(description="Whether it worked; null until closed")
    effect_analysis_id: UUID | None = Field(description="The analysis that says so")
    created_by: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, seen: SeenAction) -> Self:
        """From the domain."""
        return cls.model_validate(_fields(seen))


class ActionDetailOut(ActionOut):
    """The same, with everything that happened to it, oldest first."""

    history: list[ActionEntryOut]

    @classmethod
    def of_whole(cls, seen: SeenAction) -> Self:
        """From the domain."""
        return cls.model_validate(
            {**_fields(seen), "history": [ActionEntryOut.model_validate(entry) for entry in seen.entries]}
        )


def _fields(seen: SeenAction) -> dict[str, Any]:
    one = seen.action
    details = one.details
    return {
        "id": one.id,
        "recommendation_id": one.recommendation_id,
        "title": details.title,
        "description": details.description,
        "owner": details.owner,
        "due_on": details.due_on,
        "overdue": seen.overdue,
        "cost": MoneyBody.model_validate(details.cost) if details.cost else None,
        "hours": details.hours,
        "agreements": [AgreementOut.model_validate(agreement) for agreement in one.agreements],
        "state": one.state,
        "change_on": one.change_on,
        "outcome": one.outcome,
        "effect_analysis_id": one.effect_run_id,
        "created_by": one.created_by,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
    }
