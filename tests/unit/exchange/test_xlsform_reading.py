"""XLSForms that others have made: what is taken of them, and what is named."""

import io
import time
import zipfile
from typing import Any

import pytest

from feedback_core.surveys.exchange.types import NotExchangeable, Taken
from feedback_core.surveys.exchange.xlsform.reading import from_xlsform
from feedback_core.surveys.exchange.xlsform.workbook import MOST_BYTES, as_workbook
from feedback_core.surveys.types import AllOf, Comparison, Not, Op, questionnaire_to_json
from tests.support.forms import form

Json = dict[str, Any]

FULL = ("type", "name", "label::English (en)", "relevant", "constraint", "required", "appearance", "parameters")
AGES = (("ages", "young", "Young"), ("ages", "old", "Old"), ("ages", "none", "Neither"))
POINTS = tuple(("points", str(point), str(point)) for point in range(1, 6))


def taken(*rows: tuple[str, ...], choices: Any = (*AGES, *POINTS), **settings: str) -> Taken:
    return from_xlsform(form(*rows, columns=FULL, choices=choices, **settings), language=None)


def questions_of(found: Taken) -> list[Json]:
    questions: Any = questionnaire_to_json(found.questionnaire)["questions"]
    return list(questions)


def named(found: Taken) -> list[tuple[str, str]]:
    return [(remark.pointer, remark.code.value) for remark in found.remarks]


@pytest.mark.parametrize(
    ("row", "question"),
    [
        (("text", "a", "A"), {"type": "text", "text": "A"}),
        (("text", "a", "A", "", "string-length(.) < 9", "yes"), {"max_length": 8, "required": True}),
        (("decimal", "a", "A", "", ".>=0 and 9.5>=.", "true()"), {"type": "number", "min": 0, "max": 9.5}),
        (("date", "a", "A"), {"type": "date"}),
        (("select_one ages", "a", "A"), {"type": "single_choice"}),
        (("select one ages", "a", "A"), {"type": "single_choice"}),
        (("select_one points", "a", "A", "", "", "", "likert"), {"type": "rating", "scale": {"min": 1, "max": 5}}),
        (("select_one points", "a", "A"), {"type": "single_choice"}),
        (("select_one points", "my_csat", "A", "", "", "", "likert"), {"type": "csat"}),
        (
            ("select_multiple ages", "a", "A", "", "not(selected(., 'none') and count-selected(.) > 1)"),
            {
                "type": "multiple_choice",
                "choices": [
                    {"key": "young", "label": "Young"},
                    {"key": "old", "label": "Old"},
                    {"key": "none", "label": "Neither", "exclusive": True},
                ],
            },
        ),
        (("rank ages", "a", "A"), {"type": "ranking"}),
        (
            ("range", "a", "A", "", "", "", "", "start=0 end=100 step=1"),
            {"type": "rating", "scale": {"min": 0, "max": 100}},
        ),
        (("range", "a", "A", "", "", "", "", "start=0;end=1;step=0.5"), {"type": "number", "min": 0, "max": 1}),
    ],
)
def test_a_question_of_each_type(row: tuple[str, ...], question: Json) -> None:
    (found,) = questions_of(taken(row))

    assert found.items() >= question.items()


def test_groups_hand_their_condition_down_and_conditions_are_read() -> None:
    found = taken(
        ("select_one ages", "age", "Age"),
        ("begin_group", "g", "", "${age} != 'none'"),
        ("begin group", "h", "", "selected(${age}, 'young')"),
        ("text", "deep", "Deep", "${age} = 'old'"),
        ("end group",),
        ("end_group",),
        ("text", "after", "After"),
    )

    not_none, young, old = (Comparison("age", Op.EQUALS, value) for value in ("none", "young", "old"))
    assert [question.show_if for question in found.questionnaire.questions] == [
        None,
        AllOf((Not(not_none), young, old)),
        None,
    ]
    assert named(found) == []


