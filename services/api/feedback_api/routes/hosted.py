"""The hosted questionnaire: shown and answered by whoever was given its link, in any browser, without a script."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response

from feedback_api.hosted_flow import see, take_or_look_again
from feedback_api.hosted_pages import Following, PageRoute
from feedback_api.unit_of_work import ClockDep, RequestId

router = APIRouter(prefix="/s", route_class=PageRoute, tags=["Questionnaire"])

Link = Annotated[str, Path(description="As in `url` of a collector, or in an invitation")]
_HTML: Final[dict[str, Any]] = {"text/html": {"schema": {"type": "string"}}}
_SAID: Final = {
    403: "Not now, or not from here",
    404: "There is nothing behind this link",
    409: "It cannot be gone on with from here",
    410: "It was there, and is over",
    429: "Too many requests",
    503: "The service is busy",
}
_PAGES: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": f"{said}; in words", "content": _HTML} for status, said in _SAID.items()
}
_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "description": "The fields of the page's own form",
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "required": ["form"], "properties": {"form": {"type": "string"}}}
            }
        },
    }
}


@router.get(
    "/{link}",
    operation_id="seeQuestionnaire",
    response_class=Response,
    responses={
        200: {"description": "A page with questions, or a thank you", "content": _HTML},
        303: {"description": "It was answered by this browser: see there"},
        **_PAGES,
    },
)
async def see_questionnaire(
    link: Link,
    request: Request,
    clock: ClockDep,
    page: Annotated[str | None, Query(description="Number of a page, `end` or `thanks`")] = None,  # noqa: ARG001
    lang: Annotated[str | None, Query(description="Language to read it in")] = None,  # noqa: ARG001
    check: Annotated[str | None, Query(description="Point at required answers that are missing")] = None,  # noqa: ARG001
) -> Response:
    """The questionnaire, where this reader is in it. Looking at it counts for nothing: mail programs look, too."""
    return await see(Following.of(request, link), clock)


@router.post(
    "/{link}",
    operation_id="answerQuestionnaire",
    response_class=Response,
    openapi_extra=_FORM,
    responses={
        303: {"description": "The answers are kept; the next page, or a thank you, is there"},
        413: {"description": "More than any answer may be", "content": _HTML},
        422: {"description": "Something is wrong with an answer: the page with what it is", "content": _HTML},
        **_PAGES,
    },
)
async def answer_questionnaire(link: Link, request: Request, clock: ClockDep, request_id: RequestId) -> Response:
    """Keep the answers of a page; at the end they become a response, once, however often the form is sent."""
    return await take_or_look_again(Following.of(request, link), clock, request_id)
