"""Around the hosted questionnaire: who follows a link, answers as pages in words, the one cookie, the form."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from secrets import token_bytes
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import Scope

from feedback_api.middleware import BodyTooLarge
from feedback_api.problems import from_database, internal_error, status_of
from feedback_api.rate_limits import Quota, TooManyRequests, admit
from feedback_api.settings import Settings
from feedback_api.unit_of_work import UnitOfWork
from feedback_core.collectors.answering import BACK, NEXT, Posted
from feedback_core.collectors.forms import NONCE_BYTES, FormSigner
from feedback_core.collectors.links import LinkUnknown, NamedLink, SurveyLinks, follow, path_of
from feedback_core.collectors.page.rendering import content_security_policy, notice_html, questions_html
from feedback_core.collectors.page.walk import number_of
from feedback_core.collectors.showing import (
    NO_COOKIE,
    UNKNOWN,
    Again,
    Asked,
    notice_page,
    questions_page,
    reader_of,
)
from feedback_core.collectors.visits import Finds, Visit, visit
from feedback_core.kit.errors import DomainError, Forbidden, NotFound, Unavailable
from feedback_core.surveys.types import LANGUAGE

COOKIE: Final = "answers"
"""By which a browser is known at one link; there is no other."""

_UNTIL_BEGUN: Final = timedelta(days=1)
"""How long a browser is known that has not answered yet; from then on, as long as its response is open."""

REQUESTS_PER_MINUTE: Final = 120
"""Of one personal link."""

AGAIN: Final = "again"
_MOST_FIELDS: Final = 20_000
_MOST_TAG: Final = 80
_OF_ELSEWHERE: Final = frozenset({"cross-site", "same-site"})

STATUS: Final[Mapping[str, int]] = {
    Finds.THANKS: 200,
    Finds.NOT_YET: 403,
    Finds.PAUSED: 403,
    Finds.ELSEWHERE: 403,
    Finds.ENDED: 410,
    Finds.ANSWERED: 410,
    Finds.OPTED_OUT: 410,
    Finds.LINK_ENDED: 410,
    Finds.TIMED_OUT: 410,
    NO_COOKIE: 409,
}


class FormRefused(Forbidden):
    """The form was not made here for this link, or is sent from a page of somebody else."""

    code = "form_refused"


@dataclass(frozen=True, slots=True)
class Following:
    """A request for the page behind a link.

    Attributes:
        nonce: by which the browser is known; ``None``: it came without a cookie of this link.
    """

    request: Request
    link: str
    asked: Asked
    nonce: bytes | None

    @classmethod
    def of(cls, request: Request, link: str) -> "Following":
        """What was asked for; whatever else stands in the query, such as marks of campaigns, is nobody's business."""
        query = request.query_params
        signer: FormSigner = request.app.state.form_signer
        sign = request.cookies.get(COOKIE, "")
        nonce = signer.nonce_of(link, sign)
        asked = Asked(
            page=query.get("page"),
            wish=_tag(query.get("lang", "")),
            accepted=request.headers.get("accept-language"),
            action=path_of(link),
            form=sign if nonce else signer.sign(link, token_bytes(NONCE_BYTES)),
            is_check="check" in query,
        )
        return cls(request, link, asked, nonce)

    def read_in(self, tag: str) -> "Following":
        """The same, read in a language that the reader chose; as it is, if that is no language."""
        wish = _tag(tag)
        return self if wish is None else replace(self, asked=replace(self.asked, wish=wish))

    def named(self) -> NamedLink:
        """What the link names, if it may be followed now.

        Raises:
            LinkUnknown: it was not made here.
            TooManyRequests: it is used more often than it may be.
        """
        links: SurveyLinks = self.request.app.state.survey_links
        named = links.named(self.link)
        if named is None:
            raise LinkUnknown
        settings: Settings = self.request.app.state.settings
        is_personal = named.invitation_id is not None
        most = REQUESTS_PER_MINUTE if is_personal else settings.api.public_requests_per_minute
        admit(self.request, ((Quota("questionnaire", most), named.holder),))
        return named

    async def visit(self, now: datetime, *, nonce: bytes | None, holds: bool) -> Visit:
        """Who follows the link, and what they find; ``holds``: they are about to answer.

        Raises:
            LinkUnknown: there is nothing behind the link.
            TooManyRequests: it is used more often than it may be.
        """
        named, state = self.named(), self.request.app.state
        unit: UnitOfWork = self.request.state.unit_of_work
        session = await (unit.session if holds else unit.snapshot)(named.organisation_id)
        try:
            followed = await follow(session, named, invitations=state.invitations, hold=holds)
        except NotFound as error:
            raise LinkUnknown from error
        found = await visit(session, followed, nonce=nonce, privacy=state.privacy, now=now)
        self.request.state.visit = found
        return found

    def go(self, page: str | None, *, language: str | None = None, is_check: bool = False) -> Response:
        """To another page of the same link, by GET: a reload there sends nothing again."""
        named = {"page": page, "lang": language or self.asked.wish, "check": "1" if is_check else None}
        query = urlencode({name: value for name, value in named.items() if value})
        return RedirectResponse(f"{path_of(self.link)}?{query}" if query else path_of(self.link), 303, _HEADERS)


