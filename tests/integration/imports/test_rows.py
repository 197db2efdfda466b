"""What becomes of the rows of a file: recorded once, left out in part, rejected; and what is said of them."""

import csv
import io

import psycopg
import pytest

from tests.support.api import Api
from tests.support.imports import NPS_AND_WAIT, faults, imported, imports_of, upload
from tests.support.quotas import put, total
from tests.support.responses import listed
from tests.support.surveys import Json, PublishedSurvey, publish

pytestmark = pytest.mark.usefixtures("worker_process")

BY_ID: Json = {"columns": [{"column": "id", "to": "external_id"}, *NPS_AND_WAIT["columns"]]}


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """A survey that takes answers."""
    return await publish(api)


def counts(done: Json) -> tuple[int, int, int, int]:
    """Rows recorded, duplicate, rejected; values left out."""
    return done["rows_recorded"], done["rows_duplicate"], done["rows_rejected"], done["values_left_out"]


async def test_a_row_is_recorded_as_it_was_said_with_the_line_that_it_came_from(
    api: Api, survey: PublishedSurvey
) -> None:
    mapping: Json = {
        "columns": [
            {"column": "id", "to": "external_id"},
            {"column": "at", "to": "submitted_at"},
            {"column": "region", "to": "attribute", "key": "region", "values": {"N": "north"}},
            {"column": "nps", "to": "question", "key": "nps"},
            {"column": "used", "to": "question", "key": "used", "separator": "|"},
            {"column": "why", "to": "question", "key": "why"},
        ],
        "constants": [{"to": "method", "value": "telephone"}],
        "time_zone": "America/New_York",
    }
    content = 'id,at,region,nps,used,why\nA-1,2026-03-01T10:00:00,n,9,web|app,"Quick,\nkind"\nA-2,2026-03-02,,,,\n'

    done = await imported(api, survey, mapping, content)

    first, second = await listed(api, survey)
    assert (done["status"], counts(done)) == ("succeeded", (2, 0, 0, 0))
    assert first["answers"] == {"nps": 9, "used": ["web", "app"], "why": "Quick,\nkind"}
    assert (first["external_id"], first["submitted_at"]) == ("A-1", "2026-03-01T15:00:00Z")
    assert (first["attributes"], first["method"]) == ({"region": "north"}, "telephone")
    assert (first["import_id"], first["import_line"], second["import_line"]) == (done["id"], 2, 4)
    assert second["answers"] == {}


async def test_a_column_may_say_when_a_response_was_begun(api: Api, survey: PublishedSurvey) -> None:
    mapping: Json = {
        "columns": [
            {"column": "begun", "to": "started_at"},
            {"column": "at", "to": "submitted_at"},
            {"column": "nps", "to": "question", "key": "nps"},
        ],
        "time_zone": "America/New_York",
        "date_format": "%m/%d/%Y %H:%M",
    }
    rows = ("03/01/2026 09:58,03/01/2026 10:00,9", ",03/01/2026 10:00,8", "03/01/2026 10:01,03/01/2026 10:00,7")

    done = await imported(api, survey, mapping, "\n".join(("begun,at,nps", *rows)))

    found = await listed(api, survey)
    assert (done["status"], counts(done)) == ("succeeded", (2, 0, 1, 0))
    assert [one["started_at"] for one in found] == ["2026-03-01T14:58:00Z", None]


async def test_the_same_file_twice_adds_nothing_with_or_without_external_ids(api: Api, survey: PublishedSurvey) -> None:
    for mapping, content in ((NPS_AND_WAIT, "nps,wait\n9,4\n9,4\n"), (BY_ID, "id,nps,wait\nA,9,4\nB,9,4\n")):
        assert counts(await imported(api, survey, mapping, content)) == (2, 0, 0, 0)
        assert counts(await imported(api, survey, mapping, content)) == (0, 2, 0, 0)
    assert len(await listed(api, survey)) == 4


