"""A portfolio of an organisation that has one of many things: what is evidence of what, and what is in no file."""

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest

from feedback_core.db.session import Database
from feedback_core.reports.portfolios import jobs
from feedback_core.reports.portfolios.ticks import request_due_discards
from tests.integration.evidence.conftest import COMMENT, INJECTED, RECIPIENT, RESPONDENT, UNITS, Evidenced
from tests.support.browser import browser, seen, violations
from tests.support.evidence import Opened, ask, opened
from tests.support.subjects import work

pytestmark = pytest.mark.xdist_group("evidence")

# What this service is never told.
WITHOUT: dict[str, set[str]] = {"G": set(), "R": {"R-ev.2"}, "O": set(), "M": set()}


@pytest.mark.parametrize("unit", UNITS)
async def test_R_ev_3_every_criterion_has_its_records_or_says_that_there_are_none(
    evidenced: Evidenced, unit: str
) -> None:
    file = evidenced.files[unit]
    shown = (await evidenced.api.get(evidenced.asked[unit]["links"]["self"])).json()
    states = file.states()

    assert WITHOUT[unit] == {key for key, state in states.items() if state == "nothing"}
    assert "records" in states.values()
    assert shown["summary"]["with_records"] == [key for key, state in states.items() if state == "records"]
    assert shown["summary"]["without_records"] == [key for key, state in states.items() if state == "nothing"]
    assert shown["summary"]["records"] == len(file.said["records"]) > 0
    for each in file.said["criteria"]:
        assert all(need["what_counts"] for need in each["needs"])
        assert each["criterion"] in file.page
        for need in each["needs"]:
            assert bool(need["evidence"]) or not need["is_there"]
            for evidence in need["evidence"]:
                assert evidence["first_at"] <= evidence["last_at"]
                assert set(evidence["paths"]) <= file.files.keys()


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("G1.1", {"method_decisions", "plans"}),
        ("G1.2", {"costings", "method_decisions"}),
        ("G1.6", {"plans", "samples"}),
        ("G2.1", {"collection", "imports", "sources"}),
        ("G2.5", {"confidentiality", "audit", "subject_requests"}),
        ("G3.1", {"trends", "reviews"}),
        ("G3.3", {"reports"}),
        ("G3.5", {"recommendations"}),
        ("G4.1", {"samples"}),
        ("G4.2", {"survey_versions", "lint_waivers"}),
        ("G4.3", {"interviews"}),
        ("G4.9", {"procedures"}),
        ("R2.3", {"standards", "verdicts"}),
        ("R2.4", {"plans"}),
        ("R2.5", {"reports", "distributions"}),
        ("R-ev.4", {"trends", "reviews", "codings"}),
        ("O-LO5", {"method_effectiveness", "data_quality", "fieldwork"}),
        ("O-AC1", {"collection"}),
        ("O-AC2", {"imports", "sources", "corrections", "audit"}),
        ("M1.2", {"benchmarks", "practice_notes"}),
        ("M2.1", {"processes"}),
        ("M2.3", {"actions", "implementation_steps"}),
        ("M2.4", {"standards"}),
        ("M3.1", {"roles"}),
        ("M4.1", {"culture"}),
        ("M4.3", {"motivation"}),
        ("M5.3", {"performance_reviews"}),
    ],
)
def test_a_criterion_is_shown_by_the_kinds_of_record_that_count(
    evidenced: Evidenced, key: str, kinds: set[str]
) -> None:
    assert evidenced.files[key[0]].kinds(key) == kinds


def test_only_records_that_have_what_is_asked_count(evidenced: Evidenced) -> None:
    (footprint,) = evidenced.files["M"].criterion("M2.1")["needs"][0]["evidence"]
    (agreed,) = evidenced.files["M"].criterion("M2.4")["needs"][0]["evidence"]
    groups = evidenced.files["R"].criterion("R-ev.6")

    assert footprint["paths"] == ["files/processes/letters.json"]
    assert agreed["paths"] == ["files/standards/agreed_wait-v1.json"]
    assert groups["state"] == "in_part"
    assert groups["needs"][0]["short_of"] == "1 of 3 different ones are there: front line"
    assert evidenced.files["O"].criterion("O-AC1")["state"] == "records"


def test_interviews_are_told_without_who_asked_and_what_was_said(evidenced: Evidenced) -> None:
    records = [each["record"] for each in evidenced.files["G"].records("interviews")]
    guides = [each for each in records if "guide" in each]
    sessions = [each for each in records if "guide" not in each]
    words = json.dumps(sessions)

    assert [each["version"] for each in guides] == [1, 2]
    assert guides[0]["guide"]["questions"]
    assert {each["kind"] for each in sessions} == {"telephone", "paper"}
    assert all(each["participants"] == 1 for each in sessions)
    assert sum(each["guide_version"] == 1 for each in sessions) == 1
    for said in ("How was it?", "Torn", "I-07"):
        assert said not in words


