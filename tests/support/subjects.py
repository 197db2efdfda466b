"""Requests of data subjects, erasures and retention, as tests make them and have them done."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.inbound.processing.queries import add_fetched
from feedback_core.jobs.execution import Executor
from feedback_core.jobs.types import Outcome
from feedback_core.jobs.use_cases import get_job
from feedback_core.kit.clock import FixedClock, SystemClock
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import SecretSettings
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors
from tests.support.api import Api
from tests.support.inbound_senders import TestSource
from tests.support.surveys import Json, PublishedSurvey

# What the relay does, for one organisation.
_RING = text("UPDATE job SET rung_at = now() WHERE status = 'queued' AND kind LIKE :kind RETURNING id, kind")


async def work(
    api: Api,
    database: Database,
    kind: str = "subjects.%",
    *,
    now: datetime | None = None,
    secrets: SecretSettings | None = None,
) -> int:
    """Do the organisation's waiting jobs of a kind, as a worker would; how many there were."""
    load_actors()
    clock = SystemClock() if now is None else FixedClock(now)
    executor = Executor(database, clock, secrets or SecretSettings(), timedelta(minutes=1))
    organisation_id = api.organisation.organisation_id
    async with database.tenant(organisation_id) as session:
        due = (await session.execute(_RING, {"kind": kind})).all()
    for job_id, name in due:
        outcome = await executor.run(HANDLERS[name], organisation_id, job_id)
        async with database.tenant(organisation_id) as session:
            assert outcome is Outcome.SUCCEEDED, await get_job(session, organisation_id, job_id)
    return len(due)


async def ask(api: Api, database: Database, kind: str, *, reason: str = "Asked for by letter", **subject: Any) -> Json:
    """Make a request of a data subject and have it answered; what is shown of it then."""
    mentions = subject.pop("mentions", None)
    body = {"kind": kind, "subject": subject, "reason": reason, **({"mentions": mentions} if mentions else {})}
    made = await api.post("/v1/subject-requests", body, status=202)
    await work(api, database)
    shown = (await api.get(made.headers["Location"])).json()
    assert shown["status"] == "succeeded", shown
    return cast("Json", shown)


async def take_out(api: Api, database: Database, survey: PublishedSurvey, path: str, **body: Any) -> Json:
    """Have something taken out of a survey as a whole; what is shown of it then."""
    made = await api.post(f"/v1/surveys/{survey.id}/{path}", {"reason": "As promised", **body}, status=202)
    await work(api, database)
    shown = (await api.get(made.headers["Location"])).json()
    assert shown["status"] == "succeeded", shown
    return cast("Json", shown)


def touched(shown: Json) -> dict[str, int]:
    """Rows by store, where there were any."""
    return {each["store"]: each["rows"] for each in shown["report"]["touched"] if each["rows"]}


async def fetched_for(api: Api, database: Database, source: TestSource, *bodies: str) -> None:
    """Keep bodies as fetched for the latest delivery of a source, as the worker does."""
    organisation_id, seal = api.organisation.organisation_id, Seal.from_settings(SecretSettings())
    latest = (await api.get(f"/v1/sources/{source.id}/deliveries")).json()["items"][0]["id"]
    async with database.tenant(organisation_id) as session:
        for number, body in enumerate(bodies):
            await add_fetched(
                session,
                organisation_id,
                UUID(latest),
                number,
                content_type="application/json",
                sealed=seal.seal(body.encode()),
                sha256=b"",
                at=datetime.now(UTC),
            )
