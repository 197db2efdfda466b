"""The API with one more route: the no-op that single responses are held against. Used by the bench alone."""

from uuid import UUID

from fastapi import APIRouter

from feedback_api.app import create_app
from feedback_api.schemas.responses import NewResponseIn
from feedback_api.security import CanWriteResponses
from feedback_api.settings import Settings
from feedback_api.unit_of_work import TransactionalRoute

router = APIRouter(route_class=TransactionalRoute)


@router.post("/v1/surveys/{survey_id}/nothing", status_code=201)
async def nothing(survey_id: UUID, body: NewResponseIn, caller: CanWriteResponses) -> dict[str, str]:
    """The same middleware, key check and body model as a response; nothing is stored."""
    return {"id": str(survey_id), "status": str(body.status), "by": str(caller.api_key_id)}


app = create_app(Settings.from_environment())
app.include_router(router)
