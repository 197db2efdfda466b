"""Measuring on demand, as the worker does it."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from feedback_core.data_quality.jobs.flags import NewPass, basis_of, begin_pass, keep_part, measure, next_due
from feedback_core.db.session import Database
from tests.support.api import Api


async def put_rule(api: Api, survey_id: str, rule: dict[str, Any]) -> None:
    """Set the rule of a survey, or replace whichever it has; another call may do so meanwhile."""
    path = f"/v1/surveys/{survey_id}/inclusion-rule"
    held = await api.get(path, status=None)
    headers = {"If-Match": held.headers["ETag"]} if held.status_code == 200 else {}
    put = await api.put(path, rule, headers=headers)
    assert put.status_code in {200, 201, 412, 428}, put.text


async def flag_once(database: Database, organisation_id: UUID, survey_id: str, *, most: int = 100_000) -> bool:
    """One step; whether there was one to take."""
    survey = UUID(survey_id)
    async with database.snapshot(organisation_id) as session:
        due = await next_due(session, organisation_id, survey, most=most)
    if due is None:
        return False
    async with database.tenant(organisation_id) as session:
        if isinstance(due, NewPass):
            await begin_pass(session, organisation_id, survey, due.rule, basis_of(due), now=datetime.now(UTC))
        else:
            await keep_part(session, due, measure(due), now=datetime.now(UTC))
    return True


async def flag_all(api: Api, database: Database, survey_id: str, *, most: int = 100_000, seconds: float = 30) -> None:
    """Measure until every response is: any transaction on the server may hold it back a while."""
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        while await flag_once(database, api.organisation.organisation_id, survey_id, most=most):
            pass
        if (await api.get(f"/v1/surveys/{survey_id}/inclusion-rule")).json()["flagging"]["up_to_date"]:
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("responses were not measured in time")
