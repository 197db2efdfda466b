"""Shapes of motivation: techniques and strategies, and what followed."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, Line, LongText, Output, Page
from feedback_api.schemas.practice import StandardName
from feedback_api.schemas.standard_verdicts import ReviewedVerdictOut
from feedback_api.schemas.times import Day
from feedback_core.people.motivation.types import Strategy, StrategyDetails, StrategyKind, WhatFollowed
from feedback_core.people.staff.types import TEAM_KEY
from feedback_core.recommendations.actions.types import ActionOutcome, ActionState
from feedback_core.recommendations.effect.types import EffectVerdict

StrategyName = Annotated[str, Field(pattern=TEAM_KEY)]
_SOMETHING = "01890a5d-ac96-774b-bcce-b302099a8057"


class ActionLink(Input):
    """An action about a recommendation, by which it was put into practice."""

    action_id: UUID


class EffectLink(Input):
    """An analysis of kind `effect`."""

    analysis_id: UUID


class StrategyIn(Input):
    """What is tried, for which standards."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "technique",
                    "name": "Thanks in the weekly round",
                    "description": "Each week one thing that somebody did for a customer is told to all.",
                    "standards": ["short_wait"],
                    "started_on": "2026-01-05",
                    "actions": [{"action_id": _SOMETHING}],
                }
            ]
        }
    )

    kind: StrategyKind
    name: Line
    description: LongText
    standards: list[StandardName] = Field(min_length=1, max_length=50, description="That it is to help to reach")
    techniques: list[StrategyName] = Field(
        default_factory=list, max_length=50, description="Of a strategy: keys of the techniques that it uses"
    )
    started_on: Day | None = Field(default=None, description="Null: it is only planned")
    ended_on: Day | None = None
    actions: list[ActionLink] = Field(default_factory=list, max_length=50)
    effects: list[EffectLink] = Field(
        default_factory=list, max_length=50, description="Analyses of an effect, beside those of its actions"
    )

    def details(self) -> StrategyDetails:
        """For the domain."""
        return StrategyDetails(
            kind=self.kind,
            name=self.name,
            description=self.description,
            standards=tuple(self.standards),
            techniques=tuple(self.techniques),
            started_on=self.started_on,
            ended_on=self.ended_on,
            actions=tuple(each.action_id for each in self.actions),
            effects=tuple(each.analysis_id for each in self.effects),
        )


class StrategyOut(Output):
    """A technique or strategy."""

    key: str
    kind: StrategyKind
    name: str
    description: str
    standards: list[str]
    techniques: list[str]
    started_on: date | None
    ended_on: date | None
    actions: list[UUID]
    effects: list[UUID]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, found: Strategy) -> Self:
        """From the domain."""
        return cls.model_validate(_fields(found))


class StrategyPage(Page[StrategyOut]):
    """A page of techniques and strategies."""


class FollowedEffectOut(Output):
    """What an analysis says of the effect; null until it has succeeded."""

    run_id: UUID = Field(description="The analysis")
    verdict: EffectVerdict | None
    sentence: str | None
    value: float | None
    low: float | None
    high: float | None
    n: int | None


class FollowedActionOut(Output):
    """What became of an action."""

    action_id: UUID
    title: str
    state: ActionState
    outcome: ActionOutcome | None
    effect: FollowedEffectOut | None


class FollowedStandardOut(Output):
    """What reviews said of a standard: last before it began, and last since."""

    standard: str
    before: ReviewedVerdictOut | None
    since: ReviewedVerdictOut | None


class WhatFollowedOut(Output):
    """What followed. That something followed does not say that it came from it; an analysis of an effect may."""

    sentence: str
    standards: list[FollowedStandardOut]
    actions: list[FollowedActionOut]
    effects: list[FollowedEffectOut]


class StrategyDetailOut(StrategyOut):
    """A technique or strategy, with what followed."""

    followed: WhatFollowedOut

    @classmethod
    def of_whole(cls, found: Strategy, followed: WhatFollowed) -> Self:
        """From the domain."""
        return cls.model_validate({**_fields(found), "followed": WhatFollowedOut.model_validate(followed)})


def _fields(found: Strategy) -> dict[str, object]:
    details = found.details
    return {
        "key": found.key,
        "kind": details.kind,
        "name": details.name,
        "description": details.description,
        "standards": list(details.standards),
        "techniques": list(details.techniques),
        "started_on": details.started_on,
        "ended_on": details.ended_on,
        "actions": list(details.actions),
        "effects": list(details.effects),
        "created_at": found.created_at,
        "updated_at": found.updated_at,
    }
