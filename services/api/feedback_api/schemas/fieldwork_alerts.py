"""Shapes of the alerts of collections."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, LongText, Output, Page
from feedback_api.schemas.plan_revisions import DifferenceOut, SignalBody
from feedback_api.schemas.plans import PlanBody
from feedback_api.schemas.recommendations import OnBehalfOf
from feedback_core.fieldwork.alerts import SeenAlert
from feedback_core.fieldwork.types.rules import AlertState, FieldworkAlert, RuleKind


class AlertNoteOut(Output):
    """Who took an alert on, or closed it."""

    at: datetime
    by: str | None = Field(description="Null: it was over by itself")
    note: str | None


class FieldworkAlertSummaryOut(Output):
    """Something that was found, and what became of it."""

    id: UUID
    survey_id: UUID
    rule: str = Field(description="Key of the rule", examples=["rate"])
    kind: RuleKind
    subject: str = Field(
        description="A group, category, question, quota, source or interviewer; empty: all", examples=["north"]
    )
    rules_version: int
    state: AlertState
    sentence: str
    value: float = Field(description="As it was last found")
    low: float | None = Field(description="Of the interval, or of the control limits")
    high: float | None
    limit: float = Field(description="What it was held against")
    n: int
    opened_at: datetime
    checked_at: datetime
    over_at: datetime | None = Field(description="When it was no longer so; until then it is not told again")
    acknowledged: AlertNoteOut | None
    resolved: AlertNoteOut | None
    plan_id: UUID | None = Field(description="Of the plan that was revised for it")
    plan_revision: int | None


class ProposalOut(Output):
    """The revision of the plan that an alert gives reason to."""

    plan_id: UUID
    plan_revision: int = Field(description="The ETag of the plan, for If-Match")
    signal: SignalBody
    changes: list[DifferenceOut] = Field(description="Empty: say yourself what to change")


class FieldworkAlertOut(FieldworkAlertSummaryOut):
    """An alert, and what it proposes."""

    proposal: ProposalOut | None = Field(
        description="Null where the survey has no plan that is approved or running, or one was revised for it"
    )

    @classmethod
    def of(cls, seen: SeenAlert) -> Self:
        """From the domain."""
        shown = FieldworkAlertSummaryOut.model_validate(seen.alert).model_dump()
        proposal = ProposalOut.model_validate(seen.proposal) if seen.proposal else None
        return cls(**shown, proposal=proposal)


class FieldworkAlertPage(Page[FieldworkAlertSummaryOut]):
    """Alerts, newest first."""

    @classmethod
    def of_page(cls, found: list[FieldworkAlert], following: str | None) -> Self:
        """From the domain."""
        return cls(items=[FieldworkAlertSummaryOut.model_validate(each) for each in found], next_cursor=following)


class AlertTransitionIn(Input):
    """Where an alert goes."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "acknowledged", "note": "Calling the branch in the north"}]}
    )

    to: Literal["acknowledged", "resolved"]
    note: LongText | None = None
    on_behalf_of: OnBehalfOf = None


class AlertRevisionIn(Input):
    """The plan as it is to be because of an alert."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"on_behalf_of": "Ada Lovelace"}]})

    plan: PlanBody | None = Field(default=None, description="As the alert proposes, if left out")
    on_behalf_of: OnBehalfOf = None
