"""Item 47: what was delivered can be looked at, is kept for a limited time, and can be taken away at once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.inbound.jobs import redaction
from feedback_core.inbound.payloads import RedactDeliveries
from feedback_core.inbound.ticks import request_due_redaction
from feedback_core.jobs.execution import Executor
from feedback_core.jobs.relay import due_jobs
from feedback_core.jobs.types import Outcome
from feedback_core.kit.clock import FixedClock
from feedback_core.kit.settings import SecretSettings
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors
from tests.support.api import Api
from tests.support.inbound_senders import TYPEFORM, ZENDESK, TestSource, deliver, new_source
from tests.support.refusals import refused
from tests.support.surveys import publish

COUNT = text("SELECT count(*) FROM delivery WHERE body IS NOT NULL")


async def one_delivery(api: Api) -> tuple[TestSource, str]:
    source = await new_source(api, (await publish(api)).id, ZENDESK)
    assert (await deliver(api.client, source, ZENDESK, ZENDESK.body(1))).status_code == 200
    (found,) = (await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"]
    return source, f"/v1/sources/{source.id}/deliveries/{found['id']}"


async def test_47_what_was_delivered_is_shown_as_it_came_and_stored_sealed(api: Api, database: Database) -> None:
    _, path = await one_delivery(api)

    shown = (await api.get(f"{path}/body")).json()

    assert shown["text"].encode() == ZENDESK.body(1)
    assert "GOOD" not in (await api.get(path)).text
    async with database.tenant(api.organisation.organisation_id) as session:
        stored = bytes((await session.execute(text("SELECT body FROM delivery"))).scalar_one())
    assert b"GOOD" not in stored


async def test_47_a_body_that_was_redacted_is_gone_and_its_repetition_is_still_known(
    api: Api, database: Database
) -> None:
    source, path = await one_delivery(api)

    first = (await api.post(f"{path}/redact", status=200)).json()
    again = (await api.post(f"{path}/redact", status=200)).json()

    assert first["redacted_at"]
    assert again == first
    assert (first["state"], first["reason"]["code"]) == ("failed", "body_redacted")
    refused(await api.get(f"{path}/body", status=None), 409, "body_redacted")
    async with database.tenant(api.organisation.organisation_id) as session:
        assert (await session.execute(COUNT)).scalar_one() == 0
    assert (await deliver(api.client, source, ZENDESK, ZENDESK.body(1))).status_code == 200
    assert (await api.get(path)).json()["repeats"] == 1
    refused(await api.get(f"{path}/body", status=None), 409, "body_redacted")


async def test_47_each_source_keeps_bodies_for_as_long_as_it_says(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = await publish(api)
    short = await new_source(api, survey.id, ZENDESK, retention_days=2)
    long = await new_source(api, survey.id, TYPEFORM, retention_days=90)
    for number in range(5):
        await deliver(api.client, short, ZENDESK, ZENDESK.body(number))
    await deliver(api.client, long, TYPEFORM, TYPEFORM.body(1))
    monkeypatch.setattr(redaction, "BATCH", 2)  # more than one transaction
    now = datetime.now(UTC)

    assert await run_due(database, api.organisation.organisation_id, now + timedelta(days=1)) is None
    assert await run_due(database, api.organisation.organisation_id, now + timedelta(days=3)) is Outcome.SUCCEEDED

    gone = (await api.get(f"/v1/sources/{short.id}/deliveries")).json()["items"]
    assert len(gone) == 5
    assert all(found["redacted_at"] and found["dedupe_id"] for found in gone)
    (kept,) = (await api.get(f"/v1/sources/{long.id}/deliveries")).json()["items"]
    assert kept["redacted_at"] is None
    assert await run_due(database, api.organisation.organisation_id, now + timedelta(days=3)) is None


async def run_due(database: Database, organisation_id: UUID, now: datetime) -> Outcome | None:
    """What the schedule asks for at that time, done by a worker; None if it asks for nothing here."""
    load_actors()
    async with database.system() as system:
        await request_due_redaction(system, now=now)
        due = await due_jobs(
            system, now=now, ring_again_after=timedelta(1), limit=10_000, max_retries={RedactDeliveries.kind: 0}
        )
    ours = [job for job in due if job.organisation_id == organisation_id and job.kind == RedactDeliveries.kind]
    if not ours:
        return None
    executor = Executor(database, FixedClock(now), SecretSettings(), timedelta(seconds=30))
    return await executor.run(HANDLERS[RedactDeliveries.kind], organisation_id, ours[0].id)
