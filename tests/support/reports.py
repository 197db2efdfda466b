"""Reports, as tests ask for them and read their files."""

import asyncio
import hashlib
import time
from typing import Any, cast

from tests.support.api import Api
from tests.support.surveys import Json

FINAL = frozenset({"succeeded", "failed", "cancelled"})


async def ask(api: Api, run_id: str, audience: str, form: str, **fields: Any) -> Json:
    """Ask for a report; it as it then stands."""
    body = {"run_id": run_id, "audience": audience, "format": form, **fields}
    return cast("Json", (await api.post("/v1/reports", body, status=202)).json())


async def finished(api: Api, asked: Json, *, seconds: float = 60) -> Json:
    """The report once its job has ended, well."""
    deadline = time.monotonic() + seconds
    while True:
        found = cast("Json", (await api.get(asked["links"]["self"])).json())
        if found["status"] in FINAL:
            assert found["status"] == "succeeded", found
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.05)


async def reported(api: Api, run_id: str, audience: str, form: str, **fields: Any) -> Json:
    """A report whose file is there."""
    return await finished(api, await ask(api, run_id, audience, form, **fields))


async def bytes_of(api: Api, report: Json) -> bytes:
    """The file, which is what the report says it is."""
    answer = await api.get(report["links"]["file"])
    assert hashlib.sha256(answer.content).hexdigest() == report["file"]["sha256"]
    assert len(answer.content) == report["file"]["size"]
    return answer.content


async def edition(api: Api, run_id: str, audience: str, **fields: Any) -> Json:
    """What an edition says, as JSON."""
    answer = await api.get((await reported(api, run_id, audience, "json", **fields))["links"]["file"])
    return cast("Json", answer.json())


def section(said: Json, key: str) -> Json:
    """A section of an edition."""
    return next(each for each in said["sections"] if each["key"] == key)


def table(said: Json, key: str) -> list[Json]:
    """The rows of a table of an edition, wherever it stands."""
    tables = [block for each in said["sections"] for block in each["blocks"] if block.get("kind") == "table"]
    return next(cast("list[Json]", each["rows"]) for each in tables if each["key"] == key)


def words(said: Json) -> str:
    """All that an edition says in words."""
    told = [said["title"], *said["lead"]]
    for each in said["sections"]:
        for block in each["blocks"]:
            told += [block.get("text", ""), *block.get("items", [])]
            told += [str(cell) for row in block.get("rows", []) for cell in row.values()]
    return "\n".join(told)
