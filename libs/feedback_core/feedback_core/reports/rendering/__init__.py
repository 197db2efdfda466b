"""One edition as a file: each format renders the same content, and the same content is the same bytes."""

from collections.abc import Mapping

from feedback_core.reports.model import Edition
from feedback_core.reports.rendering.as_html import html_of
from feedback_core.reports.rendering.as_json import json_of
from feedback_core.reports.rendering.as_pdf import pdf_of
from feedback_core.reports.rendering.as_workbook import workbook_of
from feedback_core.reports.types import ReportFormat

__all__ = ["DRAWN", "render"]

DRAWN = frozenset({ReportFormat.HTML, ReportFormat.PDF})
"""Formats that show charts as pictures; the others hold their specifications or their data."""


def render(edition: Edition, wanted: ReportFormat, drawings: Mapping[str, str]) -> bytes:
    """The file.

    Args:
        edition: what it says.
        wanted: as what.
        drawings: SVG by key of the chart; for formats that show none it may be empty.
    """
    match wanted:
        case ReportFormat.JSON:
            return json_of(edition)
        case ReportFormat.HTML:
            return html_of(edition, drawings)
        case ReportFormat.PDF:
            return pdf_of(edition, drawings)
        case ReportFormat.XLSX:
            return workbook_of(edition)
