"""The same response is recorded once, however often and however fast it is sent."""

import asyncio
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
from psycopg import sql

from tests.support.api import Api
from tests.support.responses import MOMENT, batch, codes, count, decide, give, listed, owner, recorded
from tests.support.surveys import PublishedSurvey, publish


def _result(answer: httpx.Response) -> tuple[int, str | None, str | None]:
    return answer.status_code, answer.headers.get("Idempotent-Replayed"), answer.json().get("id")


async def test_the_same_external_id_with_the_same_content_gets_the_first_result(
    api: Api, survey: PublishedSurvey
) -> None:
    first = await give(api, survey, external_id="crm-1", answers={"nps": 9, "wait": 2}, submitted_at=MOMENT)
    again = await give(
        api,
        survey,
        external_id="crm-1",
        answers={"wait": 2.0, "nps": 9, "why": None},
        submitted_at="2026-03-01T11:00:00+01:00",
    )

    assert _result(first)[:2] == (201, None)
    assert _result(again) == (200, "true", first.json()["id"])
    assert again.json() == first.json()
    assert again.headers["Location"] == first.headers["Location"]


async def test_the_same_external_id_with_other_content_is_refused(api: Api, survey: PublishedSurvey) -> None:
    first = await recorded(api, survey, external_id="crm-1", answers={"nps": 9})

    for other in (
        {"answers": {"nps": 8}},
        {"answers": {"nps": 9}, "attributes": {"region": "north"}},
        {"answers": {"nps": 9}, "submitted_at": MOMENT},
        {"answers": {"nps": 9}, "method": "sms"},
        {"answers": {"nps": 9}, "status": "screened_out"},
        {"answers": {"nps": 9}, "confidentiality": "pseudonymous"},
        {"answers": {"nps": 9}, "respondent": {"id": "7"}},
    ):
        refused = await give(api, survey, external_id="crm-1", **other)

        assert (refused.status_code, refused.json()["code"]) == (422, "external_id_reused"), other
        assert codes(refused) == {"/external_id": "external_id_reused"}
    assert [row["id"] for row in await listed(api, survey)] == [first]
    assert (await listed(api, survey))[0]["answers"] == {"nps": 9}


async def test_the_same_idempotency_key_gets_the_first_result_or_is_refused(api: Api, survey: PublishedSurvey) -> None:
    first = await give(api, survey, key="attempt-1", answers={"nps": 9})
    again = await give(api, survey, key="attempt-1", answers={"nps": 9})
    other = await give(api, survey, key="attempt-1", answers={"nps": 9}, external_id="crm-9")

    assert _result(again) == (200, "true", first.json()["id"])
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert codes(other) == {"/header/idempotency-key": "idempotency_key_reused"}
    assert len(await listed(api, survey)) == 1


async def test_without_either_the_same_answers_are_two_responses(api: Api, survey: PublishedSurvey) -> None:
    assert await recorded(api, survey) != await recorded(api, survey)


async def test_external_ids_and_keys_are_of_one_survey_and_one_organisation(
    api: Api, other_api: Api, survey: PublishedSurvey
) -> None:
    elsewhere, abroad = await publish(api), await publish(other_api)

    answers = [
        await give(api, survey, external_id="crm-1", key="k"),
        await give(api, elsewhere, external_id="crm-1", key="k", answers={"nps": 1}),
        await give(other_api, abroad, external_id="crm-1", key="k", answers={"nps": 2}),
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 201]


async def test_twenty_at_once_are_recorded_once(api: Api, survey: PublishedSurvey, owner_url: str) -> None:
    answers = await asyncio.gather(*(give(api, survey, external_id="crm-1", submitted_at=MOMENT) for _ in range(20)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 19}
    assert len({answer.text for answer in answers}) == 1
    with owner(owner_url) as connection:
        assert count(connection, "response", survey) == 1


async def test_of_different_contents_at_once_one_is_recorded_and_the_others_are_told(
    api: Api, survey: PublishedSurvey
) -> None:
    answers = await asyncio.gather(
        *(give(api, survey, external_id="crm-1", key="k", answers={"nps": nps}) for nps in range(10))
    )

    assert Counter(answer.status_code for answer in answers) == {201: 1, 422: 9}
    assert len(await listed(api, survey)) == 1


@pytest.fixture
def slow_writes(survey: PublishedSurvey, owner_url: str) -> Iterator[None]:
    """Each response to the survey takes a while to write, so that batches sent at once surely overlap."""
    with owner(owner_url) as connection:
        connection.execute(
            sql.SQL(
                "CREATE FUNCTION write_slowly() RETURNS trigger LANGUAGE plpgsql AS $$"
                " BEGIN IF NEW.survey_id = {survey} THEN PERFORM pg_sleep(0.02); END IF; RETURN NEW; END $$"
            ).format(survey=sql.Literal(survey.id))
        )
        connection.execute(
            "CREATE TRIGGER write_slowly BEFORE INSERT ON response FOR EACH ROW EXECUTE FUNCTION write_slowly()"
        )
        yield
        connection.execute("DROP FUNCTION write_slowly CASCADE")


async def test_overlapping_batches_at_once_neither_wait_for_each_other_nor_record_twice(
    api: Api, survey: PublishedSurvey, slow_writes: None, owner_url: str
) -> None:
    items = [{"external_id": f"crm-{number}", "answers": {"nps": 9}} for number in range(12)]

    answers = await asyncio.gather(*(batch(api, survey, items[::step]) for step in (1, -1) * 2))

    assert sum(answer["recorded"] for answer in answers) == 12
    assert all(answer["recorded"] + answer["duplicate"] == 12 for answer in answers)
    with owner(owner_url) as connection:
        assert count(connection, "response", survey) == 12


async def test_an_erased_response_is_no_longer_in_the_way(api: Api, survey: PublishedSurvey) -> None:
    first = await recorded(api, survey, external_id="crm-1", answers={"nps": 9})
    await decide(api, survey, first, "erase")

    second = await recorded(api, survey, external_id="crm-1", answers={"nps": 2})

    assert [row["id"] for row in await listed(api, survey)] == [second]


async def test_posts_and_erasures_at_once_leave_at_most_one(api: Api, survey: PublishedSurvey) -> None:
    async def give_and_erase() -> None:
        answer = await give(api, survey, external_id="crm-1")
        assert answer.status_code in {200, 201}, answer.text
        erased = await decide(api, survey, answer.json()["id"], "erase")
        assert erased.status_code in {204, 404}, erased.text

    await asyncio.gather(*(give_and_erase() for _ in range(12)))

    assert await listed(api, survey) == []
