"""56: after an erasure nothing of the subject is found anywhere; a report says what was touched, and what stays."""

import json
import logging
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from feedback_core.db.session import Database
from feedback_core.kit.settings import SecretSettings
from feedback_core.responses.privacy import Privacy
from tests.support.api import Api
from tests.support.cells import cells, fold_all, recount
from tests.support.comments import THEMES, read_comments
from tests.support.imports import upload
from tests.support.inbound_senders import STANDARD, deliver, new_source
from tests.support.open_responses import begin
from tests.support.responses import batch, everything_of, listed, owner, read, recorded, responses_of
from tests.support.subjects import ask, touched, work
from tests.support.surveys import POST_VISIT, PublishedSurvey, publish

ADA = {
    "id": "customer-Qvx-17",
    "name": "Ada Quillfeather",
    "email": "Ada.Quill-Qvx@example.org",
    "phone": "+442079460917",
}
TYPES = {question["key"]: question["type"] for question in POST_VISIT["questions"]}

# How the values stand in other people's comments, in files and in answers.
WRITTEN = [*ADA.values(), "020 7946 0917", "ada.quill-qvx@EXAMPLE.org", "ticket-Qvx-17"]


def found_in(owner_url: str, api: Api) -> list[str]:
    """Which values stand in any table, in the texts, in the bytes, or in what is sealed there."""
    with owner(owner_url) as connection:
        organisation_id = api.organisation.organisation_id
        stored = everything_of(connection, organisation_id).casefold()
        stored += "\n".join(_sealed(connection, organisation_id)).casefold()
    return [value for value in WRITTEN if value.casefold() in stored or value.casefold().encode().hex() in stored]


def _sealed(connection: psycopg.Connection, organisation_id: UUID) -> list[str]:
    """Everything in any column of bytes that our keys can open."""
    vault = Privacy.from_settings(SecretSettings()).identities
    columns = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'bytea'"
    ).fetchall()
    opened = []
    for table, column in columns:
        query = sql.SQL("SELECT {} FROM {} WHERE organisation_id = %s")
        names = (sql.Identifier(column), sql.Identifier(table))
        for (value,) in connection.execute(query.format(*names), [organisation_id]):
            if value is not None and bytes(value).startswith(b"gAAAA"):
                opened.append(vault.open_text(bytes(value)))
    return opened


async def _everywhere(api: Api, database: Database) -> tuple[PublishedSurvey, PublishedSurvey]:
    """Ada in every store that there is: identified, pseudonymous and anonymous; in others' comments and in files."""
    survey, other = await publish(api), await publish(api, confidentiality="pseudonymous")
    await api.put(f"/v1/surveys/{survey.id}/codebook", THEMES, status=201)
    items: list[Any] = [
        {"external_id": f"other-{number}", "respondent": {"id": f"customer-{number}"}, "answers": {"nps": number % 11}}
        for number in range(12)
    ]
    await batch(api, survey, items)
    await batch(api, other, items)
    first = await recorded(
        api, survey, external_id="ticket-Qvx-17", respondent=ADA, answers={"nps": 1, "why": "The wait"}
    )
    await recorded(api, survey, respondent={"phone": "020 7946 0917"}, answers={"nps": 2, "wait": 1})
    await recorded(api, survey, confidentiality="anonymous", external_id="ticket-Qvx-17b", answers={"nps": 3})
    await recorded(api, other, respondent={"id": ADA["id"]}, answers={"nps": 4})
    await recorded(api, survey, answers={"nps": 5, "why": "Ask ada.quill-qvx@EXAMPLE.org about the wait"})
    await recorded(api, survey, answers={"nps": 6, "why": "Her number is 020 7946 0917, I was told"})
    await api.post(f"{responses_of(survey)}/{first}/exclude", {"reason": "A test entry"}, status=200)
    await api.post(f"{responses_of(survey)}/{first}/restore", {"reason": "It was none"}, status=200)
    key = {"Idempotency-Key": "Qvx-batch"}
    wrong = {"answers": {"nps": 99, "ada.quill-qvx@example.org": 1}}
    await api.post(f"{responses_of(survey)}/batch", {"items": [wrong]}, headers=key, status=200)
    mapping = {"columns": [{"column": "nps", "to": "question", "key": "nps"}]}
    await upload(api, survey, mapping, f"nps\n{ADA['email']}\n9\n")
    source = await new_source(api, survey.id, STANDARD)
    for body in ({"customer": {"mail": ADA["email"]}, "score": 9}, {"customer": "another", "score": 8}):
        assert (await deliver(api.client, source, STANDARD, json.dumps(body).encode())).status_code == 200
    await begin(api, survey, respondent=ADA, answers={"nps": 2, "why": "Not done yet, Qvx"})
    await (await begin(api, survey, answers={"why": f"Tell {ADA['email']}"})).submit(answers={"nps": 7})
    await api.post(f"/v1/surveys/{survey.id}/exports", {"format": "ndjson", "include_identities": True}, status=202)
    await work(api, database, "%")
    await read_comments(database, api, survey)
    for each in (survey, other):
        await fold_all(database, api.organisation.organisation_id, each.id)
    return survey, other


