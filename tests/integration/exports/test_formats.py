"""What stands in a file, format by format, is what was said."""

import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.support.api import Api
from tests.support.exports import content_of, exported, frame_of, lines, lines_of, rows_of, sheets_of
from tests.support.responses import EVERY_TYPE, batch, decide, listed, recorded
from tests.support.surveys import Json, PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("exports_formats"), pytest.mark.usefixtures("worker_process")]

FORMULA = '=HYPERLINK("http://evil.example","Click")'
ANSWERS: Json = {
    "nps": 9,
    "ease": 7,
    "happy": 5,
    "wait": -2,
    "place": "A",
    "used": ["web"],
    "order": ["y", "x"],
    "staff": {"desk": 4},
    "minutes": 12.5,
    "day": "2026-02-28",
    "again": False,
    "why": 'Said "good",\r\nand\nthen — naïve 🛥 left',
}
CELLS: dict[str, Any] = {
    "answer.nps": 9,
    "answer.ease": 7,
    "answer.happy": 5,
    "answer.wait": -2,
    "answer.place": "A",
    "answer.used.web": True,
    "answer.used.app": False,
    "answer.order.x": 2,
    "answer.order.y": 1,
    "answer.staff.desk": 4,
    "answer.staff.phone": None,
    "answer.minutes": 12.5,
    "answer.day": date(2026, 2, 28),
    "answer.again": False,
    "answer.why": ANSWERS["why"],
}
COLUMNS = [
    "change", "response_id", "survey_version", "external_id", "respondent_ref", "status", "method", "confidentiality",
    "submitted_at", "started_at", "received_at", "excluded", "suspect", "import_id", "import_line", "unanswered",
    "attribute.region", *CELLS,
]  # fmt: skip


async def surveyed(api: Api) -> tuple[PublishedSurvey, list[str]]:
    """Two responses, the second of which says only a formula, and is excluded."""
    survey = await publish(api, questions=EVERY_TYPE)
    full = await recorded(
        api,
        survey,
        answers=ANSWERS,
        external_id="@crm-1",
        confidentiality="pseudonymous",
        attributes={"region": "north"},
        submitted_at="2026-03-01T11:00:00+01:00",
        started_at="2026-03-01T10:58:00+01:00",
    )
    formula = await recorded(api, survey, answers={"why": FORMULA}, confidentiality="pseudonymous")
    assert (await decide(api, survey, formula, "exclude")).status_code == 200
    return survey, [full, formula]


async def test_ndjson_has_what_the_list_of_responses_has(api: Api) -> None:
    survey, _ = await surveyed(api)
    expected = await listed(api, survey)

    found = await lines(api, survey)

    assert [line.pop("change") for line in found] == ["upsert", "upsert"]
    assert [line.pop("survey_version") for line in found] == [1, 1]
    for line, response in zip(found, expected, strict=True):
        assert line.pop("response_id") == response["id"]
        for name in ("submitted_at", "started_at", "received_at"):
            assert line[name] is None or line[name].endswith("Z")
            assert _instant(line.pop(name)) == _instant(response[name])
        assert line == {key: response[key] for key in line}


async def test_csv_has_a_column_per_answer_and_no_formula(api: Api) -> None:
    survey, ids = await surveyed(api)

    content = await content_of(api, await exported(api, survey, format="csv"))
    full, formula = rows_of(content)

    assert content.decode().split("\r\n")[0] == ",".join(COLUMNS)
    assert not content.startswith(b"\xef\xbb\xbf")
    assert [full["response_id"], formula["response_id"]] == ids
    assert {name: full[name] for name in CELLS} == {
        **{name: "" if value is None else str(value) for name, value in CELLS.items()},
        "answer.used.web": "true",
        "answer.used.app": "false",
        "answer.again": "false",
    }
    assert (full["submitted_at"], full["started_at"]) == ("2026-03-01T10:00:00Z", "2026-03-01T09:58:00Z")
    assert (full["external_id"], full["attribute.region"], full["excluded"]) == ("'@crm-1", "north", "false")
    assert formula["answer.why"] == "'" + FORMULA
    assert (formula["answer.used.web"], formula["answer.nps"], formula["excluded"]) == ("", "", "true")
    assert formula["unanswered"].split() == [question["key"] for question in EVERY_TYPE if question["key"] != "why"]


async def test_parquet_is_typed(api: Api) -> None:
    survey, ids = await surveyed(api)

    frame = frame_of(await content_of(api, await exported(api, survey, format="parquet")))

    assert frame.columns == COLUMNS
    full, formula = frame.rows(named=True)
    assert {name: full[name] for name in CELLS} == CELLS
    assert full["submitted_at"] == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert frame.schema["answer.nps"] == pl.Int64
    assert frame.schema["answer.minutes"] == pl.Float64
    assert frame.schema["answer.used.web"] == pl.Boolean
    assert frame.schema["answer.day"] == pl.Date
    assert frame.schema["submitted_at"] == pl.Datetime("us", "UTC")
    assert [full["response_id"], formula["response_id"]] == ids
    assert (formula["answer.why"], formula["answer.used.web"], formula["excluded"]) == (FORMULA, None, True)


