"""What whoever has a personal link can do, and what becomes of the invitation."""

import asyncio
import base64
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from feedback_core.collectors.links import SurveyLinks
from feedback_core.db.session import Database
from feedback_core.kit.ids import new_id
from feedback_core.kit.settings import SecretSettings
from tests.support.api import Api
from tests.support.invitations import ADA, conduct, invitations_of, invited, later, token_in
from tests.support.mailbox import Mailbox
from tests.support.surveys import Json, PublishedSurvey, publish

pytestmark = pytest.mark.xdist_group("invitations")


async def asked(api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey, **fields: Any) -> Json:
    """Ada, who was invited: the batch, and her link."""
    batch = await conduct(api, database, await invited(api, survey.id, recipients=[ADA], **fields))
    return {**batch, "path": f"/v1/invited/{token_in(mailbox.mails[-1])}"}


async def ada_of(api: Api, batch: Json) -> Json:
    """Her invitation."""
    (found,) = await invitations_of(api, batch)
    return found


async def test_a_link_says_what_it_leads_to_and_is_opened_by_it(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await asked(api, database, mailbox, survey)
    seen = (await api.client.get(batch["path"])).json()
    assert (seen["organisation"], seen["survey_title"], seen["may_answer"]) == ("Test", "Your visit", True)
    found = await ada_of(api, batch)
    assert (found["state"], found["disposition"]) == ("opened", "R")
    assert found["opened_at"] is not None


async def test_a_response_is_begun_gone_on_with_elsewhere_and_submitted_once(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await asked(api, database, mailbox, survey)
    begun = await api.client.post(f"{batch['path']}/open-response", json={"answers": {"nps": 9}})
    assert begun.status_code == 201
    again = await api.client.post(f"{batch['path']}/open-response", json={})
    assert (again.status_code, again.json()["id"]) == (200, begun.json()["id"])
    headers = {"Authorization": f"Bearer {again.json()['respondent_token']}"}
    path = f"/v1/surveys/{survey.id}/open-responses/{begun.json()['id']}"
    assert (await ada_of(api, batch))["state"] == "started"
    submitted = await api.client.post(f"{path}/submit", json={"answers": {"why": "Fine"}}, headers=headers)
    assert submitted.status_code == 201, submitted.text
    # Its own routes know nothing of invitations: what became of it is seen when it is next looked at.
    late = await api.client.post(f"{batch['path']}/open-response", json={})
    assert (late.status_code, late.json()["code"]) == (409, "invitation_ended")
    await conduct(api, database, batch)
    found = await ada_of(api, batch)
    assert (found["state"], found["disposition"], found["response_id"]) == ("completed", "I", submitted.json()["id"])
    stored = (await api.get(f"/v1/surveys/{survey.id}/responses/{found['response_id']}")).json()
    assert (stored["answers"], stored["method"]) == ({"nps": 9, "why": "Fine"}, "email")
    who = (await api.get(f"/v1/surveys/{survey.id}/responses/{found['response_id']}/identity")).json()
    assert who["id"] == "C-1"


async def test_one_that_is_not_resumable_is_answered_where_it_was_begun(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await asked(api, database, mailbox, survey, resumable=False)
    assert (await api.client.post(f"{batch['path']}/open-response", json={})).status_code == 201
    refused = await api.client.post(f"{batch['path']}/open-response", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "invitation_ended")


async def test_many_at_once_make_one_response(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await asked(api, database, mailbox, survey)
    answers = [api.client.post(f"{batch['path']}/submission", json={"answers": {"nps": number}}) for number in range(8)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*answers))
    assert statuses == [201, *[409] * 7]
    assert len((await api.get(f"/v1/surveys/{survey.id}/responses")).json()["items"]) == 1


async def test_wrong_answers_are_named_and_leave_the_link_as_it_was(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await asked(api, database, mailbox, survey)
    refused = await api.client.post(f"{batch['path']}/submission", json={"answers": {"nps": 11}})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/answers/nps")
    assert (await ada_of(api, batch))["state"] == "sent"
    assert (await api.client.post(f"{batch['path']}/submission", json={"answers": {"nps": 1}})).status_code == 201


async def test_a_partial_answer_is_one(api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey) -> None:
    batch = await asked(api, database, mailbox, survey)
    body = {"answers": {"nps": 1}, "status": "partial"}
    assert (await api.client.post(f"{batch['path']}/submission", json=body)).status_code == 201
    found = await ada_of(api, batch)
    assert (found["state"], found["disposition"]) == ("partial", "P")


async def test_a_refusal_is_of_this_one_only(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await asked(api, database, mailbox, survey, reminders=[{"after_days": 1}])
    for _ in range(2):
        assert (await api.client.post(f"{batch['path']}/refusal")).status_code == 204
    found = await ada_of(api, batch)
    assert (found["state"], found["next_at"], found["disposition"]) == ("refused", None, "R")
    another = await asked(api, database, mailbox, survey)
    assert another["invitations"] == {"sent": 1}


async def test_forged_links_lead_nowhere(
    api: Api, other_api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await asked(api, database, mailbox, survey)
    token = batch["path"].rpartition("/")[2]
    raw = bytearray(base64.urlsafe_b64decode(token.removeprefix("fbi_") + "=="))
    raw[20] ^= 1
    links = SurveyLinks.from_settings(SecretSettings())
    forged = [
        "fbi_" + base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("="),
        token[:-2],
        "fbi_x",
        # Signed, of nobody; of somebody else's organisation; and of a collector.
        links.of_invitation(api.organisation.organisation_id, new_id()),
        links.of_invitation(other_api.organisation.organisation_id, UUID((await ada_of(api, batch))["id"])),
        links.of_collector(api.organisation.organisation_id, UUID((await ada_of(api, batch))["id"])),
    ]
    for each in forged:
        for method, rest in (("GET", ""), ("POST", "/refusal"), ("GET", "/opt-out"), ("POST", "/opt-out")):
            answer = await api.client.request(method, f"/v1/invited/{each}{rest}")
            assert answer.status_code == 404, (each, method, rest)
    assert (await ada_of(api, batch))["state"] == "sent"


async def test_looking_at_the_page_of_opting_out_changes_nothing_and_its_button_does(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await asked(api, database, mailbox, survey)
    html = {"Accept": "text/html"}
    page = await api.client.get(f"{batch['path']}/opt-out", headers=html)
    assert f'<form method="post" action="{batch["path"]}/opt-out">' in page.text
    assert "script" not in page.text
    assert (await ada_of(api, batch))["state"] == "sent"
    done = await api.client.post(f"{batch['path']}/opt-out", headers=html)
    assert "We will not ask you again." in done.text
    assert (await api.client.get(f"{batch['path']}/opt-out")).json()["opted_out"] is True
    # It holds in every frame, by whatever they are known there.
    made = await api.post(
        "/v1/frames", {"name": "F", "attributes": [], "measures": [], "deduplicate_by": []}, status=201
    )
    units = [{"ref": "Other", "email": "ADA.kim+news@example.org"}, {"ref": "C-1"}, {"ref": "C-9"}]
    await api.post(f"/v1/frames/{made.json()['id']}/units", {"units": units}, status=200)
    items = (await api.get(f"/v1/frames/{made.json()['id']}/units")).json()["items"]
    assert [unit["ref"] for unit in items if unit["opted_out_at"]] == ["Other", "C-1"]


async def test_opting_out_after_answering_keeps_the_answer_and_bars_the_next(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await asked(api, database, mailbox, survey)
    await api.client.post(f"{batch['path']}/submission", json={"answers": {"nps": 1}})
    await api.client.post(f"{batch['path']}/opt-out")
    assert (await ada_of(api, batch))["state"] == "completed"
    again = await conduct(api, database, await invited(api, survey.id, recipients=[ADA]))
    assert again["invitations"] == {"opted_out": 1}


async def test_an_opt_out_between_two_messages_stops_the_next(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    batch = await asked(api, database, mailbox, survey, reminders=[{"after_days": 1}])
    await api.post("/v1/opt-outs", {"items": [{"email": ADA["email"]}]}, status=200)
    await later(api, database, batch, timedelta(days=2))
    batch = await conduct(api, database, batch)
    assert (batch["invitations"], len(mailbox.mails)) == ({"opted_out": 1}, 1)


async def test_what_was_begun_and_left_becomes_what_its_open_response_became(
    api: Api, database: Database, mailbox: Mailbox
) -> None:
    survey = await publish(api, confidentiality="pseudonymous")
    batch = await asked(api, database, mailbox, survey)
    begun = (await api.client.post(f"{batch['path']}/open-response", json={"answers": {"nps": 9}})).json()
    headers = {"Authorization": f"Bearer {begun['respondent_token']}"}
    path = f"/v1/surveys/{survey.id}/open-responses/{begun['id']}"
    await api.client.post(f"{path}/withdraw", headers=headers)
    batch = await conduct(api, database, batch)
    assert batch["invitations"] == {"started": 1}
    anew = await api.client.post(f"{batch_path(mailbox)}/submission", json={"answers": {"nps": 2}})
    assert anew.status_code == 201


def batch_path(mailbox: Mailbox) -> str:
    """Of the link that was sent last."""
    return f"/v1/invited/{token_in(mailbox.mails[-1])}"


async def test_staff_note_what_was_said_and_the_machine_refuses_what_cannot_be(
    api: Api, database: Database, mailbox: Mailbox, survey: PublishedSurvey
) -> None:
    how: dict[str, Any] = {
        "method": "telephone",
        "messages": {},
        "language": None,
        "recipients": [{**ADA, "interviewer": "Cy"}],
    }
    batch = await conduct(api, database, await invited(api, survey.id, **how))
    ada = await ada_of(api, batch)
    assert (ada["state"], ada["interviewer"], mailbox.mails) == ("created", "Cy", [])
    path = f"/v1/invitations/{ada['id']}"
    link = (await api.get(f"{path}/link")).json()
    assert link["url"] == f"https://shop.example.org/answer?token={link['token']}"
    for happening, status in (("sent", 200), ("delivered", 200), ("ineligible", 200), ("refused", 409)):
        await api.post(f"{path}/steps", {"happening": happening}, status=status)
    found = (await api.get(path)).json()
    assert (found["state"], found["disposition"]) == ("ineligible", "NE")
    assert (await api.post(f"{path}/cancel")).json()["code"] == "invitation_ended"
