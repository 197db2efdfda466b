"""What the rest of the domain asks of surveys."""

from uuid import UUID

import pytest

from feedback_core.db.session import Database
from feedback_core.kit.errors import NotFound
from feedback_core.surveys import queries, use_cases
from feedback_core.surveys.types import Confidentiality, QuestionType, Scale, SurveyState
from tests.support.api import Api
from tests.support.surveys import POST_VISIT, publish, survey_body


async def test_the_published_version_is_the_one_that_takes_answers(api: Api, database: Database) -> None:
    survey = await publish(api, confidentiality="anonymous")
    await api.post(f"/v1/surveys/{survey.id}/versions", status=201)

    async with database.tenant(api.organisation.organisation_id) as session:
        found = await queries.published(session, api.organisation.organisation_id, UUID(survey.id))
        asked = await queries.version_questionnaire(session, api.organisation.organisation_id, UUID(survey.version_id))

    assert found is not None
    assert (str(found.version_id), found.number, found.key) == (survey.version_id, 1, survey.key)
    assert (found.state, found.confidentiality) == (SurveyState.PUBLISHED, Confidentiality.ANONYMOUS)
    assert [question.key for question in found.questionnaire.questions] == ["nps", "wait", "ease", "used", "why"]
    assert asked == found.questionnaire


async def test_a_draft_is_not_published(api: Api, database: Database) -> None:
    made = (await api.post("/v1/surveys", survey_body(), status=201)).json()
    organisation_id = api.organisation.organisation_id

    async with database.tenant(organisation_id) as session:
        assert await queries.published(session, organisation_id, UUID(made["id"])) is None
        assert await queries.questions(session, organisation_id, UUID(made["id"])) == []


async def test_questions_are_those_of_the_latest_version(api: Api, database: Database) -> None:
    survey = await publish(api, questions=POST_VISIT["questions"][4:])
    started = await api.post(f"/v1/surveys/{survey.id}/versions", status=201)
    body = {**POST_VISIT, "key": survey.key}
    await api.put(f"/v1/surveys/{survey.id}", body, status=200, headers={"If-Match": started.headers["ETag"]})
    await api.post(f"/v1/surveys/{survey.id}/publish", status=200)
    organisation_id = api.organisation.organisation_id

    async with database.tenant(organisation_id) as session:
        rows = await queries.questions(session, organisation_id, UUID(survey.id))

    assert [(row.key, row.type, row.scale, row.feature_key, row.position) for row in rows] == [
        ("nps", QuestionType.NPS, Scale(0, 10), "overall", 0),
        ("wait", QuestionType.RATING, Scale(1, 5), "waiting_time", 1),
        ("ease", QuestionType.CES, Scale(1, 7), "effort", 2),
        ("used", QuestionType.MULTIPLE_CHOICE, None, None, 3),
        ("why", QuestionType.TEXT, None, None, 4),
    ]


async def test_a_survey_is_found_by_id_or_key_in_its_own_organisation(
    api: Api, other_api: Api, database: Database
) -> None:
    survey = await publish(api)
    here, there = api.organisation.organisation_id, other_api.organisation.organisation_id

    async with database.tenant(here) as session:
        for reference in (survey.id, survey.id.upper(), survey.key):
            assert str(await use_cases.survey_id_of(session, here, reference)) == survey.id
        for reference in (str(UUID(int=1)), "nobody", "", "a\0b", "x" * 1000):
            with pytest.raises(NotFound):
                await use_cases.survey_id_of(session, here, reference)
    async with database.tenant(there) as session:
        for reference in (survey.id, survey.key):
            with pytest.raises(NotFound):
                await use_cases.survey_id_of(session, there, reference)
