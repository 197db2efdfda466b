"""What a caller may still ask."""

from fastapi import APIRouter, Request

from feedback_api.problems import problems
from feedback_api.rate_limits import STATE, WINDOW_SECONDS, Standing
from feedback_api.schemas.limits import LimitOut, LimitsOut
from feedback_api.security import CanReadOrganisation
from feedback_api.unit_of_work import TransactionalRoute

router = APIRouter(prefix="/v1", route_class=TransactionalRoute, tags=["Organisation"])


@router.get("/limits", operation_id="getLimits", responses=problems())
async def get_limits(request: Request, caller: CanReadOrganisation) -> LimitsOut:
    """The quotas of this key and of its organisation, and what is left of them; every answer says it in `RateLimit`."""
    standings: tuple[Standing, ...] = getattr(request.state, STATE)
    return LimitsOut(
        api_key_id=caller.api_key_id,
        limits=[
            LimitOut(
                name=standing.quota.name,
                requests=standing.quota.requests,
                window_seconds=WINDOW_SECONDS,
                remaining=standing.remaining,
                full_in_seconds=standing.full_in,
            )
            for standing in standings
        ],
    )
