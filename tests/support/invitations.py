"""Invitations, as tests make them, have them conducted, and look at them."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, cast
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.invitations.types.batches import ConductBatch
from feedback_core.jobs.execution import Executor
from feedback_core.jobs.types import Outcome
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors
from tests.support.api import Api

Json = dict[str, Any]

LINK = re.compile(r"https://shop\.example\.org/answer\?token=(fbi_[\w-]+)")
OPT_OUT = re.compile(r"https://feedback\.example\.org(/v1/invited/fbi_[\w-]+/opt-out)")
MESSAGES: Json = {
    "en": {
        "subject": "{organisation} asks",
        "text": "Dear {name},\n\nhow was it? {link}\n\nDo not ask me again: {opt_out}",
    },
    "ar": {"subject": "سؤال", "text": "{name}، كيف كان؟ {link}\n\nلا تسألوني: {opt_out}"},  # noqa: RUF001
}
SMS: Json = {"en": {"text": "How was it? {link}"}}
ADA: Json = {"email": "ada.kim@example.org", "name": "Ada Kim", "ref": "C-1"}
BO: Json = {"email": "bo.lind@example.org", "name": "بو", "ref": "C-2", "language": "ar"}

_RING = text("UPDATE job SET rung_at = now(), run_at = least(run_at, now()) WHERE id = :id")
_LATER = text("""
    UPDATE invitation SET next_at = next_at - :by, sent_at = sent_at - :by, expires_at = expires_at - :by
     WHERE organisation_id = :organisation_id AND batch_id = :batch_id
""")


async def invited(api: Api, survey_id: str, *, status: int = 202, **fields: Any) -> Json:
    """A batch of mails to Ada and Bo, or to others by other ways where given."""
    body = {
        "survey_id": survey_id,
        "name": "Spring",
        "method": "email",
        "messages": MESSAGES,
        "language": "en",
        "link_url": "https://shop.example.org/answer?token={token}",
        **({} if "sample_id" in fields else {"recipients": [ADA, BO]}),
        **fields,
    }
    return cast("Json", (await api.post("/v1/invitations", body, status=status)).json())


async def conduct(api: Api, database: Database, batch: Json) -> Json:
    """Do what is due of a batch, as a worker would; the batch afterwards."""
    load_actors()
    executor = Executor(database, SystemClock(), SecretSettings(), timedelta(minutes=1))
    organisation_id, now = api.organisation.organisation_id, SystemClock().now()
    payload = ConductBatch(UUID(batch["id"]))
    async with database.tenant(organisation_id) as session:
        job_id = await request_job(session, organisation_id, payload, now=now, dedupe_key=batch["id"])
        await session.execute(_RING, {"id": job_id})
    outcome = await executor.run(HANDLERS[ConductBatch.kind], organisation_id, job_id)
    found = cast("Json", (await api.get(f"/v1/invitation-batches/{batch['id']}")).json())
    assert outcome is Outcome.SUCCEEDED, (outcome, found)
    return found


async def later(api: Api, database: Database, batch: Json, by: timedelta) -> None:
    """So much time passes for a batch."""
    values = {"organisation_id": api.organisation.organisation_id, "batch_id": UUID(batch["id"]), "by": by}
    async with database.tenant(api.organisation.organisation_id) as session:
        await session.execute(_LATER, values)


async def invitations_of(api: Api, batch: Json, **wanted: Any) -> list[Json]:
    """The invitations of a batch."""
    page = (
        await api.get("/v1/invitations", params={"invitation_batch_id": batch["id"], "limit": 1000, **wanted})
    ).json()
    return cast("list[Json]", page["items"])


def text_of(mail: EmailMessage) -> str:
    """What a mail says, as text."""
    part = mail.get_body(("plain",))
    assert part is not None
    return cast("str", part.get_content())


def token_in(mail: EmailMessage) -> str:
    """The token of the personal link in a mail."""
    found = LINK.search(text_of(mail))
    assert found is not None, text_of(mail)
    return found[1]
