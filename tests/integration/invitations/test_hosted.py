"""Personal links that lead to the hosted page: who is invited goes on where they stopped, and answers once."""

import re
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.hosted import Visitor, collector, filled
from tests.support.invitations import ADA, conduct, invitations_of, invited, text_of
from tests.support.mailbox import Mailbox
from tests.support.surveys import Json, PublishedSurvey, publish

pytestmark = pytest.mark.xdist_group("invitations")

PAGE = re.compile(r"https://feedback\.example\.org(/s/fbi_[\w-]+)")


async def asked(api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey) -> tuple[Json, str]:
    """Ada, who is invited to the page: the batch, and her link."""
    made = await collector(api, survey)
    batch = await invited(api, survey.id, recipients=[ADA], link_url=None, collector_id=made["id"])
    batch = await conduct(api, database, batch)
    found = PAGE.search(text_of(mailbox.mails[-1]))
    assert found is not None
    return batch, found[1]


async def test_who_is_invited_answers_on_the_hosted_page_once(
    app: FastAPI, api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch, path = await asked(api, database, mailbox, survey)
    visitor = Visitor(app, f"https://feedback.example.org{path}")
    page = await visitor.open()
    assert page.status == 200
    opt_out = next(link for link in page.links if link.endswith("/opt-out"))
    assert urlsplit(opt_out).path.startswith("/v1/invited/fbi_")
    await visitor.client.post(visitor.path, follow_redirects=False, **filled(page, {"nps": "9", "why": "Kind"}))
    (found,) = await invitations_of(api, batch)
    assert (found["state"], found["disposition"]) == ("completed", "I")
    kept = (await api.get(f"/v1/surveys/{survey.id}/responses/{found['response_id']}")).json()
    assert (kept["answers"]["nps"], kept["method"]) == (9, "email")
    elsewhere = Visitor(app, f"https://feedback.example.org{path}")
    again = await elsewhere.open()
    assert "nps" not in again.asks
    by_program = await api.client.post(
        f"/v1/invited/{path.rpartition('/')[2]}/submission", json={"answers": {"nps": 1}}
    )
    assert by_program.json()["code"] == "invitation_ended"


async def test_an_anonymous_answer_on_the_page_leads_to_nobody(
    app: FastAPI, api: Api, database: Database, mailbox: Mailbox
) -> None:
    survey = await publish(api, confidentiality="anonymous")
    batch, path = await asked(api, database, mailbox, survey)
    visitor = Visitor(app, f"https://feedback.example.org{path}")
    page = await visitor.open()
    await visitor.client.post(visitor.path, follow_redirects=False, **filled(page, {"nps": "9"}))
    (found,) = await invitations_of(api, batch)
    assert (found["state"], found["response_id"]) == ("completed", None)
    assert found["completed_at"].endswith("T00:00:00Z")


async def test_what_was_begun_by_a_program_is_gone_on_with_on_the_page(
    app: FastAPI, api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch, path = await asked(api, database, mailbox, survey)
    begun = await api.client.post(f"/v1/invited/{path.rpartition('/')[2]}/open-response", json={"answers": {"nps": 4}})
    assert begun.status_code == 201
    page = await Visitor(app, f"https://feedback.example.org{path}").open()
    assert page.fields["a.nps"] == ["4"]
    assert (await invitations_of(api, batch))[0]["state"] == "started"


async def test_who_opted_out_is_shown_no_questions(
    app: FastAPI, api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    _, path = await asked(api, database, mailbox, survey)
    await api.client.post(f"/v1/invited/{path.rpartition('/')[2]}/opt-out")
    page = await Visitor(app, f"https://feedback.example.org{path}").open()
    assert not page.asks
