"""Editions of one review by the real worker: who is told what, and that all of it is the review's."""

import pytest

from tests.integration.reports.conftest import Reviewed
from tests.support.analyses import made
from tests.support.reports import ask, bytes_of, edition, reported, section, table, words

pytestmark = [pytest.mark.xdist_group("reports"), pytest.mark.usefixtures("worker_process")]

QUESTIONS = ["asked", "heard", "not_heard", "found", "certainty", "recommended", "next", "method"]
WHOLE = ["front_line", "supervisors", "senior_managers", "customers"]
PARTS = ["other_departments", "service_partners"]


def part_of(audience: str) -> dict[str, str]:
    return {"process": "Reception"} if audience in PARTS else {}


@pytest.mark.parametrize("audience", WHOLE + PARTS)
async def test_R2_5_each_group_is_told_the_same_findings_in_an_edition_of_its_own(
    reviewed: Reviewed, audience: str
) -> None:
    said = await edition(reviewed.api, reviewed.run_id, audience, **part_of(audience))

    assert said["audience"] == audience
    assert [each["key"] for each in said["sections"]] == QUESTIONS
    assert all(each["blocks"] for each in said["sections"])
    features = reviewed.run["result"]["features"]
    for row in table(said, "features"):
        place = int(row["figure"]["pointer"].split("/")[2])
        figure = features[place]["figure"]
        assert row["feature"] == features[place]["feature_name"]
        shown = (row["figure"]["value"], row["figure"]["low"], row["figure"]["high"], row["figure"]["n"])
        if figure is None:
            assert shown == (None, None, None, None)
        else:
            assert shown == (figure["value"], figure["interval"]["low"], figure["interval"]["high"], figure["n"])


async def test_figures_equal_those_of_the_api(reviewed: Reviewed) -> None:
    said = await edition(reviewed.api, reviewed.run_id, "supervisors")

    for row in table(said, "features"):
        query = {"survey": reviewed.survey.id, "question": row["question"]}
        figure = (await reviewed.api.get("/v1/kpis/csat/value", params=query)).json()
        assert row["figure"]["value"] == figure["value"]


async def test_what_is_withheld_stays_withheld_in_every_edition(reviewed: Reviewed) -> None:
    for audience in WHOLE:
        said = await edition(reviewed.api, reviewed.run_id, audience)
        (rare,) = [row for row in table(said, "features") if row["feature"] == "#panic(rare)"]
        assert rare["figure"]["value"] is None
        assert rare["figure"]["text"] == "withheld: too few answered"


async def test_G3_3_findings_are_put_in_plain_words_with_a_chart_chosen_for_the_data(reviewed: Reviewed) -> None:
    said = await edition(reviewed.api, reviewed.run_id, "front_line")

    assert "Waiting {{7*7}} is getting worse." in said["lead"]
    charts = [block["chart"] for block in section(said, "found")["blocks"] if block["kind"] == "picture"]
    assert [chart["key"] for chart in charts] == ["features_csat"]
    assert charts[0]["spec"]["$schema"].endswith("v6.json")
    assert charts[0]["description"]


async def test_G4_7_opinion_observed_fact_and_judgement_are_told_apart(reviewed: Reviewed) -> None:
    said = await edition(reviewed.api, reviewed.run_id, "supervisors")

    natures = {block["key"]: block["nature"] for each in said["sections"] for block in each["blocks"] if "key" in block}
    assert natures["features"] == "opinion"
    assert natures["composition"] == "fact"
    assert natures["recommendations"] == "judgement"


async def test_O_LO4_senior_managers_are_given_what_they_need_to_decide(reviewed: Reviewed) -> None:
    said = await edition(reviewed.api, reviewed.run_id, "senior_managers")

    verdicts = {row["feature"]: row["verdict"] for row in table(said, "features")}
    assert verdicts["Waiting {{7*7}}"] == "not met"
    assert verdicts["=HYPERLINK(staff)"] == "no standard"
    (judged,) = table(said, "standards")
    assert (judged["standard"], judged["nature"], judged["verdict"]) == ("Good wait <b>&{{1}}", "opinion", "not met")
    assert "Standards not met: Good wait <b>&{{1}}." in said["lead"]
    assert "Decisions asked of you:" in words(said)
    assert "Improve Waiting {{7*7}}" in section(said, "next")["blocks"][1]["items"]
    assert "Risks" in words(said)


