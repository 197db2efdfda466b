"""Failed deliveries are kept with message and status, lead to what they became, and are retried one by one or all."""

import pytest

from tests.support.api import Api
from tests.support.inbound import MAPPING, event, inbound, recorded_by
from tests.support.surveys import publish

pytestmark = pytest.mark.usefixtures("worker_process")


async def test_46_failed_deliveries_are_told_of_at_once_and_retried_one_or_all(api: Api) -> None:
    survey = await publish(api)
    source = await inbound(api, survey)
    for number, score in enumerate((9, "nine", "ten", 3)):
        await source.send(event(number, score))
    kept = await source.settled()

    assert [delivery["state"] for delivery in kept] == ["processed", "unmapped", "unmapped", "processed"]
    for delivery in kept[1:3]:
        assert (delivery["attempts"], delivery["reason"]["code"]) == (1, "wrong_type")
        assert delivery["reason"]["detail"]
        assert (await api.get(f"{source.path}/deliveries/{delivery['id']}/body")).json()["text"]
    answers = {response["id"]: response for response in await recorded_by(api, survey)}
    assert [delivery["items"][0]["response_id"] in answers for delivery in kept] == [True, False, False, True]

    words = {**MAPPING, "fields": [dict(field) for field in MAPPING["fields"]]}
    words["fields"][2]["values"] = {"nine": 9, "ten": 10}
    await source.map(words, version=1, status=200)
    await api.post(f"{source.path}/deliveries/{kept[1]['id']}/replay", status=202)
    assert [d["state"] for d in await source.settled()] == ["processed", "processed", "unmapped", "processed"]
    await source.replay_all()
    assert {delivery["state"] for delivery in await source.settled()} == {"processed"}
    await source.replay_all()

    responses = await recorded_by(api, survey)
    assert sorted(response["answers"]["nps"] for response in responses) == [3, 9, 9, 10]
    assert [response for response in responses if response["id"] in answers] == list(answers.values())
