"""How many requests a caller may make: one bucket per key, organisation, source or submission key, in this process."""

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from fastapi import Request

from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import DomainError

WINDOW_SECONDS: Final = 60
STATE: Final = "rate_limits"
"""Where a request keeps the standings that its answer tells."""

_MOST_BUCKETS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Quota:
    """Requests that one holder of a credential may make in a minute; all of them may come at once.

    Attributes:
        name: what is counted, as the header names it: ``key``, ``organisation``, …
        requests: in ``WINDOW_SECONDS``; 0: any number.
    """

    name: str
    requests: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a quota stands after a request.

    Attributes:
        remaining: requests that could be made now.
        full_in: seconds until all of them can be made again.
        wait: seconds until one more can be made; 0 unless the request is refused.
    """

    quota: Quota
    remaining: int
    full_in: int
    wait: int = 0


Held: TypeAlias = tuple[Quota, bytes]
"""A quota, and whose bucket it is."""


class TooManyRequests(DomainError):
    """A quota is used up."""

    code = "rate_limited"

    def __init__(self, standings: Sequence[Standing]) -> None:
        self.standings = tuple(standings)
        fullest = max(standings, key=lambda standing: standing.wait)
        quota = fullest.quota
        super().__init__(
            f"The {quota.name} made more than {quota.requests} requests in a minute: wait {fullest.wait} s."
        )

    @property
    def retry_after(self) -> int:
        """Seconds after which the request would be let through."""
        return max(standing.wait for standing in self.standings)


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: datetime


class RateLimits:
    """Token buckets, those used last; they need no server, so there is none whose failure could open or close them.

    A deployment of several processes gives each its share of every quota.
    """

    def __init__(self, clock: Clock, *, processes: int = 1, size: int = _MOST_BUCKETS) -> None:
        self._clock = clock
        self._processes = processes
        self._size = size
        self._buckets: OrderedDict[tuple[str, bytes], _Bucket] = OrderedDict()

    def take(self, held: Sequence[Held]) -> tuple[Standing, ...]:
        """Take one request from each quota, or from none.

        Raises:
            TooManyRequests: one of them is used up.
        """
        limited = [(quota, self._filled(quota, holder)) for quota, holder in held if quota.requests]
        refused = any(bucket.tokens < 1 for _, bucket in limited)
        if not refused:
            for _, bucket in limited:
                bucket.tokens -= 1
        standings = tuple(self._standing(quota, bucket, refused=refused) for quota, bucket in limited)
        if refused:
            raise TooManyRequests(standings)
        return standings

    def _filled(self, quota: Quota, holder: bytes) -> _Bucket:
        name, now, most = (quota.name, holder), self._clock.now(), self._share(quota)
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = _Bucket(most, now)
            if len(self._buckets) > self._size:
                # The one used longest ago; after a minute without use it is full, as a new one is.
                self._buckets.popitem(last=False)
            return bucket
        self._buckets.move_to_end(name)
        passed = max((now - bucket.at).total_seconds(), 0.0)
        bucket.tokens = min(most, bucket.tokens + passed * most / WINDOW_SECONDS)
        bucket.at = now
        return bucket

    def _share(self, quota: Quota) -> float:
        return max(quota.requests / self._processes, 1.0)

    def _standing(self, quota: Quota, bucket: _Bucket, *, refused: bool) -> Standing:
        most = self._share(quota)
        seconds_each = WINDOW_SECONDS / most
        wait = math.ceil((1 - bucket.tokens) * seconds_each) if refused and bucket.tokens < 1 else 0
        return Standing(quota, int(bucket.tokens), math.ceil((most - bucket.tokens) * seconds_each), wait)


def admit(request: Request, held: Sequence[Held]) -> None:
    """Take a request from its quotas; what is left of them stands in the headers of its answer.

    Raises:
        TooManyRequests: one of them is used up.
    """
    limits: RateLimits = request.app.state.rate_limits
    try:
        standings = limits.take(held)
    except TooManyRequests as refusal:
        setattr(request.state, STATE, refusal.standings)
        raise
    setattr(request.state, STATE, standings)


def headers_of(standings: Sequence[Standing]) -> list[tuple[bytes, bytes]]:
    """``RateLimit-Policy`` and ``RateLimit`` of an answer.

    Source: draft-ietf-httpapi-ratelimit-headers-11.
    """
    if not standings:
        return []
    policy = ", ".join(f'"{s.quota.name}";q={s.quota.requests};w={WINDOW_SECONDS}' for s in standings)
    left = ", ".join(f'"{s.quota.name}";r={s.remaining};t={s.full_in}' for s in standings)
    return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", left.encode())]
