"""Staff entries, as tests make them."""

from typing import Any, cast

from tests.support.api import Api
from tests.support.surveys import Json, PublishedSurvey

MOMENT = "2026-03-01T10:00:00Z"
GUIDE: Json = {
    "language": "en",
    "title": "How was your visit?",
    "introduction": "Good morning, I am calling for the library.",
    "consent": "May I write down what you say?",
    "questions": [
        {"ask": "Tell me about your last visit.", "probes": ["What happened then?"]},
        {"question": "nps", "prompts": ["10 means surely."], "probes": ["Why that number?"], "note": "Wait."},
        {"question": "used"},
        {"question": "why"},
    ],
    "closing": "Is there anything that I did not ask?",
}


def consent(how: str = "spoken", **fields: Any) -> Json:
    """Somebody agreed."""
    return {"given": True, "how": how, "at": MOMENT, **fields}


def participant(**fields: Any) -> Json:
    """Somebody who agreed, and gave a 9."""
    return {"consent": consent(), "answers": {"nps": 9}, **fields}


def call(*participants: Json, **fields: Any) -> Json:
    """A telephone interview."""
    return {
        "kind": "telephone",
        "interviewer": "I-07",
        "began_at": MOMENT,
        "duration_seconds": 600,
        "language": "en",
        "participants": list(participants) or [participant()],
        **fields,
    }


def form(number: str, **fields: Any) -> Json:
    """A paper form."""
    return {
        "kind": "paper",
        "form": number,
        "began_at": MOMENT,
        "language": "en",
        "participants": [{"consent": consent("form_returned"), **fields}],
    }


def at(survey: PublishedSurvey) -> str:
    """Where the entries of a survey are."""
    return f"/v1/surveys/{survey.id}/entries"


async def enter(api: Api, survey: PublishedSurvey, body: Json, *, by: str | None = None) -> Json:
    """Enter a session."""
    who = {} if by is None else {"on_behalf_of": by}
    return cast("Json", (await api.post(at(survey), {**body, **who}, status=201)).json())


async def second(api: Api, survey: PublishedSurvey, entry: Json, *, by: str, **fields: Any) -> Json:
    """Type a form again."""
    path = f"{at(survey)}/{entry['id']}/second-entry"
    return cast("Json", (await api.post(path, {"on_behalf_of": by, **fields}, status=201)).json())
