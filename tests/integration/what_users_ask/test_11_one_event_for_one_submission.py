"""11: one form submission fires several events."""

import asyncio
from uuid import uuid4

from feedback_core.db.session import Database
from tests.support.announcing import announce, feed
from tests.support.api import Api
from tests.support.open_responses import begin
from tests.support.responses import MOMENT, give
from tests.support.surveys import publish


async def test_11_however_often_it_is_sent_or_changed_it_is_one_event(api: Api, database: Database) -> None:
    survey = await publish(api)
    key = {"Idempotency-Key": str(uuid4())}
    body = {"answers": {"nps": 9}}
    await asyncio.gather(*(give(api, survey, external_id="crm-1", submitted_at=MOMENT) for _ in range(4)))
    for _ in range(3):
        await api.post(f"/v1/surveys/{survey.id}/responses", body, headers=key)
    ada = await begin(api, survey, answers={"nps": 8})
    for _ in range(3):
        await ada.submit(status=None)

    await asyncio.gather(*(announce(database, api, survey, most=1) for _ in range(3)))

    completed = await feed(api, at_least=3, type="response.completed")
    responses = (await api.get(f"/v1/surveys/{survey.id}/responses")).json()["items"]
    assert sorted(event["subject"]["id"] for event in completed) == sorted(response["id"] for response in responses)
    assert len({event["id"] for event in completed}) == 3