async def test_the_same_rows_with_the_same_ids_are_known_in_another_file(api: Api, survey: PublishedSurvey) -> None:
    await imported(api, survey, BY_ID, "id,nps,wait\nA,9,4\n")

    assert counts(await imported(api, survey, BY_ID, "wait,nps,id\n4,9,A\n3,9,B\n")) == (1, 1, 0, 0)


async def test_an_external_id_that_comes_again_with_other_content_rejects_its_row(
    api: Api, survey: PublishedSurvey
) -> None:
    done = await imported(api, survey, BY_ID, "id,nps,wait\nA,9,4\nA,9,4\nA,1,1\n")

    assert counts(done) == (1, 1, 1, 0)
    assert [(fault["line"], fault["code"], fault["value"]) for fault in await faults(api, done)] == [
        (4, "external_id_reused", None)
    ]
    (kept,) = await listed(api, survey)
    assert kept["answers"] == {"nps": 9, "wait": 4}


async def test_a_line_that_was_imported_with_another_mapping_is_not_changed(api: Api, survey: PublishedSurvey) -> None:
    content = "nps,wait\n9,4\n"
    await imported(api, survey, {"columns": NPS_AND_WAIT["columns"][:1]}, content)

    done = await imported(api, survey, NPS_AND_WAIT, content)

    assert counts(done) == (0, 0, 1, 0)
    assert [fault["code"] for fault in await faults(api, done)] == ["row_changed"]


async def test_a_value_that_cannot_be_read_is_left_out_and_listed_with_line_column_and_value(
    api: Api, survey: PublishedSurvey
) -> None:
    done = await imported(api, survey, NPS_AND_WAIT, "nps,wait\n9,good\n12,3\n,\n7,2\n")

    assert counts(done) == (3, 0, 0, 2)
    assert [response["answers"] for response in await listed(api, survey)] == [
        {"nps": 9},
        {"wait": 3},
        {"nps": 7, "wait": 2},
    ]
    first, second = await faults(api, done)
    assert first == {
        "line": 2,
        "column": "wait",
        "code": "wrong_type",
        "detail": "Give a whole number from 1 to 5.",
        "value": "good",
        "row_kept": True,
    }
    assert (second["line"], second["column"], second["value"]) == (3, "nps", "12")


async def test_or_its_row_is_rejected_and_a_corrected_file_adds_it(api: Api, survey: PublishedSurvey) -> None:
    strict = {**BY_ID, "on_unreadable": "reject_row"}

    done = await imported(api, survey, strict, "id,nps,wait\nA,9,good\nB,8,1\n")

    assert counts(done) == (1, 0, 1, 0)
    assert [(fault["line"], fault["row_kept"]) for fault in await faults(api, done)] == [(2, False)]
    assert counts(await imported(api, survey, strict, "id,nps,wait\nA,9,5\nB,8,1\n")) == (1, 1, 0, 0)


async def test_rows_that_cannot_be_read_at_all_are_rejected_and_the_others_are_not(
    api: Api, survey: PublishedSurvey
) -> None:
    content = b"nps,wait\n9,4\n9\n8,3\n7,\xff\n6,\x00\n5,2\n" + b'4,"1\n'

    done = await imported(api, survey, NPS_AND_WAIT, content)

    assert (done["rows_read"], counts(done)) == (7, (3, 0, 4, 0))
    assert {fault["line"]: fault["code"] for fault in await faults(api, done)} == {
        3: "ragged_row",
        5: "broken_encoding",
        6: "nul_character",
        8: "malformed_row",
    }


async def test_a_time_that_has_not_come_or_was_long_ago_rejects_its_row(api: Api, survey: PublishedSurvey) -> None:
    mapping = {"columns": [{"column": "at", "to": "submitted_at"}, *NPS_AND_WAIT["columns"]]}

    done = await imported(api, survey, mapping, "at,nps,wait\n2999-01-01,9,4\n0001-01-01,9,4\n2026-01-01,9,4\n")

    assert counts(done) == (1, 0, 2, 0)
    assert [(f["line"], f["column"], f["code"]) for f in await faults(api, done)] == [
        (2, "at", "in_the_future"),
        (3, "at", "too_early"),
    ]