def shown(found: Visit, page: str, asked: Asked, again: Again | None = None) -> Response:
    """A page with questions; kept by the browser where nobody else uses it, so that going back loses nothing typed."""
    is_shared = found.link.collector.on_shared_device
    headers = {"Cache-Control": "private, no-store" if is_shared else "private, no-cache"}
    status = 200 if again is None else 409 if again.is_changed else 422
    return _page(questions_html(questions_page(found, page, asked, again)), status, headers)


def told(what: str, found: Visit | None, asked: Asked, status: int | None = None) -> Response:
    """A page that says something in words."""
    return _page(notice_html(notice_page(what, found, asked)), status or STATUS[what], {})


def too_large(scope: Scope) -> Response:
    """The page for a form that is larger than anything may be."""
    request = Request(scope)
    asked = Asked(None, None, request.headers.get("accept-language"), request.url.path, "")
    return told("too_large", None, asked, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def keep_known(response: Response, following: Following, found: Visit, sign: str, now: datetime) -> None:
    """Have the browser keep by what it is known: at this link only, out of reach of scripts."""
    request, opened = following.request, found.draft.opened if found.draft else None
    public_url: str = request.app.state.settings.http.public_url or str(request.base_url)
    lasts = opened.closes_at - now if opened else _UNTIL_BEGUN
    response.set_cookie(
        COOKIE,
        sign,
        max_age=None if found.link.collector.on_shared_device else max(int(lasts.total_seconds()), 0),
        path=path_of(following.link),
        secure=public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )


async def posted_form(following: Following) -> tuple[dict[str, list[str]], bytes]:
    """The fields of a form that this service made for this link, and by what the browser is known that sends it.

    Raises:
        LinkUnknown: there is no such link.
        FormRefused: it made none such, or somebody else's page sends it.
    """
    request = following.request
    if request.app.state.survey_links.named(following.link) is None:
        raise LinkUnknown
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.headers.get("sec-fetch-site") in _OF_ELSEWHERE or content_type != "application/x-www-form-urlencoded":
        raise FormRefused("Send the form of the page itself.")
    body = (await request.body()).decode("latin-1")
    fields: dict[str, list[str]] = {}
    try:
        for name, value in parse_qsl(body, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS):
            fields.setdefault(name, []).append(value)
    except ValueError as error:
        raise FormRefused("The form has more fields than any page has.") from error
    signer: FormSigner = request.app.state.form_signer
    nonce = signer.nonce_of(following.link, one(fields, "form"))
    if nonce is None:
        raise FormRefused("The form was not made here for this link.")
    return fields, following.nonce or nonce


def posted_of(
    fields: Mapping[str, list[str]], nonce: bytes, following: Following, found: Visit
) -> tuple[Posted, Asked]:
    """What a form says, and how its page was asked for."""
    page, form = one(fields, "page"), following.asked.form if following.nonce else one(fields, "form")
    asked = replace(following.asked, page=page, form=form, is_check=False)
    posted = Posted(
        fields=fields,
        nonce=nonce,
        version=number_of(one(fields, "version")),
        page=page,
        go=None if one(fields, "to") else BACK if one(fields, "go") == BACK else NEXT,
        answered=frozenset(one(fields, "answered").split()),
        language=reader_of(found, asked).language,
    )
    return posted, asked


def one(fields: Mapping[str, list[str]], name: str) -> str:
    """The value of a field that stands once in a form; blank if it is not there."""
    return fields.get(name, [""])[0]


class PageRoute(APIRoute):
    """A route of the page: one transaction, committed before its answer is sent; what goes wrong is said in words."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, inside its unit of work."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                async with UnitOfWork(request.app.state.database) as unit:
                    request.state.unit_of_work = unit
                    return await handle(request)
            except DomainError as error:
                return _refusal(request, error)
            except (DBAPIError, PoolTimeout) as error:
                status = from_database(_id(request), error).status_code
                what = "failed" if status == HTTPStatus.INTERNAL_SERVER_ERROR else "busy"
                return _told_of(request, what, status, {"Retry-After": "1"})
            except (BodyTooLarge, ClientDisconnect):
                raise
            except Exception as error:  # noqa: BLE001 - logged, and told in words: people read this, not programs
                return _told_of(request, "failed", internal_error(_id(request), error).status_code, {})

        return handler


def _refusal(request: Request, error: DomainError) -> Response:
    headers: dict[str, str] = {}
    what = "refused"
    if isinstance(error, NotFound):
        what = UNKNOWN
    elif isinstance(error, TooManyRequests):
        what, headers = "busy", {"Retry-After": str(error.retry_after)}
    elif isinstance(error, Unavailable):
        what, headers = "busy", {"Retry-After": "1"}
    return _told_of(request, what, status_of(error), headers)


def _told_of(request: Request, what: str, status: int, headers: Mapping[str, str]) -> Response:
    following = Following.of(request, str(request.path_params.get("link", "")))
    response = told(what, getattr(request.state, "visit", None), following.asked, status)
    response.headers.update(headers)
    return response


def _page(html: bytes, status: int, headers: Mapping[str, str]) -> Response:
    return HTMLResponse(html, status, {**_HEADERS, **headers, "Content-Security-Policy": content_security_policy()})


def _tag(text: str) -> str | None:
    return text if len(text) <= _MOST_TAG and LANGUAGE.fullmatch(text) else None


def _id(request: Request) -> str:
    return str(request.scope.get("request_id", ""))


_HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
