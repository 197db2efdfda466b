"""Asking for an import: what is refused at once, and what a repetition gets."""

import json
from typing import Any

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.imports import NPS_AND_WAIT, finished, imported, imports_of, upload
from tests.support.organisations import TestOrganisation, new_token
from tests.support.responses import codes
from tests.support.surveys import Json, PublishedSurvey, publish, survey_body

TWO_ROWS = "nps,wait\n9,4\n3,1\n"


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """A survey that takes answers."""
    return await publish(api)


async def test_a_file_is_accepted_with_the_place_where_to_look(api: Api, survey: PublishedSurvey) -> None:
    answer = await upload(api, survey, NPS_AND_WAIT, TWO_ROWS, name="march.csv")

    body = answer.json()
    assert answer.headers["location"] == f"/v1/imports/{body['id']}" == body["links"]["self"]
    assert (body["status"], body["format"], body["file_name"], body["file_size"]) == ("queued", "csv", "march.csv", 17)
    assert body["mapping"]["columns"][0]["key"] == "nps"
    assert (await api.get(answer.headers["location"])).json()["id"] == body["id"]


async def test_the_format_is_that_of_the_mapping_or_of_the_type_or_of_the_name(
    api: Api, survey: PublishedSurvey
) -> None:
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"name": "a.jsonl"}, "ndjson"),
        ({"name": "a.XLSX"}, "xlsx"),
        ({"name": "a", "media_type": "text/csv; charset=utf-8"}, "csv"),
        ({"name": "a.jsonl", "media_type": "text/csv"}, "csv"),
    )
    for options, expected in cases:
        assert (await upload(api, survey, NPS_AND_WAIT, TWO_ROWS, **options)).json()["format"] == expected
    said = {**NPS_AND_WAIT, "format": "ndjson"}
    assert (await upload(api, survey, said, TWO_ROWS, name="a.csv")).json()["format"] == "ndjson"
    unknown = await upload(api, survey, NPS_AND_WAIT, TWO_ROWS, name="answers", status=422)
    assert codes(unknown) == {"/mapping/format": "unknown_format"}


async def test_a_mapping_that_does_not_fit_is_refused_with_pointers_and_nothing_is_kept(
    api: Api, survey: PublishedSurvey
) -> None:
    mapping: Json = {
        "columns": [
            {"column": "nps", "to": "question", "key": "speed"},
            {"column": "region", "to": "attribute", "key": "region", "values": {"N": "north", "E": "east"}},
        ]
    }

    refused = await upload(api, survey, mapping, TWO_ROWS, status=422)

    assert refused.json()["code"] == "mapping_invalid"
    assert codes(refused) == {
        "/mapping/columns/0/key": "unknown_question",
        "/mapping/columns/1/values/E": "unknown_choice",
    }
    assert (await api.get(imports_of(survey))).json()["items"] == []


@pytest.mark.parametrize(
    ("mapping", "pointer"),
    [
        ("{", "/mapping"),
        ("[]", "/mapping"),
        ("{}", "/mapping/columns"),
        ('{"columns": []}', "/mapping/columns"),
        ('{"columns": [{"to": "moon"}]}', "/mapping/columns/0/to"),
        ('{"columns": [{"to": "question", "column": {}}]}', "/mapping/columns/0/column"),
        ('{"columns": [{"to": "question", "column": "a\\u0000"}]}', "/mapping/columns/0/column"),
        ('{"columns": [{"to": "question", "colour": "a"}]}', "/mapping/columns/0/colour"),
        ('{"columns": [{"to": "ignore", "column": "a"}], "delimiter": ";;"}', "/mapping/delimiter"),
        ('{"columns": [{"to": "external_id", "column": "a", "values": {"x": NaN}}]}', "/mapping/columns/0/values/x"),
        (
            '{"columns": [{"to": "external_id", "column": "a", "values": {"x": "\\u0000"}}]}',
            "/mapping/columns/0/values/x",
        ),
        ("[" * 100_000, "/mapping"),
        ('{"columns": [{"to": "ignore", "column": "a"}], "encoding": "klingon"}', "/mapping/encoding"),
    ],
)
async def test_a_mapping_of_another_form_is_refused_with_a_pointer(
    api: Api, survey: PublishedSurvey, mapping: str, pointer: str
) -> None:
    assert set(codes(await upload(api, survey, mapping, TWO_ROWS, status=422))) == {pointer}