def test_a_table_of_one_scale_is_a_matrix() -> None:
    found = taken(
        ("begin_group", "staff", "How were they?", "", "", "", "table-list"),
        ("select_one points", "polite", "Polite", "", "", "yes"),
        ("select_one points", "quick", "Quick", "", "", "yes"),
        ("end_group",),
        ("text", "why", "Why?", "${polite} != '' or ${quick} != ''"),
        ("text", "not_polite", "Why?", "${polite} < 3"),
    )

    matrix, why, not_polite = questions_of(found)
    assert matrix == {
        "key": "staff",
        "type": "matrix",
        "text": "How were they?",
        "required": True,
        "scale": {"min": 1, "max": 5},
        "rows": [{"key": "polite", "label": "Polite"}, {"key": "quick", "label": "Quick"}],
    }
    assert why["show_if"] == {"question": "staff", "op": "answered"}
    assert "show_if" not in not_polite
    assert named(found) == [("/survey/7/relevant", "condition_left_out")]


def test_everything_that_cannot_be_said_is_named_by_sheet_row_and_column() -> None:
    found = taken(
        ("start", "start", ""),
        ("note", "hello", "Hello"),
        ("geopoint", "where", "Where?"),
        ("begin_repeat", "r", "Again"),
        ("text", "inner", "Inner"),
        ("end_repeat",),
        ("integer", "count", "How many?", "", "", "${where} != ''"),
        ("select_one ages or_other", "age", "Age", "", "regex(., 'x')", "", "minimal"),
        ("text", "a", "A", "${where} != ''"),
        ("text", "Größe (cm)", "B"),
    )

    assert named(found) == [
        ("/survey/2", "question_left_out"),
        ("/survey/3", "question_left_out"),
        ("/survey/4", "question_left_out"),
        ("/survey/5", "question_left_out"),
        ("/survey/5/label::English (en)", "field_left_out"),
        ("/survey/6", "question_left_out"),
        ("/survey/8/required", "field_left_out"),
        ("/survey/8/type", "limit_changed"),
        ("/survey/9/type", "field_left_out"),
        ("/survey/9/appearance", "field_left_out"),
        ("/survey/9/constraint", "limit_changed"),
        ("/survey/11/name", "key_changed"),
        ("/survey/10/relevant", "condition_left_out"),
    ]
    assert [question["key"] for question in questions_of(found)] == ["count", "age", "a", "grosse_cm"]


def test_its_language_is_that_which_it_says_or_that_of_its_first_column() -> None:
    columns = ("type", "name", "label::Deutsch (de)", "label::English (en)")
    row = ("text", "a", "Warum?", "Why?")

    said = from_xlsform(form(row, columns=columns, default_language="English (en)"), language=None)
    guessed = from_xlsform(form(row, columns=columns, default_language=""), language=None)
    told = from_xlsform(form(row, columns=columns), language="de")
    plain = from_xlsform(form(row, columns=("type", "name", "label"), default_language="German"), language=None)

    assert said.questionnaire.questions[0].text == {"de": "Warum?", "en": "Why?"}
    assert [each.questionnaire.language for each in (said, guessed, told, plain)] == ["en", "de", "de", "de"]
    assert named(guessed) == [("/settings/2/default_language", "language_guessed")]
    assert plain.questionnaire.questions[0].text == "Warum?"


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"", "not an XLSX workbook"),
        (b"type,name\ntext,a\n", "not an XLSX workbook"),
        (as_workbook({"choices": [{"list_name": "a", "name": "b"}]}), "no sheet survey"),
        (form(("note", "a", "A")), "no question that can be taken"),
        (form(*[("text", f"q{i}", "A") for i in range(2_001)]), "at most 2000 rows"),
        (form(*[("begin_group", f"g{i}", "A") for i in range(30)]), "at most 20 groups"),
        (
            form(
                *[("select_one c", f"q{i}", "A") for i in range(30)], choices=[("c", f"{i}", "x") for i in range(1_700)]
            ),
            "at most 50000 choices",
        ),
    ],
)
def test_what_is_no_form_is_refused_in_words(content: bytes, detail: str) -> None:
    with pytest.raises(NotExchangeable, match=detail):
        from_xlsform(content, language=None)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    packed = io.BytesIO(form(("text", "a", "A")))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"\0" * (2 * MOST_BYTES))

    began = time.process_time()
    with pytest.raises(NotExchangeable, match="too large unpacked"):
        from_xlsform(packed.getvalue(), language=None)
    assert time.process_time() - began < 1