async def test_an_answer_that_the_others_hide_is_left_out_and_so_is_what_hangs_on_it(api: Api) -> None:
    def asked(key: str, **more: object) -> Json:
        return {"key": key, "type": "rating", "scale": {"min": 1, "max": 5}, "text": "?", **more}

    def shown(question: str) -> Json:
        return {"question": question, "op": "answered"}

    survey = await publish(api, questions=[asked("a"), asked("b", show_if=shown("a")), asked("c", show_if=shown("b"))])
    mapping: Json = {"columns": [{"column": key, "to": "question", "key": key} for key in "abc"]}

    done = await imported(api, survey, mapping, "a,b,c\n1,2,3\n,2,3\n")

    assert counts(done) == (2, 0, 0, 2)
    assert [response["answers"] for response in await listed(api, survey)] == [{"a": 1, "b": 2, "c": 3}, {}]
    assert [(f["line"], f["column"], f["code"]) for f in await faults(api, done)] == [
        (3, "b", "not_shown"),
        (3, "c", "not_shown"),
    ]
    strict = await imported(api, survey, {**mapping, "on_unreadable": "reject_row"}, "a,b,c\n,5,5\n")
    assert counts(strict) == (0, 0, 1, 0)


async def test_missing_columns_end_the_import_at_once_by_name(api: Api, survey: PublishedSurvey) -> None:
    done = await imported(api, survey, NPS_AND_WAIT, "NPS,wait\n9,4\n")

    assert (done["status"], done["error"]["code"]) == ("failed", "columns_missing")
    assert done["error"]["detail"] == 'The file has no column "nps". Its header has: "NPS", "wait".'
    assert done["rows_read"] == 0


@pytest.mark.parametrize("name", ["bomb.xlsx", "bomb.csv", "bomb.ndjson"])
async def test_a_file_of_another_kind_ends_the_import_with_a_reason(
    api: Api, survey: PublishedSurvey, name: str
) -> None:
    done = await imported(api, survey, NPS_AND_WAIT, "nps,wait\n9,4\n".encode("utf-16"), name=name)

    assert (done["status"], done["error"]["code"]) == ("failed", "file_unreadable")


async def test_a_dry_run_says_what_would_become_of_each_row_and_records_none(api: Api, survey: PublishedSurvey) -> None:
    await imported(api, survey, BY_ID, "id,nps,wait\nA,9,4\nB,5,5\n")
    content = "id,nps,wait\nA,9,4\nB,1,1\nC,8,9\nC,8,\nC,1,1\nD,7\n,2,2\n"

    dry = await imported(api, survey, {**BY_ID, "dry_run": True}, content)
    said = await faults(api, dry)
    assert len(await listed(api, survey)) == 2
    real = await imported(api, survey, BY_ID, content)

    assert dry["dry_run"]
    assert counts(dry) == counts(real) == (2, 2, 3, 1)
    assert said == await faults(api, real)


async def test_a_respondent_is_kept_as_the_survey_says_and_named_in_no_fault(api: Api) -> None:
    survey = await publish(api, confidentiality="identified")
    mapping = {"columns": [*BY_ID["columns"], {"column": "email", "to": "respondent", "key": "email"}]}

    done = await imported(api, survey, mapping, f"id,nps,wait,email\nA,9,4,ann@example.com\nB,9,4,{'x' * 400}\n")

    (kept,) = await listed(api, survey)
    identity = (await api.get(f"/v1/surveys/{survey.id}/responses/{kept['id']}/identity")).json()
    assert identity["email"] == "ann@example.com"
    assert [(f["line"], f["column"], f["code"], f["value"]) for f in await faults(api, done)] == [
        (3, "email", "too_long", None)
    ]


async def test_a_stricter_confidentiality_keeps_nothing_that_names(api: Api, survey: PublishedSurvey) -> None:
    await imported(api, survey, {**BY_ID, "confidentiality": "anonymous"}, "id,nps,wait\nA,9,4\n")

    (kept,) = await listed(api, survey)
    assert (kept["confidentiality"], kept["external_id"]) == ("anonymous", None)
    assert counts(await imported(api, survey, {**BY_ID, "confidentiality": "anonymous"}, "id,nps,wait\nA,9,4\n")) == (
        0,
        1,
        0,
        0,
    )


