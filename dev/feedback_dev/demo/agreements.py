"""What the ferry line has agreed: what comments are sorted by, how it decides, and what it does about two findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from feedback_dev.demo.ferries import REGIONS, REPAIR, REPAIRED
from feedback_dev.demo.paperwork import FROM, SPLIT

CHANGED_ON, UNTIL = REPAIR.isoformat(), "2026-01-01"
"""The first day on which what was done could have an effect, and the first day no longer looked at."""

CODEBOOK: Final[Mapping[str, Any]] = {
    "themes": [
        {
            "key": "waiting",
            "label": "Waiting",
            "feature": "waiting_time",
            "use_when": "They speak of how long they stood on the quay.",
            "rules": [{"any": ["hour", "queue*", "stood"]}],
        },
        {
            "key": "information",
            "label": "Information",
            "feature": "information",
            "use_when": "They speak of what they were told, or were not.",
            "rules": [{"any": ["no word", "tells", "announcement"]}],
        },
        {"key": "crew", "label": "Crew", "feature": "crew", "rules": [{"any": ["crew"]}]},
    ]
}

CHAIR, HEAD_OF_QUAYS, HEAD_OF_CREWS = "Chair of the quay meeting", "Head of quays", "Head of crews"
_MEETING: Final = "quay_meeting"
_BY_THE_MEETING: Final = {"roles": [_MEETING]}

PEOPLE: Final[Mapping[str, tuple[str, ...]]] = {CHAIR: (_MEETING,), HEAD_OF_QUAYS: (), HEAD_OF_CREWS: ()}
"""Who gets a key of their own, and the roles that it carries."""

PROCEDURE: Final[Mapping[str, Any]] = {
    "title": "How the ferry line decides",
    "document": {"reference": "HF-07", "version": "2"},
    "roles": [{"key": _MEETING, "label": "Quay meeting"}],
    "start": "proposed",
    "steps": [
        {
            "key": "proposed",
            "label": "Proposed",
            "state": "proposed",
            "days": 30,
            "escalation": {"to": ["Managing director"], "after_days": 14},
            "transitions": [
                {"to": "accepted", **_BY_THE_MEETING, "requires": ["cost", "owner"]},
                {"to": "rejected", **_BY_THE_MEETING},
            ],
        },
        {
            "key": "accepted",
            "label": "Accepted",
            "state": "accepted",
            "transitions": [{"to": "done", **_BY_THE_MEETING, "requires": ["minutes"]}],
        },
        {"key": "rejected", "label": "Rejected", "state": "rejected"},
        {"key": "done", "label": "Done", "state": "done"},
    ],
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What is done about a feature.

    Attributes:
        question: by whose mean rating it is seen whether it worked.
        cost: in cents.
        why: the decision to do it.
        compared: of the analysis of its effect: the period, and those whom it is for and not for, if not for everybody.
    """

    feature: str
    question: str
    title: str
    cost: int
    hours: float
    why: str
    compared: Mapping[str, Any]

    @property
    def entered(self) -> dict[str, Any]:
        """What it costs and who sees to it."""
        return {
            "cost": {"amount": self.cost, "currency": "EUR"},
            "effort_hours": self.hours,
            "owner": HEAD_OF_QUAYS,
        }

    def action(self, recommendation_id: str) -> dict[str, Any]:
        """It, as an action about a recommendation."""
        due = datetime.now(UTC).date() + timedelta(days=90)
        return {
            "recommendation_id": recommendation_id,
            "title": self.title,
            "owner": HEAD_OF_QUAYS,
            "due_on": due.isoformat(),
            "cost": self.entered["cost"],
            "hours": self.hours,
            "people": [HEAD_OF_CREWS],
        }

    def effect(self, survey_id: str, action_id: str) -> dict[str, Any]:
        """The analysis of its effect."""
        return {
            "kind": "effect",
            "survey_id": survey_id,
            "action_id": action_id,
            "kpi": "mean",
            "question": self.question,
            "wanted": "higher",
            "to": UNTIL,
            **self.compared,
        }


LANE: Final = Measure(
    feature="waiting_time",
    question="wait",
    title="Another boarding lane at the north quay",
    cost=18_500_000,
    hours=640,
    why="Agreed at the quay meeting: the north quay first, the others if it works.",
    compared={
        "from": SPLIT,
        "where": {"region": [REPAIRED]},
        "control": {"region": [region.key for region in REGIONS if region.key != REPAIRED]},
    },
)
"""Mends the wait of one quay: the others show what would have become of it."""

SIGNS: Final = Measure(
    feature="information",
    question="information",
    title="New signs on every quay",
    cost=2_400_000,
    hours=120,
    why="Agreed at the quay meeting: signs can be there by January.",
    compared={"from": FROM},
)
"""A placebo: it changes nothing."""

DESK: Final[Mapping[str, Any]] = {
    "key": "quay-desk",
    "title": "At the desk on the quay",
    "language": "en",
    "confidentiality": "identified",
    "questions": [
        {"key": "nps", "type": "nps", "text": "How likely are you to recommend us?", "required": True},
        {"key": "call_me", "type": "boolean", "text": "May we call you about it?"},
    ],
}

DESK_RULE: Final[Mapping[str, Any]] = {
    "scores": [{"question": "nps", "at_or_below": 6}],
    "consent": {"question": "call_me"},
    "owner": HEAD_OF_QUAYS,
    "due_hours": 48,
    "escalation": {"to": ["Managing director"], "after_hours": 72},
}


def _visitor(number: int, score: int, *, consents: bool) -> dict[str, Any]:
    return {
        "external_id": f"desk-{number}",
        "respondent": {"id": f"customer-{number}", "email": f"customer-{number}@example.org"},
        "answers": {"nps": score, "call_me": consents},
    }


DESK_RESPONSES: Final = (
    {"confidentiality": "anonymous", "answers": {"nps": 1, "call_me": True}},
    _visitor(1, 9, consents=True),
    _visitor(2, 2, consents=False),
    _visitor(3, 3, consents=True),
)
"""Who is unhappy but anonymous, who is content, who wants no call, and the one whom the rule is for."""
