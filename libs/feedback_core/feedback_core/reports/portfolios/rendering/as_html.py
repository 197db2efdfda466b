"""A portfolio as one page: without scripts, without anything to fetch, with links to the files beside it."""

from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from feedback_core.reports.portfolios.content import Portfolio
from feedback_core.reports.portfolios.rendering.view import Limits, view_of

_LIMITS: Final = Limits(of_need=10, of_kind=200)


def html_of(portfolio: Portfolio) -> bytes:
    """The page; every text is escaped by the template."""
    return _environment().get_template("portfolio.html.jinja").render(said=view_of(portfolio, _LIMITS)).encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("feedback_core.reports.portfolios.rendering"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
