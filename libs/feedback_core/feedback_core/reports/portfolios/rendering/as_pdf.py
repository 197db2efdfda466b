"""A portfolio as a tagged PDF; what it says is handed to the typesetter as data."""

import json
from dataclasses import asdict
from datetime import UTC
from typing import Final

from feedback_core.reports.portfolios.content import Portfolio
from feedback_core.reports.portfolios.rendering.view import Limits, view_of
from feedback_core.reports.rendering.fonts import FAMILIES
from feedback_core.reports.rendering.typesetting import typeset

_LIMITS: Final = Limits(of_need=5, of_kind=30)


def pdf_of(portfolio: Portfolio) -> bytes:
    """The document.

    Raises:
        typst.TypstError: the template has a defect.
    """
    view, as_of = view_of(portfolio, _LIMITS), portfolio.as_of
    said = {
        **asdict(view),
        "fonts": list(FAMILIES),
        "date": None if as_of is None else list(as_of.astimezone(UTC).timetuple()[:3]),
    }
    return typeset(
        "feedback_core.reports.portfolios.rendering",
        "portfolio.typ",
        {"portfolio": json.dumps(said, ensure_ascii=False)},
    )
