"""Shapes of the rule that opens cases."""

from datetime import datetime
from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Key, Line, Output
from feedback_core.cases.types import CaseEscalation, CaseRule, Says, ScoreAtMost, StoredRule

Hours = Annotated[int, Field(strict=True, ge=1, le=8784), AS_WHOLE]
ChoiceKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]

_EXAMPLE: Final[JsonDict] = {
    "scores": [{"question": "nps", "at_or_below": 6}],
    "themes": ["waiting"],
    "owner": "Grace Hopper",
    "due_hours": 48,
    "escalation": {"to": ["Ada Lovelace"], "after_hours": 72},
}


class ScoreBody(Input):
    """An answer that is low enough."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    question: Key
    at_or_below: Annotated[int, Field(strict=True, ge=-1_000_000, le=1_000_000), AS_WHOLE]
    row: Key | None = Field(default=None, description="Of a matrix")


class SaysBody(Input):
    """An answer that says yes."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    question: Key = Field(description="Answered with yes or no, or by choosing")
    choices: list[ChoiceKey] = Field(
        default_factory=list, max_length=100, description="Any of which says yes; none where it is answered yes or no"
    )

    def says(self) -> Says:
        """For the domain."""
        return Says(self.question, tuple(self.choices))


class CaseEscalationBody(Input):
    """Whom a case goes to that nobody has resolved."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    to: Annotated[list[Line], Field(min_length=1, max_length=100)]
    after_hours: Hours = Field(description="Since it was opened")


class CaseRuleIn(Input):
    """Which responses are followed up. Any of `scores`, `themes` and `contact` is enough."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    enabled: Flag = Field(default=True, description="Whether new responses are looked at")
    scores: list[ScoreBody] = Field(default_factory=list, max_length=100)
    themes: list[Key] = Field(
        default_factory=list, max_length=100, description="Of the codebook, as its rules find them in comments"
    )
    contact: list[SaysBody] = Field(default_factory=list, max_length=20, description="Answers that ask to be contacted")
    consent: SaysBody | None = Field(default=None, description="Without this answer nobody is followed up")
    owner: Line | None = Field(default=None, description="Of new cases")
    due_hours: Hours = Field(default=48, description="After which a case is overdue")
    escalation: CaseEscalationBody | None = None

    def rule(self) -> CaseRule:
        """For the domain."""
        escalation = self.escalation
        return CaseRule(
            enabled=self.enabled,
            scores=tuple(ScoreAtMost(low.question, low.at_or_below, low.row) for low in self.scores),
            themes=tuple(dict.fromkeys(self.themes)),
            contact=tuple(asked.says() for asked in self.contact),
            consent=self.consent.says() if self.consent else None,
            owner=self.owner,
            due_hours=self.due_hours,
            escalation=CaseEscalation(tuple(escalation.to), escalation.after_hours) if escalation else None,
        )


class CaseRuleOut(Output):
    """A version of the rule."""

    version: int = Field(description="Its ETag")
    enabled: bool
    scores: list[ScoreBody]
    themes: list[str]
    contact: list[SaysBody]
    consent: SaysBody | None
    owner: str | None
    due_hours: int
    escalation: CaseEscalationBody | None
    defined_by: str
    defined_at: datetime

    @classmethod
    def of(cls, stored: StoredRule) -> Self:
        """From the domain."""
        rule = stored.rule
        return cls(
            version=stored.version,
            enabled=rule.enabled,
            scores=[ScoreBody.model_validate(low) for low in rule.scores],
            themes=list(rule.themes),
            contact=[SaysBody.model_validate(asked) for asked in rule.contact],
            consent=SaysBody.model_validate(rule.consent) if rule.consent else None,
            owner=rule.owner,
            due_hours=rule.due_hours,
            escalation=CaseEscalationBody.model_validate(rule.escalation) if rule.escalation else None,
            defined_by=stored.defined_by,
            defined_at=stored.defined_at,
        )


class CaseRulesOut(Output):
    """Every version, the one that holds first."""

    items: list[CaseRuleOut]
