"""A receipt is given only for what is committed."""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import sql

from tests.support.api import Api
from tests.support.responses import count, decide, give, owner, recorded, responses_of
from tests.support.surveys import PublishedSurvey

FAILURES = {
    "a constraint": ("RAISE EXCEPTION 'refused at commit' USING ERRCODE = 'check_violation'", 500),
    "a lost connection": ("PERFORM pg_terminate_backend(pg_backend_pid())", 503),
}


@pytest.fixture(params=FAILURES)
def failing_commit(request: pytest.FixtureRequest, survey: PublishedSurvey, owner_url: str) -> Iterator[int]:
    """Every statement succeeds, but no commit of a response to this survey; the status that this deserves."""
    body, status = FAILURES[request.param]
    with owner(owner_url) as connection:
        connection.execute(
            sql.SQL(
                "CREATE FUNCTION fail_at_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$"
                " BEGIN IF NEW.survey_id = {survey} THEN {body}; END IF; RETURN NULL; END $$"
            ).format(survey=sql.Literal(survey.id), body=sql.SQL(body))
        )
        connection.execute(
            "CREATE CONSTRAINT TRIGGER fail_at_commit AFTER INSERT ON response DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION fail_at_commit()"
        )
        yield status
        connection.execute("DROP FUNCTION fail_at_commit CASCADE")


async def test_what_was_not_committed_is_not_acknowledged(
    api: Api, survey: PublishedSurvey, failing_commit: int, owner_url: str
) -> None:
    single = await give(api, survey, external_id="crm-1")
    several = await api.post(f"{responses_of(survey)}/batch", {"items": [{"answers": {"nps": 1}}]})

    for answer in (single, several):
        assert answer.status_code == failing_commit
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "Location" not in answer.headers
    with owner(owner_url) as connection:
        assert count(connection, "response", survey) == 0


async def test_after_a_failure_the_same_request_is_recorded(api: Api, survey: PublishedSurvey, owner_url: str) -> None:
    function = "CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$"
    trigger = (
        "CREATE CONSTRAINT TRIGGER fail_once AFTER INSERT ON response DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION fail_once()"
    )
    said: dict[str, Any] = {"external_id": "crm-1", "key": "attempt-1"}
    with owner(owner_url) as connection:
        connection.execute(function)
        connection.execute(trigger)
        failed = await give(api, survey, **said)
        connection.execute("DROP FUNCTION fail_once CASCADE")

    answers = [await give(api, survey, **said) for _ in range(2)]

    assert failed.status_code == 500
    assert [answer.status_code for answer in answers] == [201, 200]


async def test_a_failed_erasure_leaves_the_response(api: Api, survey: PublishedSurvey, owner_url: str) -> None:
    response_id = await recorded(api, survey)
    with owner(owner_url) as connection:
        connection.execute("CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$")
        connection.execute(
            "CREATE CONSTRAINT TRIGGER keep AFTER INSERT ON response_erasure DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION keep()"
        )
        failed = await decide(api, survey, response_id, "erase")
        connection.execute("DROP FUNCTION keep CASCADE")

    assert failed.status_code == 500
    await api.get(f"{responses_of(survey)}/{response_id}")
