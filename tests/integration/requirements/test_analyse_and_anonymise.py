"""Rows of the requirements: opinion and measured fact told apart, and what is kept of who answered."""

from collections import Counter
from datetime import UTC, datetime

import openpyxl
import polars as pl
import pytest
from scipy.stats import binomtest

from tests.support.analyses import made
from tests.support.api import Api
from tests.support.imports import imported
from tests.support.real_data import data_file, unpacked
from tests.support.reports import edition, section, table, words
from tests.support.responses import batch, codes, give, listed, read
from tests.support.surveys import Json, publish
from tests.support.waiting import soon

pytestmark = [pytest.mark.xdist_group("requirements"), pytest.mark.usefixtures("worker_process")]

CALLS = "call_centre_fictional/01 Call-Center-Dataset.xlsx"
RATED, WAITED = "Satisfaction rating", "Speed of answer in seconds"
QUESTIONS: list[Json] = [
    {
        "key": "rating",
        "type": "rating",
        "scale": {"min": 1, "max": 5},
        "text": "How satisfied are you?",
        "feature": "calls",
    },
    {"key": "seconds", "type": "number", "text": "Seconds until the call was answered", "feature": "calls"},
]
MAPPING: Json = {
    "format": "xlsx",
    "time_zone": "UTC",
    "columns": [
        {"column": "Call Id", "to": "external_id"},
        {"column": "Date", "to": "submitted_at"},
        {"column": "Topic", "to": "attribute", "key": "topic"},
        {"column": RATED, "to": "question", "key": "rating"},
        {"column": WAITED, "to": "question", "key": "seconds"},
    ],
}
AT_ONCE: Json = {
    "name": "Answered within a minute",
    "unit": "share, 0 to 1",
    "measure": "top_box",
    "question_types": ["number"],
    "question": "seconds",
    "boxes": {"highest": 60},
    "higher_is_better": True,
    "nature": "observed",
}


async def test_O_subjective_opinions_and_measured_facts_are_told_apart_from_figure_to_conclusion(api: Api) -> None:
    sheet = openpyxl.load_workbook(data_file(CALLS), read_only=True).worksheets[0]
    head, *calls = sheet.iter_rows(values_only=True)
    rows = [dict(zip(head, call, strict=True)) for call in calls]
    topics = sorted({str(row["Topic"]) for row in rows})
    attributes = [{"key": "topic", "label": "Topic", "values": [_key(topic) for topic in topics]}]
    survey = await publish(api, questions=QUESTIONS, attributes=attributes)
    mapping = {**MAPPING, "columns": [dict(column) for column in MAPPING["columns"]]}
    mapping["columns"][2]["values"] = {topic: _key(topic) for topic in topics}
    done = await imported(api, survey, mapping, data_file(CALLS).read_bytes(), name="calls.xlsx")
    await api.put("/v1/kpis/answered_at_once", AT_ONCE, status=201)
    metrics: dict[str, Json] = {
        "content": {"kind": "kpi", "survey_id": survey.id, "kpi": "csat", "question": "rating"},
        "at_once": {"kind": "kpi", "survey_id": survey.id, "kpi": "answered_at_once", "question": "seconds"},
        "quick": {
            "kind": "observed", "survey_id": survey.id, "question": "seconds", "statistic": "share_within",
            "highest": 60,
        },
    }  # fmt: skip
    for key, metric in metrics.items():
        said = {"name": key, "statement": key, "direction": "at_least", "target": 0.5, "valid_from": "2020-01-01"}
        answer = await api.put(f"/v1/standards/{key}", {**said, "metric": metric, "feature": "calls"})
        assert answer.status_code == 201, answer.text

    async def figure(kpi: str, question: str) -> Json:
        query = {"survey": survey.id, "question": question}
        found: Json = (await api.get(f"/v1/kpis/{kpi}/value", params=query)).json()
        return found

    felt, measured = await figure("csat", "rating"), await figure("answered_at_once", "seconds")
    run = await made(api, {"kind": "review", "survey_id": survey.id})
    told = await edition(api, run["id"], "supervisors")

    ratings = [int(str(row[RATED])) for row in rows if row[RATED] is not None]
    waits = [int(str(row[WAITED])) for row in rows if row[WAITED] is not None]
    assert (done["status"], done["rows_recorded"]) == ("succeeded", 5_000)
    assert (felt["nature"], felt["n"]) == ("opinion", len(ratings))
    assert (measured["nature"], measured["n"]) == ("observed", len(waits))
    assert felt["value"] == pytest.approx(sum(each >= 4 for each in ratings) / len(ratings))
    good = sum(each <= 60 for each in waits)
    assert measured["value"] == pytest.approx(good / len(waits))
    wilson = binomtest(good, len(waits)).proportion_ci(method="wilson")
    assert (measured["interval"]["low"], measured["interval"]["high"]) == pytest.approx((wilson.low, wilson.high))
    natures = {each["standard"]: each["nature"] for each in run["result"]["standards"]}
    assert natures == {"content": "opinion", "at_once": "observed", "quick": "observed"}
    assert {row["standard"]: row["nature"] for row in table(told, "standards")} == {
        "content": "opinion",
        "at_once": "observed fact",
        "quick": "observed fact",
    }
    # A feature is judged by what customers said of it; what was measured of it stands as a standard of its own.
    assert {each["kpi"] for each in run["result"]["features"]} == {"csat"}
    stated = {
        (part["key"], block["nature"]) for part in told["sections"] for block in part["blocks"] if block["nature"]
    }
    assert {("heard", "fact"), ("found", "opinion"), ("found", "judgement")} <= stated
    assert not {nature for key, nature in stated if key in {"asked", "heard", "not_heard"}} - {"fact"}
    assert "“What customers said” is opinion" in words({**told, "sections": [section(told, "method")]})