def test_records_of_people_and_plans_say_what_was_done_and_nothing_of_who_anybody_is(evidenced: Evidenced) -> None:
    managed, gathered = evidenced.files["M"], evidenced.files["G"]
    by_kind = {kind: [each["record"] for each in managed.records(kind)] for kind in ("roles", "motivation")}
    (reviewed, _) = [each["record"] for each in managed.records("performance_reviews")]
    (assessed, _) = [each["record"] for each in managed.records("culture")]
    (steps,) = [each["record"] for each in managed.records("implementation_steps")]
    revisions = [each["record"] for each in gathered.records("plans")]
    (drawn, *_) = [each["record"] for each in gathered.records("samples")]

    acknowledged = [each for each in by_kind["roles"] if each["acknowledged_by"]]
    assert [(each["role"], each["version"]) for each in acknowledged] == [(evidenced.seeded.ids["role"], 2)]
    assert acknowledged[0]["sent_to"] > acknowledged[0]["acknowledged_by"] == 1
    assert {each["kind"] for each in by_kind["motivation"]} == {"technique", "strategy"}
    assert (reviewed["of"], reviewed["measures"][0]["measure"]) == ("a person", "wait_by_agent")
    assert "units" not in json.dumps(reviewed)
    assert assessed["dimensions"][0]["evidence"] == ["kpi"]
    assert [each["key"] for each in steps["steps"]] == ["desk", "signs"]
    assert [(each["revision"], (each["signal"] or {}).get("kind")) for each in revisions] == [(1, None), (2, "cost")]
    assert [each["to_state"] for each in revisions[0]["entries"]][-1] == "approved"
    assert drawn["seed"] is not None
    assert drawn["outcome"]["strata"]
    whole = "".join(content.decode(errors="replace") for content in managed.files.values())
    for said in ("Bo Lindqvist", "A good year.", "Better.", "They look up.", "The desk"):
        assert said not in whole


