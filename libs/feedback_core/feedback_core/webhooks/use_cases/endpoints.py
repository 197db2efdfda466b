"""Webhooks: creating, changing, retiring them, and the secrets that their deliveries are signed with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, NotFound, require_current
from feedback_core.kit.ids import new_id
from feedback_core.kit.pinned_http import is_public
from feedback_core.kit.sealing import Seal
from feedback_core.webhooks.calc import FILTERS
from feedback_core.webhooks.messages import check_secret, made_secret
from feedback_core.webhooks.queries import endpoints as queries
from feedback_core.webhooks.queries import queues
from feedback_core.webhooks.types import (
    MOST_SECRETS,
    MOST_WEBHOOKS,
    NewWebhookSecret,
    PauseReason,
    TooManyWebhooks,
    TooManyWebhookSecrets,
    Webhook,
    WebhookFormat,
    WebhookInvalid,
    WebhookRetired,
    WebhookSecret,
    WebhookState,
)

_VISIBLE: Final = re.compile(r"[\x21-\x7e]+")
_HOST: Final = re.compile(r"[a-z0-9.-]{1,253}|[0-9a-f:.]{2,45}", re.IGNORECASE)
_NUMERIC: Final = re.compile(r"[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)
_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class WebhookSettingsGiven:
    """What may be chosen of a webhook."""

    url: str
    description: str | None
    kinds: tuple[str, ...]
    format: WebhookFormat
    state: WebhookState


@dataclass(frozen=True, slots=True)
class WebhookDetail:
    """A webhook with its secrets, as they may be shown."""

    webhook: Webhook
    secrets: tuple[WebhookSecret, ...]


async def create_webhook(
    session: Session,
    organisation_id: UUID,
    given: WebhookSettingsGiven,
    *,
    by: str,
    allow_private: bool,
    clock: Clock,
) -> Webhook:
    """A new webhook. It delivers nothing until it has a secret; what happens from now on waits for that.

    Raises:
        WebhookInvalid: its address or filter is not usable; every fault is named.
        TooManyWebhooks: there are as many as there may be.
    """
    _check(given, allow_private=allow_private)
    await queries.hold_webhooks(session, organisation_id)
    if await queries.count_webhooks(session, organisation_id) >= MOST_WEBHOOKS:
        raise TooManyWebhooks(f"An organisation has at most {MOST_WEBHOOKS} webhooks: retire one.")
    now = clock.now()
    row = Webhook(
        id=new_id(),
        url=given.url,
        description=given.description,
        kinds=given.kinds,
        format=given.format,
        state=given.state,
        pause_reason=PauseReason.ASKED if given.state is WebhookState.PAUSED else None,
        state_since=now,
        created_by=by,
        created_at=now,
        revision=1,
    )
    await queries.add_webhook(session, organisation_id, row)
    await queues.begin_feed(session, organisation_id)
    return row


async def get_webhook(session: Session, organisation_id: UUID, webhook_id: UUID) -> Webhook:
    """A webhook, retired or not.

    Raises:
        NotFound: no such webhook here.
    """
    found = await queries.webhook_by_id(session, organisation_id, webhook_id)
    if found is None:
        raise NotFound("webhook", webhook_id)
    return found


async def get_webhook_detail(session: Session, organisation_id: UUID, webhook_id: UUID) -> WebhookDetail:
    """A webhook with its secrets but for what they are.

    Raises:
        NotFound: no such webhook here.
    """
    found = await get_webhook(session, organisation_id, webhook_id)
    return WebhookDetail(found, tuple(await queries.secrets_of(session, organisation_id, webhook_id)))


async def list_webhooks(
    session: Session, organisation_id: UUID, *, state: WebhookState | None, cursor: str | None, limit: int
) -> tuple[Sequence[Webhook], str | None]:
    """A page of webhooks, newest first, and the cursor of the next one; retired ones only if they are asked for.

    Raises:
        InvalidCursor: the cursor belongs to another query.
    """
    query = {"list": "webhooks", "organisation": organisation_id, "state": state}
    before = id_in_cursor(cursor, query)
    found = await queries.webhooks_before(session, organisation_id, state=state, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def change_webhook(
    session: Session,
    organisation_id: UUID,
    webhook_id: UUID,
    given: WebhookSettingsGiven,
    *,
    if_revision: int,
    allow_private: bool,
    clock: Clock,
) -> Webhook:
    """Change, pause or resume a webhook. What waits for it stays, and is sent where it leads once it is active.

    Raises:
        NotFound: no such webhook here.
        WebhookRetired: it was retired.
        PreconditionFailed: it has changed since.
        WebhookInvalid: its address or filter is not usable; every fault is named.
    """
    current = await held(session, organisation_id, webhook_id)
    require_current("webhook", current.revision, if_revision)
    _check(given, allow_private=allow_private)
    now = clock.now()
    reason, since = current.pause_reason, current.state_since
    if given.state is not current.state:
        reason, since = PauseReason.ASKED if given.state is WebhookState.PAUSED else None, now
    changed = replace(
        current,
        url=given.url,
        description=given.description,
        kinds=given.kinds,
        format=given.format,
        state=given.state,
        pause_reason=reason,
        state_since=since,
    )
    await queries.update_webhook(session, organisation_id, changed)
    if given.state is not current.state or given.url != current.url:
        # Somebody has seen to it: nobody needs to wait for the next attempt.
        await queues.begin_anew(session, organisation_id, webhook_id, now=now)
    return await get_webhook(session, organisation_id, webhook_id)


async def retire_webhook(session: Session, organisation_id: UUID, webhook_id: UUID, *, clock: Clock) -> Webhook:
    """Deliver nothing more, for good, and forget the secrets. The log stays as long as events are kept.

    Again changes nothing.

    Raises:
        NotFound: no such webhook here.
    """
    current = await queries.webhook_by_id(session, organisation_id, webhook_id, for_update=True)
    if current is None:
        raise NotFound("webhook", webhook_id)
    if current.state is not WebhookState.RETIRED:
        now = clock.now()
        retired = replace(current, state=WebhookState.RETIRED, pause_reason=None, state_since=now)
        await queries.update_webhook(session, organisation_id, retired)
        await queries.delete_secrets(session, organisation_id, webhook_id)
        await queues.wake(session, organisation_id, webhook_id, now=now)
    return await get_webhook(session, organisation_id, webhook_id)


async def add_secret(
    session: Session,
    organisation_id: UUID,
    webhook_id: UUID,
    *,
    secret: str | None,
    random: bytes,
    previous_expire_at: datetime | None,
    seal: Seal,
    clock: Clock,
) -> NewWebhookSecret:
    """Another secret of a webhook: from now on its deliveries carry a signature with each that is valid.

    Args:
        session: bound to the organisation.
        organisation_id: whose webhook it is.
        webhook_id: which one.
        secret: as its receiver has it; ``None``: one is made.
        random: what it is made of: 32 random bytes, passed in.
        previous_expire_at: from when the other secrets sign nothing any more; ``None``: they stay as they are.
        seal: encrypts it at rest.
        clock: for the time of creation.

    Raises:
        NotFound: no such webhook here.
        WebhookRetired: it was retired.
        WebhookInvalid: the secret is not one that receivers' libraries take.
        TooManyWebhookSecrets: the webhook has as many as it may have.
    """
    await held(session, organisation_id, webhook_id)
    value = made_secret(random) if secret is None else secret
    check_secret(value)
    now = clock.now()
    known = await queries.secrets_of(session, organisation_id, webhook_id)
    if sum(row.expires_at is None or now < row.expires_at for row in known) >= MOST_SECRETS:
        raise TooManyWebhookSecrets(f"A webhook has at most {MOST_SECRETS} secrets at a time: delete one.")
    if previous_expire_at is not None:
        await queries.expire_secrets(session, organisation_id, webhook_id, at=max(previous_expire_at, now))
    row = WebhookSecret(new_id(), value[-_SHOWN:], now, None)
    await queries.add_secret(session, organisation_id, webhook_id, row, seal.seal(value.encode()))
    await queues.wake(session, organisation_id, webhook_id, now=now)
    return NewWebhookSecret(row, value if secret is None else None)


async def delete_secret(
    session: Session, organisation_id: UUID, webhook_id: UUID, secret_id: UUID, *, clock: Clock
) -> None:
    """Sign nothing with a secret any more, from the next batch on; without one that is valid nothing is delivered.

    Raises:
        NotFound: no such webhook, or no such secret of it.
    """
    found = await queries.webhook_by_id(session, organisation_id, webhook_id, for_update=True)
    if found is None:
        raise NotFound("webhook", webhook_id)
    if not await queries.delete_secrets(session, organisation_id, webhook_id, secret_id):
        raise NotFound("secret", secret_id)
    await queues.wake(session, organisation_id, webhook_id, now=clock.now())


async def held(session: Session, organisation_id: UUID, webhook_id: UUID) -> Webhook:
    """A webhook that nobody else changes until the transaction ends.

    Raises:
        NotFound: no such webhook here.
        WebhookRetired: it was retired.
    """
    found = await queries.webhook_by_id(session, organisation_id, webhook_id, for_update=True)
    if found is None:
        raise NotFound("webhook", webhook_id)
    if found.state is WebhookState.RETIRED:
        raise WebhookRetired("This webhook was retired: create another one.")
    return found


def _check(given: WebhookSettingsGiven, *, allow_private: bool) -> None:
    faults = []
    wrong = _wrong_with(given.url, allow_private=allow_private)
    if wrong is not None:
        faults.append(Fault("/url", "malformed_url", wrong))
    faults += [
        Fault(f"/events/{number}", "unknown_event", "Name an event, as response.completed, or all of a kind: action.*")
        for number, kind in enumerate(given.kinds)
        if kind not in FILTERS
    ]
    if faults:
        raise WebhookInvalid(faults)


def _wrong_with(url: str, *, allow_private: bool) -> str | None:
    """Why an address cannot be called, if so; what its name leads to is looked at with every call."""
    try:
        parts = urlsplit(url)
        host, is_usable = parts.hostname or "", parts.port != 0 and _VISIBLE.fullmatch(url) is not None
    except ValueError:
        host, is_usable = "", False
    if not is_usable or not _HOST.fullmatch(host):
        return "Give an address, as https://example.com/feedback."
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        return "Give an address that begins with https://."
    if parts.username is not None or parts.password is not None:
        return "Leave user and password out: deliveries are believed by their signature."
    if parts.fragment:
        return "Leave out what follows #."
    is_private = host == "localhost" or (_NUMERIC.fullmatch(host) is not None and not is_public(host))
    return "The address leads into a private network." if is_private and not allow_private else None
