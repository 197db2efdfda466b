"""Whoever asks gets what invitations hold on them, or is taken out of them; what is counted stays, of nobody."""

import json
from datetime import timedelta

import psycopg
import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.invitations import ADA, BO, conduct, invitations_of, invited, later
from tests.support.mailbox import Mailbox
from tests.support.sampling import customers, drawn, new_frame
from tests.support.subjects import ask
from tests.support.surveys import PublishedSurvey

pytestmark = pytest.mark.xdist_group("invitations")


async def test_a_subject_gets_what_invitations_hold_and_is_erased_from_them(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey, owner_url: str
) -> None:
    reminders = [{"after_days": 1}]
    people = [ADA, {**BO, "interviewer": "Ada Kim"}]
    batch = await conduct(api, database, await invited(api, survey.id, recipients=people, reminders=reminders))
    subject = {"email": ADA["email"], "name": "Ada Kim"}

    export = await ask(api, database, "export", **subject)
    (held,) = (await api.get(f"/v1/subject-requests/{export['id']}/export")).json()["stores"]["invitation"]
    assert (held["email"], held["state"]) == (ADA["email"], "sent")
    assert [step["happening"] for step in held["steps"]] == ["created", "sent"]

    done = await ask(api, database, "erase", **subject)
    touched = {each["store"]: each["rows"] for each in done["report"]["touched"]}
    assert touched["invitation"] == 2
    found = {each["state"]: each for each in await invitations_of(api, batch)}
    assert (set(found), found["cancelled"]["reason"]) == ({"cancelled", "sent"}, "erased")
    assert found["sent"]["interviewer"] is None
    mailbox.mails.clear()
    await later(api, database, batch, timedelta(days=2))
    await conduct(api, database, batch)
    assert [mail["To"] for mail in mailbox.mails] == [mail["To"] for mail in mailbox.mails if "bo.lind" in mail["To"]]
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute(
            "SELECT count(contact), count(email_ref) FROM invitation WHERE organisation_id = %s",
            (api.organisation.organisation_id,),
        ).fetchone()
    assert rows == (1, 1)


async def test_whoever_is_taken_out_of_a_frame_is_written_to_no_more(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    frame = await new_frame(api, customers(range(3)))
    sample = await drawn(api, database, frame, {"kind": "simple", "n": 3}, survey_id=survey.id)
    asked = await invited(api, survey.id, sample_id=sample["id"], reminders=[{"after_days": 1}])
    batch = await conduct(api, database, asked)
    export = await ask(api, database, "export", email="c1@example.org")
    stores = (await api.get(f"/v1/subject-requests/{export['id']}/export")).json()["stores"]
    assert len(stores["invitation"]) == 1
    await ask(api, database, "erase", email="c1@example.org")
    mailbox.mails.clear()
    await later(api, database, batch, timedelta(days=2))
    batch = await conduct(api, database, batch)
    assert batch["invitations"] == {"cancelled": 1, "sent": 2}
    assert "c1@example.org" not in json.dumps([mail["To"] for mail in mailbox.mails])
    assert len(mailbox.mails) == 2
