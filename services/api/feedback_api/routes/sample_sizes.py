"""Sample sizes: arithmetic alone, nothing is stored."""

from fastapi import APIRouter

from feedback_api.problems import problems
from feedback_api.schemas.sample_sizes import SampleSizeIn, SampleSizeOut
from feedback_api.security import CanReadSurveys
from feedback_api.unit_of_work import Idempotent, TransactionalRoute
from feedback_core.kit.errors import NotEstimable
from feedback_core.planning.calc import plan_sample

router = APIRouter(prefix="/v1/sample-size", route_class=TransactionalRoute, tags=["Planning"])


@router.post("", operation_id="calculateSampleSize", dependencies=[Idempotent], responses=problems(NotEstimable))
async def calculate_sample_size(body: SampleSizeIn, _: CanReadSurveys) -> SampleSizeOut:
    """How many answers and invitations a precision or a comparison takes, with each step of the arithmetic."""
    return SampleSizeOut.of(plan_sample(body.request()))
