"""Clients that send responses to a service which fails under them, and repeat each until it is acknowledged."""

import asyncio
import itertools
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.support.surveys import PublishedSurvey
from tests.support.waiting import soon

Json = dict[str, Any]

AT_MOST_SECONDS = 10.0
"""An answer, or the end of the connection, must come within; only a hang takes longer."""

SINGLES_AT_A_TIME = 8
BATCHES_AT_A_TIME = 2
BATCH = 20
FIRST_IN_BATCHES = 10_000_000

_ACKNOWLEDGED = {200, 201}
_TRY_AGAIN = {(503, "service_unavailable"), (409, "request_in_progress")}


@dataclass(slots=True)
class Ledger:
    """What the service said, to every attempt.

    Attributes:
        receipts: by the caller's own name of a response, the id in every acknowledgement of it.
        refused: answers that asked to try again, by status.
        broken: attempts whose connection was refused, or ended without an answer.
        open: attempts that wait for their answer.
        slowest: seconds of the attempt that took longest, however it ended.
    """

    receipts: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    refused: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    open: int = 0
    slowest: float = 0.0

    @property
    def acknowledged(self) -> int:
        """How many different responses were acknowledged."""
        return len(self.receipts)

    @property
    def ids(self) -> list[str]:
        """The ids in the acknowledgements, each once per response that it was given for."""
        return sorted(receipt for given in self.receipts.values() for receipt in set(given))

    async def grows(self, *, acknowledged: int = 0, refused: int = 0, broken: int = 0) -> None:
        """Return when there are so many more acknowledged responses, answers with 503 and broken attempts."""
        acknowledged, refused, broken = (
            acknowledged + self.acknowledged,
            refused + self.refused[503],
            broken + self.broken,
        )
        await soon(
            lambda: self.acknowledged >= acknowledged and self.refused[503] >= refused and self.broken >= broken,
            seconds=60,
            pause=0.002,
        )

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """An attempt is under way."""
        begun = time.monotonic()
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1
            self.slowest = max(self.slowest, time.monotonic() - begun)


def said(number: int) -> Json:
    """What the customer of that number said: the same whenever it is sent."""
    item: Json = {
        "answers": {"nps": number * 7 % 11, "wait": number % 5 + 1, "used": ["web"], "why": f"Reason {number}."},
        "attributes": {"region": "north" if number % 3 else "south"},
        "status": "partial" if number % 10 == 0 else "complete",
    }
    if number % 2:
        item["submitted_at"] = f"2026-03-{number % 28 + 1:02}T23:30:00Z"
    return item


@dataclass(slots=True)
class Senders:
    """Sends to one survey, many at a time, and writes down what came back."""

    client: httpx.AsyncClient
    token: str
    survey: PublishedSurvey
    ledger: Ledger = field(default_factory=Ledger)

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Send while the block runs, and until everything begun is acknowledged."""
        over = asyncio.Event()
        numbers, starts = itertools.count(), itertools.count(FIRST_IN_BATCHES, BATCH)
        async with asyncio.TaskGroup() as group:
            for _ in range(SINGLES_AT_A_TIME):
                group.create_task(self._singles(numbers, over))
            for _ in range(BATCHES_AT_A_TIME):
                group.create_task(self._batches(starts, over))
            yield
            over.set()

    async def _singles(self, numbers: Iterator[int], over: asyncio.Event) -> None:
        while not over.is_set():
            await self.single(next(numbers))

    async def _batches(self, starts: Iterator[int], over: asyncio.Event) -> None:
        while not over.is_set():
            start = next(starts)
            await self.batch(range(start, start + BATCH))

    async def single(self, number: int) -> int:
        """Send one until it is acknowledged, by turns with an ``external_id``, an ``Idempotency-Key``, or both.

        Returns: The status of the acknowledgement.
        """
        body = said(number) if number % 3 == 0 else {**said(number), "external_id": f"crm-{number}"}
        headers = {} if number % 3 == 1 else {"Idempotency-Key": f"{self.survey.key}-{number}"}
        answer = await self._until_acknowledged("", body, headers)
        self.ledger.receipts[f"single-{number}"].append(answer.json()["id"])
        return answer.status_code

    async def batch(self, numbers: range) -> Counter[str]:
        """Send several as a batch, every other one with an ``Idempotency-Key``, until it is acknowledged.

        Returns: How many items had which outcome.
        """
        items = [{**said(number), "external_id": f"crm-{number}"} for number in numbers]
        headers = (
            {"Idempotency-Key": f"{self.survey.key}-{numbers}".replace(" ", "")}
            if numbers.start // len(numbers) % 2
            else {}
        )
        answer = (await self._until_acknowledged("/batch", {"items": items}, headers)).json()["items"]
        assert len(answer) == len(numbers)
        for number, item in zip(numbers, answer, strict=True):
            assert item["status"] != "rejected", item
            self.ledger.receipts[f"batch-{number}"].append(item["id"])
        return Counter(item["status"] for item in answer)

    async def _until_acknowledged(self, path: str, body: Json, headers: dict[str, str]) -> httpx.Response:
        while True:
            answer = await self._attempt(path, body, headers)
            if answer is not None:
                return answer
            await asyncio.sleep(0.05)

    async def _attempt(self, path: str, body: Json, headers: dict[str, str]) -> httpx.Response | None:
        """The acknowledgement; None if it is to be tried again. Any other answer is a failure of the test."""
        url = f"/v1/surveys/{self.survey.id}/responses{path}"
        with self.ledger.attempt():
            try:
                answer = await self.client.post(
                    url, json=body, headers={"Authorization": f"Bearer {self.token}", **headers}
                )
            except httpx.TimeoutException:
                pytest.fail("the service hangs")
            except httpx.TransportError:
                self.ledger.broken += 1
                return None
        if answer.status_code in _ACKNOWLEDGED:
            return answer
        assert answer.headers["Content-Type"] == "application/problem+json", answer.text
        problem = answer.json()
        assert (answer.status_code, problem["code"]) in _TRY_AGAIN, problem
        assert answer.headers["Retry-After"]
        self.ledger.refused[answer.status_code] += 1
        return None