def _key(topic: str) -> str:
    return topic.lower().replace(" ", "_")


async def test_G2_5_respondents_choose_what_is_kept_of_them_and_a_promise_is_only_ever_made_tighter(api: Api) -> None:
    said = pl.read_csv(unpacked("nhs_fft_comments/v6framework_230831.csv.gz"), infer_schema=False)
    said = said.filter(
        pl.col("FFT categorical answer").is_in(["1", "2", "3", "4", "5"]) & pl.col("FFT answer").is_not_null()
    )
    chosen = ["identified", "pseudonymous", "anonymous", None]
    rating: Json = {"key": "care", "type": "rating", "scale": {"min": 1, "max": 5}, "text": "How was our service?"}
    why: Json = {"key": "why", "type": "text", "text": "Please tell us why."}
    survey = await publish(api, questions=[rating, why], attributes=[], confidentiality="identified")
    patients = said.unique("Respondent ID", keep="first", maintain_order=True).head(120).to_dicts()
    items: list[Json] = []
    for number, patient in enumerate(patients):
        wish = chosen[number % len(chosen)]
        who = {"id": patient["Respondent ID"], "email": f"patient{number}@example.org"}
        answers = {"care": int(patient["FFT categorical answer"]), "why": patient["FFT answer"]}
        at = datetime(2022, 3, 1, 12, tzinfo=UTC).isoformat()
        items.append(
            {"submitted_at": at, "answers": answers}
            | ({} if wish is None else {"confidentiality": wish})
            | ({} if wish == "anonymous" else {"respondent": who})
        )

    taken = await batch(api, survey, items)
    ids = [each["id"] for each in taken["items"]]
    kept = [await read(api, survey, each) for each in ids[:8]]
    path = f"/v1/surveys/{survey.id}"
    identities = [(await api.get(f"{path}/responses/{each}/identity", status=None)).status_code for each in ids[:8]]
    named = await give(
        api, survey, confidentiality="anonymous", respondent={"email": "a@example.org"}, answers={"care": 2}
    )

    assert taken["recorded"] == len(patients) == 120
    assert [each["confidentiality"] for each in kept] == ["identified", "pseudonymous", "anonymous", "identified"] * 2
    assert identities == [200, 404, 404, 200] * 2
    assert [each["respondent_ref"] is None for each in kept] == [False, False, True, False] * 2
    assert (named.status_code, codes(named)) == (422, {"/respondent": "identity_not_allowed"})
    counted = Counter(each["confidentiality"] for each in await listed(api, survey, limit=1000))
    assert counted == {"identified": 60, "pseudonymous": 30, "anonymous": 30}

    for promise, loosest in (("pseudonymous", "identified"), ("anonymous", "pseudonymous")):
        tag = {"If-Match": (await api.get(path)).headers["ETag"]}
        shown = await api.put(f"{path}/confidentiality", {"confidentiality": promise}, headers=tag, status=200)
        assert shown.json()["confidentiality"] == promise
        back = {"If-Match": shown.headers["ETag"]}
        looser = await api.put(f"{path}/confidentiality", {"confidentiality": loosest}, headers=back, status=409)
        refused = await give(api, survey, confidentiality=loosest, respondent={"id": "late"}, answers={"care": 3})
        assert looser.json()["code"] == "confidentiality_loosened"
        assert (refused.status_code, refused.json()["code"]) == (422, "confidentiality_looser")
    unnamed = await give(api, survey, answers={"care": 4})
    assert (await read(api, survey, unnamed.json()["id"]))["confidentiality"] == "anonymous"

    # What was recorded stays as it was promised then; whoever wants it tighter asks for it.
    assert (await read(api, survey, ids[0]))["confidentiality"] == "identified"
    care = (await api.get("/v1/kpis/mean/value", params={"survey": survey.id, "question": "care"})).json()
    assert care["n"] == 121
    await api.post(f"{path}/close", status=200)
    asked = await api.post(f"{path}/anonymise", {"reason": "The study is over"}, status=202)

    async def is_done() -> bool:
        return bool((await api.get(asked.headers["Location"])).json()["status"] == "succeeded")

    await soon(is_done, seconds=30)
    left = await listed(api, survey, limit=1000)
    assert {(each["confidentiality"], each["respondent_ref"]) for each in left} == {("anonymous", None)}
    assert [each["answers"] for each in left if each["id"] in ids[:8]] == [each["answers"] for each in kept]
    await api.get(f"{path}/responses/{ids[0]}/identity", status=404)
    again = (await api.get("/v1/kpis/mean/value", params={"survey": survey.id, "question": "care"})).json()
    assert (again["value"], again["n"]) == (care["value"], care["n"])
