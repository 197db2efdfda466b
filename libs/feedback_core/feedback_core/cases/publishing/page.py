"""What is told back, as one HTML page: without scripts, without anything to fetch."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from feedback_core.cases.publishing.types import Feed


def page_of(feed: Feed) -> bytes:
    """The page; everything that somebody wrote is escaped by the template."""
    return _environment().get_template("you_said_we_did.html.jinja").render(feed=feed).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("feedback_core.cases.publishing"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["figure"] = lambda value: f"{value:.3g}"
    return environment
