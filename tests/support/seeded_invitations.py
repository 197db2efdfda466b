"""Of the seeded organisation: whom it invited."""

from tests.support.api import Api
from tests.support.surveys import Json, PublishedSurvey

LINK_URL = "https://www.example.org/answer?token={token}"


async def letters(api: Api, survey: PublishedSurvey, *refs: str) -> Json:
    """A batch of letters, which somebody else sends: each with a link of its own."""
    body = {
        "survey_id": survey.id,
        "name": "Letters",
        "method": "postal_questionnaire",
        "recipients": [{"ref": ref} for ref in refs],
        "link_url": LINK_URL,
    }
    made: Json = (await api.post("/v1/invitations", body, status=202)).json()
    return made


async def invitation_ids(api: Api, batch: Json) -> list[str]:
    """Of a batch."""
    path = f"/v1/invitations?invitation_batch_id={batch['id']}&limit=1000"
    return [each["id"] for each in (await api.get(path)).json()["items"]]


async def tokens(api: Api, survey: PublishedSurvey, name: str, n: int) -> list[str]:
    """Tokens of so many people who are invited."""
    batch = await letters(api, survey, *(f"{name}-{number}" for number in range(n)))
    links = [await api.get(f"/v1/invitations/{each}/link") for each in await invitation_ids(api, batch)]
    return [link.json()["token"] for link in links]


async def invitations(api: Api, survey: PublishedSurvey) -> dict[str, str]:
    """Two batches; ids of one of each."""
    await letters(api, survey, "Other-1", "Other-2")
    batch = await letters(api, survey, "Own-1", "Own-2")
    return {"invitation_batch_id": batch["id"], "invitation_id": (await invitation_ids(api, batch))[0]}
