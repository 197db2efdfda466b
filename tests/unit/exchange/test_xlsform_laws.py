"""Out to XLSForm and back: the same questionnaire, and a form that pyxform takes."""

import warnings

import pytest
from hypothesis import Phase, given, settings
from pyxform.xls2xform import convert

from feedback_core.surveys.exchange.xlsform.reading import from_xlsform
from feedback_core.surveys.exchange.xlsform.words import LEFT_OUT
from feedback_core.surveys.exchange.xlsform.workbook import as_workbook
from feedback_core.surveys.exchange.xlsform.writing import as_xlsform
from feedback_core.surveys.types import Questionnaire
from tests.unit.exchange.comparing import but_for, meant
from tests.unit.surveys.builders import EVERY_TYPE, questionnaire
from tests.unit.surveys.strategies import questionnaires, unhurried


@settings(unhurried, max_examples=40)
@given(questionnaires())
def test_nothing_is_lost_but_what_is_named(asked: Questionnaire) -> None:
    sheets = as_xlsform(asked, form_id="form", version=1)
    named = [row["pointer"] for row in sheets.get(LEFT_OUT, [])]

    taken = from_xlsform(as_workbook(sheets), language=None)

    assert but_for(meant(taken.questionnaire), named) == but_for(meant(asked), named)
    assert taken.remarks == () or named


# Without the search for a smaller example: each form takes a while to convert.
@settings(unhurried, max_examples=15, phases=[Phase.generate])
@given(questionnaires())
def test_pyxform_takes_the_form(asked: Questionnaire) -> None:
    converted(as_workbook(as_xlsform(asked, form_id="form", version=1)))


def converted(content: bytes) -> str:
    with warnings.catch_warnings():
        # Of its own use of openpyxl.
        warnings.simplefilter("ignore", ResourceWarning)
        made: str = convert(xlsform=content, validate=False, file_type=".xlsx").xform
    return made


def test_a_question_of_every_type_is_what_it_is_there() -> None:
    shown = {
        "key": "more",
        "type": "text",
        "text": "More?",
        "show_if": {"question": "nps", "op": "at_most", "value": 6},
    }
    made = converted(as_workbook(as_xlsform(questionnaire(*EVERY_TYPE, shown), form_id="form", version=3)))

    assert '<data id="form" version="3">' in made
    assert '<bind nodeset="/data/more" type="string" relevant=" /data/nps  &lt;= 6"/>' in made
    assert '<bind nodeset="/data/minutes" type="decimal" constraint=". &gt;= 0 and . &lt;= 600"/>' in made
    assert '<odk:rank ref="/data/order"' in made
    assert made.count("<select1 ") == 9  # Five ratings and choices, yes or no, two rows and their header.


@pytest.mark.parametrize("key", ["data", "meta", "name", "label", "type", "instance", "form"])
def test_words_of_the_format_may_be_keys(key: str) -> None:
    after = {"key": "after", "type": "text", "text": "?", "show_if": {"question": key, "op": "answered"}}
    asked = questionnaire({"key": key, "type": "text", "text": "Why?"}, after)

    content = as_workbook(as_xlsform(asked, form_id="form", version=1))

    assert "relevant=" in converted(content)
    assert from_xlsform(content, language=None).questionnaire == asked
