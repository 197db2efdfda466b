"""Frames and samples, as tests make them and look at them."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

import httpx
from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.jobs.execution import Executor
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors
from tests.support.api import Api

Json = dict[str, Any]
_RING = text(
    "UPDATE job SET rung_at = now(), run_at = least(run_at, now()) WHERE status = 'queued' AND kind LIKE 'sampling.%'"
    " AND kind <> 'sampling.discard_file' RETURNING id, kind"
)
FINAL = frozenset({"succeeded", "failed", "cancelled"})
FRAME: Json = {"name": "Customers", "attributes": ["region", "branch"], "measures": ["turnover"], "seed": 7}


def customers(numbers: Iterable[int], **fields: Any) -> list[Json]:
    """Units of two regions, two thirds north, and of branches of ten, with an address each."""
    return [
        {
            "ref": f"C-{number}",
            "attributes": {"region": "south" if number % 3 == 0 else "north", "branch": f"b{number // 10}"},
            "measures": {"turnover": float(number % 50 + 1)},
            "email": f"c{number}@example.org",
            **fields,
        }
        for number in numbers
    ]


async def new_frame(api: Api, units: list[Json] | None = None, **settings: Any) -> str:
    """A frame with units; its id."""
    made: str = (await api.post("/v1/frames", {**FRAME, **settings}, status=201)).json()["id"]
    for start in range(0, len(units or []), 1_000):
        await put(api, made, (units or [])[start : start + 1_000])
    return made


async def put(api: Api, frame: str, units: list[Json]) -> Json:
    """Put units into a frame."""
    return cast("Json", (await api.post(f"/v1/frames/{frame}/units", {"units": units}, status=200)).json())


async def asked(api: Api, frame: str, design: Json, *, status: int = 202, **fields: Any) -> Json:
    """Ask for a sample."""
    body = {"frame_id": frame, "name": "Spring", "design": design, **fields}
    return cast("Json", (await api.post("/v1/samples", body, status=status)).json())


async def ended(api: Api, database: Database, path: str) -> Json:
    """A sample, or a file, once what waits was done as a worker would."""
    await work(api, database)
    found = cast("Json", (await api.get(path)).json())
    assert found["status"] in FINAL, found
    return found


async def drawn(api: Api, database: Database, frame: str, design: Json, **fields: Any) -> Json:
    """A sample that was drawn."""
    requested = await asked(api, frame, design, **fields)
    found = await ended(api, database, f"/v1/samples/{requested['id']}")
    assert found["status"] == "succeeded", found
    return found


async def work(api: Api, database: Database) -> None:
    """Do the organisation's waiting jobs of sampling, as a worker would; one that cannot be done fails."""
    load_actors()
    executor = Executor(database, SystemClock(), SecretSettings(), timedelta(minutes=1))
    organisation_id = api.organisation.organisation_id
    async with database.tenant(organisation_id) as session:
        due = (await session.execute(_RING)).all()
    for job_id, kind in due:
        await executor.run(HANDLERS[kind], organisation_id, job_id)


async def units_of(api: Api, sample: Json | str, **parameters: Any) -> list[Json]:
    """The units of a sample, page by page."""
    path = f"/v1/samples/{sample if isinstance(sample, str) else sample['id']}/units"
    found: list[Json] = []
    wanted: Json = {"limit": 1000, **parameters}
    while True:
        page = (await api.get(path, params=wanted)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        wanted["cursor"] = page["next_cursor"]


async def refs_of(api: Api, sample: Json | str) -> list[str]:
    """The refs of a sample's units in their order."""
    return [unit["ref"] for unit in await units_of(api, sample)]


async def upload(
    api: Api,
    frame: str,
    mapping: Json,
    content: bytes,
    *,
    name: str = "customers.csv",
    key: str | None = None,
    status: int = 202,
) -> httpx.Response:
    """Send a file of units with its mapping."""
    return await api.call(
        "POST",
        f"/v1/frames/{frame}/imports",
        status=status,
        headers={"Idempotency-Key": key} if key else None,
        data={"mapping": json.dumps(mapping)},
        files={"file": (name, content, "application/octet-stream")},
    )
