"""Collections under way, as tests make them and look at them: invitations with a past, and the worker's look."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.fieldwork.ticks import request_due_looks
from feedback_core.kit.ids import new_id
from tests.support.api import Api
from tests.support.subjects import work
from tests.support.surveys import Json, PublishedSurvey

_DUE = text("UPDATE fieldwork_watch SET next_check_at = now() WHERE organisation_id = :o AND survey_id = :s")

_BATCH = text("""
    INSERT INTO invitation_batch (organisation_id, id, survey_id, sample_id, name, method, wave, settings,
                                  keeps_response, send_at, expires_at, keep_until, requested_by, created_at)
    VALUES (:o, :id, :survey, :sample, 'Test', :method, :wave, '{"currency": "EUR"}', true, now(), :expires, :expires,
            'Test', now())
""")

_INVITATIONS = text("""
    INSERT INTO invitation (organisation_id, id, batch_id, survey_id, sample_id, unit_id, method, wave, stratum,
                            interviewer, state, created_at, sent_at, delivered_at, opened_at, started_at, completed_at,
                            ended_at, expires_at, messages_sent, cost)
    SELECT :o, n.id, :batch, :survey, :sample, n.unit_id, :method, :wave, n.stratum, n.interviewer, n.state, now(),
           n.sent_at, n.delivered_at, n.opened_at, n.started_at, n.completed_at, n.ended_at, :expires, 1, n.cost
      FROM json_to_recordset(CAST(:rows AS json)) AS n (
           id uuid, unit_id uuid, stratum text, interviewer text, state text, sent_at timestamptz,
           delivered_at timestamptz, opened_at timestamptz, started_at timestamptz, completed_at timestamptz,
           ended_at timestamptz, cost float8)
""")

# How far each state has come; the last step is the end, where there is one.
_STEPS = {
    "created": (),
    "sent": ("sent",),
    "delivered": ("sent", "delivered"),
    "opened": ("sent", "delivered", "opened"),
    "started": ("sent", "delivered", "opened", "started"),
    "completed": ("sent", "delivered", "opened", "started", "completed"),
    "partial": ("sent", "delivered", "opened", "started", "ended"),
    "refused": ("sent", "delivered", "opened", "ended"),
    "opted_out": ("sent", "delivered", "opened", "ended"),
    "ineligible": ("sent", "delivered", "opened", "started", "ended"),
    "bounced": ("sent", "ended"),
    "expired": ("sent", "delivered", "ended"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """So many invitations that went out ``age`` days ago and came to their state ``lag`` days later."""

    n: int
    state: str
    age: float = 10.5
    lag: float = 1.2
    stratum: str | None = None
    interviewer: str | None = None
    units: tuple[str, ...] = ()
    cost: float = 0.0


async def invited(
    api: Api,
    database: Database,
    survey: PublishedSurvey,
    *groups: Asked,
    method: str = "email",
    wave: str | None = None,
    sample: str | None = None,
    expires_in: float = 20,
) -> None:
    """Keep invitations as those that have a past: what the service writes one after the other."""
    now, organisation_id = datetime.now(UTC), api.organisation.organisation_id
    values: dict[str, Any] = {
        "o": organisation_id,
        "survey": UUID(survey.id),
        "sample": UUID(sample) if sample else None,
        "method": method,
        "wave": wave,
        "expires": now + timedelta(days=expires_in),
    }
    batch = new_id()
    async with database.tenant(organisation_id) as session:
        await session.execute(_BATCH, {**values, "id": batch})
        rows = json.dumps([row for group in groups for row in _rows(group, now)])
        await session.execute(_INVITATIONS, {**values, "batch": batch, "rows": rows})


def _rows(group: Asked, now: datetime) -> list[Json]:
    sent = now - timedelta(days=group.age)
    last = sent + timedelta(days=group.lag)
    return [
        {
            "id": str(new_id()),
            "unit_id": group.units[place] if group.units else None,
            "stratum": group.stratum,
            "interviewer": group.interviewer,
            "state": group.state,
            "cost": group.cost,
            **{f"{step}_at": (sent if step == "sent" else last).isoformat() for step in _STEPS[group.state]},
        }
        for place in range(group.n)
    ]


async def standing(api: Api, survey: PublishedSurvey, **parameters: Any) -> Json:
    """The collection as it stands."""
    found: Json = (await api.get(f"/v1/surveys/{survey.id}/fieldwork", params=parameters, status=200)).json()
    return found


async def put_rules(api: Api, survey: PublishedSurvey, *rules: Json, version: int = 0, **fields: Any) -> Json:
    """Have a collection watched: by the first rules, or by those after ``version``."""
    headers = {"If-Match": f'"{version}"'} if version else {}
    path, status = f"/v1/surveys/{survey.id}/fieldwork-rules", 200 if version else 201
    body = {"rules": list(rules), **fields}
    found: Json = (await api.put(path, body, status=status, headers=headers)).json()
    return found


async def watched(api: Api, database: Database, survey: PublishedSurvey, *, now: datetime | None = None) -> list[Json]:
    """What the schedule and the worker do; the alerts of the survey then, newest first."""
    async with database.tenant(api.organisation.organisation_id) as session:
        await session.execute(_DUE, {"o": api.organisation.organisation_id, "s": survey.id})
    async with database.system() as system:
        await request_due_looks(system, now=datetime.now(UTC))
    assert await work(api, database, "fieldwork.watch", now=now) == 1
    found: list[Json] = (await api.get("/v1/fieldwork-alerts", params={"survey_id": survey.id})).json()["items"]
    return found
