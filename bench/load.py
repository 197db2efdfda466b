"""A small HTTP/1.1 load generator: prepared requests over kept connections, so that the client costs little."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Load:
    """What a load of requests took.

    Attributes:
        seconds: from the first request to the last answer.
        latencies: of each request, in seconds.
        failures: answers other than the expected status.
    """

    requests: int
    seconds: float
    latencies: list[float]
    failures: int

    @property
    def per_second(self) -> float:
        """Requests answered per second."""
        return self.requests / self.seconds

    def quantile(self, share: float) -> float:
        """Latency that this share of the requests stayed under, in seconds."""
        return float(np.quantile(self.latencies, share))


def request(method: str, path: str, key: str, body: bytes = b"") -> bytes:
    """A request as bytes."""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def drive(port: int, make: Callable[[int], bytes], *, requests: int, connections: int, status: int) -> Load:
    """Send ``requests`` requests over ``connections`` connections, one at a time on each."""
    numbers = iter(range(requests))
    latencies: list[float] = []
    failures = 0

    async def one_connection() -> None:
        nonlocal failures
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for number in numbers:
                started = time.perf_counter()
                writer.write(make(number))
                failures += await _read_status(reader) != status
                latencies.append(time.perf_counter() - started)
        finally:
            writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one_connection() for _ in range(connections)))
    return Load(requests, time.perf_counter() - started, latencies, failures)


async def _read_status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    length = int(lower.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    if length:
        await reader.readexactly(length)
    return int(head[9:12])
