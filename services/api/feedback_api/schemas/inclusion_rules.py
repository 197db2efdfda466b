"""Shapes of inclusion rules."""

from datetime import UTC, datetime
from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Key, Output
from feedback_api.schemas.responses import Moment
from feedback_core.data_quality.types import (
    ALL_KINDS,
    MOST_SCALE_ITEMS,
    MOST_SCALES,
    Flagging,
    InclusionRule,
    ItemScale,
    StoredRule,
    Thresholds,
)
from feedback_core.responses.quality.types import FlagKind

Share = Annotated[float, Field(strict=True, gt=0, le=1, allow_inf_nan=False)]
ItemName = Annotated[str, Field(min_length=1, max_length=127, pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]

_EXAMPLE: Final[JsonDict] = {
    "excludes": True,
    "kinds": ["straight_lining", "speeding", "duplicate"],
    "at_least": 2,
    "since": "2026-01-01T00:00:00Z",
    "thresholds": {"speed_share_of_median": 0.3333},
}


class ThresholdsBody(Input):
    """Beyond what a measured value is a sign of careless answering. What is left out is as the documentation says."""

    model_config = ConfigDict(from_attributes=True)

    straight_line_items: Annotated[int, Field(strict=True, ge=3, le=500), AS_WHOLE] = Field(
        default=5, description="Fewest rows of a matrix in which a line of equal answers says anything"
    )
    straight_line_share: Share = Field(default=1.0, description="Of the rows that one run of equal answers must fill")
    unreversed_grids: Flag = Field(
        default=False,
        description="Whether a line is a sign in a matrix without reversed rows, too, where it can be meant",
    )
    speed_share_of_median: Share = Field(
        default=1 / 3, description="Of the median time of the same version and method, below which it is too fast"
    )
    speed_seconds_per_answer: Annotated[float, Field(strict=True, ge=0, le=600, allow_inf_nan=False)] = Field(
        default=2.0, description="Below which it is too fast however long others took; 0: never"
    )
    duplicate_window_seconds: Annotated[int, Field(strict=True, ge=1, le=31_622_400), AS_WHOLE] = Field(
        default=3_600, description="Within which a respondent answers once"
    )
    duplicate_text_length: Annotated[int, Field(strict=True, ge=10, le=30_000), AS_WHOLE] = Field(
        default=40, description="Characters from which two do not write the same by chance"
    )
    duplicate_answers: Annotated[int, Field(strict=True, ge=3, le=10_000), AS_WHOLE] = Field(
        default=10, description="Answers that must agree, with the day and the respondent cell"
    )
    inconsistency: Annotated[float, Field(strict=True, ge=-1, le=1, allow_inf_nan=False)] = Field(
        default=-0.3, description="Even-odd figure above which halves of scales contradict each other"
    )
    inconsistency_scales: Annotated[int, Field(strict=True, ge=3, le=500), AS_WHOLE] = Field(
        default=10, description="Fewest scales for that figure"
    )
    outlier_confidence: Annotated[float, Field(strict=True, ge=0.9, lt=1, allow_inf_nan=False)] = Field(
        default=0.999, description="Of the chi-square quantile that the squared distance must exceed"
    )
    missing_share: Annotated[float, Field(strict=True, ge=0, lt=1, allow_inf_nan=False)] = Field(
        default=0.5, description="Of the questions put, above which too many have no answer"
    )


class ItemScaleBody(Input):
    """Items that are meant to measure one thing."""

    model_config = ConfigDict(from_attributes=True)

    key: Key
    items: list[ItemName] = Field(
        min_length=1, max_length=MOST_SCALE_ITEMS, description="Questions, or `question.row` of a matrix"
    )
    reversed: list[ItemName] = Field(
        default_factory=list,
        max_length=MOST_SCALE_ITEMS,
        description="Items where a high answer means little of what the others mean much of",
    )

    def scale(self) -> ItemScale:
        """For the domain."""
        return ItemScale(self.key, tuple(self.items), tuple(self.reversed))


class InclusionRuleIn(Input):
    """Which signs of careless answering count, how many it takes, and what follows."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    excludes: Flag = Field(
        default=True, description="Whether suspect responses stand beside the figures; false: signs are only shown"
    )
    kinds: list[FlagKind] = Field(
        default_factory=lambda: list(ALL_KINDS), min_length=1, max_length=20, description="Signs that count"
    )
    at_least: Annotated[int, Field(strict=True, ge=1, le=20), AS_WHOLE] = Field(
        default=2, description="Different signs that make a response suspect; one alone can be honest"
    )
    since: Moment | None = Field(default=None, description="Responses submitted before are never suspect")
    thresholds: ThresholdsBody = Field(default_factory=ThresholdsBody)
    scales: list[ItemScaleBody] = Field(
        default_factory=list,
        max_length=MOST_SCALES,
        description="Sets of items; a matrix of which no row is in one is a scale by itself, without reversed rows",
    )

    def rule(self) -> InclusionRule:
        """For the domain."""
        return InclusionRule(
            excludes=self.excludes,
            kinds=tuple(self.kinds),
            at_least=self.at_least,
            since=self.since and self.since.astimezone(UTC),
            thresholds=Thresholds(**self.thresholds.model_dump()),
            scales=tuple(scale.scale() for scale in self.scales),
        )


class FlaggingOut(Output):
    """How far the responses are held to the rule."""

    rule_version: int | None = Field(description="That they are held to or about to be; null: none was measured yet")
    up_to_date: bool = Field(description="Whether every response is measured by the rule that holds")
    measured: int = Field(description="Responses of the current pass")


class InclusionRuleOut(Output):
    """A version of the rule of a survey."""

    version: int
    excludes: bool
    kinds: list[FlagKind]
    at_least: int
    since: datetime | None
    thresholds: ThresholdsBody
    scales: list[ItemScaleBody]
    defined_by: str = Field(description="Name of the API key")
    defined_at: datetime

    @classmethod
    def of(cls, stored: StoredRule) -> Self:
        """From the domain."""
        return cls.model_validate(cls.fields(stored))

    @classmethod
    def fields(cls, stored: StoredRule) -> dict[str, object]:
        """The fields of a version."""
        rule = stored.rule
        return {
            "version": rule.version,
            "excludes": rule.excludes,
            "kinds": list(rule.kinds),
            "at_least": rule.at_least,
            "since": rule.since,
            "thresholds": rule.thresholds,
            "scales": [
                {"key": scale.key, "items": list(scale.items), "reversed": list(scale.reversed)}
                for scale in rule.scales
            ],
            "defined_by": stored.defined_by,
            "defined_at": stored.defined_at,
        }


class CurrentInclusionRuleOut(InclusionRuleOut):
    """The rule that holds, and how far the responses are held to it."""

    flagging: FlaggingOut

    @classmethod
    def of_current(cls, stored: StoredRule, flagging: Flagging) -> Self:
        """From the domain."""
        return cls.model_validate({**cls.fields(stored), "flagging": flagging})


class InclusionRulesOut(Output):
    """Every version, the one that holds first."""

    items: list[InclusionRuleOut]
