"""Shapes of procedures, of who left, and of how a recommendation stands in its procedure."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import AS_WHOLE, Input, Key, Line, LongText, Output
from feedback_api.schemas.times import Day
from feedback_core.recommendations.procedures.standing import Standing
from feedback_core.recommendations.procedures.types import (
    Departure,
    Departures,
    Escalation,
    Procedure,
    ProcedureDocument,
    Role,
    Step,
    StepTransition,
    StoredProcedure,
)
from feedback_core.recommendations.types import RecommendationState

Days = Annotated[int, Field(strict=True, ge=1, le=3650), AS_WHOLE]
People = Annotated[list[Line], Field(max_length=200)]

_EXAMPLE: Final[dict[str, Any]] = {
    "title": "Improving the service",
    "document": {"reference": "QP-07", "version": "3.2", "url": "https://intranet.example.org/qp-07"},
    "roles": [{"key": "quality_board", "label": "Quality board", "people": ["Ada Lovelace", "Grace Hopper"]}],
    "start": "proposed",
    "steps": [
        {
            "key": "proposed",
            "label": "Proposed",
            "state": "proposed",
            "days": 14,
            "escalation": {"to": ["Head of service"], "after_days": 7},
            "transitions": [
                {"to": "accepted", "roles": ["quality_board"], "requires": ["cost", "owner"]},
                {"to": "rejected", "roles": ["quality_board"]},
            ],
        },
        {
            "key": "accepted",
            "label": "Accepted",
            "state": "accepted",
            "transitions": [{"to": "done", "people": ["Grace Hopper"], "requires": ["minutes"]}],
        },
        {"key": "rejected", "label": "Rejected", "state": "rejected"},
        {"key": "done", "label": "Done", "state": "done"},
    ],
}


class DocumentBody(Input):
    """The organisation's own document that says how it decides."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    reference: Line = Field(description="As the organisation files it", examples=["QP-07"])
    version: Line | None = None
    url: Annotated[str, Field(max_length=2000, pattern=r"^https?://[^\s\x00-\x1f]+$")] | None = None


class RoleBody(Input):
    """A part in the procedure."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    key: Key = Field(description="What API keys carry")
    label: Line
    people: People = Field(
        default_factory=list, description="Who has it; empty: whoever acts with a key that carries it"
    )


class EscalationBody(Input):
    """Whom an overdue step goes to; they may then decide, too."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    to: Annotated[list[Line], Field(min_length=1, max_length=200)]
    after_days: Annotated[int, Field(strict=True, ge=0, le=3650), AS_WHOLE] = Field(
        default=0, description="Beyond the deadline of the step"
    )


class TransitionBody(Input):
    """A way out of a step. Without roles and people, whoever may write recommendations decides."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    to: Key
    roles: list[Key] = Field(default_factory=list, max_length=50, description="Any of which may decide")
    people: People = Field(default_factory=list, description="Who may decide whatever their roles")
    requires: list[Key] = Field(
        default_factory=list,
        max_length=50,
        description="`cost`, `effort_hours`, `owner`, `expected_effect`; or fields of your own, given when deciding",
    )


class StepBody(Input):
    """Where a recommendation can stand."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    key: Key
    label: Line
    state: RecommendationState = Field(description="What it means to everything that does not know this procedure")
    days: Days | None = Field(default=None, description="Within which it is to be decided; null: no deadline")
    escalation: EscalationBody | None = None
    transitions: list[TransitionBody] = Field(
        default_factory=list, max_length=50, description="None: an end, which is rejected or done"
    )


