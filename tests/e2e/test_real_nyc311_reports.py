"""Reports of the real answers to New York's 311 survey: opened by programs that nobody here wrote."""

import io
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from fastapi import FastAPI

from feedback_core.db.session import Database
from feedback_dev.demo.real.frames import document
from tests.support.analyses import made
from tests.support.api import Api
from tests.support.browser import browser, seen, violations
from tests.support.imports import client_of, imported
from tests.support.organisations import new_organisation
from tests.support.real_data import unpacked
from tests.support.reports import bytes_of, edition, reported, table
from tests.support.standards import standard
from tests.support.surveys import Json, PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("nyc311_reports"), pytest.mark.usefixtures("worker_process")]

INJECTED = "{{7*7}} #panic() <script>alert(1)</script> =HYPERLINK(1)"
TARGETS = {"overall": 0.8, "wait_time": 0.75, "courtesy": 0.9, "knowledge": 0.85, "answer": 0.8}
EDITIONS: dict[str, dict[str, str]] = {
    "front_line": {},
    "supervisors": {},
    "senior_managers": {},
    "other_departments": {"process": "Call centre"},
    "service_partners": {"owner": "Agents Inc."},
    "customers": {},
}
SCRIPTS = ("Español", "中文", "العربية", "Русский", "한국어", "জ্ঞান", "علم", "知识")
ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The survey, and the review of its answers."""

    api: Api
    survey: PublishedSurvey
    run_id: str
    result: Json


def sample(file: bytes) -> bytes:
    """The header, every answer in a language of few, and so many others, drawn with a seed: as real, and quicker."""
    header, *rows = file.decode().splitlines(keepends=True)
    common = [row for row in rows if "English" in row or "alfabetizaci" in row]
    # Of these there are fewer than may be shown, so no frame could name them.
    rare = [row for row in rows if not any(said in row for said in ("English", "alfabetizaci", "Fran", ",ur,"))]
    return "".join([header, *rare, *random.Random(311).sample(common, ROWS)]).encode()


async def frame_of(api: Api, survey: PublishedSurvey) -> Json:
    """The languages of those who answered, with fewer who speak English."""
    query = {"survey": survey.id, "by": "language"}
    groups = (await api.get("/v1/kpis/responses/breakdown", params=query)).json()["groups"]
    counts = {each["group"]: each["value"] * (0.9 if each["group"] == "en" else 1) for each in groups if each["value"]}
    return {"margins": {"language": {key: count / sum(counts.values()) for key, count in counts.items()}}}


@pytest.fixture(scope="module")
async def reviewed(app: FastAPI, database: Database, worker_process: None) -> AsyncIterator[Reviewed]:
    file = sample(unpacked("nyc311_csat/nyc311_csat.csv.gz"))
    mapping = document("nyc311_mapping")
    async with client_of(app) as client:
        api = Api(client, await new_organisation(database, time_zone="America/New_York"))
        for key in ("call_centre", "agents", "agencies"):
            await api.put(f"/v1/processes/{key}", {"name": key.replace("_", " ").capitalize()}, status=201)
        for key, name, process, owner in (
            ("overall", "NYC311 as a whole", "call_centre", "City"),
            ("waiting_time", f"Waiting {INJECTED}", "call_centre", "City"),
            ("agent_courtesy", "Courtesy", "agents", "Agents Inc."),
            ("agent_knowledge", "知识 المعرفة জ্ঞান علم Wissen", "agents", "Agents Inc."),
            ("answer", "The answer", "agencies", "City"),
        ):
            await api.put(f"/v1/features/{key}", {"name": name, "process": process, "owner": owner}, status=201)
        survey = await publish(api, **{**document("nyc311_survey"), "title": f"NYC 311 {INJECTED}"})
        await imported(api, survey, mapping, file, name="nyc311.csv")
        for question, target in TARGETS.items():
            metric = {"kind": "kpi", "survey_id": survey.id, "kpi": "csat", "question": question}
            agreed = standard(survey.id, name=f"Good {question}", metric=metric, target=target, valid_from="2010-01-01")
            await api.put(f"/v1/standards/{question}", agreed, status=201)
        asked = {"kind": "review", "survey_id": survey.id, "frame": await frame_of(api, survey)}
        run = await made(api, {**asked, "bucket": "quarter"})
        assert all(each["sampling_bias"] for each in run["result"]["features"]), [
            each["sampling_bias_reason"] for each in run["result"]["features"]
        ]
        yield Reviewed(api, survey, run["id"], run["result"])


async def test_every_edition_opens_in_a_browser_without_a_complaint_a_request_or_an_obstacle(
    reviewed: Reviewed, tmp_path: Path
) -> None:
    async with browser() as chromium:
        for audience, part in EDITIONS.items():
            report = await reported(reviewed.api, reviewed.run_id, audience, "html", **part)
            page = tmp_path / f"{audience}.html"
            page.write_bytes(await bytes_of(reviewed.api, report))

            found = await seen(chromium, page)

            assert (found.complaints, found.requests, found.dialogs) == ([], [], []), audience
            assert await violations(chromium, page) == [], audience
            if audience not in {"other_departments", "service_partners"}:
                assert f"Waiting {INJECTED}" in found.text
            assert f"NYC 311 {INJECTED}" in found.text


async def test_figures_of_every_edition_equal_the_apis(reviewed: Reviewed) -> None:
    for audience, part in EDITIONS.items():
        said = await edition(reviewed.api, reviewed.run_id, audience, **part)
        for row in table(said, "features"):
            feature = reviewed.result["features"][int(row["figure"]["pointer"].split("/")[2])]
            query = {"survey": reviewed.survey.id, "question": feature["question"]}
            figure = (await reviewed.api.get(f"/v1/kpis/{feature['kpi']}/value", params=query)).json()
            interval = figure["interval"]
            told = row["figure"]
            assert (told["value"], told["n"]) == (figure["value"], figure["n"])
            assert (told["low"], told["high"]) == (interval["low"], interval["high"])


async def test_a_pdf_opens_elsewhere_with_text_in_any_script_and_nothing_run(reviewed: Reviewed) -> None:
    report = await reported(reviewed.api, reviewed.run_id, "supervisors", "pdf")
    content = await bytes_of(reviewed.api, report)
    pdf = pypdfium2.PdfDocument(content)
    text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    plain = " ".join(text.split())

    assert pdf.get_metadata_dict()["Title"] == f"NYC 311 {INJECTED}: what customers told us"
    assert "#panic()" in plain
    assert "{{7*7}}" in plain
    for said in SCRIPTS:
        assert _letters(said) <= set(text), said
    assert b"/JavaScript" not in content
    assert pdf.is_tagged()


async def test_senior_managers_are_given_one_page(reviewed: Reviewed) -> None:
    report = await reported(reviewed.api, reviewed.run_id, "senior_managers", "pdf")

    assert len(pypdfium2.PdfDocument(await bytes_of(reviewed.api, report))) == 1


async def test_a_workbook_opens_elsewhere_with_tables_and_their_codebook(reviewed: Reviewed) -> None:
    report = await reported(reviewed.api, reviewed.run_id, "supervisors", "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(await bytes_of(reviewed.api, report)))
    sheets: dict[str, list[tuple[Any, ...]]] = {s.title: list(s.iter_rows(values_only=True)) for s in book.worksheets}
    header, *rows = sheets["features"]
    values = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    told = {(sheet, column) for sheet, column, *_ in sheets["codebook"][1:]}

    for feature in reviewed.result["features"]:
        if feature["question"] == "nps":
            continue
        row = next(each for each in values.values() if each["question"] == feature["question"])
        assert (row["figure"], row["figure_n"]) == (feature["figure"]["value"], feature["figure"]["n"])
    for name, content in sheets.items():
        assert name in {"report", "codebook"} or {(name, column) for column in content[0]} <= told
    kinds = {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "inlineStr"}
    groups = {row[0] for row in sheets["composition"]}
    assert any("العربية" in str(group) for group in groups)


def _letters(said: str) -> set[str]:
    return {letter for letter in said if letter.isalpha()}
