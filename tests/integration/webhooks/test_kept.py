"""What is kept of deliveries: for a time, and nothing of whoever asked to be forgotten."""

from datetime import timedelta

from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.events.queries import forget_events
from tests.support.api import Api
from tests.support.receivers import TestReceiver, status
from tests.support.subjects import ask
from tests.support.webhooks import CourierBench, bench_now, new_webhook


async def test_what_a_receiver_repeated_of_somebody_is_taken_away_with_them(
    api: Api, receiver: TestReceiver, bench: CourierBench, database: Database
) -> None:
    webhook = await new_webhook(api, receiver, ["action.*"])
    receiver.answering = status(200, b"noted for Ada.Byron@example.org")
    await bench.record(api, "a")
    receiver.answering = status(200, b"noted for ada.byron@example.org")
    await bench.drain()
    (event_id,) = receiver.ids()
    assert (await webhook.delivery(event_id))["log"][0]["snippet"] == "noted for ada.byron@example.org"

    await ask(api, database, "erase", email="ada.byron@example.org")

    assert (await webhook.delivery(event_id))["log"][0]["snippet"] is None


async def test_events_are_forgotten_with_their_log_but_for_the_latest_of_a_subject(
    api: Api, receiver: TestReceiver, database: Database
) -> None:
    bench = bench_now(database, ago=timedelta(days=40))
    webhook = await new_webhook(api, receiver)
    await bench.record(api, "a", "a", "b")
    await bench.drain()
    organisation_id = api.organisation.organisation_id

    async with database.tenant(organisation_id) as session:
        before = bench.clock.now() + timedelta(days=1)
        assert await forget_events(session, organisation_id, before=before, most=10) == 1

    left = (await api.get("/v1/events")).json()["items"]
    assert [(event["subject"]["id"], event["subject"]["sequence"]) for event in left] == [("b", 1), ("a", 2)]
    assert len(await webhook.deliveries()) == 2
    async with database.tenant(organisation_id) as session:
        counted = await session.execute(text("SELECT count(*) FROM webhook_attempt"))
        assert counted.scalar_one() == 2
    await bench.record(api, "a")
    assert (await api.get("/v1/events")).json()["items"][-1]["subject"]["sequence"] == 3
