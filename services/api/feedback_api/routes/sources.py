"""Sources: other systems that send what their customers said."""

import secrets
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.sources import (
    NewSecretOut,
    SecretIn,
    SourceChangeIn,
    SourceDetailOut,
    SourceIn,
    SourceOut,
    SourcesOut,
)
from feedback_api.security import CanReadSources, CanWriteSources
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.inbound.secret_forms import RANDOM_BYTES
from feedback_core.inbound.types import SecretMalformed, SourceRetired, SourceState, TooManySecrets
from feedback_core.inbound.use_cases import sources as use_cases
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.kit.sealing import Seal

router = APIRouter(prefix="/v1/sources", route_class=TransactionalRoute, tags=["Sources"])


async def _seal(request: Request) -> Seal:
    seal: Seal = request.app.state.seal
    return seal


async def _public_url(request: Request) -> str | None:
    url: str | None = request.app.state.settings.http.public_url
    return url


SealDep = Annotated[Seal, Depends(_seal)]
PublicUrl = Annotated[str | None, Depends(_public_url)]
OfSurvey = Annotated[UUID | None, Query(description="Only sources of this survey")]
InState = Annotated[SourceState | None, Query(description="Only sources in this state; left out: all but retired ones")]


@router.post(
    "", operation_id="createSource", status_code=201, dependencies=[Idempotent], responses=problems(NotFound, Invalid)
)
async def create_source(
    body: SourceIn, caller: CanWriteSources, session: SessionDep, clock: ClockDep, url: PublicUrl, response: Response
) -> SourceOut:
    """Create a source. It believes nobody until it has a secret; give its `inbound_url` to the sender."""
    made = await use_cases.create_source(
        session,
        caller.organisation_id,
        body.settings(),
        preset=body.preset,
        survey_id=body.survey_id,
        public_url=url,
        clock=clock,
    )
    response.headers.update({"Location": f"/v1/sources/{made.id}", "ETag": etag(made.revision)})
    return SourceOut.of(made, caller.organisation_id, url)


@router.get("", operation_id="listSources", responses=problems(NotFound, Invalid))
async def list_sources(
    caller: CanReadSources,
    session: SnapshotDep,
    url: PublicUrl,
    survey: OfSurvey = None,
    state: InState = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> SourcesOut:
    """Sources, newest first."""
    page = await use_cases.list_sources(
        session, caller.organisation_id, survey_id=survey, state=state, cursor=cursor, limit=limit
    )
    shown = [SourceOut.of(source, caller.organisation_id, url) for source in page.items]
    return SourcesOut(items=shown, next_cursor=page.next_cursor)


@router.get("/{source_id}", operation_id="getSource", responses=problems(NotFound))
async def get_source(
    source_id: UUID, caller: CanReadSources, session: SnapshotDep, clock: ClockDep, url: PublicUrl, response: Response
) -> SourceDetailOut:
    """A source, its secrets but for what they are, and what it refused lately."""
    found = await use_cases.get_source_detail(session, caller.organisation_id, source_id, clock=clock)
    response.headers["ETag"] = etag(found.source.revision)
    return SourceDetailOut.with_secrets(found, caller.organisation_id, url)


@router.put(
    "/{source_id}",
    operation_id="changeSource",
    responses=problems(NotFound, Invalid, SourceRetired, PreconditionFailed, PreconditionRequired),
)
async def change_source(
    source_id: UUID,
    body: SourceChangeIn,
    caller: CanWriteSources,
    session: SessionDep,
    url: PublicUrl,
    response: Response,
    if_match: IfMatch = None,
) -> SourceOut:
    """Change or pause a source: every process follows within 5 seconds. Its preset and survey stay."""
    changed = await use_cases.change_source(
        session,
        caller.organisation_id,
        source_id,
        body.settings(),
        if_revision=matched_revision(if_match),
        public_url=url,
    )
    response.headers["ETag"] = etag(changed.revision)
    return SourceOut.of(changed, caller.organisation_id, url)


@router.post(
    "/{source_id}/retire", operation_id="retireSource", dependencies=[Idempotent], responses=problems(NotFound)
)
async def retire_source(
    source_id: UUID, caller: CanWriteSources, session: SessionDep, clock: ClockDep, url: PublicUrl, response: Response
) -> SourceOut:
    """Retire a source for good: it takes nothing any more and its secrets are forgotten. What was delivered stays."""
    retired = await use_cases.retire_source(session, caller.organisation_id, source_id, clock=clock)
    response.headers["ETag"] = etag(retired.revision)
    return SourceOut.of(retired, caller.organisation_id, url)


@router.post(
    "/{source_id}/secrets",
    operation_id="addSourceSecret",
    status_code=201,
    dependencies=[NeverStored],
    responses=problems(NotFound, SourceRetired, TooManySecrets, SecretMalformed),
)
async def add_secret(
    source_id: UUID,
    body: SecretIn,
    caller: CanWriteSources,
    session: SessionDep,
    clock: ClockDep,
    seal: SealDep,
    url: PublicUrl,
) -> NewSecretOut:
    """Add a secret that the source is believed by, or have one made; it is shown here and never again.

    To rotate, say from when the others are not believed any more. It takes no Idempotency-Key: remembering the answer
    would keep the secret.
    """
    added = await use_cases.add_secret(
        session,
        caller.organisation_id,
        source_id,
        secret=body.secret,
        random=secrets.token_bytes(RANDOM_BYTES),
        previous_expire_at=body.previous_expire_at,
        seal=seal,
        clock=clock,
    )
    source = await use_cases.get_source(session, caller.organisation_id, source_id)
    return NewSecretOut.with_address(added, source, caller.organisation_id, url)


@router.delete(
    "/{source_id}/secrets/{secret_id}",
    operation_id="deleteSourceSecret",
    status_code=204,
    responses=problems(NotFound),
)
async def delete_secret(source_id: UUID, secret_id: UUID, caller: CanWriteSources, session: SessionDep) -> None:
    """Believe a secret no longer: every process refuses it within 5 seconds."""
    await use_cases.delete_secret(session, caller.organisation_id, source_id, secret_id)
