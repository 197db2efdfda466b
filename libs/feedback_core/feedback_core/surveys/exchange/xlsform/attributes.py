"""Attributes of respondents, in the sheet that we add to a form."""

from collections.abc import Sequence
from dataclasses import replace

from feedback_core.surveys.exchange.texts import Texts
from feedback_core.surveys.exchange.types import Remarks
from feedback_core.surveys.exchange.xlsform.cells import Row
from feedback_core.surveys.exchange.xlsform.workbook import Line
from feedback_core.surveys.types import Attribute, AttributeValue

LONGEST_KEY = 200
"""Characters of a key that a draft may have; whether it may be one, its faults tell."""


def attributes_of(lines: Sequence[Line], texts: Texts, remarks: Remarks) -> tuple[Attribute, ...]:
    """One row for each value, those of one attribute with the same key."""
    found: dict[str, Attribute] = {}
    for line in lines:
        row = Row(line, texts, remarks)
        key = row.take("attribute")[:LONGEST_KEY]
        label, value = row.text("label"), AttributeValue(row.take("value")[:LONGEST_KEY], row.text("value_label"))
        before = found.setdefault(key, Attribute(key, (), label))
        found[key] = replace(before, values=(*before.values, value))
        row.left_out()
    return tuple(found.values())
