"""Respondents of a survey with a grid of six rows, one of them reversed; some of them careless."""

import random
from typing import Any

from tests.support.api import Api
from tests.support.surveys import PublishedSurvey, publish

Json = dict[str, Any]

ROWS = ("staff", "place", "speed", "price", "trust", "noise")
QUESTIONS: list[Json] = [
    {"key": "nps", "type": "nps", "text": "Recommend?"},
    {
        "key": "parts",
        "type": "matrix",
        "scale": {"min": 1, "max": 5},
        "text": "How far do you agree?",
        "rows": [{"key": row, "label": row.title()} for row in ROWS],
    },
    {"key": "again", "type": "boolean", "text": "Again?"},
    {"key": "ease", "type": "ces", "text": "Easy?"},
    {"key": "why", "type": "text", "text": "Why?"},
]
SCALE: Json = {"key": "service", "items": [f"parts.{row}" for row in ROWS], "reversed": ["parts.noise"]}
RULE: Json = {"scales": [SCALE]}


async def asked(api: Api) -> PublishedSurvey:
    """The survey, taking answers."""
    return await publish(api, questions=QUESTIONS)


def careful(chance: random.Random, **fields: Any) -> Json:
    """Somebody who reads: a mood that runs through all answers, and one to two minutes."""
    mood = chance.choice([1.5, 2.5, 3.5, 4.5])
    grid = {row: min(5, max(1, round(mood + chance.gauss(0, 0.7)))) for row in ROWS}
    grid["noise"] = 6 - grid["noise"]
    return said(grid, nps=min(10, round(2 * mood)), seconds=chance.randint(60, 120), **fields)


def straight_lining(value: int = 5, *, seconds: int = 90, **fields: Any) -> Json:
    """Somebody who gives one answer to everything, so that the reversed row contradicts the others."""
    return said(dict.fromkeys(ROWS, value), nps=value * 2, seconds=seconds, **fields)


def said(grid: Json, *, nps: int, seconds: int | None, **fields: Any) -> Json:
    """A response, answered in so many seconds."""
    ended = "2026-03-01T10:10:00Z"
    times: Json = {"submitted_at": ended}
    if seconds is not None:
        begun = 600 - seconds
        times["started_at"] = f"2026-03-01T10:{begun // 60:02d}:{begun % 60:02d}Z"
    answers = {"parts": grid, "nps": nps, "again": True, "ease": 4, **fields.pop("answers", {})}
    return {**times, "answers": answers, **fields}
