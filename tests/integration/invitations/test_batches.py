"""Batches that cannot be asked for, that are very large, and that are looked at."""

import os
from typing import Any

import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.invitations import ADA, BO, MESSAGES, SMS, conduct, invited
from tests.support.mailbox import Mailbox
from tests.support.sampling import customers, drawn, new_frame
from tests.support.surveys import PublishedSurvey, publish

pytestmark = pytest.mark.xdist_group("invitations")

MAIL = MESSAGES["en"]


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"recipients": []}, {"/recipients": "nobody_named"}),
        ({"recipients": [ADA, {**BO, "email": "ADA.KIM@example.org"}]}, {"/recipients/1": "named_twice"}),
        ({"recipients": [{"email": "nobody"}]}, {"/recipients/0/email": "unusable_contact"}),
        ({"recipients": [{"name": "Ada"}]}, {"/recipients/0": "nobody_named"}),
        ({"link_url": None}, {"/collector_id": "no_place_to_answer"}),
        ({"link_url": "javascript:alert({token})"}, {"/link_url": "not_an_address"}),
        ({"link_url": "https://{token}.example.org"}, {"/link_url": "not_an_address"}),
        ({"messages": {}}, {"/messages": "messages_needed"}),
        ({"language": "fr"}, {"/language": "not_its_language"}),
        ({"messages": {"en": {**MAIL, "text": "Hello"}}},
         {"/messages/en/text": "opt_out_missing"}),
        ({"messages": {"en": {**MAIL, "text": "{link} {opt_out} {password}"}}},
         {"/messages/en/text": "unknown_placeholder"}),
        ({"messages": {"en": {"text": MAIL["text"]}}}, {"/messages/en/subject": "subject_needed"}),
        ({"reminders": [{"after_days": 3}, {"after_days": 3}]}, {"/reminders/1/after_days": "not_in_order"}),
        ({"reminders": [{"after_days": 30}]}, {"/reminders/0/after_days": "not_in_order"}),
        ({"method": "telephone"}, {"/messages": "nothing_is_sent"}),
        ({"send_at": "2020-01-01T00:00:00Z"}, {"/send_at": "ends_before_sending"}),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_a_batch_is_named(
    api: Api, survey: PublishedSurvey, fields: dict[str, Any], faults: dict[str, str]
) -> None:
    refused = await invited(api, survey.id, status=422, **fields)
    assert {fault["pointer"]: fault["code"] for fault in refused["errors"]} == faults


async def test_nothing_is_promised_that_cannot_be_sent(
    api: Api, survey: PublishedSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = await invited(api, survey.id, status=409, method="sms", messages=SMS)
    assert (refused["code"], "SMS_GATEWAY_URL" in refused["detail"]) == ("sending_not_configured", True)
    monkeypatch.delitem(os.environ, "SMTP_HOST")
    assert (await invited(api, survey.id, status=409))["code"] == "sending_not_configured"


async def test_only_a_survey_that_takes_answers_and_its_own_sample_are_invited_to(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    draft = (await api.post("/v1/surveys", {"key": "d", "title": "D", "language": "en", "questions": []})).json()
    assert (await invited(api, draft["id"], status=409))["code"] == "survey_not_published"
    other = await publish(api)
    frame = await new_frame(api, customers(range(3)))
    sample = await drawn(api, database, frame, {"kind": "simple", "n": 2}, survey_id=other.id)
    refused = await invited(api, survey.id, status=422, sample_id=sample["id"])
    assert refused["errors"][0]["code"] == "other_survey"
    mine = await invited(api, other.id, status=422, sample_id=sample["id"], language_attribute="tongue")
    assert mine["errors"][0]["code"] == "unknown_attribute"


async def test_ten_thousand_are_invited_at_once_and_by_the_worker_in_parts(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    frame = await new_frame(api, customers(range(10_000)))
    sample = await drawn(api, database, frame, {"kind": "simple", "n": 10_000}, survey_id=survey.id)
    batch = await invited(api, survey.id, sample_id=sample["id"], per_minute=20)
    batch = await conduct(api, database, batch)
    assert (batch["is_filled"], batch["invitations"]) == (True, {"created": 9_980, "sent": 20})
    cancelled = (await api.post(f"/v1/invitation-batches/{batch['id']}/cancel", status=200)).json()
    assert cancelled["invitations"] == {"cancelled": 10_000}


async def test_batches_and_invitations_are_listed_page_by_page(
    api: Api, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    made = [await invited(api, survey.id, name=name) for name in ("First", "Second")]
    page = (await api.get("/v1/invitation-batches", params={"survey_id": survey.id, "limit": 1})).json()
    rest = (
        await api.get(
            "/v1/invitation-batches", params={"survey_id": survey.id, "limit": 1, "cursor": page["next_cursor"]}
        )
    ).json()
    assert [each["id"] for each in (*page["items"], *rest["items"])] == [made[1]["id"], made[0]["id"]]
    assert rest["next_cursor"] is None
    first = (await api.get("/v1/invitations", params={"survey_id": survey.id, "limit": 3})).json()
    last = (
        await api.get("/v1/invitations", params={"survey_id": survey.id, "limit": 3, "cursor": first["next_cursor"]})
    ).json()
    assert len({each["id"] for each in (*first["items"], *last["items"])}) == 4