async def test_every_record_is_found_where_the_file_says(evidenced: Evidenced) -> None:
    links = {record["link"] for file in evidenced.files.values() for record in file.said["records"]}

    answers = {link: (await evidenced.api.get(link, status=None)).status_code for link in sorted(links)}

    assert len(answers) > 30
    assert {link: status for link, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("unit", UNITS)
def test_every_file_has_its_fingerprint(evidenced: Evidenced, unit: str) -> None:
    files = evidenced.files[unit].files
    listed = {each["path"]: each for each in json.loads(files["manifest.json"])["files"]}
    sums = {line[66:]: line[:64] for line in files["SHA256SUMS"].decode().splitlines()}

    assert listed.keys() == files.keys() - {"manifest.json", "SHA256SUMS"}
    assert sums.keys() == files.keys() - {"SHA256SUMS"}
    for path, content in files.items():
        if path != "SHA256SUMS":
            assert sums[path] == hashlib.sha256(content).hexdigest()
        if path in listed:
            assert (listed[path]["sha256"], listed[path]["bytes"]) == (sums[path], len(content))
    for record in evidenced.files[unit].said["records"]:
        assert record["sha256"] == sums[record["path"]]


async def test_editions_of_reports_are_there_as_they_were_kept(evidenced: Evidenced) -> None:
    report_id = evidenced.seeded.ids["report_id"]
    kept = (await evidenced.api.get(f"/v1/reports/{report_id}/file")).content

    (listed,) = [
        each for each in evidenced.files["R"].said["records"] if each["path"] == f"files/reports/{report_id}.json"
    ]
    assert evidenced.files["R"].files[listed["kept_file"]["path"]] == kept
    assert listed["kept_file"]["sha256"] == hashlib.sha256(kept).hexdigest()


async def test_no_comment_no_respondent_no_recipient_and_no_secret_is_in_any_file(evidenced: Evidenced) -> None:
    api = evidenced.api
    respondents = [RESPONDENT["id"], RESPONDENT["name"], RESPONDENT["email"], "customer-7", "ada@example.org", "call-1"]
    secrets = [api.organisation.token, "a-token-of-the-sender", "fbk_", "fbs_"]
    unsaid = [COMMENT, "sang arias", "Quick and kind", "Called.", *respondents, *RECIPIENT.values(), *secrets]
    for survey_id in (evidenced.survey.id, evidenced.seeded.survey.id):
        found = (await api.get(f"/v1/surveys/{survey_id}/responses?limit=100")).json()["items"]
        unsaid += [response["id"] for response in found]

    assert len(unsaid) > 50
    for unit, file in evidenced.files.items():
        whole = "\n".join(content.decode(errors="replace") for content in file.files.values()) + _text(file)
        assert [each for each in unsaid if each in whole] == [], unit


def test_counts_of_too_few_are_not_told(evidenced: Evidenced) -> None:
    by_method = {
        record["record"]["method"]: record["record"]
        for record in evidenced.files["G"].records("collection")
        if record["record"]["survey_id"] == evidenced.survey.id
    }

    assert by_method["telephone"]["responses"] == 6
    assert (by_method["kiosk"]["responses"], by_method["kiosk"]["fewer_than"]) == (None, 5)
    assert "last_on" not in by_method["kiosk"]


def test_a_title_is_shown_as_it_was_written_and_nothing_of_it_is_run(evidenced: Evidenced) -> None:
    file = evidenced.files["G"]

    assert "<script" not in file.page
    assert "Visit &lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} #panic()" in file.page
    assert "".join(INJECTED.split()) in "".join(_text(file).split())


def test_the_document_says_what_the_page_says(evidenced: Evidenced) -> None:
    text = "".join(_text(evidenced.files["M"]).split())

    for each in evidenced.files["M"].said["criteria"]:
        assert "".join(f"{each['criterion']} {each['title']}".split()) in text
    assert "Nothingisthere:thisservicekeepsnosuchrecords." in text


async def test_the_page_opens_in_a_browser_without_a_complaint_a_request_or_an_obstacle(
    evidenced: Evidenced, tmp_path: Path
) -> None:
    page = tmp_path / "index.html"
    page.write_bytes(evidenced.files["R"].files["index.html"])
    async with browser() as chromium:
        found = await seen(chromium, page)

        assert (found.complaints, found.requests, found.dialogs) == ([], [], [])
        assert await violations(chromium, page) == []
        assert INJECTED in found.text


async def test_the_same_records_give_the_same_bytes(evidenced: Evidenced, database: Database) -> None:
    again = await ask(evidenced.api, "R")
    await work(evidenced.api, database, "portfolios.write")

    assert (await opened(evidenced.api, again)).content == evidenced.files["R"].content


async def test_a_portfolio_can_be_of_one_survey_and_of_a_time(evidenced: Evidenced, database: Database) -> None:
    api, only = evidenced.api, evidenced.survey
    asked = [
        await ask(api, "G", survey_ids=[only.id]),
        await ask(api, "G", **{"from": "2200-01-01T00:00:00Z"}),
        await ask(api, "G", to="2000-01-01T00:00:00Z"),
    ]
    await work(api, database, "portfolios.write")
    of_survey, later, before = [await opened(api, each) for each in asked]

    assert {each["record"]["survey_id"] for each in of_survey.records("collection")} == {only.id}
    assert list(of_survey.records("imports")) == []
    assert list(of_survey.records("features")) != []
    assert list(later.records("collection")) == []
    assert list(later.records("survey_versions")) != [], "it still stood then"
    assert before.said["records"] == []


async def test_of_many_records_the_latest_are_there_and_it_is_said_how_many_there_are(
    evidenced: Evidenced, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_RECORDS", 2)
    asked = await ask(evidenced.api, "M")
    await work(evidenced.api, database, "portfolios.write")
    file, whole = await opened(evidenced.api, asked), evidenced.files["M"]

    (cases,) = [each for each in file.said["kinds"] if each["kind"] == "cases"]
    assert (cases["in_this_file"], cases["records"]) == (2, len(list(whole.records("cases"))))
    assert cases["records"] > 2
    latest = [each["key"] for each in whole.records("cases")][-2:]
    assert [each["key"] for each in file.records("cases")] == latest
    assert file.said["summary"]["left_out"] > 0
    assert "of which the latest 2 are in this file" in file.page


async def test_files_that_are_too_old_are_thrown_away(evidenced: Evidenced, database: Database) -> None:
    asked = await ask(evidenced.api, "O", to="2000-01-01T00:00:00Z")
    await work(evidenced.api, database, "portfolios.write")
    shown = (await evidenced.api.get(asked["links"]["self"])).json()

    async with database.system() as system:
        due = await request_due_discards(system, now=_after(shown["file"]["expires_at"]))
    await work(evidenced.api, database, "portfolios.discard", now=_after(shown["file"]["expires_at"]))

    assert due > 0
    await evidenced.api.get(asked["links"]["file"], status=410)
    assert (await evidenced.api.get(asked["links"]["self"])).json()["file"]["gone_reason"] == "expired"


def _after(instant: str) -> datetime:
    return datetime.fromisoformat(instant) + timedelta(seconds=1)


def _text(file: Opened) -> str:
    """The words of the PDF."""
    pdf = pypdfium2.PdfDocument(file.files["portfolio.pdf"])
    return "\n".join(page.get_textpage().get_text_range() for page in pdf)
