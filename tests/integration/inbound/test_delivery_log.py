"""The delivery log: found by state, time and id, page by page."""

from datetime import UTC, datetime, timedelta

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.inbound_senders import ZENDESK, deliver, new_source
from tests.support.organisations import TestOrganisation, new_token
from tests.support.refusals import refused
from tests.support.surveys import PublishedSurvey


async def test_deliveries_are_found_by_state_time_and_id(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, ZENDESK)
    for number in range(3):
        await deliver(api.client, source, ZENDESK, ZENDESK.body(number))
    path = f"/v1/sources/{source.id}/deliveries"
    everything = (await api.get(path)).json()["items"]
    middle = everything[1]

    async def ids(**params: str) -> list[str]:
        return [found["id"] for found in (await api.get(path, params=params)).json()["items"]]

    assert [found["received_at"] for found in everything] == sorted(
        (f["received_at"] for f in everything), reverse=True
    )
    assert await ids(dedupe_id=middle["dedupe_id"]) == [middle["id"]]
    assert await ids(state="waiting") == [found["id"] for found in everything]
    assert await ids(state="processed") == []
    assert await ids(**{"from": middle["received_at"]}) == [everything[0]["id"], middle["id"]]
    assert await ids(to=middle["received_at"]) == [everything[2]["id"]]
    assert await ids(**{"from": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}) == []


async def test_the_log_is_read_page_by_page(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, ZENDESK)
    for number in range(5):
        await deliver(api.client, source, ZENDESK, ZENDESK.body(number))
    path, seen, cursor = f"/v1/sources/{source.id}/deliveries", [], None

    while True:
        page = (await api.get(path, params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
        seen += [found["dedupe_id"] for found in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert [found[-1] for found in seen] == ["4", "3", "2", "1", "0"]


async def test_what_the_sender_says_of_its_time_is_told(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, ZENDESK)
    await deliver(api.client, source, ZENDESK, ZENDESK.body(1))

    (found,) = (await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"]
    detail = (await api.get(f"/v1/sources/{source.id}/deliveries/{found['id']}")).json()

    assert datetime.fromisoformat(found["occurred_at"]) == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert found["dedupe_id"] == "01890a5d-ac96-774b-bcce-000000000001"
    assert detail == {**found, "items": []}


async def test_a_body_is_read_with_both_scopes_only(api: Api, survey: PublishedSurvey, database: Database) -> None:
    source = await new_source(api, survey.id, ZENDESK)
    await deliver(api.client, source, ZENDESK, ZENDESK.body(1))
    (found,) = (await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"]
    path = f"/v1/sources/{source.id}/deliveries/{found['id']}/body"
    organisation_id = api.organisation.organisation_id

    for scopes in ([Scope.SOURCES_READ], [Scope.IDENTITIES_READ], [Scope.SOURCES_READ, Scope.SOURCES_WRITE]):
        holder = Api(api.client, TestOrganisation(organisation_id, await new_token(database, organisation_id, scopes)))
        refused(await holder.get(path, status=None), 403, "missing_scope")

    both = await new_token(database, organisation_id, [Scope.SOURCES_READ, Scope.IDENTITIES_READ])
    answer = await Api(api.client, TestOrganisation(organisation_id, both)).get(path)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.json()["text"].encode() == ZENDESK.body(1)


async def test_a_delivery_belongs_to_its_source(api: Api, survey: PublishedSurvey) -> None:
    source = await new_source(api, survey.id, ZENDESK)
    other = await new_source(api, survey.id, ZENDESK)
    await deliver(api.client, source, ZENDESK, ZENDESK.body(1))
    (found,) = (await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"]

    for rest in ("", "/body"):
        await api.get(f"/v1/sources/{other.id}/deliveries/{found['id']}{rest}", status=404)
    await api.post(f"/v1/sources/{other.id}/deliveries/{found['id']}/redact", status=404)
