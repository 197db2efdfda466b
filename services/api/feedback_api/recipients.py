"""Recipients of reports: no key; their link names organisation and distribution, and is believed by its signature."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Path, Request
from starlette.responses import HTMLResponse

from feedback_api.linked_pages import linked_page
from feedback_api.rate_limits import Quota, admit
from feedback_api.schemas.distributions import SharedReportOut
from feedback_api.unit_of_work import UnitOfWork
from feedback_core.db.session import Session
from feedback_core.kit.errors import NotFound
from feedback_core.reports.distributions.links import LinkSigner, Named, path_of

REQUESTS_PER_MINUTE: Final = 120
"""Of one link."""

Token = Annotated[str, Path(min_length=1, max_length=200, description="As in the link that the recipient was given")]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who holds a link, and a transaction of the organisation that gave it."""

    named: Named
    session: Session


async def recipient_of(request: Request, token: Token) -> Recipient:
    """The holder of a link.

    Raises:
        NotFound: the link was not made here; that it has ended looks the same.
        TooManyRequests: the link is used more often than anybody reads.
    """
    signer: LinkSigner = request.app.state.links
    named = signer.named(token)
    if named is None:
        raise NotFound("shared report", "under this link")
    admit(request, ((Quota("shared_report", REQUESTS_PER_MINUTE), named.distribution_id.bytes),))
    unit: UnitOfWork = request.state.unit_of_work
    return Recipient(named, await unit.session(named.organisation_id))


HasLink = Annotated[Recipient, Depends(recipient_of)]


def wants_page(request: Request) -> bool:
    """Whether it is a browser that asks."""
    return "text/html" in request.headers.get("accept", "")


def page_of(shared: SharedReportOut) -> HTMLResponse:
    """The page that a link leads to: what the report is, where it is, and a button to acknowledge it."""
    if shared.acknowledged_at is None:
        below = (
            f'<form method="post" action="{shared.acknowledge}"><button type="submit">I have read it</button></form>'
        )
    else:
        below = f"<p>Acknowledged on {shared.acknowledged_at:%Y-%m-%d}. Thank you.</p>"
    found = f'<p><a href="{shared.file}">Open the report ({shared.format.value.upper()})</a></p>\n{below}'
    return linked_page(shared.organisation, shared.title, found)


def shared_out(token: str, title: str | None, **fields: object) -> SharedReportOut:
    """What a link leads to, with where to go from there."""
    path = path_of(token)
    said = {"title": title or "", "file": f"{path}/file", "acknowledge": f"{path}/acknowledge", **fields}
    return SharedReportOut.model_validate(said)
