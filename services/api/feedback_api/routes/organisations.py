"""The caller's organisation and its API keys."""

import secrets
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import IfMatch, etag, matched_revision
from feedback_api.schemas.organisations import (
    ApiKeyIn,
    ApiKeyOut,
    ApiKeysOut,
    NewApiKeyOut,
    OrganisationIn,
    OrganisationOut,
)
from feedback_api.security import CanAdminister, CanReadOrganisation, MissingScope
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.organisations import queries, use_cases
from feedback_core.organisations.credentials import SECRET_BYTES

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Organisation"])


@router.get("/organisation", operation_id="getOrganisation", responses=problems(NotFound))
async def get_organisation(caller: CanReadOrganisation, session: SnapshotDep, response: Response) -> OrganisationOut:
    """The caller's organisation."""
    found = await use_cases.get_organisation(session, caller.organisation_id)
    response.headers["ETag"] = etag(found.revision)
    return OrganisationOut.model_validate(found)


@router.put(
    "/organisation",
    operation_id="changeOrganisation",
    responses=problems(NotFound, Invalid, PreconditionFailed, PreconditionRequired),
)
async def change_organisation(
    body: OrganisationIn, caller: CanAdminister, session: SessionDep, response: Response, if_match: IfMatch = None
) -> OrganisationOut:
    """Change the name or the minimum cell size."""
    changed = await use_cases.change_organisation(
        session,
        caller.organisation_id,
        name=body.name,
        minimum_cell_size=body.minimum_cell_size,
        if_revision=matched_revision(if_match),
    )
    response.headers["ETag"] = etag(changed.revision)
    return OrganisationOut.model_validate(changed)


@router.get("/api-keys", operation_id="listApiKeys", responses=problems())
async def list_api_keys(caller: CanAdminister, session: SnapshotDep) -> ApiKeysOut:
    """Every key of the organisation, without secrets."""
    rows = await queries.api_keys(session, caller.organisation_id)
    return ApiKeysOut(items=[ApiKeyOut.model_validate(row) for row in rows])


@router.post("/api-keys", operation_id="createApiKey", status_code=201, responses=problems(Invalid))
async def create_api_key(body: ApiKeyIn, caller: CanAdminister, session: SessionDep, clock: ClockDep) -> NewApiKeyOut:
    """A new key, which may carry only scopes that the caller's own key has.

    It takes no Idempotency-Key: remembering the answer would keep the secret.
    """
    scopes = set(body.scopes)
    beyond = sorted(scopes - caller.scopes)
    if beyond:
        raise MissingScope(f"This key cannot give what it lacks: {', '.join(beyond)}.")
    row, token = await use_cases.create_api_key(
        session,
        caller.organisation_id,
        name=body.name,
        scopes=sorted(scopes),
        secret=secrets.token_bytes(SECRET_BYTES),
        lifetime=timedelta(days=body.lifetime_days) if body.lifetime_days else None,
        roles=body.roles,
        clock=clock,
    )
    return NewApiKeyOut(**ApiKeyOut.model_validate(row).model_dump(), api_key=token)


@router.post(
    "/api-keys/{key_id}/revoke",
    operation_id="revokeApiKey",
    status_code=204,
    dependencies=[Idempotent],
    responses=problems(NotFound),
)
async def revoke_api_key(key_id: UUID, caller: CanAdminister, session: SessionDep, clock: ClockDep) -> None:
    """Revoke a key: every process refuses it within 5 seconds."""
    await use_cases.revoke_api_key(session, caller.organisation_id, key_id, clock=clock)
