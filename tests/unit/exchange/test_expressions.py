"""Expressions of SurveyJS and XLSForm: what each means, what no condition can say, and how long it may take."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.surveys.exchange.expressions.conditions import Known, condition_of
from feedback_core.surveys.exchange.expressions.reading import SURVEYJS, XLSFORM, Dialect, read_expression
from feedback_core.surveys.exchange.expressions.simplest import simplest
from feedback_core.surveys.exchange.expressions.tree import Unsayable
from feedback_core.surveys.types import AllOf, AnyOf, Comparison, Condition, Not, Op, Questionnaire
from tests.unit.surveys.builders import EVERY_TYPE, questionnaire
from tests.unit.surveys.strategies import holds, questionnaires, unhurried, valid_responses

KNOWN = {
    question.key: Known(question, {"Web": "web"} if question.choices else {})
    for question in questionnaire(*EVERY_TYPE).questions
}
STAFF = KNOWN["staff"].question
KNOWN |= {f"staff__{row.key}": Known(STAFF, row=row.key) for row in STAFF.rows}

LOW = Comparison("nps", Op.AT_MOST, 6)
WEB = Comparison("channel", Op.EQUALS, "web")
NOT_5 = Comparison("nps", Op.NOT_EQUALS, 5)


def said(expression: str, dialect: Dialect) -> Condition:
    return condition_of(read_expression(expression, dialect), KNOWN)


@pytest.mark.parametrize(
    ("expression", "condition"),
    [
        ("{nps} <= 6", LOW),
        ("6 >= {nps}", LOW),
        ("{nps} < 7", LOW),
        ("{nps} lessorequal 6", LOW),
        ("{nps} > 6", Comparison("nps", Op.AT_LEAST, 7)),
        ("{nps} <= '6'", LOW),
        ("({nps} <= 6)", LOW),
        ("{nps} <= 6 and {channel} = 'web'", AllOf((LOW, WEB))),
        ('{nps} <= 6 && {channel} == "web"', AllOf((LOW, WEB))),
        ("{nps} <= 6 or {nps} <= 6 AND {channel} = 'web'", AnyOf((LOW, AllOf((LOW, WEB))))),
        ("({nps} <= 6 or {nps} <= 6) and {channel} = 'Web'", AllOf((AnyOf((LOW, LOW)), WEB))),
        ("!({nps} <= 6)", Not(LOW)),
        ("{nps} <> 5", Not(Comparison("nps", Op.EQUALS, 5))),
        ("{nps} notempty and {nps} != 5", NOT_5),
        ("{nps} notempty and {channel} != 'web'", AllOf((Comparison("nps", Op.ANSWERED), Not(WEB)))),
        ("{nps} empty", Not(Comparison("nps", Op.ANSWERED))),
        ("{nps} anyof [1, 2]", Comparison("nps", Op.IN, (1, 2))),
        ("{nps} = 1 or {nps} = 2", Comparison("nps", Op.IN, (1, 2))),
        ("{nps} noneof [1]", Not(Comparison("nps", Op.EQUALS, 1))),
        ("{used} contains 'web'", Comparison("used", Op.INCLUDES, "web")),
        ("{used} contains ['web']", Comparison("used", Op.INCLUDES, "web")),
        (
            "{used} anyof ['web', 'app']",
            AnyOf((Comparison("used", Op.INCLUDES, "web"), Comparison("used", Op.INCLUDES, "app"))),
        ),
        ("{used} notcontains 'app'", Not(Comparison("used", Op.INCLUDES, "app"))),
        ("{again} = true", Comparison("again", Op.EQUALS, True)),
        ("{again} = 'false'", Comparison("again", Op.EQUALS, False)),
        ("{again}", Comparison("again", Op.EQUALS, True)),
        ("{staff} notempty", Comparison("staff", Op.ANSWERED)),
        ("{visited} >= '2026-01-01'", Comparison("visited", Op.AT_LEAST, "2026-01-01")),
        (
            "{minutes} > 2.5",
            AllOf((Comparison("minutes", Op.ANSWERED), Not(Comparison("minutes", Op.AT_MOST, 2.5)))),
        ),
        ("{minutes} >= -2", Comparison("minutes", Op.AT_LEAST, -2)),
        ("  {nps}<=6  ", LOW),
    ],
)
def test_what_surveyjs_says(expression: str, condition: Condition) -> None:
    assert said(expression, SURVEYJS) == condition


@pytest.mark.parametrize(
    ("expression", "condition"),
    [
        ("${nps} <= 6", LOW),
        ("${ nps } <= 6", LOW),
        ("${nps} < 7 and ${channel} = 'web'", AllOf((LOW, WEB))),
        ("selected(${channel}, 'web')", WEB),
        ("selected(${used}, “web”)", Comparison("used", Op.INCLUDES, "web")),
        ("not(selected(${used}, 'web'))", Not(Comparison("used", Op.INCLUDES, "web"))),
        ("${nps} != ''", Comparison("nps", Op.ANSWERED)),
        ("${nps} = ''", Not(Comparison("nps", Op.ANSWERED))),
        ("${nps} != '' and ${nps} != 5", NOT_5),
        ("${again} = 'true'", Comparison("again", Op.EQUALS, True)),
        ("${visited} >= date('2026-01-01')", Comparison("visited", Op.AT_LEAST, "2026-01-01")),
        ("selected('1 2', ${nps})", Comparison("nps", Op.IN, (1, 2))),
        ("${staff__polite} != '' or ${staff__quick} != ''", Comparison("staff", Op.ANSWERED)),
    ],
)
def test_what_xlsform_says(expression: str, condition: Condition) -> None:
    assert said(expression, XLSFORM) == condition


@pytest.mark.parametrize(
    ("dialect", "expression", "why"),
    [
        (SURVEYJS, "", "Its end cannot stand"),
        (SURVEYJS, "{nps} <=", "Its end cannot stand"),
        (SURVEYJS, "{nps} <= 6)", '")" cannot stand'),
        (SURVEYJS, "({nps} <= 6", 'Its end stands where ")"'),
        (SURVEYJS, "{nps} + 1 <= 6", '"+" cannot stand'),
        (SURVEYJS, "{nps} <= 6 ; drop", "cannot be read at character 11"),
        (SURVEYJS, "{nps} <= {wait}", "something else than one value"),
        (SURVEYJS, "{other} <= 6", '"other", which is no question'),
        (SURVEYJS, "today() > {visited}", "something else than one value"),
        (SURVEYJS, "age({visited}) > 6", "something else than the answer to one question"),
        (SURVEYJS, "iif({nps} > 6, true, false)", "the function iif"),
        (SURVEYJS, "true", "says nothing of an answer"),
        (SURVEYJS, "{why} = 'x'", "type text cannot be compared"),
        (SURVEYJS, "{why} contains 'x'", "text cannot be compared"),
        (SURVEYJS, "{channel} > 'a'", "order of what has none"),
        (SURVEYJS, "{nps}", "what the answer is to be compared with"),
        (SURVEYJS, "{nps} anyof []", "an empty list"),
        (SURVEYJS, "{nps} anyof [[1]]", "values only"),
        (SURVEYJS, "{nps} = 99999999999999999999", "A number is above"),
        (XLSFORM, "${staff__polite} != ''", "one row of a matrix"),
        (XLSFORM, "${staff__polite} = 3", "one row of a matrix"),
        (XLSFORM, "/data/nps <= 6", "cannot stand"),
        (XLSFORM, ". > 6", "something else than the answer"),
        (XLSFORM, "count-selected(${used}) > 1", "something else than the answer"),
    ],
)
def test_what_no_condition_can_say_is_told_in_words(dialect: Dialect, expression: str, why: str) -> None:
    with pytest.raises(Unsayable, match=re.escape(why)):
        said(expression, dialect)


# In seconds of a processor: many times what the longest takes, a small part of what it would where every character
# is read again for every other.
AT_MOST = 5


@pytest.mark.parametrize("dialect", [SURVEYJS, XLSFORM])
@pytest.mark.parametrize(
    "hostile",
    [
        "(" * 30_000,
        "!" * 30_000,
        "not(" * 8_000,
        "[" * 30_000,
        "{nps} anyof " + "[" * 20_000,
        "{" * 30_000,
        "${" * 15_000,
        "'" * 29_999,
        "'" + "\\" * 30_000,
        "9" * 30_000,
        "0." + "0" * 30_000 + "x",
        "{nps}=1 or " * 2_900 + "{nps}=1",
        "${nps}=1 or " * 2_500 + "${nps}=1",
        " " * 32_000,
        "-" * 30_000,
        "a(" * 15_000,
        "x" * 1_000_000,
    ],
    ids=lambda hostile: f"{hostile[:12]}…",
)
def test_hostile_expressions_end_soon_and_in_words(dialect: Dialect, hostile: str) -> None:
    began = time.thread_time()
    with pytest.raises(Unsayable):
        said(hostile, dialect)
    assert time.thread_time() - began < AT_MOST


@given(st.text(alphabet="{}$()[]'\"\\!<>=.,-09 abnpsnotandorselected", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for dialect in (SURVEYJS, XLSFORM):
        try:
            said(text, dialect)
        except Unsayable:
            continue


@unhurried
@given(st.data(), questionnaires())
def test_the_simplest_form_of_a_condition_means_the_same(data: st.DataObject, asked: Questionnaire) -> None:
    answers, _ = data.draw(valid_responses(asked))
    for question in asked.questions:
        if question.show_if is not None:
            assert holds(simplest(question.show_if), answers) == holds(question.show_if, answers)
