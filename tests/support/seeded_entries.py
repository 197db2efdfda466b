"""Of the seeded organisation: quotas with a refill, an interview guide, and what staff entered."""

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.entries import GUIDE, call, enter, form, participant, second
from tests.support.quotas import at, cell, quota
from tests.support.sampling import customers, drawn, new_frame
from tests.support.surveys import Json, PublishedSurvey

SAID = {"nps": 10, "why": "Quick and kind."}
DESIGN: Json = {"kind": "simple", "n": 20, "replacement": {"reasons": ["quota short"]}}


async def staff_entries(api: Api, database: Database, survey: PublishedSurvey) -> dict[str, str]:
    """A quota that only tells and falls short by little, a refill for it, a guide, a call, and forms typed twice.

    The id of a form that was typed once.
    """
    groups = cell("groups", 2, methods=["focus_group"])
    await api.put(at(survey), {"quotas": [quota("talks", groups, when_full="take")]}, status=200)
    at_hand = {"method": "focus_group", "answers": {"nps": 9}}
    responses = f"/v1/surveys/{survey.id}/responses"
    gone = (await api.post(responses, at_hand, status=201)).json()["id"]
    await api.post(f"{responses}/{gone}/exclude", {"reason": "Left before the end"}, status=200)
    await api.post(f"/v1/surveys/{survey.id}/open-responses", {**at_hand, "reserve": True}, status=201)
    sample = await survey_sample(api, database, survey)
    refill = {"sample_id": sample, "expected_response": 1.0, "reason": "quota short"}
    await api.post(f"{at(survey)}/refills", refill, status=201)
    path = f"/v1/surveys/{survey.id}/interview-guide"
    await api.put(path, GUIDE, status=201)
    await api.put(path, {**GUIDE, "closing": "Thank you."}, headers={"If-Match": '"1"'}, status=200)
    await enter(api, survey, call(participant(answers=SAID), guide_version=1, transcript="I: How was it?"))
    await differing(api, survey, "F-0001")
    return {"entry_id": await typed_once(api, survey, "F-0002")}


async def survey_sample(api: Api, database: Database, survey: PublishedSurvey) -> str:
    """A sample for the survey that may be refilled."""
    frame = await new_frame(api, customers(range(3_000, 3_050)))
    found: str = (await drawn(api, database, frame, DESIGN, survey_id=survey.id))["id"]
    return found


async def spoken(api: Api, survey: PublishedSurvey) -> str:
    """A call that was written down."""
    made: str = (await enter(api, survey, call(participant(answers=SAID), transcript="I: How was it?")))["id"]
    return made


async def typed_once(api: Api, survey: PublishedSurvey, number: str) -> str:
    """A form that Ada typed."""
    made: str = (await enter(api, survey, {**form(number, answers=SAID), "note": "Torn"}, by="Ada"))["id"]
    return made


async def differing(api: Api, survey: PublishedSurvey, number: str) -> str:
    """A form that Bo typed otherwise, which waits to be settled."""
    made = await enter(api, survey, form(number, answers=SAID), by="Ada")
    await second(api, survey, made, by="Bo", answers={**SAID, "nps": 9})
    entry: str = made["id"]
    return entry