async def test_the_mapping_may_come_as_a_file(api: Api, survey: PublishedSurvey) -> None:
    files = {
        "mapping": ("mapping.json", json.dumps(NPS_AND_WAIT), "application/json"),
        "file": ("a.csv", TWO_ROWS, "text/csv"),
    }

    await api.call("POST", imports_of(survey), status=202, files=files)


@pytest.mark.parametrize(
    ("parts", "pointers"),
    [
        ({"files": {"file": ("a.csv", "x")}}, {"/mapping"}),
        ({"data": {"mapping": json.dumps(NPS_AND_WAIT)}, "files": {"other": ("a.csv", "x")}}, {"/other"}),
        (
            {"data": {"mapping": json.dumps(NPS_AND_WAIT), "file": "nps\n9"}, "files": {"x": ("a", "b")}},
            {"/x"},
        ),
        ({"files": [("file", ("a.csv", "x")), ("file", ("b.csv", "y"))]}, {"/file"}),
    ],
)
async def test_parts_that_are_missing_or_too_many_are_named(
    api: Api, survey: PublishedSurvey, parts: dict[str, Any], pointers: set[str]
) -> None:
    assert set(codes(await api.call("POST", imports_of(survey), status=422, **parts))) == pointers


async def test_another_kind_of_body_is_refused(api: Api, survey: PublishedSurvey) -> None:
    refused = await api.post(imports_of(survey), {"mapping": NPS_AND_WAIT}, status=415)
    assert refused.json()["code"] == "unsupported_media_type"

    boundary = {"Content-Type": "multipart/form-data"}
    broken = await api.call("POST", imports_of(survey), status=400, content=b"--x\r\n", headers=boundary)
    assert broken.json()["code"] == "malformed_body"


async def test_an_empty_file_is_refused(api: Api, survey: PublishedSurvey) -> None:
    assert codes(await upload(api, survey, NPS_AND_WAIT, b"", status=422)) == {"/file": "empty_file"}


async def test_only_an_open_survey_takes_imports(api: Api, survey: PublishedSurvey) -> None:
    draft = (await api.post("/v1/surveys", survey_body(), status=201)).json()
    unpublished = PublishedSurvey(draft["id"], draft["key"], "", 0)
    await api.post(f"/v1/surveys/{survey.id}/close", status=200)

    assert (await upload(api, unpublished, NPS_AND_WAIT, TWO_ROWS, status=409)).json()["code"] == "survey_not_published"
    assert (await upload(api, survey, NPS_AND_WAIT, TWO_ROWS, status=409)).json()["code"] == "survey_closed"


async def test_a_file_over_the_limit_of_imports_is_refused_and_one_over_that_of_bodies_is_not(
    api: Api, survey: PublishedSurvey
) -> None:
    rows = "nps,wait\n" + "9,4\n" * 1_500_000

    taken = await upload(api, survey, NPS_AND_WAIT, rows)
    # No worker is to read it: it would keep those of other tests waiting.
    await api.post(f"{taken.headers['location']}/cancel", status=200)

    assert taken.json()["file_size"] == len(rows) > 5 * 2**20
    declared = {"Content-Length": str(5 * 2**30), "Content-Type": "multipart/form-data; boundary=x"}
    refused = await api.call("POST", imports_of(survey), status=413, content=b"x", headers=declared)
    assert refused.json()["code"] == "body_too_large"


