"""An edition as PDF, set by Typst: tagged for screen readers, with fonts of its own for the scripts that it holds."""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any, Final

from feedback_core.reports.model import Block, Edition, Nature, Picture, Points, Table, Words
from feedback_core.reports.rendering.as_html import cell_text
from feedback_core.reports.rendering.columns import columns_of
from feedback_core.reports.rendering.drawings import set_in_our_fonts
from feedback_core.reports.rendering.fonts import FAMILIES
from feedback_core.reports.rendering.marks import marked
from feedback_core.reports.rendering.typesetting import typeset
from feedback_core.reports.types import Audience

_PACKAGE: Final = "feedback_core.reports.rendering"

_ONE_PAGE: Final = frozenset({Audience.SENIOR_MANAGERS})
_SMALLER: Final = ((8.5, 70), (8.0, 70), (7.5, 65), (7.0, 60), (6.5, 55), (6.5, 40), (6.0, 36))
"""Sizes of letters in points, and widths of charts in percent, that are tried until all fits on one page."""

_ONE: Final = b"/Type/Pages/Count 1/"
_LINE: Final = 493.0
"""Width of a line in points: A4 less its margins."""
_CHARACTER: Final = 0.57
"""Width of a character to the size of its letter, on average and with something to spare."""
_INSET: Final = 6.0
"""Of a column, on both sides together."""


def pdf_of(edition: Edition, drawings: Mapping[str, str]) -> bytes:
    """The document. What it says is handed over as data, so none of it is read as markup.

    Raises:
        typst.TypstError: the template has a defect.
    """
    pictures = json.dumps({key: set_in_our_fonts(svg) for key, svg in drawings.items()}, ensure_ascii=False)
    compiled = b""
    for size, picture in _SMALLER if edition.audience in _ONE_PAGE else ((10.0, 100),):
        said = json.dumps({**_data(edition, size), "size": size, "picture": picture}, ensure_ascii=False)
        compiled = typeset(_PACKAGE, "edition.typ", {"edition": said, "drawings": pictures})
        if _ONE in compiled:
            break
    return compiled


def _data(edition: Edition, size: float) -> dict[str, Any]:
    as_of = edition.cut.as_of.astimezone(UTC)
    return {
        "title": edition.title,
        "organisation": edition.organisation,
        "about": f"Edition for: {edition.audience_name}. Data as of {as_of:%Y-%m-%d %H:%M} UTC.",
        "footer": f"SHA-256 of what this edition says: {edition.sha256()}",
        "date": [as_of.year, as_of.month, as_of.day],
        "language": edition.language,
        "compact": edition.audience in _ONE_PAGE,
        "fonts": list(FAMILIES),
        "lead": list(edition.lead),
        "sections": [
            {"title": section.title, "parts": [_part(block, nature, size) for block, nature in marked(section)]}
            for section in edition.sections
        ],
    }


def _part(block: Block, nature: Nature | None, size: float) -> dict[str, Any]:
    told = {
        "kind": block.kind,
        "nature": None if nature is None else nature.value,
        "nature_words": None if nature is None else nature.words,
    }
    match block:
        case Words(text=text):
            return {**told, "text": text}
        case Points(items=items):
            return {**told, "items": list(items)}
        case Picture(chart=chart):
            return {**told, "key": chart.key, "alt": chart.description}
        case Table():
            return {**told, **_table(block, size)}


def _table(table: Table, size: float) -> dict[str, Any]:
    cells = [[cell_text(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows]
    labels = [column.label for column in table.columns]
    room = (_LINE - _INSET * len(labels)) / (_CHARACTER * size)
    columns = columns_of(labels, cells, room=room)
    return {
        "caption": table.caption,
        "labels": labels,
        "widths": list(columns.widths),
        "scale": columns.scale,
        "cells": cells,
    }
