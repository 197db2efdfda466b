"""Answers with a known truth, and waiting for what the worker makes of them."""

import asyncio
import random
import time
from datetime import date, timedelta
from typing import Any

from tests.support.api import Api

Json = dict[str, Any]
ENDED = {"succeeded", "failed", "cancelled"}


async def requested(api: Api, body: Json, *, status: int = 202) -> Json:
    """Ask for an analysis."""
    run: Json = (await api.post("/v1/analyses", body, status=status)).json()
    return run


async def ended(api: Api, run_id: str, *, seconds: float = 60) -> Json:
    """The run once it has ended."""
    deadline = time.monotonic() + seconds
    while True:
        run: Json = (await api.get(f"/v1/analyses/{run_id}")).json()
        if run["status"] in ENDED:
            return run
        assert time.monotonic() < deadline, run
        await asyncio.sleep(0.1)


async def made(api: Api, body: Json) -> Json:
    """Ask for an analysis and wait for its result."""
    run = await ended(api, (await requested(api, body))["id"])
    assert run["status"] == "succeeded", run["error"]
    return run


def months(first: date, count: int) -> list[date]:
    """The first days of so many months."""
    return [date(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1, 1) for i in range(count)]


def waits(month: date, mean: float, n: int, chance: random.Random) -> list[Json]:
    """Ratings of the wait in one month, 1 to 5, about ``mean``."""
    return [
        {
            "submitted_at": f"{month + timedelta(days=chance.randrange(28))}T12:00:00Z",
            "answers": {"wait": min(5, max(1, round(chance.gauss(mean, 1))))},
        }
        for _ in range(n)
    ]


def scores(region: str, *, promoters: int, passives: int, detractors: int) -> list[Json]:
    """Answers to the NPS question from one region."""
    given = [10] * promoters + [8] * passives + [3] * detractors
    return [{"attributes": {"region": region}, "answers": {"nps": score}} for score in given]
