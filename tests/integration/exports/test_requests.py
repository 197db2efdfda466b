"""Asking for exports, listing them, and what is refused."""

import csv
import io
from typing import Any

import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.exports import ask, exported_now, exports_of
from tests.support.responses import EVERY_TYPE, codes
from tests.support.surveys import publish, survey_body


async def test_an_export_is_asked_for_and_says_where_to_look(api: Api) -> None:
    survey = await publish(api)

    answer = await api.post(
        exports_of(survey), {"format": "csv", "status": "complete", "include_texts": False}, status=202
    )

    asked = answer.json()
    assert answer.headers["location"] == f"/v1/exports/{asked['id']}" == asked["links"]["self"]
    assert asked == (await api.get(asked["links"]["self"])).json()
    assert (asked["status"], asked["file"]["state"], asked["file"]["size"], asked["file"]["sha256"]) == (
        "queued",
        "writing",
        None,
        None,
    )
    assert (asked["response_status"], asked["include_texts"], asked["only_changes"]) == ("complete", False, False)


async def test_the_same_request_with_its_key_is_one_export(api: Api) -> None:
    survey = await publish(api)
    key = {"Idempotency-Key": "once"}
    first = await api.post(exports_of(survey), {"format": "csv"}, headers=key, status=202)
    again = await api.post(exports_of(survey), {"format": "csv"}, headers=key, status=202)

    assert (again.json()["id"], again.headers["idempotent-replayed"]) == (first.json()["id"], "true")
    assert len((await api.get(exports_of(survey))).json()["items"]) == 1


async def test_exports_of_a_survey_are_listed_newest_first(api: Api) -> None:
    survey, other = await publish(api), await publish(api)
    ids = [(await ask(api, survey))["id"] for _ in range(3)]
    await ask(api, other)

    first = (await api.get(exports_of(survey), params={"limit": 2})).json()
    second = (await api.get(exports_of(survey), params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [export["id"] for export in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, {"/format": "missing"}),
        ({"format": "pdf"}, {"/format": "enum"}),
        ({"format": "csv", "from": "2026-01-01"}, {"/from": "value_error"}),
        ({"format": "csv", "columns": []}, {"/columns": "extra_forbidden"}),
        ({"format": "csv", "include_identities": "yes"}, {"/include_identities": "bool_type"}),
        (
            {"format": "csv", "from": "2026-02-01T00:00:00Z", "to": "2026-02-01T01:00:00+01:00"},
            {"/to": "empty_period"},
        ),
        ({"format": "csv", "updated_since": "nonsense"}, {"/updated_since": "unknown_continuation"}),
    ],
)
async def test_what_is_wrong_with_a_request_is_named(fields: dict[str, Any], faults: dict[str, str], api: Api) -> None:
    survey = await publish(api)

    answer = await api.post(exports_of(survey), fields, status=422)

    assert codes(answer) == faults
    assert (await api.get(exports_of(survey))).json()["items"] == []


async def test_a_survey_that_was_never_published_has_nothing_to_export(api: Api) -> None:
    draft = (await api.post("/v1/surveys", survey_body(), status=201)).json()

    answer = await api.post(f"/v1/surveys/{draft['id']}/exports", {"format": "csv"})

    assert (answer.status_code, answer.json()["code"]) == (409, "survey_not_published")


async def test_a_table_that_would_be_too_wide_is_refused_and_ndjson_is_not(api: Api) -> None:
    choices = [{"key": f"c{number}", "label": "C"} for number in range(500)]
    questions = [
        {"key": f"q{number}", "type": "multiple_choice", "text": "?", "choices": choices} for number in range(33)
    ]
    survey = await publish(api, questions=questions)

    for form in ("csv", "parquet", "xlsx"):
        answer = await api.post(exports_of(survey), {"format": form}, status=422)
        assert (answer.json()["code"], codes(answer)) == ("too_many_columns", {"/format": "too_many_columns"})
    await ask(api, survey, format="ndjson")


async def test_the_codebook_is_there_before_the_file_as_json_and_as_csv(api: Api) -> None:
    survey = await publish(api, questions=EVERY_TYPE)
    asked = await ask(api, survey, format="csv", include_identities=True)

    codebook = (await api.get(asked["links"]["codebook"])).json()
    lines = (await api.get(asked["links"]["codebook"], headers={"Accept": "text/csv"})).text

    table = list(csv.DictReader(io.StringIO(lines, newline="")))
    assert [line["column"] for line in table] == [column["column"] for column in codebook["columns"]]
    by_name = {column["column"]: column for column in codebook["columns"]}
    assert by_name["answer.staff.desk"] == {
        "column": "answer.staff.desk",
        "kind": "answer",
        "type": "integer",
        "question": "staff",
        "question_type": "matrix",
        "item": "desk",
        "attribute": None,
        "text": "Staff?",
        "item_label": "Desk",
        "scale_min": 1,
        "scale_max": 5,
        "unit": None,
        "feature": None,
        "values": [],
        "versions": [1],
    }
    assert by_name["answer.place"]["values"] == [{"value": "A", "label": "A"}, {"value": "B", "label": "B"}]
    assert [value["value"] for value in by_name["attribute.region"]["values"]] == ["north", "south"]
    assert "respondent.email" in by_name
    assert set(codebook["notes"]) >= {"no_value", "formulas", "multiple_choice", "ranking", "instants"}


async def test_the_codebook_is_of_the_versions_that_the_file_was_made_of(api: Api, database: Database) -> None:
    survey = await publish(api)
    done = await exported_now(database, api, survey, format="csv")
    draft = await api.post(f"/v1/surveys/{survey.id}/versions", status=201)
    document = {"title": "Second", "language": "en", "key": survey.key}
    questions = [{"key": "new", "type": "boolean", "text": "New?"}]
    tag = {"If-Match": draft.headers["etag"]}
    await api.put(f"/v1/surveys/{survey.id}", {**document, "questions": questions}, headers=tag, status=200)
    await api.post(f"/v1/surveys/{survey.id}/publish", status=200)

    before = (await api.get(done["links"]["codebook"])).json()
    after = (await api.get((await ask(api, survey))["links"]["codebook"])).json()

    assert (before["versions"], after["versions"]) == ([1], [1, 2])
    names = [[column["column"] for column in codebook["columns"]] for codebook in (before, after)]
    assert ["answer.new" in columns for columns in names] == [False, True]
