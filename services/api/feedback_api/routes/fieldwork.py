"""Collections under way: how they stand, and the rules by which they are watched."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import IfMatch, etag, matched_revision
from feedback_api.schemas.fieldwork import FieldworkOut
from feedback_api.schemas.fieldwork_rules import FieldworkRulesIn, FieldworkRulesOut, FieldworkRuleVersionsOut
from feedback_api.security import CanReadFieldwork, CanWriteFieldwork, require_scope
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.fieldwork import rules as use_cases
from feedback_core.fieldwork.monitoring import live_figures
from feedback_core.fieldwork.types.live import GroupedBy
from feedback_core.kit.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.organisations.types import Scope
from feedback_core.themes.focus_queries import off_topic_counts

router = APIRouter(prefix="/v1/surveys/{survey_id}", route_class=TransactionalRoute, tags=["Fieldwork"])


@router.get("/fieldwork", operation_id="getFieldwork", responses=problems(NotFound, Conflict, Forbidden))
async def get_fieldwork(
    survey_id: UUID,
    caller: CanReadFieldwork,
    session: SnapshotDep,
    clock: ClockDep,
    by: Annotated[
        Literal["stratum", "method", "wave", "interviewer"] | None,
        Query(description="Groups that are told too; interviewers take `performance:everybody`", examples=["stratum"]),
    ] = None,
) -> FieldworkOut:
    """The collection as it stands: who was asked and how far they came, against frame, plan and budget."""
    grouped_by = GroupedBy(by) if by else None
    if grouped_by is GroupedBy.INTERVIEWER:
        require_scope(caller, Scope.PERFORMANCE_EVERYBODY)
    found = await live_figures(
        session, caller.organisation_id, survey_id, by=grouped_by, off_topic=off_topic_counts, now=clock.now()
    )
    return FieldworkOut.of(found)


@router.get("/fieldwork-rules", operation_id="getFieldworkRules", responses=problems(NotFound))
async def get_fieldwork_rules(
    survey_id: UUID, caller: CanReadFieldwork, session: SnapshotDep, response: Response
) -> FieldworkRulesOut:
    """The rules that hold."""
    stored = await use_cases.get_rules(session, caller.organisation_id, survey_id)
    response.headers["ETag"] = etag(stored.version)
    return FieldworkRulesOut.of(stored)


@router.get("/fieldwork-rules/versions", operation_id="listFieldworkRuleVersions", responses=problems(NotFound))
async def list_fieldwork_rule_versions(
    survey_id: UUID, caller: CanReadFieldwork, session: SnapshotDep
) -> FieldworkRuleVersionsOut:
    """Every version of the rules, the one that holds first."""
    found = await use_cases.rule_versions(session, caller.organisation_id, survey_id)
    return FieldworkRuleVersionsOut(items=[FieldworkRulesOut.of(stored) for stored in found])


@router.put(
    "/fieldwork-rules",
    operation_id="putFieldworkRules",
    responses={
        201: {"model": FieldworkRulesOut, "description": "There were none, and are now"},
        **problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_fieldwork_rules(
    survey_id: UUID,
    body: FieldworkRulesIn,
    caller: CanWriteFieldwork,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> FieldworkRulesOut:
    """Watch a collection by these rules from now on; to replace them, send If-Match. It is looked at at once."""
    version = None if if_match is None else matched_revision(if_match)
    stored, is_new = await use_cases.put_rules(
        session, caller.organisation_id, survey_id, body.domain(), if_version=version, by=caller.name, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(stored.version)
    return FieldworkRulesOut.of(stored)
