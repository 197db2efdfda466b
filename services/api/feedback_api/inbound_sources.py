"""The sources behind addresses, as a process remembers them for a few seconds."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from feedback_core.db.session import Database
from feedback_core.inbound.addresses import parse_address
from feedback_core.inbound.types import Preset
from feedback_core.inbound.use_cases.inbox import KnownSource, find_source
from feedback_core.kit.sealing import Seal


class LookupFailed(Exception):
    """The database did not say what is behind an address; ``preset`` is what was known of it before."""

    def __init__(self, preset: Preset | None) -> None:
        super().__init__()
        self.preset = preset


@dataclass(frozen=True, slots=True)
class _Remembered:
    until: float
    source: KnownSource | None


class SourceCache:
    """Sources by address, believed for a few seconds, so that what changes about one holds everywhere within them.

    Requests that come at once ask once. Whatever is not there is remembered apart, so that guesses push no source out.
    """

    def __init__(self, database: Database, seal: Seal, *, seconds: float, size: int) -> None:
        self._database = database
        self._seal = seal
        self._seconds = seconds
        self._size = size
        self._there: OrderedDict[str, _Remembered] = OrderedDict()
        self._absent: OrderedDict[str, _Remembered] = OrderedDict()
        self._asking: dict[str, asyncio.Task[KnownSource | None]] = {}

    async def find(self, token: str) -> KnownSource | None:
        """The source behind an address, or ``None`` if there is none.

        Raises:
            LookupFailed: the database does not say.
        """
        known = self._there.get(token) or self._absent.get(token)
        if known and known.until > time.monotonic():
            return known.source
        asking = self._asking.get(token)
        if asking is None:
            asking = self._asking[token] = asyncio.create_task(self._ask(token))
            asking.add_done_callback(lambda _: self._asking.pop(token, None))
        try:
            # One that leaves does not end the question of the others.
            return await asyncio.shield(asking)
        except (DBAPIError, PoolTimeout) as error:
            earlier = self._there.get(token)
            raise LookupFailed(earlier.source.preset if earlier and earlier.source else None) from error

    async def _ask(self, token: str) -> KnownSource | None:
        address = parse_address(token)
        found = None
        if address is not None:
            async with self._database.tenant(address.organisation_id) as session:
                found = await find_source(session, address, self._seal)
        cache, other = (self._absent, self._there) if found is None else (self._there, self._absent)
        other.pop(token, None)
        cache[token] = _Remembered(time.monotonic() + self._seconds, found)
        cache.move_to_end(token)
        if len(cache) > self._size:
            cache.popitem(last=False)
        return found
