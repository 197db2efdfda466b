"""Whatever happens to the file of a report: it is made once, never changes, is gone for good, and stays on record."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import strategies as st
from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from feedback_core.reports.ticks import request_due_discards
from tests.integration.reports.conftest import months, questions
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.organisations import TestOrganisation
from tests.support.subjects import work
from tests.support.surveys import publish
from tests.support.walks import each_of

Json = dict[str, Any]

KEYS: Final = {
    "writer": [Scope.REPORTS_READ, Scope.REPORTS_WRITE],
    "reader": [Scope.REPORTS_READ],
    "sender": [Scope.REPORTS_SEND],
}
"""By name of the key: what it may do."""

FETCHED: Final = {"writing": 409, "ready": 200, "gone": 410}

# As if every attempt had failed: why it did is nothing to the file.
FAIL = text("UPDATE job SET status = 'failed', finished_at = now() WHERE status = 'queued' AND kind = 'reports.render'")

DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "fetch", "fetch", "delete", "look after", "look after late", "fail"]),
        st.sampled_from([*KEYS, "writer"]),
    ),
    min_size=3,
    max_size=9,
)


@pytest.fixture
async def run_id(api: Api, database: Database) -> str:
    """Of a review that was made without a worker, so that nobody writes a report but the walk."""
    survey = await publish(api, questions=questions())
    await answer(api, survey.id, months())
    asked = (await api.post("/v1/analyses", {"kind": "review", "survey_id": survey.id}, status=202)).json()
    await work(api, database, "analyses.%")
    return str(asked["id"])


async def test_random_deeds_of_random_keys_never_bring_a_file_back_nor_change_it(
    api: Api, database: Database, run_id: str
) -> None:
    keys = {name: await _key(api, name, scopes) for name, scopes in KEYS.items()}
    asked: list[str] = []

    await each_of(DEEDS, lambda deeds: _follow(api, keys, database, run_id, deeds, asked))

    listed = (await api.get(f"/v1/reports?run_id={run_id}&limit=100")).json()["items"]
    assert [each["id"] for each in listed] == asked[::-1]


async def _key(api: Api, name: str, scopes: Sequence[Scope]) -> Api:
    made = (await api.post("/v1/api-keys", {"name": name, "scopes": [str(each) for each in scopes]}, status=201)).json()
    return Api(api.client, TestOrganisation(api.organisation.organisation_id, made["api_key"]))


async def _follow(
    api: Api,
    keys: Mapping[str, Api],
    database: Database,
    run_id: str,
    deeds: Sequence[tuple[str, str]],
    asked: list[str],
) -> None:
    body = {"run_id": run_id, "audience": "customers", "format": "json"}
    for name in ("reader", "sender"):
        await keys[name].post("/v1/reports", body, status=403)
    report = (await keys["writer"].post("/v1/reports", body, status=202)).json()
    asked.append(report["id"])
    path, here, reason, failed = report["links"]["self"], "writing", None, False
    first: bytes | None = None
    for deed, by in deeds:
        if deed == "write":
            await work(api, database, "reports.render")
            here = "ready" if here == "writing" and not failed else here
        elif deed == "fail" and here == "writing":
            async with database.tenant(api.organisation.organisation_id) as session:
                await session.execute(FAIL)
            failed = True
        elif deed == "fetch":
            answered = await keys[by].get(f"{path}/file", status=403 if by == "sender" else FETCHED[here])
            if answered.status_code == 200:
                first = first or answered.content
                assert answered.content == first
        elif deed == "delete":
            unfinished = here == "writing" and not failed
            status = 403 if by != "writer" else 409 if unfinished else 204
            await keys[by].call("DELETE", path, status=status)
            if status == 204:
                here, reason = "gone", reason or "deleted"
        elif deed.startswith("look after"):
            late = deed.endswith("late")
            await _look_after(api, database, late=late)
            if here != "gone" and (failed or (late and here == "ready")):
                here, reason = "gone", "failed" if failed else "expired"
        shown = (await keys["reader"].get(path)).json()
        assert (shown["file"]["state"], shown["file"]["gone_reason"]) == (here, reason), deed
        assert first is None or shown["file"]["sha256"] == hashlib.sha256(first).hexdigest()
        assert await _parts(api, database, report["id"]) == (1 if here == "ready" else 0)
    await work(api, database, "reports.render")


async def _look_after(api: Api, database: Database, *, late: bool) -> None:
    """What the schedule does, now or when every file of today is too old."""
    now = datetime.now(UTC) + (timedelta(days=366) if late else timedelta())
    async with database.system() as system:
        await request_due_discards(system, now=now)
    await work(api, database, "reports.discard", now=now)


async def _parts(api: Api, database: Database, report_id: str) -> int:
    """Parts of the file that are kept."""
    counted = text("SELECT count(*) FROM report_chunk WHERE report_id = :id")
    async with database.tenant(api.organisation.organisation_id) as session:
        found: int = (await session.execute(counted, {"id": UUID(report_id)})).scalar_one()
    return found
