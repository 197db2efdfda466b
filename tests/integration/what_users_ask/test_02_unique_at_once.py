"""2: duplicates are seen until the database merges them."""

import psycopg
import pytest

from tests.support.api import Api
from tests.support.responses import give, listed, owner
from tests.support.surveys import publish

COPY = """
    INSERT INTO response (organisation_id, id, survey_id, survey_version_id, {reference}, content_hash, status, method,
                          confidentiality, submitted_at, received_at, attributes, cell_id, answers, unanswered)
    SELECT organisation_id, gen_random_uuid(), survey_id, survey_version_id, {reference}, content_hash, status, method,
           confidentiality, submitted_at, received_at, attributes, cell_id, answers, unanswered
      FROM response WHERE survey_id = %s
"""


@pytest.mark.parametrize("reference", ["external_ref", "idempotency_ref"])
async def test_02_the_database_itself_takes_no_second_one(reference: str, api: Api, owner_url: str) -> None:
    survey = await publish(api)
    await give(api, survey, external_id="crm-1", key="once")

    with owner(owner_url) as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute(COPY.format(reference=reference).encode(), [survey.id])


async def test_02_a_duplicate_is_never_seen_not_even_at_once(api: Api) -> None:
    survey = await publish(api)

    for _ in range(3):
        await give(api, survey, external_id="crm-1")
        assert len(await listed(api, survey)) == 1
        kpi = (await api.get(f"/v1/kpis/responses/value?survey={survey.id}")).json()
        assert (kpi["value"], kpi["withheld"]) == (1, False)
