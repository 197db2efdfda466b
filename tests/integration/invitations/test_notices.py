"""What providers say of messages, signed: what it changes, and what is not believed."""

import json
import os
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.invitations import conduct, invitations_of, invited, token_in
from tests.support.mailbox import Mailbox
from tests.support.signing import standard
from tests.support.surveys import Json, PublishedSurvey

pytestmark = pytest.mark.xdist_group("invitations")

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXMgb3I="


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "INVITATIONS_NOTICE_SECRETS", f"whsec_b2xk,{SECRET}")


async def said(
    api: Api, *items: Json, secret: str = SECRET, at: datetime | None = None, content: bytes | None = None
) -> httpx.Response:
    """A notice of a provider."""
    body = json.dumps({"items": items}).encode()
    headers = standard(secret, body, at or datetime.now(UTC))
    return await api.client.post("/v1/invitation-notices", content=content or body, headers=headers)


async def test_deliveries_bounces_and_complaints_move_invitations(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    people = [{"email": f"c{number}@example.org"} for number in range(4)]
    batch = await conduct(
        api, database, await invited(api, survey.id, recipients=people, reminders=[{"after_days": 3}])
    )
    ids = [mail["Message-ID"] for mail in sorted(mailbox.mails, key=lambda each: each["To"])]
    events = ("delivered", "bounced", "complained", "deferred")
    notices = [{"message_id": name, "event": event} for name, event in zip(ids, events, strict=True)]
    took = await said(api, *notices, {"message_id": "<of.somebody@else>", "event": "bounced"})
    assert took.json() == {"known": 4, "changed": 3}
    found = {each["state"]: each for each in await invitations_of(api, batch)}
    assert set(found) == {"delivered", "bounced", "opted_out", "sent"}
    assert found["bounced"]["next_at"] is found["opted_out"]["next_at"] is None
    assert (found["bounced"]["reason"], found["opted_out"]["reason"]) == ("undeliverable", "complaint")
    assert (await said(api, *notices)).json()["changed"] == 0
    again = await conduct(api, database, await invited(api, survey.id, recipients=people))
    assert again["invitations"] == {"sent": 3, "opted_out": 1}


async def test_what_comes_late_is_dated_and_changes_no_state(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await conduct(api, database, await invited(api, survey.id, recipients=[{"email": "c@example.org"}]))
    (mail,) = mailbox.mails
    await api.client.post(f"/v1/invited/{token_in(mail)}/submission", json={"answers": {"nps": 3}})
    future = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    await said(api, {"message_id": mail["Message-ID"], "event": "delivered", "at": future})
    await said(api, {"message_id": mail["Message-ID"], "event": "bounced"})
    (found,) = await invitations_of(api, batch)
    assert found["state"] == "completed"
    assert found["delivered_at"] < future


async def test_what_is_not_signed_just_now_is_not_believed(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = await conduct(api, database, await invited(api, survey.id, recipients=[{"email": "c@example.org"}]))
    notice = {"message_id": mailbox.mails[0]["Message-ID"], "event": "bounced"}
    other = "whsec_" + "YW5vdGhlciBzZWNyZXQgb2YgdGhlIHRlc3RzLCAzMg=="
    refused = [
        await said(api, notice, secret=other),
        await said(api, notice, at=datetime.now(UTC) - timedelta(minutes=10)),
        await said(api, notice, content=b'{"items": []}'),
        await api.client.post("/v1/invitation-notices", json={"items": [notice]}),
    ]
    monkeypatch.delitem(os.environ, "INVITATIONS_NOTICE_SECRETS")
    refused.append(await said(api, notice))
    assert [answer.status_code for answer in refused] == [401] * 5
    assert [each["state"] for each in await invitations_of(api, batch)] == ["sent"]


async def test_a_signed_notice_that_makes_no_sense_is_named(api: Api, mailbox: Mailbox) -> None:
    wrong = await said(api, {"message_id": "x", "event": "vanished"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/items/0/event")
    unreadable = b"{"
    headers = standard(SECRET, unreadable, datetime.now(UTC))
    answer = await api.client.post("/v1/invitation-notices", content=unreadable, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")
