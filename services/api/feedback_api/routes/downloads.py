"""Fetching a file by a link: no API key; the link was made with one and says all."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from feedback_api.files import FILE, AskedBytes, IfRange, file_response
from feedback_api.problems import problems
from feedback_api.rate_limits import admit
from feedback_api.security import CallerQuotas
from feedback_api.unit_of_work import ClockDep, TransactionalRoute
from feedback_core.kit.errors import Gone, NotFound
from feedback_core.responses.exports.download_links import PATH, DownloadLink, file_of_link

router = APIRouter(prefix=PATH, route_class=TransactionalRoute, tags=["Responses"])


@router.get(
    "/{link}", operation_id="getDownload", response_class=Response, responses={**FILE, **problems(NotFound, Gone)}
)
async def get_download(
    link: Annotated[str, Path(description="As in the `path` of a download link", max_length=500)],
    request: Request,
    clock: ClockDep,
    asked: AskedBytes = None,
    if_range: IfRange = None,
) -> Response:
    """The file that a download link leads to, or the bytes of it that `Range` asks for."""
    found = DownloadLink.parse(link, request.app.state.seal)
    quotas: CallerQuotas = request.app.state.quotas
    admit(request, ((quotas.key, found.api_key_id.bytes), (quotas.organisation, found.organisation_id.bytes)))
    file = await file_of_link(request.app.state.database, found, clock=clock)
    return file_response(request, file, asked=asked, if_range=if_range)
