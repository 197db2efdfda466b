"""Whatever happens to the file of a report: it is made once, never changes, is gone for good, and stays on record."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    body, asked = {"run_id": run_id, "audience": "customers", "format": "json"}, list[str]()

    async def follow(deeds: Sequence[tuple[str, str]]) -> None:
        for name in ("reader", "sender"):
            await keys[name].post("/v1/reports", body, status=403)
        report = (await keys["writer"].post("/v1/reports", body, status=202)).json()
        asked.append(report["id"])
        story = Story(api, keys, database, report)
        for deed, by in deeds:
            await story.do(deed, by)
            await story.holds()
        await work(api, database, "reports.render")

    await each_of(DEEDS, follow)

    listed = (await api.get(f"/v1/reports?run_id={run_id}&limit=100")).json()["items"]
    assert [each["id"] for each in listed] == asked[::-1]


async def _key(api: Api, name: str, scopes: Sequence[Scope]) -> Api:
    made = (await api.post("/v1/api-keys", {"name": name, "scopes": [str(each) for each in scopes]}, status=201)).json()
    return Api(api.client, TestOrganisation(api.organisation.organisation_id, made["api_key"]))


@dataclass(slots=True)
class Story:
    """A report, and what is known of its file, told apart from the code that keeps it.

    Attributes:
        failed: whether its job has, so that nobody writes it any more.
        first: the bytes, as they were fetched the first time.
    """

    api: Api
    keys: Mapping[str, Api]
    database: Database
    report: Json
    here: str = "writing"
    reason: str | None = None
    failed: bool = False
    first: bytes | None = None

    @property
    def path(self) -> str:
        return str(self.report["links"]["self"])

    def ends(self, reason: str) -> None:
        """The file is gone; why the first time stays."""
        self.here, self.reason = "gone", self.reason or reason

    async def do(self, deed: str, by: str) -> None:
        """One deed, which is answered as it must be."""
        await {"write": self.write, "fail": self.fail, "fetch": self.fetch, "delete": self.delete}.get(
            deed, self.look_after
        )(deed, by)

    async def write(self, _deed: str, _by: str) -> None:
        await work(self.api, self.database, "reports.render")
        if self.here == "writing" and not self.failed:
            self.here = "ready"

    async def fail(self, _deed: str, _by: str) -> None:
        if self.here == "writing":
            async with self.database.tenant(self.api.organisation.organisation_id) as session:
                await session.execute(FAIL)
            self.failed = True

    async def fetch(self, _deed: str, by: str) -> None:
        answered = await self.keys[by].get(f"{self.path}/file", status=403 if by == "sender" else FETCHED[self.here])
        if answered.status_code == 200:
            self.first = self.first or answered.content
            assert answered.content == self.first

    async def delete(self, _deed: str, by: str) -> None:
        unfinished = self.here == "writing" and not self.failed
        status = 403 if by != "writer" else 409 if unfinished else 204
        await self.keys[by].call("DELETE", self.path, status=status)
        if status == 204:
            self.ends("deleted")

    async def look_after(self, deed: str, _by: str) -> None:
        late = deed.endswith("late")
        await _look_after(self.api, self.database, late=late)
        if self.failed or (late and self.here == "ready"):
            self.ends("failed" if self.failed else "expired")

    async def holds(self) -> None:
        """It is shown as it is, and no more of it is kept."""
        shown = (await self.keys["reader"].get(self.path)).json()
        assert (shown["file"]["state"], shown["file"]["gone_reason"]) == (self.here, self.reason)
        assert self.first is None or shown["file"]["sha256"] == hashlib.sha256(self.first).hexdigest()
        assert await _parts(self.api, self.database, self.report["id"]) == (1 if self.here == "ready" else 0)


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
