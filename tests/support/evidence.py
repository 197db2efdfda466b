"""Portfolios of evidence, as tests ask for them and read their files."""

import asyncio
import hashlib
import io
import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from sqlalchemy import text

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.surveys import Json

FINAL = frozenset({"succeeded", "failed", "cancelled"})
# What the worker keeps of a portfolio: here one byte.
WRITTEN = (
    text("INSERT INTO portfolio_chunk SELECT organisation_id, id, 0, 'x' FROM portfolio WHERE id = :portfolio"),
    text(
        "UPDATE portfolio SET file_state = 'ready', gone_reason = NULL, file_size = 1, file_sha256 = sha256('x'),"
        " finished_at = created_at WHERE id = :portfolio"
    ),
)


@dataclass(frozen=True)
class Opened:
    """A file, and what stands in it."""

    content: bytes

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Every file by its path."""
        with zipfile.ZipFile(io.BytesIO(self.content)) as file:
            assert file.testzip() is None
            return {name: file.read(name) for name in file.namelist()}

    @cached_property
    def said(self) -> Json:
        """What the portfolio says."""
        return cast("Json", json.loads(self.files["portfolio.json"]))

    @property
    def page(self) -> str:
        """The page."""
        return self.files["index.html"].decode()

    def criterion(self, key: str) -> Json:
        """A criterion."""
        return next(cast("Json", each) for each in self.said["criteria"] if each["criterion"] == key)

    def states(self) -> dict[str, str]:
        """How much there is, by criterion."""
        return {each["criterion"]: each["state"] for each in self.said["criteria"]}

    def kinds(self, key: str) -> set[str]:
        """Kinds of record that are evidence of a criterion."""
        return {each["kind"] for need in self.criterion(key)["needs"] for each in need["evidence"]}

    def records(self, kind: str) -> Iterator[Json]:
        """Records of a kind, as their files have them."""
        for listed in self.said["records"]:
            if listed["kind"] == kind:
                yield cast("Json", json.loads(self.files[listed["path"]]))


async def ask(api: Api, unit: str, **fields: Any) -> Json:
    """Ask for a portfolio; it as it then stands."""
    return cast("Json", (await api.post("/v1/evidence", {"unit": unit, **fields}, status=202)).json())


async def finished(api: Api, asked: Json, *, seconds: float = 60) -> Json:
    """The portfolio once a worker has written it."""
    deadline = time.monotonic() + seconds
    while True:
        found = cast("Json", (await api.get(asked["links"]["self"])).json())
        if found["status"] in FINAL:
            assert found["status"] == "succeeded", found
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.05)


async def opened(api: Api, portfolio: Json) -> Opened:
    """The file, which is what the portfolio says it is."""
    shown = (await api.get(portfolio["links"]["self"])).json()
    answer = await api.get(shown["links"]["file"])
    assert hashlib.sha256(answer.content).hexdigest() == shown["file"]["sha256"]
    assert len(answer.content) == shown["file"]["size"]
    return Opened(answer.content)


async def two_portfolios(api: Api, database: Database) -> dict[str, str]:
    """Two portfolios that no worker will write, one of them with a file; the id of that one."""
    for unit in ("G", "R"):
        asked = await ask(api, unit)
        await api.post(f"{asked['links']['self']}/cancel", status=200)
    async with database.tenant(api.organisation.organisation_id) as session:
        for statement in WRITTEN:
            await session.execute(statement, {"portfolio": asked["id"]})
    return {"portfolio_id": asked["id"]}