@pytest.mark.usefixtures("worker_process")
async def test_the_same_key_mapping_and_file_lead_to_the_same_import(api: Api, survey: PublishedSurvey) -> None:
    first = await upload(api, survey, NPS_AND_WAIT, TWO_ROWS, key="monday")
    await finished(api, first.headers["location"])

    again = await upload(api, survey, NPS_AND_WAIT, TWO_ROWS, key="monday", status=200)

    assert again.headers["idempotent-replayed"] == "true"
    assert (again.json()["id"], again.json()["status"]) == (first.json()["id"], "succeeded")
    assert again.headers["location"] == first.headers["location"]
    assert len((await api.get(imports_of(survey))).json()["items"]) == 1


async def test_the_same_key_with_another_file_or_mapping_is_refused(api: Api, survey: PublishedSurvey) -> None:
    await upload(api, survey, NPS_AND_WAIT, TWO_ROWS, key="monday")

    for mapping, file in ((NPS_AND_WAIT, TWO_ROWS + "1,1\n"), ({**NPS_AND_WAIT, "dry_run": True}, TWO_ROWS)):
        refused = await upload(api, survey, mapping, file, key="monday", status=422)
        assert codes(refused) == {"/header/idempotency-key": "idempotency_key_reused"}


async def test_imports_of_another_organisation_are_not_there(api: Api, other_api: Api, survey: PublishedSurvey) -> None:
    place = (await upload(api, survey, NPS_AND_WAIT, TWO_ROWS)).headers["location"]

    await upload(other_api, survey, NPS_AND_WAIT, TWO_ROWS, status=404)
    for path in (place, f"{place}/faults", imports_of(survey)):
        await other_api.get(path, status=404)
    await other_api.post(f"{place}/cancel", status=404)


async def test_reading_and_writing_take_the_scopes_of_responses(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    async def caller(scope: Scope) -> Api:
        organisation_id = api.organisation.organisation_id
        token = await new_token(database, organisation_id, [scope])
        return Api(api.client, TestOrganisation(organisation_id, token))

    reader, writer = await caller(Scope.RESPONSES_READ), await caller(Scope.RESPONSES_WRITE)
    place = (await upload(writer, survey, NPS_AND_WAIT, TWO_ROWS)).headers["location"]

    await upload(reader, survey, NPS_AND_WAIT, TWO_ROWS, status=403)
    await reader.post(f"{place}/cancel", status=403)
    await reader.get(place)
    for path in (place, f"{place}/faults", imports_of(survey)):
        await writer.get(path, status=403)


async def test_without_a_key_nothing_is_taken_in(api: Api, survey: PublishedSurvey) -> None:
    refused = await api.client.post(imports_of(survey), files={"file": ("a.csv", "x")})

    assert refused.status_code == 401


async def test_imports_are_listed_newest_first_in_pages(api: Api, survey: PublishedSurvey) -> None:
    made = [(await upload(api, survey, NPS_AND_WAIT, TWO_ROWS)).json()["id"] for _ in range(3)]

    first = (await api.get(imports_of(survey), params={"limit": 2})).json()
    rest = (await api.get(imports_of(survey), params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [item["id"] for item in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None
    other = await publish(api)
    await api.get(imports_of(other), params={"cursor": first["next_cursor"]}, status=422)


@pytest.mark.usefixtures("worker_process")
async def test_a_survey_that_is_closed_before_the_file_is_read_takes_none_of_it(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    await imported(api, survey, NPS_AND_WAIT, TWO_ROWS)
    answer = await upload(api, survey, NPS_AND_WAIT, "nps,wait\n5,5\n")
    await api.post(f"/v1/surveys/{survey.id}/close", status=200)

    done = await finished(api, answer.headers["location"])

    # The worker may have been faster than we.
    assert (done["status"], done["rows_recorded"]) in {("succeeded", 1), ("failed", 0)}
    assert done["error"] is None or done["error"]["code"] == "survey_closed"