class ProcedureIn(Input):
    """How the organisation decides on recommendations."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, json_schema_extra={"examples": [_EXAMPLE]})

    title: Line
    start: Key = Field(description="Step that recommendations enter at")
    steps: list[StepBody] = Field(min_length=1, max_length=50)
    roles: list[RoleBody] = Field(default_factory=list, max_length=50)
    document: DocumentBody | None = None

    def procedure(self) -> Procedure:
        """For the domain."""
        return Procedure(
            title=self.title,
            start=self.start,
            steps=tuple(_step(step) for step in self.steps),
            roles=tuple(Role(role.key, role.label, tuple(role.people)) for role in self.roles),
            document=ProcedureDocument(**self.document.model_dump()) if self.document else None,
        )


def _step(step: StepBody) -> Step:
    escalation = step.escalation
    return Step(
        key=step.key,
        label=step.label,
        state=step.state,
        days=step.days,
        escalation=Escalation(tuple(escalation.to), escalation.after_days) if escalation else None,
        transitions=tuple(
            StepTransition(way.to, tuple(way.roles), tuple(way.people), tuple(way.requires)) for way in step.transitions
        ),
    )


class ProcedureOut(Output):
    """A version of a procedure. Recommendations stay under the one that they entered under."""

    key: str
    version: int = Field(description="Its ETag")
    title: str
    start: str
    steps: list[StepBody]
    roles: list[RoleBody]
    document: DocumentBody | None
    defined_by: str | None = Field(description="Null: it is built in")
    defined_at: datetime | None

    @classmethod
    def of(cls, stored: StoredProcedure) -> Self:
        """From the domain."""
        shown = stored.procedure
        return cls(
            key=stored.key,
            version=stored.version,
            title=shown.title,
            start=shown.start,
            steps=[StepBody.model_validate(step) for step in shown.steps],
            roles=[RoleBody.model_validate(role) for role in shown.roles],
            document=DocumentBody.model_validate(shown.document) if shown.document else None,
            defined_by=stored.defined_by,
            defined_at=stored.defined_at,
        )


class ProceduresOut(Output):
    """Every procedure in its latest version, by key."""

    items: list[ProcedureOut]


class DepartureBody(Input):
    """Somebody who left."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    name: Line = Field(description="As procedures and actions name them")
    left_on: Day


class DeparturesIn(Input):
    """Everybody who left: nothing more is decided in their names, and nobody can name them."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"people": [{"name": "Charles Babbage", "left_on": "2026-02-28"}]}]}
    )

    people: list[DepartureBody] = Field(max_length=10_000)

    def departures(self) -> list[Departure]:
        """For the domain."""
        return [Departure(person.name, person.left_on) for person in self.people]


class DepartureOut(Output):
    """Somebody who left."""

    name: str
    left_on: date


class DeparturesOut(Output):
    """Everybody who left."""

    people: list[DepartureOut]

    @classmethod
    def of(cls, found: Departures) -> Self:
        """From the domain."""
        return cls(people=[DepartureOut.model_validate(person) for person in found.people])


class WayOut(Output):
    """A decision that can be taken now."""

    to: str = Field(description="Step, as `to` of a transition names it")
    label: str
    roles: list[str] = Field(description="Any of which may take it, by a key that carries it")
    people: list[str] = Field(description="Who may take it; with no roles either, whoever may write recommendations")
    requires: list[str] = Field(description="What must be known")


class ReassignmentOut(Output):
    """A step whose people were all gone, given to others."""

    id: UUID
    step: str
    people: list[str]
    reason: str
    assigned_by: str
    assigned_at: datetime


class ReassignmentIn(Input):
    """Give a step to others, since nobody is left who could decide."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"people": ["Grace Hopper"], "reason": "The board has been dissolved."}]}
    )

    people: Annotated[list[Line], Field(min_length=1, max_length=200)]
    reason: LongText
    on_behalf_of: Line | None = Field(
        default=None, description="Who does this, if not the holder of the key; takes `people:represent`"
    )


class StandingOut(Output):
    """How a recommendation stands in the procedure that it entered under."""

    procedure: str
    procedure_version: int
    procedure_title: str
    document: DocumentBody | None = Field(description="The organisation's own, that says how it decides")
    step: str
    step_label: str
    entered_at: datetime = Field(description="When it came to this step")
    due_at: datetime | None
    overdue: bool
    escalates_at: datetime | None
    escalated_to: list[str]
    stuck: bool = Field(description="Nobody is left who could decide: the step can be given to others")
    ways: list[WayOut] = Field(description="What can be decided; none at an end")
    reassignments: list[ReassignmentOut]


def ways_of(standing: Standing) -> list[WayOut]:
    """What can be decided now."""
    return [WayOut.model_validate(way) for way in standing.ways]
