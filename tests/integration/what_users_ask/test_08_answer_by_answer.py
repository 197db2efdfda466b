"""8: each partial event sends all earlier answers again."""

from tests.support.api import Api
from tests.support.open_responses import begin
from tests.support.responses import read
from tests.support.surveys import publish


async def test_08_one_answer_is_sent_at_a_time_and_the_server_merges(api: Api) -> None:
    survey = await publish(api)
    ada = await begin(api, survey)

    changes = [
        await ada.answer("nps", 4),
        await ada.answer("wait", 2),
        await ada.answer("nps", 9),
        await ada.answer("nps", 9),  # sent again: nothing changes
    ]

    assert [change.json()["answered"] for change in changes] == [
        {"nps": 1}, {"nps": 1, "wait": 1}, {"nps": 2, "wait": 1}, {"nps": 2, "wait": 1},
    ]  # fmt: skip
    assert [change.headers["etag"] for change in changes] == ['"2"', '"3"', '"4"', '"4"']
    receipt = (await ada.submit()).json()
    assert (await read(api, survey, receipt["id"]))["answers"] == {"nps": 9, "wait": 2}
