"""Recipients of reports: no key; their link names organisation and distribution, and is believed by its signature."""

from dataclasses import dataclass
from html import escape
from typing import Annotated, Final

from fastapi import Depends, Path, Request
from starlette.responses import HTMLResponse

from feedback_api.files import NO_SCRIPTS
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
    title, organisation = escape(shared.title), escape(shared.organisation)
    if shared.acknowledged_at is None:
        below = (
            f'<form method="post" action="{shared.acknowledge}"><button type="submit">I have read it</button></form>'
        )
    else:
        below = f"<p>Acknowledged on {shared.acknowledged_at:%Y-%m-%d}. Thank you.</p>"
    page = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
body {{ max-width: 40rem; margin: 3rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff;
  font: 1.05rem/1.5 system-ui, sans-serif; }}
a {{ color: #005a8d; }}
button {{ font: inherit; padding: .5rem 1rem; background: #005a8d; color: #fff; border: 0; border-radius: .25rem; }}
</style>
</head>
<body>
<main>
<p dir="auto">{organisation}</p>
<h1 dir="auto">{title}</h1>
<p><a href="{shared.file}">Open the report ({shared.format.value.upper()})</a></p>
{below}
</main>
</body>
</html>
"""
    return HTMLResponse(
        page,
        headers={
            "Content-Security-Policy": NO_SCRIPTS,
            "Cache-Control": "private, no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )


def shared_out(token: str, title: str | None, **fields: object) -> SharedReportOut:
    """What a link leads to, with where to go from there."""
    path = path_of(token)
    said = {"title": title or "", "file": f"{path}/file", "acknowledge": f"{path}/acknowledge", **fields}
    return SharedReportOut.model_validate(said)
