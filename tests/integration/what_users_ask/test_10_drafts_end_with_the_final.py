"""10: drafts remained after the final was sent, and went on to cause reminders."""

import asyncio

import pytest

from tests.support.api import Api
from tests.support.breakpoints import Place, breakpoint_at
from tests.support.open_responses import begin
from tests.support.refusals import refused
from tests.support.responses import listed
from tests.support.surveys import PublishedSurvey, publish

ADA = {"id": "customer-7"}


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    return await publish(api)


async def to_be_reminded(api: Api, survey: PublishedSurvey) -> list[str]:
    """Whom a reminder would go to."""
    found = (await api.get(f"/v1/surveys/{survey.id}/open-responses?state=open")).json()["items"]
    return [row["id"] for row in found]


async def test_10_with_the_final_every_other_draft_of_the_respondent_is_closed(
    api: Api, survey: PublishedSurvey
) -> None:
    drafts = [await begin(api, survey, respondent=ADA, answers={"nps": 2}) for _ in range(3)]
    other = await begin(api, survey, respondent={"id": "customer-8"}, answers={"nps": 5})
    nobody = await begin(api, survey, answers={"nps": 5})
    elsewhere = await begin(api, await publish(api), respondent=ADA)

    await drafts[1].submit()

    assert await to_be_reminded(api, survey) == [other.id, nobody.id]
    assert (await elsewhere.read())["state"] == "open"
    assert [(await each.read())["state"] for each in drafts] == ["superseded", "submitted", "superseded"]
    refused(await drafts[0].answer("nps", 1, status=None), 409, "open_response_closed")
    refused(await drafts[2].submit(status=None), 409, "open_response_closed")
    assert len(await listed(api, survey)) == 1


async def test_10_never_is_the_final_there_and_a_draft_still_open(
    api: Api, survey: PublishedSurvey, owner_url: str
) -> None:
    draft, final = [await begin(api, survey, respondent=ADA, answers={"nps": 2}) for _ in range(2)]
    with breakpoint_at(owner_url, Place("open_response", "UPDATE", "NEW.state = 'superseded'")) as place:
        submitting = asyncio.create_task(final.submit())
        await place.reached()
        assert await to_be_reminded(api, survey) == [draft.id, final.id]
        assert await listed(api, survey) == []
        await place.release()
        await submitting

    assert await to_be_reminded(api, survey) == []
    assert len(await listed(api, survey)) == 1


async def test_10_of_drafts_that_are_submitted_at_once_one_is_the_final(api: Api, survey: PublishedSurvey) -> None:
    drafts = [await begin(api, survey, respondent=ADA, answers={"nps": 2}) for _ in range(4)]

    answers = await asyncio.gather(*(draft.submit(status=None) for draft in drafts))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert len(await listed(api, survey)) == 1