@pytest.mark.parametrize("audience", PARTS)
async def test_R_ev_6_departments_and_partners_are_told_of_their_own_part_only(
    reviewed: Reviewed, audience: str
) -> None:
    said = await edition(reviewed.api, reviewed.run_id, audience, owner="cy & sons")

    assert {row["feature"] for row in table(said, "features")} == {"地点 المكان", "#panic(rare)"}
    assert "Waiting" not in str(said["sections"])
    refused = await reviewed.api.post(
        "/v1/reports", {"run_id": reviewed.run_id, "audience": audience, "format": "json"}, status=422
    )
    unknown = {"run_id": reviewed.run_id, "audience": audience, "format": "json", "owner": "Nobody"}
    nothing = (await reviewed.api.post("/v1/reports", unknown, status=422)).json()
    assert (refused.json()["code"], refused.json()["errors"][0]["pointer"]) == ("part_not_named", "/process")
    assert (nothing["code"], nothing["errors"][0]["pointer"]) == ("nothing_to_report", "/owner")


async def test_R_ev_5_customers_are_told_aggregates_and_no_internal_names(reviewed: Reviewed) -> None:
    (found,) = [
        each
        for each in (await reviewed.api.get(f"/v1/recommendations?survey_id={reviewed.survey.id}")).json()["items"]
        if each["feature_key"] == "waiting_time"
    ]
    before = await edition(reviewed.api, reviewed.run_id, "customers")
    decision = {"to": "accepted", "reason": "Agreed by the board of secrets."}
    await reviewed.api.post(f"/v1/recommendations/{found['id']}/transitions", decision, status=200)

    after = await edition(reviewed.api, reviewed.run_id, "customers")
    managers = await edition(reviewed.api, reviewed.run_id, "senior_managers")

    assert "We have not agreed yet" in words(before)
    assert "Waiting {{7*7}}: we work on making this better." in words(after)
    for inside in ("Ada", "Bo", "Cy & Sons", "Reception", "Buildings", "board of secrets", "Gap 0."):
        assert inside not in words(after), inside
    assert "Agreed by the board of secrets." in words(managers)
    assert after["cut"]["decided_through"] is not None
    refused = {"run_id": reviewed.run_id, "audience": "customers", "format": "json", "process": "Reception"}
    assert (await reviewed.api.post("/v1/reports", refused, status=422)).json()["code"] == "part_not_named"


@pytest.mark.parametrize("form", ["json", "html", "pdf", "xlsx"])
async def test_the_same_review_gives_the_same_bytes(reviewed: Reviewed, form: str) -> None:
    first = await reported(reviewed.api, reviewed.run_id, "front_line", form)
    second = await reported(reviewed.api, reviewed.run_id, "front_line", form)

    assert await bytes_of(reviewed.api, first) == await bytes_of(reviewed.api, second)
    assert first["content_sha256"] == second["content_sha256"]


async def test_a_part_of_a_file_can_be_fetched_and_a_deleted_one_is_gone(reviewed: Reviewed) -> None:
    report = await reported(reviewed.api, reviewed.run_id, "customers", "json")
    path = report["links"]["file"]

    part = await reviewed.api.get(path, status=206, headers={"Range": "bytes=0-0"})
    listed = (await reviewed.api.get("/v1/reports", params={"run_id": reviewed.run_id, "limit": 1})).json()
    await reviewed.api.call("DELETE", report["links"]["self"], status=204)
    gone = await reviewed.api.get(path, status=410)

    assert part.content == b"{"
    assert listed["items"][0]["id"] == report["id"]
    assert listed["next_cursor"]
    assert gone.json()["code"] == "report_gone"


async def test_of_a_period_in_which_nobody_answered_every_edition_says_so_and_shows_no_figure(
    reviewed: Reviewed,
) -> None:
    period = {"from": "2019-01-01", "to": "2019-04-01"}
    run = await made(reviewed.api, {"kind": "review", "survey_id": reviewed.survey.id, **period})

    for audience in WHOLE:
        said = await edition(reviewed.api, run["id"], audience)
        rows = table(said, "features")
        assert [each["key"] for each in said["sections"]] == QUESTIONS
        assert {row["figure"]["value"] for row in rows} == {None}
        assert "NaN" not in str(said)
        assert "Too few customers answered for a figure to be shown." in said["lead"]
    for form in ("html", "pdf", "xlsx"):
        report = await reported(reviewed.api, run["id"], "senior_managers", form)
        assert await bytes_of(reviewed.api, report)


async def test_only_a_review_that_has_succeeded_is_reported(reviewed: Reviewed) -> None:
    trend = {"kind": "trend", "survey_id": reviewed.survey.id, "kpi": "csat", "question": "wait"}
    run = (await reviewed.api.post("/v1/analyses", trend, status=202)).json()

    refused = await reviewed.api.post(
        "/v1/reports", {"run_id": run["id"], "audience": "customers", "format": "json"}, status=409
    )
    beside = {"run_id": reviewed.run_id, "audience": "customers", "format": "json", "themes_run_id": run["id"]}
    not_themes = await reviewed.api.post("/v1/reports", beside, status=422)

    assert refused.json()["code"] == "run_not_reportable"
    assert not_themes.json()["errors"][0]["pointer"] == "/themes_run_id"
    assert (await ask(reviewed.api, reviewed.run_id, "customers", "json"))["file"]["state"] == "writing"
