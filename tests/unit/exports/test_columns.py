"""The columns of a survey, and the cells that answers make in them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from feedback_core.responses.exports.codebook import codebook_of
from feedback_core.responses.exports.columns import CellType, ColumnKind, Columns, columns_of
from feedback_core.responses.exports.records import shown_texts
from feedback_core.surveys.types import questionnaire_from_json
from tests.support.responses import EVERY_TYPE

CHOICE_KEYS = st.text("aB.9-_", min_size=1, max_size=5).filter(lambda key: key[0] in "aB9")


def asked(*questions: object, **fields: object) -> Columns:
    document = {"title": "T", "language": "en", "questions": list(questions), **fields}
    return columns_of({1: questionnaire_from_json(document)}, identities=False, texts=True)


def choices(*keys: str) -> list[dict[str, str]]:
    return [{"key": key, "label": key} for key in keys]


@given(st.lists(st.tuples(st.from_regex(r"[a-z]_{0,2}[a-z]?", fullmatch=True), st.lists(CHOICE_KEYS, unique=True))))
def test_no_two_columns_have_the_same_name(questions: list[tuple[str, list[str]]]) -> None:
    keys = {key: items for key, items in questions if items}
    documents = [
        {"key": key, "type": "multiple_choice", "text": "?", "choices": choices(*items)} for key, items in keys.items()
    ]
    names = asked(*documents, attributes=[{"key": key, "values": ["x"]} for key in keys]).names
    assert len(set(names)) == len(names)


def test_every_column_of_the_codebook_is_one_of_the_table_in_the_same_order() -> None:
    versions = {1: questionnaire_from_json({"title": "T", "language": "en", "questions": EVERY_TYPE})}
    columns = columns_of(versions, identities=True, texts=True)

    codebook = codebook_of(columns, versions)

    assert [entry.column for entry in codebook.columns] == columns.names
    by_name = {entry.column: entry for entry in codebook.columns}
    wait, web, place = (by_name[f"answer.{name}"] for name in ("wait", "used.web", "place"))
    assert (wait.scale_min, wait.scale_max, wait.type) == (-2, 2, CellType.INTEGER)
    assert (web.text, web.item_label, web.type) == ("Used?", "Web", CellType.BOOLEAN)
    assert [(value.value, value.label) for value in place.values] == [("A", "A"), ("B", "B")]
    assert {entry.kind for entry in codebook.columns if entry.column.startswith("respondent.")} == {
        ColumnKind.RESPONDENT
    }


def test_a_choice_that_a_version_does_not_offer_is_neither_chosen_nor_not() -> None:
    def version(*keys: str) -> object:
        question = {"key": "used", "type": "multiple_choice", "text": "?", "choices": choices(*keys)}
        return questionnaire_from_json({"title": "T", "language": "en", "questions": [question]})

    columns = columns_of({1: version("web"), 2: version("app", "web")}, identities=False, texts=True)  # type: ignore[dict-item]

    assert columns.names[-2:] == ["answer.used.app", "answer.used.web"]
    assert columns.answers(1, {"used": ["web"]}) == [None, True]
    assert columns.answers(2, {"used": ["web"]}) == [False, True]
    assert columns.answers(2, {}) == [None, None]


def test_whole_numbers_that_were_said_with_a_point_are_whole() -> None:
    columns = asked({"key": "nps", "type": "nps", "text": "?"})
    (cell,) = columns.answers(1, json.loads('{"nps": 9.0}'))
    assert (cell, type(cell)) == (9, int)


def test_without_texts_the_other_answers_stay_exactly_as_said() -> None:
    said = '{"minutes": 12.50, "nps": 9, "why": "Kind"}'
    shown = shown_texts(frozenset({"why"}), include=False)

    assert json.loads(shown(said)) == {"minutes": 12.5, "nps": 9}
    assert shown('{"minutes": 12.50}') == '{"minutes": 12.50}'
    assert shown_texts(frozenset({"why"}), include=True)(said) == said
