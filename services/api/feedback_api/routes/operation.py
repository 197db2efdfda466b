"""Liveness, readiness, metrics."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import Field
from starlette.responses import JSONResponse

from feedback_api.readiness import Readiness, readiness
from feedback_api.schemas.common import Output

router = APIRouter(tags=["Operation"])
NO_STORE = {"Cache-Control": "no-store"}


class Alive(Output):
    """The process answers."""

    status: str = Field(examples=["alive"])


class ReadyOut(Output):
    """Whether this process can serve."""

    ready: bool
    database: bool = Field(description="It answers")
    migrations: bool = Field(description="They are at head")
    oldest_due_job_seconds: float | None = Field(description="Age of the oldest job that no worker has taken")
    jobs: bool = Field(description="No due job is older than the alarm")


@router.get("/livez", operation_id="getLiveness")
async def livez(response: Response) -> Alive:
    """Whether the process answers."""
    response.headers.update(NO_STORE)
    return Alive(status="alive")


@router.get(
    "/readyz",
    operation_id="getReadiness",
    response_model=ReadyOut,
    responses={503: {"model": ReadyOut, "description": "Not ready"}},
)
async def readyz(request: Request) -> Response:
    """Whether the database answers, migrations are at head, and how old the oldest due job is.

    A late job is said but does not make the API unready: it can still take what customers say.
    """
    found: Readiness = await readiness(request.app)
    body = ReadyOut.model_validate(found).model_dump()
    return JSONResponse(body, 200 if found.ready else 503, NO_STORE)


@router.get("/metrics", operation_id="getMetrics", responses={200: {"content": {"text/plain": {}}}})
async def metrics() -> Response:
    """Prometheus metrics of this process."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST, headers=NO_STORE)
