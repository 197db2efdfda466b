"""Mappings of sources: define, look at, and try before use; ready-made ones."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.routes.sources import SealDep
from feedback_api.schemas.common import IfMatch, etag, matched_revision
from feedback_api.schemas.mapping_previews import PreviewOut
from feedback_api.schemas.source_mappings import (
    DeliveryPreviewIn,
    InboundMappingIn,
    MappingTemplateOut,
    MappingTemplatesOut,
    PreviewIn,
    SourceMappingOut,
)
from feedback_api.security import CanReadBodies, CanReadSources, CanWriteSources
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.inbound.mapping import use_cases
from feedback_core.inbound.mapping.templates import TEMPLATES
from feedback_core.inbound.types import Preset
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Sources"])

OfPreset = Annotated[Preset | None, Query(description="Only those for what this preset sends")]
Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="The one in force, if left out")]


@router.get("/mapping-templates", operation_id="listMappingTemplates", responses=problems(Invalid))
async def list_templates(_: CanReadSources, preset: OfPreset = None) -> MappingTemplatesOut:
    """Ready-made mappings: take one, put your questions' keys in place of its own, and try it on a payload."""
    found = [template for template in TEMPLATES.values() if preset is None or preset in template.presets]
    return MappingTemplatesOut(items=[MappingTemplateOut.of(template) for template in found])


@router.put(
    "/sources/{source_id}/mapping",
    operation_id="putSourceMapping",
    responses={
        201: {"model": SourceMappingOut, "description": "The source had none, and has one now"},
        **problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_mapping(
    source_id: UUID,
    body: InboundMappingIn,
    caller: CanWriteSources,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> SourceMappingOut:
    """Set the mapping, or replace it by its next version (with If-Match). What waits for it is replayed on demand."""
    version = None if if_match is None else matched_revision(if_match)
    stored = await use_cases.define_mapping(
        session,
        caller.organisation_id,
        source_id,
        body.mapping(),
        by=caller.name,
        edited_version=version,
        clock=clock,
    )
    response.status_code = 201 if stored.version == 1 else 200
    response.headers["ETag"] = etag(stored.version)
    return SourceMappingOut.of(stored)


@router.get("/sources/{source_id}/mapping", operation_id="getSourceMapping", responses=problems(NotFound, Invalid))
async def get_mapping(
    source_id: UUID, caller: CanReadSources, session: SnapshotDep, response: Response, version: Version = None
) -> SourceMappingOut:
    """The mapping in force, or an earlier version."""
    stored = await use_cases.get_mapping(session, caller.organisation_id, source_id, version=version)
    response.headers["ETag"] = etag(stored.version)
    return SourceMappingOut.of(stored)


@router.post(
    "/sources/{source_id}/mapping/preview",
    operation_id="previewSourceMapping",
    dependencies=[NeverStored],
    responses=problems(NotFound, Conflict, Invalid),
)
async def preview_mapping(
    source_id: UUID, body: PreviewIn, caller: CanReadSources, session: SnapshotDep, clock: ClockDep, request: Request
) -> PreviewOut:
    """Try a mapping on a payload: the responses it would make, or everything that is in the way. Changes nothing."""
    items = await use_cases.preview(
        session,
        caller.organisation_id,
        source_id,
        body.mapping.mapping() if body.mapping else None,
        body.sample(),
        privacy=request.app.state.privacy,
        clock=clock,
    )
    return PreviewOut.of(items)


@router.post(
    "/sources/{source_id}/deliveries/{delivery_id}/preview",
    operation_id="previewDelivery",
    dependencies=[NeverStored],
    responses=problems(NotFound, Conflict, Invalid),
)
async def preview_delivery(
    source_id: UUID,
    delivery_id: UUID,
    body: DeliveryPreviewIn,
    caller: CanReadBodies,
    session: SnapshotDep,
    clock: ClockDep,
    seal: SealDep,
    request: Request,
) -> PreviewOut:
    """Try a mapping on a delivery, with the scope for identities: the body may name whoever was asked."""
    organisation_id = caller.organisation_id
    sample = await use_cases.sample_of_delivery(session, organisation_id, source_id, delivery_id, seal=seal)
    mapping, privacy = body.mapping.mapping() if body.mapping else None, request.app.state.privacy
    items = await use_cases.preview(session, organisation_id, source_id, mapping, sample, privacy=privacy, clock=clock)
    return PreviewOut.of(items)