async def test_xlsx_has_texts_that_are_no_formulas_and_its_codebook(api: Api) -> None:
    survey, ids = await surveyed(api)

    content = await content_of(api, await exported(api, survey, format="xlsx"))
    sheets = sheets_of(content)

    assert list(sheets) == ["responses", "codebook", "values", "notes"]
    header, *rows = sheets["responses"]
    assert list(header) == COLUMNS
    full, formula = (dict(zip(header, row, strict=True)) for row in rows)
    assert {name: full[name] for name in CELLS} == {
        **CELLS,
        "answer.day": datetime(2026, 2, 28),  # noqa: DTZ001 - a workbook knows no zones
        "answer.why": ANSWERS["why"].replace("\r\n", "_x000D_\n"),
    }
    assert full["submitted_at"] == datetime(2026, 3, 1, 10)  # noqa: DTZ001 - a workbook knows no zones
    assert [full["response_id"], formula["response_id"]] == ids
    assert formula["answer.why"] == FORMULA
    book = openpyxl.load_workbook(io.BytesIO(content))
    kinds = {cell.data_type for row in book["responses"].iter_rows() for cell in row}
    assert "f" not in kinds
    assert [row[0] for row in sheets["codebook"][1:]] == COLUMNS


async def test_texts_are_left_out_where_they_are_not_asked_for(api: Api) -> None:
    survey, _ = await surveyed(api)

    found = await lines(api, survey, include_texts=False)
    table = rows_of(await content_of(api, await exported(api, survey, format="csv", include_texts=False)))

    assert [line["answers"] for line in found] == [
        {key: value for key, value in ANSWERS.items() if key != "why"},
        {},
    ]
    assert "answer.why" not in table[0]
    assert list(table[0]) == [name for name in COLUMNS if name != "answer.why"]


async def test_a_survey_without_responses_has_a_file_without_rows(api: Api) -> None:
    survey = await publish(api, questions=EVERY_TYPE)

    csv = await content_of(api, await exported(api, survey, format="csv"))
    parquet = frame_of(await content_of(api, await exported(api, survey, format="parquet")))
    workbook = sheets_of(await content_of(api, await exported(api, survey, format="xlsx")))
    nothing = await exported(api, survey, format="ndjson")

    assert csv.decode() == ",".join(COLUMNS) + "\r\n"
    assert (parquet.height, parquet.columns) == (0, COLUMNS)
    assert [list(row) for row in workbook["responses"]] == [COLUMNS]
    assert (nothing["file"]["size"], lines_of(await content_of(api, nothing))) == (0, [])


async def test_filters_let_in_what_they_let_into_the_list(api: Api) -> None:
    survey = await publish(api)
    items = [
        {"answers": {"nps": number}, "submitted_at": f"2026-0{number + 1}-01T00:00:00Z", "status": status}
        for number, status in enumerate(["complete", "partial", "complete", "screened_out"])
    ]
    first, *_ = (await batch(api, survey, items))["items"]
    await decide(api, survey, first["id"], "exclude")

    for wanted in (
        {"from": "2026-02-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"},
        {"status": "partial"},
        {"excluded": True},
        {"excluded": False, "status": "complete"},
        {"suspect": False},
        {"suspect": True},
    ):
        expected = [found["id"] for found in await listed(api, survey, **wanted)]
        assert [line["response_id"] for line in await lines(api, survey, **wanted)] == expected, wanted


async def test_columns_come_from_every_version_and_stay_where_they_are(api: Api) -> None:
    choices = [{"key": key, "label": key.upper()} for key in ("web", "app", "shop")]
    used = {"key": "used", "type": "multiple_choice", "text": "Used?"}
    nps = {"key": "nps", "type": "nps", "text": "Recommend?"}
    old = {"key": "old", "type": "text", "text": "Old?"}
    survey = await publish(api, questions=[{**used, "choices": choices[:2]}, old, nps])
    await recorded(api, survey, answers={"used": ["web"], "old": "x"})
    draft = await api.post(f"/v1/surveys/{survey.id}/versions", status=201)
    document = {"title": "Second", "language": "en", "attributes": [], "key": survey.key}
    await api.put(
        f"/v1/surveys/{survey.id}",
        {**document, "questions": [nps, {**used, "choices": choices[1:]}]},
        headers={"If-Match": draft.headers["etag"]},
        status=200,
    )
    await api.post(f"/v1/surveys/{survey.id}/publish", status=200)
    await recorded(api, survey, answers={"used": ["shop"]})

    done = await exported(api, survey, format="csv")
    first, second = rows_of(await content_of(api, done))
    codebook = (await api.get(done["links"]["codebook"])).json()

    answers = [name for name in first if name.startswith("answer.")]
    assert answers == ["answer.nps", "answer.used.app", "answer.used.shop", "answer.used.web", "answer.old"]
    assert [first[name] for name in answers] == ["", "false", "", "true", "x"]
    assert [second[name] for name in answers] == ["", "false", "true", "", ""]
    assert [first["survey_version"], second["survey_version"]] == ["1", "2"]
    versions = {column["column"]: column["versions"] for column in codebook["columns"]}
    assert [versions[name] for name in answers] == [[1, 2], [1, 2], [2], [1], [1]]


def _instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
