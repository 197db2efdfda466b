"""The inclusion rule of a survey: which signs of careless answering count, and what follows from them."""

from uuid import UUID

from fastapi import APIRouter, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import IfMatch, etag, matched_revision
from feedback_api.schemas.inclusion_rules import (
    CurrentInclusionRuleOut,
    InclusionRuleIn,
    InclusionRuleOut,
    InclusionRulesOut,
)
from feedback_api.security import CanReadKpis, CanWriteKpis
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.data_quality import use_cases
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired

router = APIRouter(
    prefix="/v1/surveys/{survey_id}/inclusion-rule", route_class=TransactionalRoute, tags=["Data quality"]
)


@router.get("", operation_id="getInclusionRule", responses=problems(NotFound))
async def get_inclusion_rule(
    survey_id: UUID, caller: CanReadKpis, session: SnapshotDep, response: Response
) -> CurrentInclusionRuleOut:
    """The rule that holds, and how far the responses are held to it. Before there is one, nothing is measured."""
    stored, flagging = await use_cases.get_rule(session, caller.organisation_id, survey_id)
    response.headers["ETag"] = etag(stored.rule.version)
    return CurrentInclusionRuleOut.of_current(stored, flagging)


@router.get("/versions", operation_id="listInclusionRuleVersions", responses=problems(NotFound))
async def list_inclusion_rule_versions(survey_id: UUID, caller: CanReadKpis, session: SnapshotDep) -> InclusionRulesOut:
    """Every version of the rule, the one that holds first."""
    found = await use_cases.rule_versions(session, caller.organisation_id, survey_id)
    return InclusionRulesOut(items=[InclusionRuleOut.of(stored) for stored in found])


@router.put(
    "",
    operation_id="putInclusionRule",
    responses={
        201: {"model": CurrentInclusionRuleOut, "description": "It was not there, and is now"},
        **problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_inclusion_rule(
    survey_id: UUID,
    body: InclusionRuleIn,
    caller: CanWriteKpis,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> CurrentInclusionRuleOut:
    """Set the rule, or replace it by its next version (with If-Match); the worker measures every response anew."""
    version = None if if_match is None else matched_revision(if_match)
    stored, flagging, is_new = await use_cases.put_rule(
        session, caller.organisation_id, survey_id, body.rule(), if_version=version, by=caller.name, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(stored.rule.version)
    return CurrentInclusionRuleOut.of_current(stored, flagging)