async def test_56_after_an_erasure_nothing_is_found_in_any_store(
    api: Api, database: Database, owner_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    survey, other = await _everywhere(api, database)
    anonymous = await ask(api, database, "erase", external_id="ticket-Qvx-17b")
    await ask(api, database, "export", email=ADA["email"])
    assert {"ada.quill-qvx@EXAMPLE.org", "ticket-Qvx-17", ADA["name"]} <= set(found_in(owner_url, api))

    shown = await ask(
        api, database, "erase", email="ADA.quill-qvx@example.org", reason=f"Letter of {ADA['email'].lower()}"
    )

    assert found_in(owner_url, api) == []
    assert not [value for value in WRITTEN if value.casefold() in caplog.text.casefold()]
    assert not [value for value in WRITTEN if value.casefold() in json.dumps(shown).casefold()]
    assert touched(anonymous)["response"] == 1
    done = touched(shown)
    assert (done["response"], done["respondent_identity"], done["response_exclusion"]) == (3, 2, 1)
    assert done["response.answers of others"] == 3
    assert (done["delivery"], done["open_response"]) == (1, 1)
    assert touched(anonymous)["response_export"] == 1
    assert {"comment_reading", "import_fault", "idempotent_request", "subject_export"} <= done.keys()
    stays = {each["store"]: each for each in shown["report"]["stays"]}
    assert {"response_erasure", "analysis_run", "audit_event", "contact_opt_out"} == stays.keys()
    assert all(each["why"] for each in stays.values())
    assert shown["reason"] == "Letter of [subject]"
    for each, answered in ((survey, 16), (other, 12)):
        expected = await recount(
            database, api.organisation.organisation_id, each.id, types=TYPES, time_zone="Europe/London"
        )
        assert await cells(database, api.organisation.organisation_id, each.id) == expected
        figure = (await api.get("/v1/kpis/nps/value", params={"survey": each.id})).json()
        assert figure["answered"] == answered


async def test_56_published_aggregates_stay_and_raw_quotes_go(api: Api, database: Database) -> None:
    survey = await publish(api)
    words = [f"The wait was long, said number {number}" for number in range(12)]
    await batch(api, survey, [{"answers": {"nps": 3, "why": said}} for said in words])
    quoted = await recorded(api, survey, respondent=ADA, answers={"nps": 3, "why": "The wait was long and loud"})
    await api.put(f"/v1/surveys/{survey.id}/codebook", THEMES, status=201)
    run = (await api.post("/v1/analyses", {"kind": "themes", "survey_id": survey.id}, status=202)).json()
    await work(api, database, "%")
    before = (await api.get(f"/v1/analyses/{run['id']}")).json()
    assert before["status"] == "succeeded", before

    await ask(api, database, "erase", response_id=quoted)

    assert (await api.get(f"/v1/analyses/{run['id']}")).json()["result"] == before["result"]
    assert quoted not in (await api.get(f"/v1/analyses/{run['id']}/verbatims")).text


async def test_56_what_others_said_can_be_left_and_is_then_reported(api: Api, database: Database) -> None:
    survey = await publish(api)
    others = await recorded(api, survey, answers={"nps": 5, "why": f"Ask {ADA['email']} about the wait"})

    shown = await ask(api, database, "erase", email=ADA["email"], mentions="report")

    assert "[e-mail]" not in (await read(api, survey, others))["answers"]["why"]
    stays = {each["store"]: each["rows"] for each in shown["report"]["stays"]}
    assert stays["response.answers of others"] == 1
    assert stays["response"] == 1


async def test_56_an_erasure_takes_nobody_else_along(api: Api, database: Database) -> None:
    survey = await publish(api)
    kept = [
        await recorded(api, survey, respondent=who, answers={"nps": 5, "why": "I am Ada Quillfeather, 17 years old"})
        for who in (
            {"id": "customer-Qvx-170"},
            {"name": ADA["name"], "email": "another@example.org"},
            {"phone": "+33179460917"},
            {"id": "customer-9", "name": ADA["name"]},
        )
    ]
    alone = await recorded(api, survey, respondent={"name": ADA["name"]})

    shown = await ask(api, database, "erase", **ADA)

    assert touched(shown)["response"] == 1
    assert [row["id"] for row in await listed(api, survey)] == kept
    assert alone not in kept


async def test_56_other_organisations_keep_theirs(api: Api, other_api: Api, database: Database) -> None:
    theirs = await publish(other_api)
    await recorded(other_api, theirs, respondent=ADA, external_id="ticket-Qvx-17")

    shown = await ask(api, database, "erase", **ADA, external_id="ticket-Qvx-17")

    assert touched(shown) == {}
    assert len(await listed(other_api, theirs)) == 1


async def test_56_what_is_held_is_given_in_full_and_for_a_time(api: Api, database: Database) -> None:
    survey, other = await _everywhere(api, database)

    shown = await ask(api, database, "export", id=ADA["id"])

    path = f"/v1/subject-requests/{shown['id']}/export"
    given = await api.get(path)
    assert given.headers["Cache-Control"] == "private, no-store"
    found = given.json()
    assert {row["survey_key"] for row in found["responses"]} == {survey.key, other.key}
    (identified,) = [row for row in found["responses"] if (row["identity"] or {}).get("name")]
    assert len(found["responses"]) == 3
    assert identified["identity"] == ADA
    assert (identified["answers"], identified["external_id"]) == ({"nps": 1, "why": "The wait"}, "ticket-Qvx-17")
    assert [row["restore_reason"] for row in identified["exclusions"]] == ["It was none"]
    assert [row["themes"] for row in identified["readings"]] == [["waiting"]]
    assert not [key for row in found["responses"] for key in row if key.endswith(("_ref", "_hash"))]
    assert len(found["mentions"]) == 3
    assert [row["body"] for row in found["stores"]["delivery"]] == [
        json.dumps({"customer": {"mail": ADA["email"]}, "score": 9})
    ]
    assert {row["question"] for row in found["stores"]["open_response"]} == {"nps", "why"}
    assert found["stores"]["import_fault"][0]["value"] == ADA["email"]
    assert shown["export_until"] is not None
    actions = [event["action"] for event in (await api.get("/v1/audit")).json()["items"]]
    assert actions[:3] == ["subject_request.export_read", "subject_request.answered", "subject_request.made"]
    assert len(await listed(api, survey)) == 20


async def test_56_an_export_that_nobody_fetched_is_forgotten(api: Api, database: Database, owner_url: str) -> None:
    from datetime import UTC, datetime, timedelta

    from feedback_core.subjects.requests.jobs import request_due_expiry

    shown = await ask(api, database, "export", id=ADA["id"])
    late = datetime.now(UTC) + timedelta(days=8)

    async with database.system() as system:
        assert await request_due_expiry(system, now=late) >= 1
    await work(api, database, now=late)

    refused = await api.get(f"/v1/subject-requests/{shown['id']}/export", status=409)
    assert refused.json()["code"] == "export_not_there"
    with owner(owner_url) as connection:
        kept = connection.execute("SELECT count(*) FROM subject_export WHERE request_id = %s", [shown["id"]])
        assert kept.fetchone() == (0,)


@pytest.mark.parametrize(
    ("subject", "pointer"),
    [
        ({}, "/subject"),
        ({"phone": "12"}, "/subject/phone"),
        ({"email": ""}, "/subject/email"),
        ({"who": 1}, "/subject/who"),
    ],
)
async def test_56_a_request_that_names_nobody_is_refused(api: Api, subject: dict[str, Any], pointer: str) -> None:
    body = {"kind": "erase", "subject": subject, "reason": "Asked for"}

    refused = await api.post("/v1/subject-requests", body, status=422)

    assert refused.json()["errors"][0]["pointer"] == pointer


async def test_56_a_worker_that_ends_half_way_leaves_nothing_undone(
    api: Api, database: Database, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from feedback_core.subjects.requests import jobs

    await _everywhere(api, database)
    await ask(api, database, "erase", external_id="ticket-Qvx-17b")
    body = {"kind": "erase", "subject": {"id": ADA["id"]}, "reason": "Asked for"}
    made = await api.post("/v1/subject-requests", body, status=202)
    erase_mentions = jobs._Erasing._erase_mentions

    async def ends(*_: object) -> None:
        raise OSError("the worker ends here")

    monkeypatch.setattr(jobs._Erasing, "_erase_mentions", ends)
    with pytest.raises(AssertionError):
        await work(api, database)
    monkeypatch.setattr(jobs._Erasing, "_erase_mentions", erase_mentions)
    await work(api, database)

    shown = (await api.get(made.headers["Location"])).json()
    assert shown["status"] == "succeeded"
    assert touched(shown)["response"] == 3
    left = found_in(owner_url, api)
    assert ADA["email"] not in left
    assert ADA["id"] not in left
