"""Batches through the API and the worker: mail and short messages, reminders, pace, quiet hours, servers that fail."""

import json
import os
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.invitations import (
    ADA,
    BO,
    MESSAGES,
    OPT_OUT,
    SMS,
    conduct,
    invitations_of,
    invited,
    later,
    text_of,
    token_in,
)
from tests.support.mailbox import Mailbox, stalling_server
from tests.support.receivers import Answering, Taken, receiving, status
from tests.support.sampling import customers, drawn, new_frame
from tests.support.surveys import PublishedSurvey, publish

pytestmark = pytest.mark.xdist_group("invitations")

DAY = timedelta(days=1)


async def test_each_gets_a_mail_in_their_language_with_a_link_of_their_own(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await conduct(api, database, await invited(api, survey.id))
    english, arabic = sorted(mailbox.mails, key=lambda each: each["To"])
    assert (english["To"], english["Subject"]) == ("Ada Kim <ada.kim@example.org>", "Test asks")
    assert token_in(english) != token_in(arabic)
    page = arabic.get_body(("html",))
    assert page is not None
    assert '<html lang="ar" dir="rtl">' in page.get_content()
    assert arabic["Subject"] == "سؤال"
    assert batch["invitations"] == {"sent": 2}
    found = await invitations_of(api, batch)
    assert all(each["sent_at"] and each["disposition"] == "UO" for each in found)
    assert "ada.kim" not in json.dumps(found)


async def test_a_mail_can_be_unsubscribed_from_with_one_click(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await conduct(api, database, await invited(api, survey.id, recipients=[ADA]))
    (mail,) = mailbox.mails
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = OPT_OUT.search(mail["List-Unsubscribe"])
    assert path is not None
    clicked = await api.client.post(path[1], content="List-Unsubscribe=One-Click")
    assert clicked.json()["opted_out"] is True
    (found,) = await invitations_of(api, batch)
    assert (found["state"], found["disposition"]) == ("opted_out", "R")
    again = await conduct(api, database, await invited(api, survey.id, recipients=[ADA, BO]))
    assert again["invitations"] == {"opted_out": 1, "sent": 1}


async def test_reminders_go_to_those_who_are_silent_and_no_more_than_were_asked_for(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    again = {"en": {**MESSAGES["en"], "subject": "Once more"}}
    reminders = [{"after_days": 3, "messages": again}, {"after_days": 7}]
    batch = await conduct(api, database, await invited(api, survey.id, reminders=reminders))
    bo = next(mail for mail in mailbox.mails if "bo.lind" in mail["To"])
    await api.client.post(f"/v1/invited/{token_in(bo)}/submission", json={"answers": {"nps": 9}})
    ids = [mail["Message-ID"] for mail in mailbox.mails]
    for days in (3, 4, 5):
        await later(api, database, batch, timedelta(days=days))
        batch = await conduct(api, database, batch)
    sent = mailbox.mails[2:]
    assert [(mail["To"], mail["Subject"]) for mail in sent] == [
        ("Ada Kim <ada.kim@example.org>", "Once more"),
        ("Ada Kim <ada.kim@example.org>", "Test asks"),
    ]
    assert len({*ids, *(mail["Message-ID"] for mail in sent)}) == 4
    ada = next(each for each in await invitations_of(api, batch) if each["state"] == "sent")
    detail = (await api.get(f"/v1/invitations/{ada['id']}")).json()
    assert [step["happening"] for step in detail["steps"]] == ["created", "sent", "reminded", "reminded"]
    assert (detail["reminders_sent"], detail["next_at"]) == (2, None)


async def test_a_message_that_is_not_taken_is_sent_again_as_the_same_message(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    mailbox.answer, before = "450 Come again", mailbox.tried
    batch = await conduct(api, database, await invited(api, survey.id))
    assert (batch["invitations"], mailbox.mails) == ({"created": 2}, [])
    assert mailbox.tried == before + 2
    mailbox.answer = None
    await later(api, database, batch, timedelta(minutes=2))
    batch = await conduct(api, database, batch)
    assert (batch["invitations"], len(mailbox.mails)) == ({"sent": 2}, 2)
    mailbox.answer = "550 Nobody here"
    batch = await conduct(api, database, await invited(api, survey.id))
    assert batch["invitations"] == {"bounced": 2}
    assert {each["reason"] for each in await invitations_of(api, batch)} == {"address_refused"}


async def test_a_mail_server_that_stalls_holds_nothing_up_for_long(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipients = [{"email": f"c{number}@example.org"} for number in range(30)]
    batch = await invited(api, survey.id, recipients=recipients)
    async with stalling_server() as port:
        monkeypatch.setitem(os.environ, "SMTP_PORT", str(port))
        monkeypatch.setitem(os.environ, "SMTP_TIMEOUT_SECONDS", "0.5")
        begun = datetime.now(UTC)
        batch = await conduct(api, database, batch)
    assert datetime.now(UTC) - begun < timedelta(seconds=10)
    assert batch["invitations"] == {"created": 30}
    assert batch["next_at"] > datetime.now(UTC).isoformat()


async def test_no_more_goes_out_in_a_minute_than_was_asked_for(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    recipients = [{"email": f"c{number}@example.org"} for number in range(30)]
    batch = await conduct(api, database, await invited(api, survey.id, recipients=recipients, per_minute=12))
    assert batch["invitations"] == {"created": 18, "sent": 12}
    assert len(mailbox.mails) == 12
    assert datetime.fromisoformat(batch["next_at"]) > datetime.now(UTC) + timedelta(seconds=40)


async def test_nobody_is_written_to_in_quiet_hours(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    now = datetime.now(UTC)
    quiet = {"from": f"{now - timedelta(hours=2):%H:%M}", "to": f"{now + timedelta(hours=2):%H:%M}"}
    batch = await conduct(api, database, await invited(api, survey.id, quiet_hours=quiet))
    assert (batch["invitations"], mailbox.mails) == ({"created": 2}, [])
    over = datetime.fromisoformat(batch["next_at"])
    assert timedelta(hours=1, minutes=58) < over - now < timedelta(hours=2, minutes=1)


async def test_a_sample_is_invited_unit_by_unit_once(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    units = customers(range(1, 13))
    units[0].pop("email")
    units[1]["attributes"]["language"] = "ar"
    frame = await new_frame(api, units, attributes=["region", "branch", "language"])
    await api.post("/v1/opt-outs", {"items": [{"ref": "C-3"}]}, status=200)
    design = {"kind": "stratified", "strata_by": ["region"], "rule": "equal", "n": 22, "short": "take_all"}
    sample = await drawn(api, database, frame, design, survey_id=survey.id)
    asked = await invited(api, survey.id, sample_id=sample["id"], language_attribute="language", wave="2026")
    batch = await conduct(api, database, asked)
    assert batch["invitations"] == {"bounced": 1, "sent": 10}
    found = await invitations_of(api, batch)
    assert {each["stratum"] for each in found} == {"north", "south"}
    assert {each["reason"] for each in found if each["state"] == "bounced"} == {"no_address"}
    assert {"ar", None} == {each["language"] for each in found}
    again = await conduct(api, database, await invited(api, survey.id, sample_id=sample["id"], wave="2026"))
    assert again["invitations"] == {}
    assert len(mailbox.mails) == 10


async def test_being_drawn_and_being_invited_counts_as_one_contact(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    frame = await new_frame(api, customers(range(4)), contact_rule={"most": 2, "within_days": 30})
    sample = await drawn(api, database, frame, {"kind": "simple", "n": 4}, survey_id=survey.id)
    await conduct(api, database, await invited(api, survey.id, sample_id=sample["id"]))
    second = await drawn(api, database, frame, {"kind": "simple", "n": 4}, survey_id=survey.id)
    assert second["outcome"]["drawn"] == 4
    refused = await api.post(
        "/v1/samples", {"frame_id": frame, "name": "Third", "design": {"kind": "simple", "n": 4}}, status=422
    )
    assert refused.json()["code"] == "design_impossible"


async def test_short_messages_go_through_the_gateway_and_cost_what_they_cost(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as gateway:
        monkeypatch.setitem(os.environ, "SMS_GATEWAY_URL", gateway.url)
        monkeypatch.setitem(os.environ, "SMS_GATEWAY_TOKEN", "a token")
        people = [{"phone": "+491701234567", "ref": 'Quote "'}, {"phone": "+491701234568"}]
        how: dict[str, Any] = {
            "method": "sms",
            "messages": SMS,
            "recipients": people,
            "message_cost": 7.5,
            "currency": "EUR",
        }
        batch = await conduct(api, database, await invited(api, survey.id, **how))
        assert batch["invitations"] == {"sent": 2}
        first, second = gateway.requests
        assert first.headers["authorization"] == "Bearer a token"
        assert {first.document["to"], second.document["to"]} == {"+491701234567", "+491701234568"}
        assert "https://shop.example.org/answer?token=fbi_" in first.document["text"]
        assert first.headers["idempotency-key"] == first.document["id"]
        assert [each["cost"] for each in await invitations_of(api, batch)] == [7.5, 7.5]


@pytest.mark.parametrize(
    ("answer", "state"), [(status(500), "created"), (status(401), "created"), (status(422), "bounced")]
)
async def test_a_gateway_that_fails_bounces_nobody_and_one_that_refuses_does(
    api: Api,
    database: Database,
    mailbox: Mailbox,
    survey: PublishedSurvey,
    monkeypatch: pytest.MonkeyPatch,
    answer: Answering,
    state: str,
) -> None:
    with receiving() as gateway:
        gateway.answering = answer
        monkeypatch.setitem(os.environ, "SMS_GATEWAY_URL", gateway.url)
        how: dict[str, Any] = {"method": "sms", "messages": SMS, "recipients": [{"phone": "+491701234567"}]}
        batch = await conduct(api, database, await invited(api, survey.id, **how))
        assert batch["invitations"] == {state: 1}


async def test_a_gateway_that_answers_without_end_is_not_read_to_it(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_end(handler: BaseHTTPRequestHandler, _: Taken) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(2**30))
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 2**16)

    with receiving() as gateway:
        gateway.answering = without_end
        monkeypatch.setitem(os.environ, "SMS_GATEWAY_URL", gateway.url)
        how: dict[str, Any] = {"method": "sms", "messages": SMS, "recipients": [{"phone": "+491701234567"}]}
        begun = datetime.now(UTC)
        batch = await conduct(api, database, await invited(api, survey.id, **how))
        assert datetime.now(UTC) - begun < timedelta(minutes=1)
        assert batch["invitations"] == {"sent": 1}


async def test_a_batch_that_is_taken_back_sends_nothing_more_and_its_links_end(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await conduct(api, database, await invited(api, survey.id, reminders=[{"after_days": 1}]))
    ada, bo = sorted(mailbox.mails, key=lambda each: each["To"])
    await api.client.post(f"/v1/invited/{token_in(bo)}/open-response", json={"answers": {"nps": 3}})
    batch = (await api.post(f"/v1/invitation-batches/{batch['id']}/cancel", status=200)).json()
    assert batch["invitations"] == {"cancelled": 1, "started": 1}
    ended = await api.client.post(f"/v1/invited/{token_in(ada)}/submission", json={"answers": {"nps": 3}})
    assert (ended.status_code, ended.json()["code"]) == (409, "invitation_ended")
    may = await api.client.post(f"/v1/invited/{token_in(bo)}/submission", json={"answers": {"why": "Well"}})
    assert may.status_code == 201
    await later(api, database, batch, 2 * DAY)
    await conduct(api, database, batch)
    assert len(mailbox.mails) == 2
    assert (await api.post(f"/v1/invitation-batches/{batch['id']}/cancel")).json()[
        "code"
    ] == "invitation_batch_cancelled"


async def test_what_is_over_expires_and_contacts_are_taken_out_in_time(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await conduct(api, database, await invited(api, survey.id, expires_after_days=2, keep_days=0))
    token = token_in(mailbox.mails[0])
    await later(api, database, batch, 3 * DAY)
    gone = await api.client.post(f"/v1/invited/{token}/submission", json={"answers": {"nps": 3}})
    assert (gone.status_code, gone.json()["code"]) == (409, "invitation_ended")
    batch = await conduct(api, database, batch)
    assert batch["invitations"] == {"expired": 2}
    assert any("Dear" in text_of(mail) for mail in mailbox.mails)


async def test_anonymous_surveys_tell_invitations_nothing_but_the_day(
    api: Api, database: Database, mailbox: Mailbox
) -> None:
    survey = await publish(api, confidentiality="anonymous")
    batch = await conduct(api, database, await invited(api, survey.id))
    token = token_in(mailbox.mails[0])
    receipt = await api.client.post(f"/v1/invited/{token}/submission", json={"answers": {"nps": 9}})
    assert (receipt.status_code, receipt.json()["confidentiality"]) == (201, "anonymous")
    again = await api.client.post(f"/v1/invited/{token}/submission", json={"answers": {"nps": 1}})
    assert again.json()["code"] == "invitation_ended"
    done = next(each for each in await invitations_of(api, batch) if each["state"] == "completed")
    assert done["response_id"] is None
    assert done["completed_at"].endswith("T00:00:00Z")
    assert done["started_at"] == done["completed_at"]
    steps = (await api.get(f"/v1/invitations/{done['id']}")).json()["steps"]
    assert [step["at"].endswith("T00:00:00Z") for step in steps[-2:]] == [True, True]
