"""What the line gives the service before it asks holders of a season ticket."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

SURVEY: Final[Mapping[str, Any]] = {
    "key": "season-ticket",
    "title": "Your season ticket",
    "language": "en",
    "confidentiality": "pseudonymous",
    "attributes": [{"key": "region", "label": "Region", "values": ["north", "south", "islands"]}],
    "questions": [
        {"key": "nps", "type": "nps", "text": "How likely are you to recommend the season ticket?", "required": True},
        {
            "key": "punctual",
            "type": "rating",
            "scale": {"min": 1, "max": 5},
            "text": "How punctual are the ferries you take?",
            "feature": "waiting_time",
        },
        {"key": "why", "type": "text", "text": "What is the main reason for your score?"},
    ],
}

FRAME: Final[Mapping[str, Any]] = {
    "name": "Holders of a season ticket",
    "attributes": ["region"],
    "seed": 2025,
    "contact_rule": {"rest_days": 90},
    "keep_days": 400,
}

COLUMNS: Final[Mapping[str, Any]] = {
    "columns": [
        {"column": "Number", "to": "ref"},
        {"column": "Name", "to": "name"},
        {"column": "E-mail", "to": "email"},
        {"column": "Region", "to": "attribute", "key": "region"},
    ]
}

BUDGET: Final[Mapping[str, Any]] = {"amount": 600_000, "currency": "EUR"}


def comparison(population: int) -> dict[str, Any]:
    """What methods are compared for, of those by which the line can reach its holders."""
    goal = {"kind": "nps", "promoters": 0.45, "detractors": 0.25, "margin": 14}
    return {
        "purpose": "track",
        "population": population,
        "goal": goal,
        "budget": BUDGET,
        "days": 60,
        "open_answers": 1,
        "methods": ["email", "postal_questionnaire", "telephone"],
    }


def plan(survey_id: str, methods: Sequence[Mapping[str, Any]], why: str, **sampling: object) -> dict[str, Any]:
    """How holders are asked."""
    return {
        "kind": "collection",
        "survey_id": survey_id,
        "title": "Holders of a season ticket",
        "purpose": "Know whether holders recommend the season ticket, and what keeps them from it",
        "owner": "Head of sales",
        "features": ["waiting_time"],
        "needs": [
            {"key": "loyalty", "text": "Whether holders recommend it", "questions": ["nps", "why"]},
            {"key": "punctual", "text": "Whether ferries are punctual for them", "questions": ["punctual"]},
        ],
        "methods": list(methods),
        "decision": {"reason": why, "decided_by": "Head of sales", "decided_on": "2025-03-01", "alternatives": []},
        "sampling": {
            "frame": FRAME["name"],
            "design": "stratified",
            "non_response": "A reminder after five days; then another method where few answer",
            **sampling,
        },
        "budget": dict(BUDGET),
        "confidentiality": "pseudonymous",
        "retention_days": 365,
        "analysis": {"kpis": [{"kpi": "nps"}], "analyses": [{"kind": "sampling_bias", "kpi": "nps"}]},
    }


STRATA: Final = 3


def design(people: int) -> dict[str, Any]:
    """Of how holders are drawn: as many of each region, at least so many in all."""
    n = STRATA * -(-people // STRATA)
    return {"kind": "stratified", "strata_by": ["region"], "n": n, "rule": "equal", "reachable_by": "email"}


MESSAGES: Final[Mapping[str, Any]] = {
    "en": {
        "subject": "{organisation} would like to hear from you",
        "text": "Dear {name},\n\nhow is your season ticket? {link}\n\nDo not ask me again: {opt_out}",
    }
}

RULES: Final[Mapping[str, Any]] = {
    "policy": {"bounce": "ineligible", "opened": "non_contact"},
    "rules": [{"key": "gap", "kind": "composition", "threshold": 0.05}],
}
