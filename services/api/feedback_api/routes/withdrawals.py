"""Respondents who take back what they said."""

from uuid import UUID

from fastapi import APIRouter

from feedback_api.problems import problems
from feedback_api.security import CanWithdraw
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, TransactionalRoute
from feedback_core.kit.errors import NotFound
from feedback_core.subjects.withdrawal import withdraw

router = APIRouter(
    prefix="/v1/surveys/{survey_id}/open-responses/{open_response_id}",
    route_class=TransactionalRoute,
    tags=["Data protection"],
)


@router.post(
    "/withdraw",
    operation_id="withdrawResponse",
    status_code=204,
    dependencies=[Idempotent],
    responses=problems(NotFound),
)
async def withdraw_response(
    survey_id: UUID, open_response_id: UUID, caller: CanWithdraw, session: SessionDep, clock: ClockDep
) -> None:
    """Erase what was answered here and the response that it became, for good and at once.

    A respondent needs nothing but the token that they answered with; it is of no use afterwards.
    """
    await withdraw(session, caller.organisation_id, survey_id, open_response_id, by=caller.name, clock=clock)
