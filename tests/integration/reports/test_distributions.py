"""Whom a report is told to: mail by the real worker, links without a key, and what becomes of each."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import strategies as st
from sqlalchemy import text

from feedback_core.analyses.jobs import RequestScheduled
from feedback_core.db.session import Database
from feedback_core.jobs.use_cases import request_job
from feedback_core.reports.distributions.ticks import request_due_reminders
from tests.integration.reports.conftest import FRAME, Reviewed
from tests.support.mailbox import Mailbox, mail_server
from tests.support.reports import bytes_of, reported
from tests.support.surveys import Json
from tests.support.waiting import soon
from tests.support.walks import each_of

pytestmark = [pytest.mark.xdist_group("reports"), pytest.mark.usefixtures("mailbox", "worker_process")]

ADA = {"name": "Ada\u202e Kim", "email": "ada.kim@example.org"}
LINK = re.compile(r"https://feedback\.example\.org(/v1/shared-reports/\S+)")
A_WEEK_LATER = text(
    "UPDATE report_distribution SET next_reminder_at = next_reminder_at - interval '8 days' WHERE id = :id"
)
REMEMBERED = text("SELECT count(*) FROM report_distribution d WHERE d.organisation_id = :o AND d::text ILIKE '%lind%'")


@pytest.fixture(scope="module")
async def mailbox() -> AsyncIterator[Mailbox]:
    """A mail server that API and worker of this module are set to."""
    async with mail_server() as mailbox:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in {
                "SMTP_HOST": "127.0.0.1",
                "SMTP_PORT": str(mailbox.port),
                "SMTP_SECURITY": "none",
                "SMTP_SENDER": "Feedback <feedback@example.org>",
                "SMTP_TIMEOUT_SECONDS": "5",
                "REPORTS_LINK_BASE_URL": "https://feedback.example.org/",
            }.items():
                patch.setitem(os.environ, name, value)
            yield mailbox


@pytest.fixture(scope="module")
async def report(mailbox: Mailbox, reviewed: Reviewed) -> Json:
    return await reported(reviewed.api, reviewed.run_id, "front_line", "html")


@pytest.fixture(autouse=True)
def _empty(mailbox: Mailbox) -> None:
    mailbox.mails.clear()
    mailbox.answer = None


async def told(reviewed: Reviewed, report: Json, **fields: Any) -> Json:
    """Somebody is told of the report."""
    body = {"way": "email", "recipient": ADA, **fields}
    made: Json = (await reviewed.api.post(report["links"]["distributions"], body, status=201)).json()
    return made


async def now_of(reviewed: Reviewed, made: Json) -> Json:
    """How it stands."""
    path = f"/v1/reports/{made['report_id']}/distributions/{made['id']}"
    found: Json = (await reviewed.api.get(path)).json()
    return found


async def the_mail(mailbox: Mailbox) -> EmailMessage:
    await soon(lambda: bool(mailbox.mails), seconds=30)
    return mailbox.mails[0]


def link_in(mail: EmailMessage) -> str:
    body = mail.get_body()
    assert body is not None
    found = LINK.search(body.get_content())
    assert found
    return found[1]


async def public(reviewed: Reviewed, method: str, path: str, **headers: str) -> httpx.Response:
    """A request without any key."""
    return await reviewed.api.client.request(method, path, headers=headers)


async def test_R2_5_a_recipient_is_sent_a_report_opens_it_and_acknowledges_it(
    reviewed: Reviewed, report: Json, mailbox: Mailbox
) -> None:
    made = await told(reviewed, report)
    mail = await the_mail(mailbox)
    link = link_in(mail)
    await soon(lambda: _is(reviewed, made, "sent"), seconds=10)

    page = await public(reviewed, "GET", link, accept="text/html")
    still = await now_of(reviewed, made)
    file = await public(reviewed, "GET", f"{link}/file")
    after = await now_of(reviewed, made)
    thanked = await public(reviewed, "POST", f"{link}/acknowledge")
    again = await public(reviewed, "POST", f"{link}/acknowledge", accept="text/html")
    done = await now_of(reviewed, made)

    assert (made["state"], still["state"], after["state"], done["state"]) == (
        "waiting",
        "sent",
        "opened",
        "acknowledged",
    )
    assert mail["Message-ID"] == f"<{made['id']}.0@example.org>"
    assert "\n" not in mail["Subject"]
    assert "<script>" not in page.text
    assert f'action="{link}/acknowledge"' in page.text
    assert file.content == await bytes_of(reviewed.api, report)
    assert "default-src 'none'" in file.headers["content-security-policy"]
    assert thanked.json()["acknowledged_at"] == done["acknowledged_at"]
    assert "Acknowledged on" in again.text


async def test_a_mail_that_is_not_taken_now_is_sent_later_and_one_refused_for_good_is_not(
    reviewed: Reviewed, report: Json, mailbox: Mailbox
) -> None:
    mailbox.answer = "450 come again, ada.kim@example.org"
    made = await told(reviewed, report)
    await soon(lambda: _has(reviewed, made, "mail_not_taken"), seconds=20)
    waiting = await now_of(reviewed, made)
    mailbox.answer = None
    await the_mail(mailbox)
    await soon(lambda: _is(reviewed, made, "sent"), seconds=10)
    mailbox.answer = "550 nobody here, ada.kim@example.org"
    other = await told(reviewed, report)
    await soon(lambda: _is(reviewed, other, "failed"), seconds=20)

    assert waiting["state"] == "waiting"
    failed = await now_of(reviewed, other)
    assert failed["error"]["code"] == "mail_refused"
    assert "ada" not in failed["error"]["detail"]


async def test_who_does_not_acknowledge_is_reminded_and_who_does_is_not(
    reviewed: Reviewed, report: Json, mailbox: Mailbox, database: Database
) -> None:
    made = await told(reviewed, report, remind_after_days=7)
    await the_mail(mailbox)
    await soon(lambda: _is(reviewed, made, "sent"), seconds=10)
    sent = await now_of(reviewed, made)
    async with database.system() as system:
        early = await request_due_reminders(system, now=datetime.now(UTC) + timedelta(days=6))
    async with database.tenant(reviewed.api.organisation.organisation_id) as session:
        await session.execute(A_WEEK_LATER, {"id": made["id"]})
    async with database.system() as system:
        await request_due_reminders(system, now=datetime.now(UTC))
    await soon(lambda: len(mailbox.mails) == 2, seconds=30)
    reminder = mailbox.mails[1]
    await soon(lambda: _reminded(reviewed, made, 1), seconds=10)
    await public(reviewed, "POST", f"{link_in(reminder)}/acknowledge")
    async with database.system() as system:
        none_left = await request_due_reminders(system, now=datetime.now(UTC) + timedelta(days=30))

    assert early == none_left == 0
    assert sent["next_reminder_at"] is not None
    assert reminder["Subject"].startswith("Reminder: ")
    assert reminder["Message-ID"] == f"<{made['id']}.1@example.org>"
    assert (await now_of(reviewed, made))["next_reminder_at"] is None


async def test_a_link_is_handed_over_and_ends_when_it_is_revoked(reviewed: Reviewed, report: Json) -> None:
    made = await told(reviewed, report, way="link", recipient={"name": "Bo"})
    path = f"{report['links']['distributions']}/{made['id']}"
    link = (await reviewed.api.get(f"{path}/link")).json()

    before = await public(reviewed, "GET", link["path"])
    await reviewed.api.call("DELETE", path, status=204)
    after = await public(reviewed, "GET", link["path"])
    file = await public(reviewed, "GET", f"{link['path']}/file")

    assert link["url"] == f"https://feedback.example.org{link['path']}"
    assert (before.status_code, before.json()["organisation"]) == (200, "Test")
    assert (after.status_code, file.status_code, after.json()["code"]) == (404, 404, "not_found")
    assert (await now_of(reviewed, made))["state"] == "revoked"


async def test_a_link_that_was_changed_or_made_elsewhere_leads_nowhere(reviewed: Reviewed, report: Json) -> None:
    made = await told(reviewed, report, way="link", recipient={"name": "Bo"})
    other = await told(reviewed, report, way="link", recipient={"name": "Cy"})
    path, foreign = [
        (await reviewed.api.get(f"{report['links']['distributions']}/{each['id']}/link")).json()["path"]
        for each in (made, other)
    ]
    token = path.rpartition("/")[2]
    tampered = [token[:-1] + ("A" if token[-1] != "A" else "B"), token[:40] + foreign.rpartition("/")[2][40:], "fbd_"]

    for wrong in (*tampered, "fbd_!!", "x" * 72):
        answer = await public(reviewed, "GET", f"/v1/shared-reports/{wrong}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), wrong


DEEDS = st.lists(st.sampled_from(["look", "open", "open", "acknowledge", "revoke", "link"]), min_size=2, max_size=7)


async def test_whatever_a_recipient_does_a_link_only_goes_on_and_ends_for_good(
    reviewed: Reviewed, report: Json
) -> None:
    await each_of(DEEDS, lambda deeds: _follow(reviewed, report, deeds), examples=8)


async def _follow(reviewed: Reviewed, report: Json, deeds: Sequence[str]) -> None:
    made = await told(reviewed, report, way="link", recipient={"name": "Bo"})
    path = f"{report['links']['distributions']}/{made['id']}"
    link = (await reviewed.api.get(f"{path}/link")).json()["path"]
    done, before = set[str](), made
    for deed in deeds:
        ended = "revoke" in done
        if deed == "revoke":
            await reviewed.api.call("DELETE", path, status=204)
        elif deed == "link":
            await reviewed.api.get(f"{path}/link", status=None)
        else:
            method, end = {"look": ("GET", ""), "open": ("GET", "/file"), "acknowledge": ("POST", "/acknowledge")}[deed]
            answer = await public(reviewed, method, f"{link}{end}")
            assert answer.status_code == (404 if ended else 200), deed
        done |= set() if ended else {deed}
        now = await now_of(reviewed, made)
        reached = [("revoke", "revoked"), ("acknowledge", "acknowledged"), ("open", "opened")]
        assert now["state"] == next((state for each, state in reached if each in done), "sent")
        # Whatever has an instant keeps it.
        for name in ("sent_at", "opened_at", "acknowledged_at"):
            assert before[name] in {None, now[name]}
        before = now


async def test_a_link_that_is_used_while_it_is_revoked_is_used_before_or_not_at_all(
    reviewed: Reviewed, report: Json
) -> None:
    made = await told(reviewed, report, way="link", recipient={"name": "Bo"})
    path = f"{report['links']['distributions']}/{made['id']}"
    link = (await reviewed.api.get(f"{path}/link")).json()["path"]

    *read, _ = await asyncio.gather(
        *(public(reviewed, "POST", f"{link}/acknowledge") for _ in range(4)), reviewed.api.call("DELETE", path)
    )

    now = await now_of(reviewed, made)
    assert {answer.status_code for answer in read} <= {200, 404}
    assert (now["acknowledged_at"] is not None) == any(answer.status_code == 200 for answer in read)
    assert now["acknowledged_at"] is None or now["acknowledged_at"] <= now["revoked_at"]
    assert now["state"] == "revoked"


async def test_what_cannot_be_sent_is_refused_at_once(
    reviewed: Reviewed, report: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = report["links"]["distributions"]
    nowhere = await reviewed.api.post(path, {"way": "email", "recipient": {"name": "Bo"}}, status=422)
    injected = {"name": "Bo", "email": "bo@example.org\nBcc: all@example.org"}
    header = await reviewed.api.post(path, {"way": "email", "recipient": injected}, status=422)
    link = {"way": "link", "recipient": {"name": "Bo"}, "remind_after_days": 3}
    reminded = await reviewed.api.post(path, link, status=422)
    monkeypatch.delenv("SMTP_HOST")
    unset = await reviewed.api.post(path, {"way": "email", "recipient": ADA}, status=409)

    assert nowhere.json()["errors"][0]["pointer"] == "/recipient/email"
    assert header.json()["errors"][0]["pointer"] == "/recipient/email"
    assert reminded.json()["errors"][0]["pointer"] == "/remind_after_days"
    assert (unset.json()["code"], "SMTP_HOST" in unset.json()["detail"]) == ("mail_not_configured", True)


async def test_a_recipient_who_asks_is_told_of_and_then_forgotten(
    reviewed: Reviewed, report: Json, mailbox: Mailbox, database: Database
) -> None:
    email = "dee.lind@example.org"
    made = await told(reviewed, report, recipient={"name": "Dee Lind", "email": email.title()})
    mail = await the_mail(mailbox)
    stays = await told(reviewed, report, way="link", recipient={"name": "Bo"})

    held = await _answered(reviewed, "export", email)
    export = (await reviewed.api.get(f"/v1/subject-requests/{held['id']}/export")).json()
    erased = await _answered(reviewed, "erase", email)

    assert [each["distribution_id"] for each in export["stores"]["report_distribution"]] == [made["id"]]
    assert {each["store"]: each["rows"] for each in erased["report"]["touched"]}["report_distribution"] == 1
    assert not [each for each in erased["report"]["stays"] if each["store"].startswith("report")]
    assert (await public(reviewed, "GET", link_in(mail))).status_code == 404
    assert (await now_of(reviewed, stays))["state"] == "sent"
    async with database.tenant(reviewed.api.organisation.organisation_id) as session:
        found = await session.execute(REMEMBERED, {"o": reviewed.api.organisation.organisation_id})
        assert found.scalar_one() == 0


async def test_a_schedule_mails_each_new_edition_to_its_recipients(
    reviewed: Reviewed, mailbox: Mailbox, database: Database
) -> None:
    api, organisation_id = reviewed.api, reviewed.api.organisation.organisation_id
    analysis = {"kind": "review", "survey_id": reviewed.survey.id, "frame": FRAME, "level": 0.85}
    planned = await api.post(
        "/v1/analysis-schedules", {"analysis": analysis, "cadence": "monthly", "hour": 5}, status=201
    )
    editions = [{"audience": "customers", "format": "json"}, {"audience": "service_partners", "format": "json"}]
    editions[1]["owner"] = "Bo"
    plan = {"analysis_schedule_id": planned.json()["id"], "editions": editions}
    place = (await api.post("/v1/report-schedules", plan, status=201)).headers["Location"]
    body = {"edition": editions[1], "recipient": {"name": "Bo", "email": "bo@example.org"}, "remind_after_days": 3}
    added = (await api.post(f"{place}/recipients", body, status=201)).json()
    gone = await api.post(f"{place}/recipients", {**body, "edition": editions[0]}, status=201)
    unplanned = {**body, "edition": {**editions[1], "owner": "Cy & Sons"}}
    refused = await api.post(f"{place}/recipients", unplanned, status=422)
    await api.call("DELETE", f"{place}/recipients/{gone.json()['id']}", status=204)
    async with database.tenant(organisation_id) as session:
        due = RequestScheduled(UUID(planned.json()["id"]))
        await request_job(session, organisation_id, due, now=datetime.now(UTC))

    mail = await the_mail(mailbox)
    file = await public(reviewed, "GET", f"{link_in(mail)}/file")
    written = (await api.get("/v1/reports", params={"audience": "service_partners"})).json()["items"]
    (report,) = [each for each in written if each["schedule_id"] == place.rpartition("/")[2]]
    (sent,) = (await api.get(report["links"]["distributions"])).json()["items"]
    held = await _answered(reviewed, "export", "bo@example.org")
    export = (await api.get(f"/v1/subject-requests/{held['id']}/export")).json()
    await _answered(reviewed, "erase", "bo@example.org")
    left = (await api.get(f"{place}/recipients")).json()["items"]

    assert (added["edition"]["owner"], added["recipient"]["email"]) == ("Bo", "bo@example.org")
    assert refused.json()["errors"][0]["code"] == "edition_not_planned"
    assert mail["To"] == "Bo <bo@example.org>"
    assert (file.json()["audience"], len(mailbox.mails)) == ("service_partners", 1)
    assert (sent["requested_by"], sent["remind_after_days"]) == ("schedule", 3)
    assert [each["recipient_id"] for each in export["stores"]["report_schedule_recipient"]] == [added["id"]]
    assert left == []


async def _answered(reviewed: Reviewed, kind: str, email: str) -> Json:
    asked = {"kind": kind, "subject": {"email": email}, "reason": "Asked for by letter"}
    path = (await reviewed.api.post("/v1/subject-requests", asked, status=202)).headers["Location"]

    async def is_done() -> bool:
        return bool((await reviewed.api.get(path)).json()["status"] == "succeeded")

    await soon(is_done, seconds=30)
    found: Json = (await reviewed.api.get(path)).json()
    return found


async def _is(reviewed: Reviewed, made: Json, state: str) -> bool:
    return bool((await now_of(reviewed, made))["state"] == state)


async def _has(reviewed: Reviewed, made: Json, code: str) -> bool:
    error: Json | None = (await now_of(reviewed, made))["error"]
    return error is not None and bool(error["code"] == code)


async def _reminded(reviewed: Reviewed, made: Json, times: int) -> bool:
    return bool((await now_of(reviewed, made))["reminders_sent"] == times)
