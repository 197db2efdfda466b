"""Open responses whose time runs out are closed as they stand, each once, whoever else is at them."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_core.responses.open_responses.erasure import erase_open_responses_of, open_responses_of
from feedback_core.responses.open_responses.jobs import CloseOverdue, request_due_closing
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import Respondent as Person
from tests.support.api import Api
from tests.support.breakpoints import Place, breakpoint_at
from tests.support.open_responses import (
    Respondent,
    begin,
    close_overdue,
    from_page,
    let_time_run_out,
    opened_at,
    respondent_of,
    submission_key,
)
from tests.support.refusals import refused
from tests.support.responses import decide, everything, give, listed, owner, read, recorded
from tests.support.surveys import PublishedSurvey, publish
from tests.support.waiting import soon

ADA = {"id": "customer-7", "name": "Ada", "email": "ada@example.org"}


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """Responses may be identified."""
    return await publish(api)


async def state_of(api: Api, respondent: Respondent) -> str:
    return str((await api.get(respondent.path)).json()["state"])


async def test_with_an_answer_it_becomes_a_partial_response_as_of_the_last_answer(
    api: Api, survey: PublishedSurvey, database: Database, owner_url: str
) -> None:
    ada = await begin(api, survey, respondent=ADA, attributes={"region": "north"}, answers={"nps": 9})
    await ada.answer("wait", 4)
    open_one = await ada.read()
    let_time_run_out(owner_url, ada)

    await close_overdue(database, api.organisation.organisation_id)

    (row,) = await listed(api, survey)
    assert (row["status"], row["answers"]) == ("partial", {"nps": 9, "wait": 4})
    assert (row["started_at"], row["submitted_at"]) == (open_one["opened_at"], open_one["updated_at"])
    assert (row["attributes"], row["request_id"]) == ({"region": "north"}, None)
    identity = await api.get(f"/v1/surveys/{survey.id}/responses/{row['id']}/identity")
    assert identity.json()["name"] == "Ada"
    closed = (await api.get(ada.path)).json()
    assert (closed["state"], closed["response_id"]) == ("partial", row["id"])
    refused(await ada.answer("wait", 1, status=None), 409, "open_response_closed")
    refused(await ada.submit(status=None), 409, "open_response_closed")


async def test_without_an_answer_it_is_discarded(
    api: Api, survey: PublishedSurvey, database: Database, owner_url: str
) -> None:
    silent, changed = await begin(api, survey, respondent=ADA), await begin(api, survey, answers={"nps": 9})
    await changed.call("DELETE", "/answers/nps", status=200)
    let_time_run_out(owner_url, silent, changed)

    await close_overdue(database, api.organisation.organisation_id)

    assert await listed(api, survey) == []
    assert {await state_of(api, each) for each in (silent, changed)} == {"discarded"}
    with owner(owner_url) as connection:
        kept = connection.execute("SELECT identity FROM open_response WHERE id = %s", [silent.id]).fetchone()
    assert kept == (None,)


async def test_once_its_time_has_run_out_it_takes_nothing_more_even_before_the_worker_comes(
    api: Api, survey: PublishedSurvey, owner_url: str
) -> None:
    ada = await begin(api, survey, answers={"nps": 9})
    let_time_run_out(owner_url, ada)

    refused(await ada.answer("nps", 1, status=None), 409, "open_response_closed")
    refused(await ada.submit(status=None), 409, "open_response_closed")


async def test_how_long_it_stays_open_is_the_surveys_setting_of_when_it_was_opened(
    api: Api, survey: PublishedSurvey
) -> None:
    before = (await (await begin(api, survey)).call("GET")).json()
    path = f"/v1/surveys/{survey.id}"
    shown = await api.get(path)
    etag, before_settings = shown.headers["etag"], shown.json()["settings"]
    settings = {"auto_close_after_hours": 2}
    changed = await api.put(f"{path}/settings", settings, headers={"If-Match": etag}, status=200)
    after = (await (await begin(api, survey)).call("GET")).json()

    assert [_hours(found) for found in (before, after)] == [24, 2]
    assert changed.json()["settings"] == {**before_settings, "auto_close_after_hours": 2}
    for wrong in (0, 2161, 1.5, "24"):
        answer = await api.put(f"{path}/settings", {"auto_close_after_hours": wrong}, headers={"If-Match": '"1"'})
        refused(answer, 422, "invalid", "/auto_close_after_hours")
    refused(await api.put(f"{path}/settings", settings, headers={"If-Match": etag}), 412, "precondition_failed")
    refused(await api.put(f"{path}/settings", settings), 428, "precondition_required")


async def test_the_schedule_asks_for_it_once_and_only_where_something_is_due(
    api: Api, other_api: Api, survey: PublishedSurvey, database: Database, owner_url: str
) -> None:
    await begin(other_api, await publish(other_api), answers={"nps": 9})
    let_time_run_out(owner_url, await begin(api, survey, answers={"nps": 9}))

    for _ in range(2):
        async with database.system() as session:
            await request_due_closing(session, now=SystemClock().now())

    counted = []
    for organisation in (api.organisation, other_api.organisation):
        async with database.tenant(organisation.organisation_id) as session:
            found = await session.execute(text("SELECT count(*) FROM job WHERE kind = :k"), {"k": CloseOverdue.kind})
            counted.append(found.scalar_one())
    assert counted == [1, 0]


async def test_what_is_being_submitted_is_passed_over_by_the_worker(
    api: Api, survey: PublishedSurvey, database: Database, owner_url: str
) -> None:
    ada = await begin(api, survey, answers={"nps": 9})
    with breakpoint_at(owner_url, Place("open_response", "UPDATE", "NEW.state = 'submitted'")) as place:
        submitting = asyncio.create_task(ada.submit(status=None))
        await place.reached()
        await close_overdue(database, api.organisation.organisation_id, later=timedelta(days=2))
        await place.release()
        receipt = await submitting

    await close_overdue(database, api.organisation.organisation_id, later=timedelta(days=2))

    assert receipt.status_code == 201
    assert [(row["id"], row["status"]) for row in await listed(api, survey)] == [(receipt.json()["id"], "complete")]


async def test_what_the_worker_is_closing_is_not_submitted_too(
    api: Api, survey: PublishedSurvey, database: Database, owner_url: str
) -> None:
    ada = await begin(api, survey, answers={"nps": 9})
    organisation_id = api.organisation.organisation_id
    with breakpoint_at(owner_url, Place("open_response", "UPDATE", "NEW.state = 'partial'")) as place:
        closing = asyncio.create_task(close_overdue(database, organisation_id, later=timedelta(days=2)))
        await place.reached()
        submitting = asyncio.create_task(ada.submit(status=None))
        await soon(lambda: _waits_for_a_row(owner_url), seconds=10)
        await place.release()
        await closing

    refused(await submitting, 409, "open_response_closed")
    assert [row["status"] for row in await listed(api, survey)] == ["partial"]


async def test_many_at_once_by_several_workers_are_each_closed_once(
    api: Api, survey: PublishedSurvey, database: Database, owner_url: str
) -> None:
    many = [await begin(api, survey, answers={"nps": number % 11}) for number in range(12)]
    let_time_run_out(owner_url, *many[:8])

    await asyncio.gather(
        close_overdue(database, api.organisation.organisation_id), *(each.submit() for each in many[8:])
    )

    rows = await listed(api, survey)
    assert sorted(row["status"] for row in rows) == ["complete"] * 4 + ["partial"] * 8
    became = [(await api.get(each.path)).json()["response_id"] for each in many]
    assert len(set(became)) == 12
    with owner(owner_url) as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("UPDATE open_response SET response_id = %s WHERE id = %s", [became[0], many[-1].id])


async def test_a_respondent_who_has_answered_elsewhere_is_not_partial_too(
    api: Api, survey: PublishedSurvey, database: Database, owner_url: str
) -> None:
    ada = await begin(api, survey, respondent=ADA, answers={"nps": 9})
    final = await recorded(api, survey, respondent=ADA, answers={"nps": 3})
    let_time_run_out(owner_url, ada)

    await close_overdue(database, api.organisation.organisation_id)

    assert [row["id"] for row in await listed(api, survey)] == [final]
    assert await state_of(api, ada) == "superseded"


async def test_of_two_that_run_out_the_one_answered_last_counts_and_one_still_answered_stays(
    api: Api, survey: PublishedSurvey, database: Database, owner_url: str
) -> None:
    older, newer = [await begin(api, survey, respondent=ADA, answers={"nps": nps}) for nps in (1, 2)]
    still = await begin(api, survey, respondent=ADA, answers={"nps": 3})
    await older.answer("nps", 4)
    await still.answer("wait", 5)
    let_time_run_out(owner_url, older)

    await close_overdue(database, api.organisation.organisation_id)

    assert [row["answers"] for row in await listed(api, survey)] == [{"nps": 4}]
    assert [await state_of(api, each) for each in (older, newer, still)] == ["partial", "superseded", "open"]


async def test_what_anybody_may_say_closes_nothing_that_the_organisation_has_opened(
    api: Api, survey: PublishedSurvey, database: Database, owner_url: str
) -> None:
    token = await submission_key(api, survey)
    invited = await begin(api, survey, respondent=ADA, answers={"nps": 9})
    strangers = [
        respondent_of(api, await from_page(api, "POST", opened_at(survey), token, {"respondent": ADA}))
        for _ in range(2)
    ]
    await strangers[0].submit(answers={"nps": 0})
    claim = {"respondent": ADA, "answers": {"nps": 0}}
    assert (await from_page(api, "POST", f"/v1/surveys/{survey.id}/submissions", token, claim)).status_code == 201

    assert [await state_of(api, each) for each in (invited, *strangers)] == ["open", "submitted", "superseded"]
    let_time_run_out(owner_url, invited)
    await close_overdue(database, api.organisation.organisation_id)
    assert await state_of(api, invited) == "partial"


async def test_erasing_the_response_erases_every_version_of_its_answers(
    api: Api, survey: PublishedSurvey, owner_url: str
) -> None:
    ada = await begin(api, survey, answers={"why": "marker-of-a-first-thought"})
    await ada.answer("why", "marker-of-a-second-thought")
    receipt = (await ada.submit()).json()

    assert (await decide(api, survey, receipt["id"], "erase")).status_code == 204

    with owner(owner_url) as connection:
        assert "marker-of-a-" not in everything(connection)
    assert (await api.call("GET", ada.path)).status_code == 404


async def test_what_is_open_can_be_erased_by_itself(api: Api, survey: PublishedSurvey, owner_url: str) -> None:
    ada = await begin(api, survey, answers={"why": "marker-of-an-open-thought"})

    await api.post(f"{ada.path}/erase", {"reason": "As asked for"}, status=204)

    with owner(owner_url) as connection:
        assert "marker-of-an-open-thought" not in everything(connection)
        why = connection.execute("SELECT reason FROM response_erasure WHERE response_id = %s", [ada.id]).fetchone()
    assert why == ("As asked for",)
    assert (await api.call("GET", ada.path)).status_code == 404


async def test_everything_open_of_a_person_is_found_and_erased(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    by_id = await begin(api, survey, respondent=ADA, answers={"nps": 9})
    by_email = await begin(api, survey, respondent={"email": "ADA@example.org"})
    other = await begin(api, survey, respondent={"id": "customer-8"})
    organisation_id, survey_id = api.organisation.organisation_id, UUID(survey.id)
    person = [Person(id="customer-7"), Person(email="ada@example.org")]
    privacy = Privacy.from_settings(SecretSettings())

    async with database.tenant(organisation_id) as session:
        found = await open_responses_of(session, organisation_id, survey_id, person, privacy=privacy)
        erased = await erase_open_responses_of(
            session, organisation_id, survey_id, person, reason="asked", by="ada", privacy=privacy, clock=SystemClock()
        )

    assert [str(each.id) for each in found] == [by_id.id, by_email.id]
    assert erased == [each.id for each in found]
    assert [(await api.call("GET", each.path)).status_code for each in (by_id, by_email, other)] == [404, 404, 200]


async def test_a_closed_survey_keeps_what_had_been_said(
    api: Api, survey: PublishedSurvey, database: Database, owner_url: str
) -> None:
    ada = await begin(api, survey, answers={"nps": 9})
    await api.post(f"/v1/surveys/{survey.id}/close", status=200)
    let_time_run_out(owner_url, ada)

    await close_overdue(database, api.organisation.organisation_id)

    assert [row["status"] for row in await listed(api, survey)] == ["partial"]
    assert (await give(api, survey)).status_code == 409
    assert (await read(api, survey, (await api.get(ada.path)).json()["response_id"]))["answers"] == {"nps": 9}


def _waits_for_a_row(owner_url: str) -> bool:
    waiting = (
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        " AND wait_event <> 'advisory' AND query LIKE %s"
    )
    with owner(owner_url) as connection:
        return connection.execute(waiting, ["SELECT open_response.%"]).fetchone() is not None


def _hours(found: dict[str, str]) -> float:
    opened, closes = (datetime.fromisoformat(found[name]) for name in ("opened_at", "closes_at"))
    return (closes - opened).total_seconds() / 3600
