"""What became of the findings, taken from the service's answers: decisions, actions, effects, and who was told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Decided:
    """A recommendation that went through the procedure.

    Attributes:
        met_by: kinds of the analyses that met it, oldest first.
        refusals: codes of the problems that earlier attempts were answered by.
        document: the organisation's own, by which it was decided.
    """

    recommendation_id: str
    title: str
    state: str
    decided_by: str
    reason: str
    met_by: tuple[str, ...]
    refusals: tuple[str, ...]
    document: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What an analysis of an effect found.

    Attributes:
        possible_from: when it could be told, where it cannot be yet.
    """

    run_id: str
    sentence: str
    method: str | None
    verdict: str
    value: float | None
    low: float | None
    high: float | None
    reason: str | None
    possible_from: date | None
    assumes: tuple[str, ...]

    @classmethod
    def of(cls, analysis: Mapping[str, Any]) -> Self:
        """From a finished run."""
        found = analysis["result"]
        effect = found["effect"] or {}
        limits = effect.get("interval") or {}
        possible = found["possible_from"]
        return cls(
            run_id=analysis["id"],
            sentence=analysis["sentence"],
            method=found["method"],
            verdict=found["verdict"],
            value=effect.get("value"),
            low=limits.get("low"),
            high=limits.get("high"),
            reason=found["reason"],
            possible_from=None if possible is None else date.fromisoformat(possible),
            assumes=tuple(found["assumes"]),
        )


@dataclass(frozen=True, slots=True)
class Acted:
    """An action, closed.

    Attributes:
        agreed: who had agreed to it.
        refusal: code of the problem that closing it with another outcome was answered by.
        told: its events as the feed tells them, oldest first, by their sequence.
    """

    action_id: str
    title: str
    owner: str
    agreed: tuple[str, ...]
    state: str
    outcome: str
    effect: Effect
    refusal: str
    told: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """Cases of the desk on the quay.

    Attributes:
        responses: how many there were.
        cases: how many of them were followed up.
        anonymous: how many cases there are of the anonymous survey.
        outcome: of the one that was followed up to its end.
    """

    responses: int
    cases: int
    anonymous: int
    state: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Written:
    """A file of an edition."""

    audience: str
    format: str
    path: Path
    pages: int
    content_sha256: str


@dataclass(frozen=True, slots=True)
class Distributed:
    """A report told to somebody by mail: where it stood before they opened it, after, and in the end."""

    recipient: str
    subject: str
    states: tuple[str, ...]
    same_bytes: bool


@dataclass(frozen=True, slots=True)
class Outcomes:
    """All of it.

    Attributes:
        public: what everybody reads of what was done, with the figures.
        events: how often each kind of event is in the feed.
    """

    decided: tuple[Decided, ...]
    lane: Acted
    signs: Acted
    followed_up: FollowedUp
    public: tuple[str, ...]
    written: tuple[Written, ...]
    distributed: Distributed
    events: Mapping[str, int]
