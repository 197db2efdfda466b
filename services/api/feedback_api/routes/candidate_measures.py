"""What standards could be held on, ranked by importance, spread and cost."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from feedback_api.problems import problems
from feedback_api.schemas.candidate_measures import CandidateMeasureOut, CandidateMeasuresOut
from feedback_api.schemas.times import Moment, instant_of
from feedback_api.security import CanReadStandards
from feedback_api.unit_of_work import SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.standards.selection.use_cases import SelectionQuestion, rank_candidate_measures

router = APIRouter(prefix="/v1/surveys", route_class=TransactionalRoute, tags=["Standards"])


@router.get(
    "/{survey_id}/candidate-measures",
    operation_id="listCandidateMeasures",
    responses=problems(NotFound, Conflict, Invalid),
)
async def list_candidate_measures(
    survey_id: UUID,
    caller: CanReadStandards,
    session: SnapshotDep,
    start: Annotated[Moment | None, Query(alias="from", description="First instant, or day")] = None,
    end: Annotated[Moment | None, Query(alias="to", description="First instant (or day) no longer in it")] = None,
    margin: Annotated[
        float, Query(ge=0.005, le=0.5, description="To be reached by an interval, as a share of the scale")
    ] = 0.05,
    level: Annotated[float, Query(ge=0.5, le=0.999, description="Coverage of that interval")] = 0.95,
    price: Annotated[float | None, Query(ge=0, le=1e9, description="Of an answer, in any currency")] = None,
) -> CandidateMeasuresOut:
    """Each question on a scale of a survey, with how much it matters, how far answers lie apart, and what it takes.

    The order is the mean of the three places; `why` shows the arithmetic.
    """
    zone = (await get_organisation(session, caller.organisation_id)).time_zone
    question = SelectionQuestion(instant_of(start, zone), instant_of(end, zone), margin, level, price)
    found = await rank_candidate_measures(session, caller.organisation_id, survey_id, question)
    return CandidateMeasuresOut(items=[CandidateMeasureOut.of(each) for each in found])