async def test_a_column_that_no_object_has_is_named(api: Api, survey: PublishedSurvey) -> None:
    done = await imported(api, survey, NPS_AND_WAIT, '{"nps": 9}\n{"nps": 8}\n', name="a.ndjson")

    assert counts(done) == (2, 0, 0, 0)
    (fault,) = await faults(api, done)
    assert (fault["line"], fault["column"], fault["code"]) == (0, "wait", "column_never_seen")


async def test_faults_are_read_in_pages_or_as_csv(api: Api, survey: PublishedSurvey) -> None:
    content = "nps,wait\n" + "".join(f"9,=bad{number}\n" for number in range(250))
    done = await imported(api, survey, NPS_AND_WAIT, content)
    place = done["links"]["faults"]

    pages: list[list[Json]] = []
    cursor = None
    while not pages or cursor:
        page = (await api.get(place, params={"cursor": cursor} if cursor else {})).json()
        pages.append(page["items"])
        cursor = page["next_cursor"]
    table = await api.get(place, headers={"Accept": "text/csv"})

    assert [len(page) for page in pages] == [100, 100, 50]
    assert [fault["line"] for page in pages for fault in page] == list(range(2, 252))
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert (len(rows), rows[0]["line"], rows[0]["value"]) == (250, "2", "'=bad0")
    other = await imported(api, survey, NPS_AND_WAIT, "nps,wait\n1,1\n")
    await api.get(other["links"]["faults"], params={"cursor": "bm9uZQ"}, status=422)
    assert (await api.get(other["links"]["faults"], headers={"Accept": "text/csv"})).text == (
        "line,column,code,detail,value,row_kept\r\n"
    )


async def test_beyond_ten_thousand_faults_are_counted_and_not_listed(api: Api, survey: PublishedSurvey) -> None:
    done = await imported(api, survey, {"columns": NPS_AND_WAIT["columns"][:1]}, "nps\n" + "x\n" * 10_050)

    assert (done["values_left_out"], done["rows_recorded"], done["faults_listed"]) == (10_050, 10_050, 10_000)
    assert len(await faults(api, done)) == 10_000


async def test_the_bytes_of_a_file_are_gone_when_it_has_been_read(
    api: Api, survey: PublishedSurvey, owner_url: str
) -> None:
    done = await imported(api, survey, NPS_AND_WAIT, "nps,wait\n9,4\n")

    with psycopg.connect(owner_url) as connection:
        found = connection.execute("SELECT count(*) FROM import_chunk WHERE import_id = %s", [done["id"]]).fetchone()
    assert found == (0,)


async def test_responses_of_an_import_count_at_once(api: Api, survey: PublishedSurvey) -> None:
    await imported(api, survey, NPS_AND_WAIT, "nps,wait\n" + "9,4\n" * 8 + "1,4\n" * 2 + ",4\n")

    kpi = (await api.get("/v1/kpis/nps/value", params={"survey": survey.id})).json()

    assert (kpi["value"], kpi["answered"], kpi["excluded"]["missing"]) == (60.0, 10, 1)


async def test_imports_are_those_of_the_survey(api: Api, survey: PublishedSurvey) -> None:
    done = await imported(api, survey, NPS_AND_WAIT, "nps,wait\n9,4\n")
    await upload(api, await publish(api), NPS_AND_WAIT, "nps,wait\n9,4\n")

    (only,) = (await api.get(imports_of(survey))).json()["items"]
    assert (only["id"], only["status"]) == (done["id"], "succeeded")


async def test_rows_beyond_a_quota_are_kept_and_counted_nowhere(api: Api, survey: PublishedSurvey) -> None:
    await put(api, survey, total(2))

    done = await imported(api, survey, NPS_AND_WAIT, "nps,wait\n9,4\n8,3\n7,2\n6,1\n")

    assert counts(done) == (4, 0, 0, 0)
    assert sorted(row["status"] for row in await listed(api, survey)) == ["complete"] * 2 + ["over_quota"] * 2
