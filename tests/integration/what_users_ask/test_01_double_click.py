"""1: double-click on submit makes duplicate rows."""

import asyncio
from collections import Counter
from uuid import uuid4

from tests.support.api import Api
from tests.support.open_responses import begin, from_page, submission_key
from tests.support.responses import MOMENT, count, give, owner
from tests.support.surveys import publish


async def test_01_however_often_it_is_clicked_it_is_recorded_once(api: Api, owner_url: str) -> None:
    survey = await publish(api)
    token, key = await submission_key(api, survey), str(uuid4())
    page = f"/v1/surveys/{survey.id}/submissions"
    ada = await begin(api, survey, answers={"nps": 3})

    by_name = [give(api, survey, external_id="crm-1", submitted_at=MOMENT) for _ in range(4)]
    by_page = [from_page(api, "POST", page, token, {"answers": {"nps": 8}}, Idempotency_Key=key) for _ in range(4)]
    by_token = [ada.submit(status=None) for _ in range(4)]
    answers = await asyncio.gather(*by_name, *by_page, *by_token)

    assert Counter(answer.status_code for answer in answers) == {201: 3, 200: 9}
    assert len({answer.json()["id"] for answer in answers}) == 3
    with owner(owner_url) as connection:
        assert count(connection, "response", survey) == 3


async def test_01_the_same_name_with_other_content_is_refused(api: Api) -> None:
    survey = await publish(api)
    await give(api, survey, external_id="crm-1", answers={"nps": 9})

    other = await give(api, survey, external_id="crm-1", answers={"nps": 1})

    assert (other.status_code, other.json()["code"]) == (422, "external_id_reused")
