"""An edition as one HTML page: without scripts, without anything to fetch, for screens, paper and screen readers."""

from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from feedback_core.reports.model import Cell, Column, Edition, Figure
from feedback_core.reports.rendering.drawings import part_of_page
from feedback_core.reports.rendering.marks import marked


def html_of(edition: Edition, drawings: Mapping[str, str]) -> bytes:
    """The page; all that is not a picture of ours is escaped by the template."""
    pictures = {
        chart.key: Markup(part_of_page(drawings[chart.key], f"picture-{number}"))  # noqa: S704 - drawn and rebuilt by us
        for number, chart in enumerate(edition.charts())
    }
    page = _environment().get_template("edition.html.jinja")
    return page.render(edition=edition, pictures=pictures, sha256=edition.sha256()).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("feedback_core.reports.rendering"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = cell_text
    environment.filters["marked"] = marked
    return environment


def cell_text(cell: Cell, column: Column) -> str:
    """A cell for a reader."""
    if cell is None:
        return "–"
    if isinstance(cell, Figure):
        return cell.words
    if isinstance(cell, str):
        return cell
    if column.is_share:
        return f"{cell:.1%}"
    return f"{cell:,}"
