"""Who did what that cannot be seen from the thing itself any more."""

from typing import Annotated

from fastapi import APIRouter, Query

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, Limit, Page
from feedback_api.schemas.subjects import AuditEventOut
from feedback_api.security import CanReadAudit
from feedback_api.unit_of_work import SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid
from feedback_core.organisations.audit import list_events
from feedback_core.organisations.types import AuditAction

router = APIRouter(prefix="/v1/audit", route_class=TransactionalRoute, tags=["Organisation"])

Actions = Annotated[list[AuditAction] | None, Query(alias="action", description="Only these; all, if left out")]
Thing = Annotated[
    str, Query(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]+$", description="Only what was done to this")
]


@router.get("", operation_id="listAuditEvents", responses=problems(Invalid))
async def list_audit_events(
    caller: CanReadAudit,
    session: SnapshotDep,
    actions: Actions = None,
    thing: Thing | None = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> Page[AuditEventOut]:
    """What was erased, made anonymous, tightened or asked for, by whom and when; the latest first."""
    found, following = await list_events(
        session, caller.organisation_id, actions=actions or [], thing_id=thing, cursor=cursor, limit=limit
    )
    return Page(items=[AuditEventOut.model_validate(event) for event in found], next_cursor=following)
