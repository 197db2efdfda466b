"""Webhooks: where other systems are told of events."""

import secrets
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.routes.sources import SealDep
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.times import instant_of
from feedback_api.schemas.webhooks import (
    NewWebhookSecretOut,
    WebhookDetailOut,
    WebhookIn,
    WebhookOut,
    WebhookSecretIn,
    WebhooksOut,
)
from feedback_api.security import CanReadWebhooks, CanWriteWebhooks
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.webhooks.messages import RANDOM_BYTES
from feedback_core.webhooks.types import (
    TooManyWebhooks,
    TooManyWebhookSecrets,
    WebhookInvalid,
    WebhookRetired,
    WebhookState,
)
from feedback_core.webhooks.use_cases import endpoints as use_cases

router = APIRouter(prefix="/v1/webhooks", route_class=TransactionalRoute, tags=["Webhooks"])

InState = Annotated[
    WebhookState | None, Query(description="Only webhooks in this state; left out: all but retired ones")
]


def allows_private(request: Request) -> bool:
    """Whether this deployment delivers to private addresses too."""
    allowed: bool = request.app.state.settings.webhooks.allow_private_networks
    return allowed


@router.post(
    "",
    operation_id="createWebhook",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(WebhookInvalid, TooManyWebhooks),
)
async def create_webhook(
    body: WebhookIn,
    caller: CanWriteWebhooks,
    session: SessionDep,
    clock: ClockDep,
    request: Request,
    response: Response,
) -> WebhookOut:
    """Create a webhook. It delivers nothing until it has a secret; what happens from now on waits for that."""
    made = await use_cases.create_webhook(
        session,
        caller.organisation_id,
        body.settings(),
        by=caller.name,
        allow_private=allows_private(request),
        clock=clock,
    )
    response.headers.update({"Location": f"/v1/webhooks/{made.id}", "ETag": etag(made.revision)})
    return WebhookOut.of(made)


@router.get("", operation_id="listWebhooks", responses=problems(Invalid))
async def list_webhooks(
    caller: CanReadWebhooks,
    session: SnapshotDep,
    state: InState = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> WebhooksOut:
    """Webhooks, newest first: how their receivers do, and which are paused, and why."""
    found, following = await use_cases.list_webhooks(
        session, caller.organisation_id, state=state, cursor=cursor, limit=limit
    )
    return WebhooksOut(items=[WebhookOut.of(webhook) for webhook in found], next_cursor=following)


@router.get("/{webhook_id}", operation_id="getWebhook", responses=problems(NotFound))
async def get_webhook(
    webhook_id: UUID, caller: CanReadWebhooks, session: SnapshotDep, response: Response
) -> WebhookDetailOut:
    """A webhook, how its receiver does, and its secrets but for what they are."""
    found = await use_cases.get_webhook_detail(session, caller.organisation_id, webhook_id)
    response.headers["ETag"] = etag(found.webhook.revision)
    return WebhookDetailOut.with_secrets(found)


@router.put(
    "/{webhook_id}",
    operation_id="changeWebhook",
    responses=problems(NotFound, WebhookInvalid, WebhookRetired, PreconditionFailed, PreconditionRequired),
)
async def change_webhook(
    webhook_id: UUID,
    body: WebhookIn,
    caller: CanWriteWebhooks,
    session: SessionDep,
    clock: ClockDep,
    request: Request,
    response: Response,
    if_match: IfMatch = None,
) -> WebhookOut:
    """Change, pause or resume a webhook. What waits stays, and is sent at once where it leads when it is active."""
    changed = await use_cases.change_webhook(
        session,
        caller.organisation_id,
        webhook_id,
        body.settings(),
        if_revision=matched_revision(if_match),
        allow_private=allows_private(request),
        clock=clock,
    )
    response.headers["ETag"] = etag(changed.revision)
    return WebhookOut.of(changed)


@router.post(
    "/{webhook_id}/retire", operation_id="retireWebhook", dependencies=[Idempotent], responses=problems(NotFound)
)
async def retire_webhook(
    webhook_id: UUID, caller: CanWriteWebhooks, session: SessionDep, clock: ClockDep, response: Response
) -> WebhookOut:
    """Retire a webhook for good: it delivers nothing any more and its secrets are forgotten. Its log stays a while."""
    retired = await use_cases.retire_webhook(session, caller.organisation_id, webhook_id, clock=clock)
    response.headers["ETag"] = etag(retired.revision)
    return WebhookOut.of(retired)


@router.post(
    "/{webhook_id}/secrets",
    operation_id="addWebhookSecret",
    status_code=201,
    dependencies=[NeverStored],
    responses=problems(NotFound, WebhookRetired, TooManyWebhookSecrets, WebhookInvalid),
)
async def add_secret(
    webhook_id: UUID,
    body: WebhookSecretIn,
    caller: CanWriteWebhooks,
    session: SessionDep,
    clock: ClockDep,
    seal: SealDep,
) -> NewWebhookSecretOut:
    """Add a secret that deliveries are signed with, or have one made; it is shown here and never again.

    To rotate, say from when the other signs nothing any more: until then each delivery carries both signatures. It
    takes no Idempotency-Key: remembering the answer would keep the secret.
    """
    zone = (await get_organisation(session, caller.organisation_id)).time_zone
    added = await use_cases.add_secret(
        session,
        caller.organisation_id,
        webhook_id,
        secret=body.secret,
        random=secrets.token_bytes(RANDOM_BYTES),
        previous_expire_at=instant_of(body.previous_expire_at, zone),
        seal=seal,
        clock=clock,
    )
    return NewWebhookSecretOut.of(added)


@router.delete(
    "/{webhook_id}/secrets/{webhook_secret_id}",
    operation_id="deleteWebhookSecret",
    status_code=204,
    responses=problems(NotFound),
)
async def delete_secret(
    webhook_id: UUID, webhook_secret_id: UUID, caller: CanWriteWebhooks, session: SessionDep, clock: ClockDep
) -> None:
    """Sign nothing with a secret any more. Without a valid one nothing is delivered."""
    await use_cases.delete_secret(session, caller.organisation_id, webhook_id, webhook_secret_id, clock=clock)
