"""Sources: their settings, their secrets, and how soon what changes about them holds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import SecretSettings
from tests.support.api import Api
from tests.support.inbound_senders import (
    SALESFORCE,
    SENDERS,
    SHARED_SECRET,
    STANDARD,
    TYPEFORM,
    ZENDESK,
    Sender,
    TestSource,
    deliver,
    new_source,
)
from tests.support.refusals import refused
from tests.support.surveys import PublishedSurvey, publish
from tests.support.waiting import soon

MADE_HERE = ["standard", "typeform", "github", "salesforce_outbound_message", "freshdesk", "shared_secret"]


def body_of(survey: PublishedSurvey, **fields: Any) -> dict[str, Any]:
    return {"name": "CRM", "preset": "zendesk", "survey_id": survey.id, **fields}


async def is_believed(api: Api, source: TestSource, sender: Sender, number: int, *, secret: str) -> bool:
    body = sender.body(number)
    headers = sender.headers(body, secret=secret)
    answer = await api.client.post(sender.path(source, body, secret=secret), content=body, headers=headers)
    assert answer.status_code in {200, 202, 401}, answer.text
    return answer.is_success


async def test_a_source_is_created_read_and_changed_as_it_was_read(api: Api, survey: PublishedSurvey) -> None:
    made = await api.post("/v1/sources", body_of(survey, retention_days=30), status=201)
    path = made.headers["Location"]

    read = await api.get(path)

    assert path == f"/v1/sources/{made.json()['id']}"
    assert read.json() == {**made.json(), "secrets": [], "refusals": []}
    assert read.json()["inbound_url"].startswith("/v1/inbound/")
    assert (read.json()["state"], read.json()["retention_days"], read.json()["mapping_version"]) == ("active", 30, None)
    change = {"name": "Zendesk, Europe", "state": "paused", "retention_days": 7}
    await api.put(path, change, status=428)
    changed = await api.put(path, change, status=200, headers={"If-Match": read.headers["ETag"]})
    assert {name: changed.json()[name] for name in change} == change
    refused(await api.put(path, change, headers={"If-Match": read.headers["ETag"]}), 412, "precondition_failed")
    assert (await api.get(path)).headers["ETag"] == changed.headers["ETag"]


async def test_sources_are_listed_newest_first_page_by_page(api: Api, survey: PublishedSurvey) -> None:
    other = await publish(api)
    made = [(await api.post("/v1/sources", body_of(survey, name=f"CRM {n}"), status=201)).json() for n in range(3)]
    await api.post("/v1/sources", body_of(other), status=201)

    first = (await api.get(f"/v1/sources?survey={survey.id}&limit=2")).json()
    rest = (await api.get(f"/v1/sources?survey={survey.id}&limit=2&cursor={first['next_cursor']}")).json()

    assert [source["id"] for source in first["items"] + rest["items"]] == [source["id"] for source in reversed(made)]
    assert rest["next_cursor"] is None
    refused(await api.get(f"/v1/sources?cursor={first['next_cursor']}", status=None), 422, "invalid_cursor")
    assert (await api.get(f"/v1/sources?survey={new_id()}", status=404)).json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"preset": "hubspot_v3"}, "required", "/signed_url"),
        ({"preset": "twilio"}, "required", "/signed_url"),
        ({"preset": "twilio", "signed_url": "feedback.example.org/hooks"}, "malformed_url", "/signed_url"),
        ({"preset": "twilio", "signed_url": "https://x.example.org:99999/"}, "malformed_url", "/signed_url"),
        ({"preset": "twilio", "signed_url": "https://x.example.org/#part"}, "malformed_url", "/signed_url"),
        ({"signed_url": "https://feedback.example.org"}, "not_applicable", "/signed_url"),
        ({"options": {"header": "X-Secret"}}, "not_applicable", "/options/header"),
        ({"options": {"scheme": "basic"}}, "not_applicable", "/options/scheme"),
        ({"preset": "freshdesk", "options": {"header": "User-Agent"}}, "unfit_header", "/options/header"),
        ({"preset": "freshdesk", "options": {"header": "Content-Type"}}, "unfit_header", "/options/header"),
        ({"preset": "freshdesk", "options": {"header": "X Secret"}}, "unfit_header", "/options/header"),
        (
            {"preset": "freshdesk", "options": {"scheme": "basic", "header": "X-Secret"}},
            "not_applicable",
            "/options/header",
        ),
        ({"preset": "salesforce_outbound_message"}, "required", "/options/organisation_ids"),
        (
            {"preset": "salesforce_outbound_message", "options": {"organisation_ids": ["00D1"]}},
            "malformed_organisation_id",
            "/options/organisation_ids/0",
        ),
        ({"options": {"organisation_ids": ["00D000000000001"]}}, "not_applicable", "/options/organisation_ids"),
    ],
)
async def test_settings_that_do_not_fit_the_preset_are_named(
    fields: dict[str, Any], code: str, pointer: str, api: Api, survey: PublishedSurvey
) -> None:
    answer = await api.post("/v1/sources", body_of(survey, **fields))
    if "options" in fields and "header" in fields["options"] and " " in fields["options"]["header"]:
        code = "string_pattern_mismatch"
    refused(answer, 422, "invalid", pointer)
    assert answer.json()["errors"][0]["code"] == code


async def test_a_retired_source_takes_nothing_and_keeps_what_it_took(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, STANDARD)
    assert await is_believed(api, source, STANDARD, 1, secret=STANDARD.secret)
    path = f"/v1/sources/{source.id}"

    for _ in range(2):
        assert (await api.post(f"{path}/retire", status=200)).json()["state"] == "retired"

    found = await api.get(path)
    assert (found.json()["state"], found.json()["secrets"]) == ("retired", [])
    assert (await api.get("/v1/sources")).json()["items"] == []
    assert [one["id"] for one in (await api.get("/v1/sources?state=retired")).json()["items"]] == [source.id]
    assert len((await api.get(f"{path}/deliveries")).json()["items"]) == 1
    changed = await api.put(path, {"name": "Again"}, headers={"If-Match": found.headers["ETag"]})
    refused(changed, 409, "source_retired")
    refused(await api.post(f"{path}/secrets", {}), 409, "source_retired")

    async def gone() -> bool:
        return not await is_believed(api, source, STANDARD, 2, secret=STANDARD.secret)

    await soon(gone, seconds=5)


@pytest.mark.parametrize("sender", [s for s in SENDERS if s.name in MADE_HERE], ids=str)
async def test_a_secret_is_made_shown_once_and_believed(
    sender: Sender, api: Api, survey: PublishedSurvey, database: Database
) -> None:
    settings = {"name": "CRM", "preset": sender.preset, "survey_id": survey.id, **sender.settings}
    made = (await api.post("/v1/sources", settings, status=201)).json()
    path = f"/v1/sources/{made['id']}"

    added = await api.post(f"{path}/secrets", {}, status=201)

    secret = added.json()["secret"]
    assert added.headers["Cache-Control"] == "private, no-store"
    assert await is_believed(api, TestSource(made["id"], made["inbound_url"], ""), sender, 1, secret=secret)
    assert secret not in (await api.get(path)).text
    if sender is SALESFORCE:
        assert added.json()["inbound_url"] == f"{made['inbound_url']}/{secret}"
    async with database.tenant(api.organisation.organisation_id) as session:
        sealed = bytes((await session.execute(text("SELECT sealed FROM source_secret"))).scalar_one())
    assert secret.encode() not in sealed
    assert Seal.from_settings(SecretSettings()).open(sealed).decode() == secret


async def test_a_secret_that_is_given_is_not_shown(api: Api, survey: PublishedSurvey) -> None:
    made = (await api.post("/v1/sources", body_of(survey), status=201)).json()

    added = await api.post(f"/v1/sources/{made['id']}/secrets", {"secret": ZENDESK.secret}, status=201)

    assert added.json()["secret"] is None
    assert added.json()["hint"] == ZENDESK.secret[-4:]
    assert ZENDESK.secret not in added.text


async def test_secrets_are_rotated_without_a_gap(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, TYPEFORM)
    path = f"/v1/sources/{source.id}/secrets"
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()

    await api.post(path, {"secret": TYPEFORM.other_secret, "previous_expire_at": later}, status=201)

    assert await is_believed(api, source, TYPEFORM, 1, secret=TYPEFORM.other_secret)
    assert await is_believed(api, source, TYPEFORM, 2, secret=TYPEFORM.secret)
    newest, oldest = (await api.get(f"/v1/sources/{source.id}")).json()["secrets"]
    assert newest["expires_at"] is None
    assert datetime.fromisoformat(oldest["expires_at"]) == datetime.fromisoformat(later)
    now = datetime.now(UTC).isoformat()
    await api.post(path, {"secret": "typeform-secret-number-three", "previous_expire_at": now}, status=201)

    async def expired() -> bool:
        return not await is_believed(api, source, TYPEFORM, 3, secret=TYPEFORM.other_secret)

    await soon(expired, seconds=5)
    assert await is_believed(api, source, TYPEFORM, 4, secret="typeform-secret-number-three")


async def test_a_deleted_secret_is_refused_within_seconds(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, TYPEFORM)
    assert await is_believed(api, source, TYPEFORM, 1, secret=TYPEFORM.secret)

    await api.call("DELETE", f"/v1/sources/{source.id}/secrets/{source.secret_id}", status=204)

    async def refused_now() -> bool:
        return not await is_believed(api, source, TYPEFORM, 1, secret=TYPEFORM.secret)

    await soon(refused_now, seconds=5)
    await api.call("DELETE", f"/v1/sources/{source.id}/secrets/{source.secret_id}", status=404)


async def test_there_are_no_more_secrets_than_five_at_a_time(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, TYPEFORM)
    path = f"/v1/sources/{source.id}/secrets"
    for _ in range(4):
        await api.post(path, {}, status=201)

    refused(await api.post(path, {}), 409, "too_many_secrets")

    await api.call("DELETE", f"{path}/{source.secret_id}", status=204)
    await api.post(path, {}, status=201)


@pytest.mark.parametrize("preset", [sender.preset for sender in SENDERS if sender.preset not in MADE_HERE])
async def test_what_the_sender_makes_must_be_given(preset: str, api: Api, survey: PublishedSurvey) -> None:
    sender = next(sender for sender in SENDERS if sender.preset == preset)
    source = await new_source(api, survey.id, sender)

    answer = await api.post(f"/v1/sources/{source.id}/secrets", {})

    refused(answer, 422, "secret_malformed", "/secret")


async def test_a_header_of_ones_own_carries_the_secret_and_is_not_kept(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, SHARED_SECRET, options={"header": "X-Gitlab-Token"})
    body = SHARED_SECRET.body(1)
    headers = {"X-GitLab-Token": SHARED_SECRET.secret, "User-Agent": "GitLab/17"}

    assert (await deliver(api.client, source, SHARED_SECRET, body, headers)).status_code == 200

    (stored,) = (await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"]
    assert stored["headers"] == {"user-agent": "GitLab/17"}
