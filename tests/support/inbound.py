"""Sources with mappings, as tests set them up, and what becomes of deliveries."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any, cast

import httpx

from tests.support.api import Api
from tests.support.inbound_senders import STANDARD, Sender, TestSource, deliver, new_source
from tests.support.signing import Headers
from tests.support.surveys import Json, PublishedSurvey

MAPPING: Json = {
    "when": "type == 'feedback'",
    "occurred_at": {"path": "timestamp"},
    "erasure": {"when": "type == 'forget'", "respondent_id": "data.who", "external_id": "data.id"},
    "fields": [
        {"to": "external_id", "path": "data.id"},
        {"to": "submitted_at", "path": "data.at || timestamp"},
        {"to": "question", "key": "nps", "path": "data.score"},
        {"to": "question", "key": "why", "path": "data.text"},
        {"to": "attribute", "key": "region", "path": "data.region"},
    ],
}
"""Of what ``event`` makes; the survey must be of ``POST_VISIT``."""

SETTLED = frozenset({"processed", "ignored", "unmapped", "failed"})


def event(
    number: int, score: object = 9, *, at: str = "2026-03-01T10:00:00Z", kind: str = "feedback", **data: Any
) -> Json:
    """What a sender says of the thing with this number."""
    return {"type": kind, "timestamp": at, "data": {"id": f"thing-{number}", "score": score, **data}}


@dataclass(frozen=True, slots=True)
class Inbound:
    """A source, seen from its sender and from its owner."""

    api: Api
    source: TestSource
    sender: Sender

    @property
    def path(self) -> str:
        """The source as a resource."""
        return f"/v1/sources/{self.source.id}"

    async def send(self, document: Any, headers: Headers | None = None) -> httpx.Response:
        """Deliver a document; it is taken."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        answer = await deliver(self.api.client, self.source, self.sender, body, headers)
        assert answer.is_success, answer.text
        return answer

    async def map(self, mapping: Json, *, version: int | None = None, status: int | None = None) -> httpx.Response:
        """Define the mapping, or its next version."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return await self.api.put(f"{self.path}/mapping", mapping, headers=headers, status=status)

    async def deliveries(self, **query: Any) -> list[Json]:
        """The delivery log, earliest first."""
        answer = await self.api.get(f"{self.path}/deliveries", params={"limit": 1000, **query})
        return cast("list[Json]", answer.json()["items"])[::-1]

    async def delivery(self, delivery_id: str) -> Json:
        """One delivery with its items."""
        return cast("Json", (await self.api.get(f"{self.path}/deliveries/{delivery_id}")).json())

    async def settled(self, *, seconds: float = 30) -> list[Json]:
        """The delivery log, once nothing waits."""
        deadline = time.monotonic() + seconds
        while True:
            found = await self.deliveries()
            if all(delivery["state"] in SETTLED for delivery in found):
                return [await self.delivery(delivery["id"]) for delivery in found]
            assert time.monotonic() < deadline, found
            await asyncio.sleep(0.05)

    async def replay_all(self, **wanted: Any) -> None:
        """Have everything read again that is not processed, and wait for it."""
        answer = await self.api.post(f"{self.path}/replays", wanted, status=202)
        deadline = time.monotonic() + 30
        while (await self.api.get(answer.headers["location"])).json()["status"] not in {"succeeded", "failed"}:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)


async def inbound(
    api: Api, survey: PublishedSurvey, mapping: Json | None = MAPPING, *, sender: Sender = STANDARD, **settings: Any
) -> Inbound:
    """A source of the survey's that believes a sender, with a mapping."""
    made = Inbound(api, await new_source(api, survey.id, sender, **settings), sender)
    if mapping is not None:
        await made.map(mapping, status=201)
    return made


async def recorded_by(api: Api, survey: PublishedSurvey) -> list[Json]:
    """Every response of the survey, in the order in which they were recorded."""
    found: list[Json] = []
    cursor: str | None = None
    while True:
        query: dict[str, Any] = {"limit": 1000, **({"cursor": cursor} if cursor else {})}
        page = (await api.get(f"/v1/surveys/{survey.id}/responses", params=query)).json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def nps_counts(api: Api, survey: PublishedSurvey) -> dict[str, int]:
    """How many gave each score, of those that count; with too few of them nothing is shown."""
    value = (await api.get("/v1/kpis/nps/value", params={"survey": survey.id})).json()
    return cast("dict[str, int]", value["counts"])
