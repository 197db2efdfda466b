"""Taking in what arrives at a source's address: who it is from, and one transaction for all that comes at once."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, TypeAlias
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.addresses import SourceAddress
from feedback_core.inbound.payloads import ProcessDeliveries
from feedback_core.inbound.queries import inbox, sources
from feedback_core.inbound.queries.inbox import NewDelivery, RefusedTimes, Repeat
from feedback_core.inbound.types import Preset, RefusalReason, SourceOptions, SourceState
from feedback_core.inbound.verification import Headers, Secret, Verified
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal

KEPT_HEADERS: Final = (
    "user-agent",
    "webhook-id",
    "webhook-timestamp",
    "x-hubspot-request-timestamp",
    "x-zendesk-account-id",
    "x-zendesk-webhook-id",
    "x-zendesk-webhook-invocation-id",
    "x-zendesk-webhook-signature-timestamp",
    "x-github-event",
    "x-github-delivery",
    "x-github-hook-id",
    "i-twilio-idempotency-token",
    "soapaction",
)
"""Worth looking at later; no signature, credential or cookie is among them."""

_LONGEST_VALUE: Final = 500


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source as its address leads to it, with what its deliveries are verified with.

    Attributes:
        secrets: newest first, each with the instant from which it is not believed any more.
    """

    address: SourceAddress
    preset: Preset
    state: SourceState
    options: SourceOptions
    signed_url: str | None
    secrets: tuple[tuple[Secret, datetime | None], ...]

    def valid_secrets(self, now: datetime) -> list[Secret]:
        """Those that are believed at this instant."""
        return [secret for secret, expires_at in self.secrets if expires_at is None or now < expires_at]

    def url(self, public_url: str | None, query: str) -> str | None:
        """The address as its sender signs it: as configured, with the query that came, which the signature covers."""
        base = self.signed_url or (None if public_url is None else public_url.rstrip("/") + self.address.path())
        if base is None or not query:
            return base
        return urlunsplit(urlsplit(base)._replace(query=query))


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery that is believed; ``headers`` are those that are kept."""

    source_id: UUID
    preset: Preset
    verified: Verified
    content_type: str | None
    headers: dict[str, str]
    body_sha256: bytes = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that is not believed."""

    source_id: UUID
    reason: RefusalReason
    at: datetime


Incoming: TypeAlias = Arrival | Refusal


async def find_source(session: Session, address: SourceAddress, seal: Seal) -> KnownSource | None:
    """The source that an address leads to; a retired one is none.

    Raises:
        InvalidToken: a secret was sealed with a key that this process does not have.
    """
    found = await sources.source_by_id(session, address.organisation_id, address.source_id)
    if found is None or found.state is SourceState.RETIRED:
        return None
    sealed = await sources.sealed_secrets(session, address.organisation_id, address.source_id)
    secrets = tuple((Secret(row.id, seal.open(row.sealed).decode()), row.expires_at) for row in sealed)
    return KnownSource(address, found.preset, found.state, found.options, found.signed_url, secrets)


def arrived(known: KnownSource, verified: Verified, headers: Headers, body: bytes, *, at: datetime) -> Arrival:
    """What is stored of a delivery; the digest is of the body as it came."""
    kept = {name: _stored(values[0]) for name in KEPT_HEADERS if (values := headers.all(name))}
    content_type = headers.all("content-type")
    return Arrival(
        known.address.source_id,
        known.preset,
        verified,
        _stored(content_type[0]) if content_type else None,
        kept,
        hashlib.sha256(body).digest(),
        at,
    )


class Inbox:
    """Writes what comes in for one organisation; ``write`` is what a ``GroupCommit`` calls."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    async def write(self, session: Session, organisation_id: UUID, incoming: Sequence[Incoming]) -> list[bool]:
        """Store what is new, with the job that reads it, and count the rest; whether each one is new.

        Everything is written in one order, so that two processes never wait for each other crosswise.
        """
        arrivals = [one for one in incoming if isinstance(one, Arrival)]
        new = await self._add(session, organisation_id, arrivals) if arrivals else set()
        refusals = [one for one in incoming if isinstance(one, Refusal)]
        if refusals:
            await inbox.count_refusals(session, organisation_id, _counted(refusals))
        return [id(one) in new for one in incoming]

    async def _add(self, session: Session, organisation_id: UUID, arrivals: Sequence[Arrival]) -> set[int]:
        firsts: dict[tuple[UUID, str], Arrival] = {}
        for arrival in arrivals:
            firsts.setdefault((arrival.source_id, arrival.verified.dedupe_id), arrival)
        rows = {key: self._row(firsts[key]) for key in sorted(firsts)}
        added = await inbox.add_deliveries(session, organisation_id, list(rows.values()))
        new = {key for key, row in rows.items() if row.id in added}
        again = Counter((arrival.source_id, arrival.verified.dedupe_id) for arrival in arrivals)
        again.subtract(new)
        repeats = [Repeat(*key, again[key], firsts[key].at) for key in rows if again[key]]
        if repeats:
            await inbox.count_repeats(session, organisation_id, repeats)
        for source_id in sorted({source_id for source_id, _ in new}):
            now = max(firsts[key].at for key in new if key[0] == source_id)
            await request_job(
                session, organisation_id, ProcessDeliveries(source_id), now=now, dedupe_key=str(source_id)
            )
        return {id(firsts[key]) for key in new}

    def _row(self, arrival: Arrival) -> NewDelivery:
        verified = arrival.verified
        return NewDelivery(
            id=new_id(),
            source_id=arrival.source_id,
            preset=arrival.preset.value,
            secret_id=verified.secret_id,
            dedupe_id=verified.dedupe_id,
            received_at=arrival.at,
            occurred_at=verified.occurred_at,
            content_type=arrival.content_type,
            headers=json.dumps(arrival.headers),
            body=self._seal.seal(verified.body),
            body_sha256=arrival.body_sha256,
            body_size=len(verified.body),
        )


def _counted(refusals: Sequence[Refusal]) -> list[RefusedTimes]:
    counts = Counter((r.source_id, r.at.astimezone(UTC).date(), r.reason.value) for r in refusals)
    last = max(refusal.at for refusal in refusals)
    return [RefusedTimes(*key, counts[key], last) for key in sorted(counts)]


def _stored(value: str) -> str:
    return "".join(character for character in value[:_LONGEST_VALUE] if character.isprintable())
