"""Shapes of the rules by which a collection is watched."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field

from feedback_api.schemas.analyses.parts import Level
from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Key, Output
from feedback_core.fieldwork.types import ContactPolicy
from feedback_core.fieldwork.types.live import GroupedBy
from feedback_core.fieldwork.types.rules import MOST_RULES, FieldworkRule, FieldworkRules, RuleKind, StoredRules

_Share = Annotated[float, Field(ge=0, le=1, strict=True)]
_FalseAlarm = Annotated[float, Field(ge=1e-6, le=0.2, strict=True)]


class PolicyBody(Input):
    """What counts as what in the outcome rates; fix it before the fieldwork."""

    model_config = ConfigDict(from_attributes=True)

    bounce: Literal["ineligible", "unknown"] = Field(
        default="unknown", description="An address that does not exist: nobody of the population, or nothing is known"
    )
    unopened: Literal["unknown", "non_contact"] = Field(
        default="unknown", description="Not opened: eligibility is not known, or they are eligible and not reached"
    )
    opened: Literal["refusal", "non_contact"] = Field(
        default="refusal", description="Opened and not started: an implicit refusal, or programs open mail too"
    )
    e: _Share | None = Field(
        default=None,
        description="Share of those of unknown eligibility that is eligible; by proportional allocation if left out",
    )

    @classmethod
    def of(cls, policy: ContactPolicy, e: float | None) -> Self:
        """From the domain."""
        return cls(bounce=policy.bounce, unopened=policy.unopened, opened=policy.opened, e=e)


class FieldworkRuleBody(Input):
    """Something to be told of. Which fields a kind has is in [the rules](/docs); what is left out is as usual."""

    model_config = ConfigDict(from_attributes=True)

    key: Key = Field(description="Unique among the rules", examples=["slow_answers"])
    kind: RuleKind
    threshold: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False, strict=True)] | None = Field(
        default=None,
        description="`response_rate`: lowest that is good. `composition`: largest gap between a category's share of"
        " those who answered and of the invited. `drop_off`, `off_topic`: highest share that is good. `cost`: share of"
        " the budget",
    )
    by: GroupedBy | None = Field(
        default=None, description="`response_rate`, `pace`: each group is held to it; all together if left out"
    )
    after_days: Annotated[int, Field(ge=0, le=365, strict=True), AS_WHOLE] | None = Field(
        default=None, description="`response_rate`: of those asked so long ago; 7 if left out"
    )
    minimum_n: Annotated[int, Field(ge=1, le=1_000_000, strict=True), AS_WHOLE] | None = Field(
        default=None, description="Below which nothing is told; 30 if left out"
    )
    level: Level | None = Field(default=None, description="Of the interval that decides; 0.95 if left out")
    false_alarm: _FalseAlarm | None = Field(
        default=None,
        description="`pace`, `quota`, `silence`, `interviewer`: chance that a fieldwork that goes as expected is told"
        " of; 0.0027 if left out",
    )
    enabled: Flag = True

    def rule(self) -> FieldworkRule:
        """For the domain."""
        return FieldworkRule(**self.model_dump())


class FieldworkRulesIn(Input):
    """What a collection is held to from now on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "policy": {"bounce": "ineligible", "unopened": "unknown", "opened": "non_contact"},
                    "rules": [
                        {"key": "rate", "kind": "response_rate", "threshold": 0.2, "after_days": 7},
                        {"key": "pace", "kind": "pace"},
                        {"key": "gap", "kind": "composition", "threshold": 0.05},
                        {"key": "quota", "kind": "quota"},
                        {"key": "silence", "kind": "silence", "false_alarm": 0.001},
                        {"key": "leaving", "kind": "drop_off", "threshold": 0.1},
                        {"key": "money", "kind": "cost", "threshold": 0.9},
                        {"key": "focus", "kind": "off_topic", "threshold": 0.3},
                    ],
                }
            ]
        }
    )

    rules: list[FieldworkRuleBody] = Field(default_factory=list, max_length=MOST_RULES)
    policy: PolicyBody = Field(default_factory=PolicyBody)

    def domain(self) -> FieldworkRules:
        """The same, for the domain."""
        policy = ContactPolicy(bounce=self.policy.bounce, unopened=self.policy.unopened, opened=self.policy.opened)
        return FieldworkRules(tuple(each.rule() for each in self.rules), policy, self.policy.e)


class FieldworkRulesOut(Output):
    """A version of the rules, and who put it."""

    version: int
    rules: list[FieldworkRuleBody]
    policy: PolicyBody
    put_by: str = Field(description="Name of the API key")
    put_at: datetime

    @classmethod
    def of(cls, stored: StoredRules) -> Self:
        """From the domain."""
        return cls(
            version=stored.version,
            rules=[FieldworkRuleBody.model_validate(rule) for rule in stored.rules.rules],
            policy=PolicyBody.of(stored.rules.policy, stored.rules.e),
            put_by=stored.put_by,
            put_at=stored.put_at,
        )


class FieldworkRuleVersionsOut(Output):
    """Every version of the rules, the one that holds first."""

    items: list[FieldworkRulesOut]
