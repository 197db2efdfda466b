"""Shapes of revisions of plans: the signal that caused each, and where two differ."""

from datetime import datetime
from typing import Final, Self

from pydantic import ConfigDict, Field, JsonValue
from pydantic.config import JsonDict

from feedback_api.schemas.common import Input, Line, LongText, Output, Page
from feedback_api.schemas.plans import PLAN_EXAMPLE, PlanBody
from feedback_api.schemas.recommendations import OnBehalfOf
from feedback_core.planning.plan_revisions import ComparedRevisions
from feedback_core.planning.types.plans import PlanRevision, Signal, SignalKind

_SIGNAL: Final[JsonDict] = {
    "kind": "response_rate",
    "observed": "15 % of those invited have answered after ten days; 24 % were expected",
    "reference": "Fieldwork report of 2027-01-21",
}


class SignalBody(Input):
    """What gives reason to revise a plan."""

    model_config = ConfigDict(from_attributes=True)

    kind: SignalKind
    observed: LongText = Field(description="What was seen, in words and figures")
    reference: Line | None = Field(default=None, description="Where: an analysis, an alert, a report")


class PlanRevisionIn(Input):
    """A plan as it is to be from now on, and the signal that gives reason to."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"plan": PLAN_EXAMPLE, "signal": _SIGNAL}]})

    plan: PlanBody
    signal: SignalBody
    on_behalf_of: OnBehalfOf = None

    def reason(self) -> Signal:
        """For the domain."""
        return Signal(self.signal.kind, self.signal.observed, self.signal.reference)


class PlanRevisionOut(Output):
    """A plan as it was from then on."""

    number: int
    plan: PlanBody
    signal: SignalBody | None = Field(description="Null of the first: that was approved")
    revised_by: str
    key_name: str = Field(description="Name of the API key")
    revised_at: datetime

    @classmethod
    def of(cls, revision: PlanRevision) -> Self:
        """From the domain."""
        return cls(
            number=revision.number,
            plan=PlanBody.of(revision.details),
            signal=SignalBody.model_validate(revision.signal) if revision.signal else None,
            revised_by=revision.revised_by,
            key_name=revision.key_name,
            revised_at=revision.revised_at,
        )


class PlanRevisionPage(Page[PlanRevisionOut]):
    """Revisions, the latest first."""


class DifferenceOut(Output):
    """A place where two revisions differ; null: it is not there."""

    path: str = Field(description="Parts that have a key are named by it", examples=["/sampling/invitations"])
    before: JsonValue
    after: JsonValue


class RevisionDifferencesOut(Output):
    """Where a revision differs from an earlier one, and the signal that caused it."""

    since: int
    number: int
    signal: SignalBody | None
    differences: list[DifferenceOut]

    @classmethod
    def of(cls, compared: ComparedRevisions) -> Self:
        """From the domain."""
        signal = compared.after.signal
        return cls(
            since=compared.before.number,
            number=compared.after.number,
            signal=SignalBody.model_validate(signal) if signal else None,
            differences=[DifferenceOut.model_validate(each) for each in compared.differences],
        )
