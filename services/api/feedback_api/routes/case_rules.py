"""The rule that opens cases of a survey."""

from uuid import UUID

from fastapi import APIRouter, Response

from feedback_api.problems import problems
from feedback_api.schemas.case_rules import CaseRuleIn, CaseRuleOut, CaseRulesOut
from feedback_api.schemas.common import IfMatch, etag, matched_revision
from feedback_api.security import CanReadCases, CanWriteCases
from feedback_api.unit_of_work import ClockDep, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.cases import rule_use_cases as use_cases
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired

router = APIRouter(prefix="/v1/surveys/{survey_id}/case-rule", route_class=TransactionalRoute, tags=["Cases"])


@router.get("", operation_id="getCaseRule", responses=problems(NotFound))
async def get_case_rule(survey_id: UUID, caller: CanReadCases, session: SnapshotDep, response: Response) -> CaseRuleOut:
    """The rule that holds. Before there is one, no response is a case."""
    stored = (await use_cases.rule_versions(session, caller.organisation_id, survey_id))[0]
    response.headers["ETag"] = etag(stored.version)
    return CaseRuleOut.of(stored)


@router.get("/versions", operation_id="listCaseRuleVersions", responses=problems(NotFound))
async def list_case_rule_versions(survey_id: UUID, caller: CanReadCases, session: SnapshotDep) -> CaseRulesOut:
    """Every version of the rule, the one that holds first."""
    found = await use_cases.rule_versions(session, caller.organisation_id, survey_id)
    return CaseRulesOut(items=[CaseRuleOut.of(stored) for stored in found])


@router.put(
    "",
    operation_id="putCaseRule",
    responses={
        201: {"model": CaseRuleOut, "description": "It was not there, and is now"},
        **problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_case_rule(
    survey_id: UUID,
    body: CaseRuleIn,
    caller: CanWriteCases,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> CaseRuleOut:
    """Set the rule, or replace it by its next version (with If-Match); it is for what is recorded from now on."""
    version = None if if_match is None else matched_revision(if_match)
    stored, is_new = await use_cases.put_rule(
        session, caller.organisation_id, survey_id, body.rule(), if_version=version, by=caller.name, clock=clock
    )
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = etag(stored.version)
    return CaseRuleOut.of(stored)
