"""Another organisation's responses do not exist: not over HTTP, and not in SQL as the service's role."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.responses import count, decide, give, owner, recorded, responses_of
from tests.support.surveys import PublishedSurvey

TABLES = ("response", "response_exclusion", "response_erasure", "respondent_identity")


async def test_another_organisation_finds_nothing(api: Api, other_api: Api, survey: PublishedSurvey) -> None:
    response_id = await recorded(api, survey, external_id="crm-1", respondent={"id": "7"})
    path = responses_of(survey)

    await other_api.get(path, status=404)
    await other_api.get(f"{path}/{response_id}", status=404)
    await other_api.get(f"{path}/{response_id}/identity", status=404)
    assert (await give(other_api, survey)).status_code == 404
    assert (await other_api.post(f"{path}/batch", {"items": [{"answers": {}}]})).status_code == 404
    for verb in ("exclude", "restore", "erase"):
        assert (await decide(other_api, survey, response_id, verb)).status_code == 404
    await api.get(f"{path}/{response_id}")


async def test_sql_in_another_tenants_session_sees_and_deletes_nothing(
    api: Api, other_api: Api, survey: PublishedSurvey, database: Database, owner_url: str
) -> None:
    kept = await recorded(api, survey, respondent={"id": "7"})
    await decide(api, survey, kept, "exclude")
    await decide(api, survey, await recorded(api, survey), "erase")

    async with database.tenant(other_api.organisation.organisation_id) as session:
        seen = [(await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one() for table in TABLES]
        deleted = (await session.execute(text("DELETE FROM response"))).rowcount

    assert seen == [0, 0, 0, 0]
    assert deleted == 0
    with owner(owner_url) as connection:
        assert [count(connection, table, survey) for table in TABLES[:3]] == [1, 1, 1]


async def test_sql_in_another_tenants_session_cannot_insert_for_this_one(
    api: Api, other_api: Api, survey: PublishedSurvey, database: Database
) -> None:
    response_id = UUID(await recorded(api, survey))
    mine, other = api.organisation.organisation_id, other_api.organisation.organisation_id
    copy = text("""
        INSERT INTO response (organisation_id, id, survey_id, survey_version_id, content_hash, status, method,
                              confidentiality, submitted_at, received_at, attributes, cell_id, answers, unanswered)
        VALUES (:organisation_id, gen_random_uuid(), :survey_id, :version_id, '', 'complete', 'sms', 'anonymous',
                now(), now(), '{}', gen_random_uuid(), '{}', '{}')
    """)
    row = {"organisation_id": mine, "survey_id": UUID(survey.id), "version_id": UUID(survey.version_id)}
    identity = text("INSERT INTO respondent_identity VALUES (:organisation_id, :response_id, '')")

    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.tenant(other) as session:
            await session.execute(copy, row)
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.tenant(other) as session:
            await session.execute(identity, {"organisation_id": mine, "response_id": response_id})
    async with database.tenant(mine) as session:
        await session.execute(copy, row)


async def test_a_session_without_an_organisation_sees_nothing(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    await recorded(api, survey)

    async with database.engine.begin() as session:
        await session.execute(text("SET LOCAL ROLE feedback_app"))
        seen = (await session.execute(text("SELECT count(*) FROM response"))).scalar_one()

    assert seen == 0
