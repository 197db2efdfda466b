"""Vocabulary of motivation: what is tried, for which standards, and what followed."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from feedback_core.kit.errors import Invalid
from feedback_core.recommendations.actions.types import ActionOutcome, ActionState
from feedback_core.recommendations.effect.types import EffectVerdict
from feedback_core.standards.types import ReviewedVerdict


class StrategyKind(StrEnum):
    """A technique is used with people; a strategy says which techniques serve which standards, and why."""

    TECHNIQUE = "technique"
    STRATEGY = "strategy"


class NoEffectAnalysis(Invalid):
    """The analysis is of another kind: what followed is shown by an analysis of an effect."""

    code = "no_effect_analysis"


@dataclass(frozen=True, slots=True)
class StrategyDetails:
    """What is tried.

    Attributes:
        standards: keys of those that it is to help to reach.
        techniques: of a strategy: keys of the techniques that it uses.
        started_on: first day; ``None``: it is only planned.
        ended_on: first day on which it was done no more.
        actions: about recommendations, by which it was put into practice.
        effects: analyses of an effect, beside those of the actions.
    """

    kind: StrategyKind
    name: str
    description: str
    standards: tuple[str, ...]
    techniques: tuple[str, ...] = ()
    started_on: date | None = None
    ended_on: date | None = None
    actions: tuple[UUID, ...] = ()
    effects: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Strategy:
    """A technique or strategy as it stands."""

    key: str
    details: StrategyDetails
    created_at: datetime
    updated_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class FollowedEffect:
    """What an analysis says of the effect; all ``None`` until it has succeeded."""

    run_id: UUID
    verdict: EffectVerdict | None
    sentence: str | None
    value: float | None
    low: float | None
    high: float | None
    n: int | None


@dataclass(frozen=True, slots=True)
class FollowedAction:
    """What became of an action."""

    action_id: UUID
    title: str
    state: ActionState
    outcome: ActionOutcome | None
    effect: FollowedEffect | None


@dataclass(frozen=True, slots=True)
class FollowedStandard:
    """What reviews said of a standard: last before it began, and last since; ``None``: no review did."""

    standard: str
    before: ReviewedVerdict | None
    since: ReviewedVerdict | None


@dataclass(frozen=True, slots=True)
class WhatFollowed:
    """What followed. That something followed does not say that it came from it: an analysis of an effect may."""

    standards: tuple[FollowedStandard, ...]
    actions: tuple[FollowedAction, ...]
    effects: tuple[FollowedEffect, ...]

    @property
    def sentence(self) -> str:
        """In plain words."""
        told = [each.verdict for each in (*self.effects, *(one.effect for one in self.actions if one.effect))]
        known = [verdict for verdict in told if verdict is not None]
        if not known:
            return "No analysis of an effect has been linked yet: whether it worked cannot be told."
        counts = [(known.count(verdict), verdict.replace("_", " ")) for verdict in EffectVerdict]
        parts = ", ".join(f"{n} {words}" for n, words in counts if n)
        return f"Of {len(known)} analyses of an effect: {parts}."
