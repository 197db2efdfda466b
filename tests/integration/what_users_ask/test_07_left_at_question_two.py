"""7: answers are lost when people drop out at question 2."""

from tests.support.api import Api
from tests.support.open_responses import begin, let_time_run_out
from tests.support.responses import listed
from tests.support.surveys import publish
from tests.support.waiting import soon


async def test_07_what_was_answered_before_leaving_is_a_partial_response(
    api: Api, owner_url: str, worker_process: None
) -> None:
    survey = await publish(api)
    left, silent = await begin(api, survey), await begin(api, survey)
    await left.answer("nps", 2)
    let_time_run_out(owner_url, left, silent)

    async def closed() -> bool:
        return len((await api.get(f"/v1/surveys/{survey.id}/open-responses?state=open")).json()["items"]) == 0

    await soon(closed, seconds=60, pause=0.2)

    assert [(row["status"], row["answers"]) for row in await listed(api, survey)] == [("partial", {"nps": 2})]
    assert [(await each.read())["state"] for each in (left, silent)] == ["partial", "discarded"]
