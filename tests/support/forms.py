"""XLSForms for tests: from rows as somebody would type them."""

from collections.abc import Sequence
from typing import Any, Final

from feedback_core.surveys.exchange.xlsform.workbook import as_workbook

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def form(
    *questions: Sequence[str],
    columns: Sequence[str] = ("type", "name", "label::English (en)"),
    choices: Sequence[Sequence[str]] = (),
    **settings: str,
) -> bytes:
    """A workbook of these questions (cells in the order of the columns) and choices (list, name, label)."""
    sheets: dict[str, Any] = {
        "survey": [dict(zip(columns, cells, strict=False)) for cells in questions],
        "choices": [dict(zip(("list_name", "name", "label::English (en)"), cells, strict=True)) for cells in choices],
        "settings": [{"form_title": "Your visit", "default_language": "English (en)", **settings}],
    }
    return as_workbook(sheets)


def a_form() -> bytes:
    """One that asks two things."""
    return form(("integer", "minutes", "How long did you wait?"), ("text", "why", "What is the reason?"))
