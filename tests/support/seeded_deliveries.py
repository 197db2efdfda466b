"""What came in of senders, and what went out to receivers, for an organisation that has some of everything."""

from sqlalchemy import text

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.inbound import MAPPING
from tests.support.inbound_senders import STANDARD, TYPEFORM, deliver, new_source
from tests.support.surveys import PublishedSurvey

# What the worker does with what is not wanted.
SETTLE = text(
    "INSERT INTO delivery_item (organisation_id, delivery_id, number, source_id, item_id, outcome)"
    " VALUES (:organisation, :delivery, 0, :source, 'msg_0', 'ignored')"
)
# What it notes beside a delivery.
PROCESSED = (
    text("INSERT INTO source_object VALUES (:organisation, :source, 'ref', :delivery, 1, 'hash', now())"),
    text("INSERT INTO source_forgotten VALUES (:organisation, :source, 'ref', now())"),
    text("INSERT INTO delivery_fetch VALUES (:organisation, :delivery, 0, NULL, 'sealed', 'hash', now())"),
)
# What the courier notes of a receiver that is not there.
TOLD = (
    text("UPDATE webhook_delivery SET state = 'failed', attempts = 1, settled_at = now() WHERE event_id = :event"),
    text(
        "INSERT INTO webhook_attempt SELECT organisation_id, webhook_id, event_id, 1, now(), 'refused', 400, 'no', 'x',"
        " 9 FROM webhook_delivery WHERE event_id = :event"
    ),
)


async def deliveries(api: Api, database: Database, survey: PublishedSurvey) -> dict[str, str]:
    """A source with two secrets, a mapping, a delivery that is settled and one that waits, and something refused."""
    source = await new_source(api, survey.id, STANDARD)
    await api.put(f"/v1/sources/{source.id}/mapping", MAPPING, status=201)
    connector = {"url": "https://api.example.com/responses/{id}", "token": "a-token-of-the-sender"}
    await api.put(f"/v1/sources/{source.id}/connector", connector, status=201)
    replay = (await api.post(f"/v1/sources/{source.id}/replays", {}, status=202)).json()["id"]
    spare = (await api.post(f"/v1/sources/{source.id}/secrets", {}, status=201)).json()["id"]
    await new_source(api, survey.id, TYPEFORM)
    for number in range(2):
        assert (await deliver(api.client, source, STANDARD, STANDARD.body(number))).status_code == 200
    forged = STANDARD.headers(STANDARD.body(1), secret=STANDARD.other_secret)
    assert (await deliver(api.client, source, STANDARD, STANDARD.body(1), forged)).status_code == 401
    latest, first = (await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"]
    async with database.tenant(api.organisation.organisation_id) as session:
        ids = {"organisation": api.organisation.organisation_id, "source": source.id, "delivery": first["id"]}
        await session.execute(SETTLE, ids)
        for statement in PROCESSED:
            await session.execute(statement, ids)
    return {"source_id": source.id, "secret_id": spare, "delivery_id": latest["id"], "replay_id": replay}


async def webhooks(api: Api, database: Database) -> dict[str, str]:
    """Two webhooks, one with two secrets, a test that failed and one that waits."""
    url = "https://receiver.invalid/feedback"
    await api.post("/v1/webhooks", {"url": url}, status=201)
    made = (await api.post("/v1/webhooks", {"url": url, "events": ["case.*"]}, status=201)).json()
    path = f"/v1/webhooks/{made['id']}"
    secrets = [(await api.post(f"{path}/secrets", {}, status=201)).json() for _ in range(2)]
    told = (await api.post(f"{path}/test", status=202)).json()
    await api.post(f"{path}/test", status=202)
    async with database.tenant(api.organisation.organisation_id) as session:
        for statement in TOLD:
            await session.execute(statement, {"event": told["event_id"]})
    return {"webhook_id": made["id"], "webhook_secret_id": secrets[0]["id"], "event_id": told["event_id"]}
