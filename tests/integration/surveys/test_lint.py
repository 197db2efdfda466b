"""The lint by its route: drafts and versions, what is known beside them, and surveys that are hard to read."""

from typing import Any

from tests.support.api import Api
from tests.support.standards import standard
from tests.support.surveys import publish, survey_body

Json = dict[str, Any]

LEADS: Json = {"key": "easier", "type": "boolean", "text": "Don't you find our new website easier to use?"}
PLAIN: Json = {"key": "answered", "type": "boolean", "text": "Was your question answered?"}


async def draft(api: Api, *questions: Json, **fields: Any) -> str:
    made = await api.post("/v1/surveys", survey_body(questions=list(questions), **fields), status=201)
    survey_id: str = made.json()["id"]
    return survey_id


async def lint(api: Api, survey_id: str, **body: Any) -> Json:
    answer = await api.post(f"/v1/surveys/{survey_id}/lint", body, status=200)
    found: Json = answer.json()
    return found


def of_rule(report: Json, rule: str) -> list[Json]:
    return [finding for finding in report["findings"] if finding["rule"] == rule]


async def test_a_draft_is_held_against_the_rules_and_may_be_published_all_the_same(api: Api) -> None:
    survey_id = await draft(api, LEADS, PLAIN)

    report = await lint(api, survey_id)
    await api.post(f"/v1/surveys/{survey_id}/publish", status=200)

    (leading,) = of_rule(report, "leading")
    assert (leading["pointer"], leading["place"]) == ("/questions/0/text", "/questions/easier/text")
    assert (leading["severity"], leading["waived"], leading["waiver"]) == ("serious", False, None)
    assert leading["span"] == {"start": 0, "end": 14, "text": "Don't you find"}
    assert all(leading[part] for part in ("found", "why", "source", "how"))
    assert report["version"] is None
    assert report["counts"] == {"serious": 1, "warning": 2, "note": 0, "waived": 0}
    assert {finding["rule"] for finding in report["findings"]} == {"leading", "serves_nothing"}


async def test_a_published_version_is_held_against_them_by_its_number(api: Api) -> None:
    survey = await publish(api, questions=[LEADS])
    await api.post(f"/v1/surveys/{survey.id}/versions", status=201)
    body = survey_body(questions=[PLAIN], key=survey.key)
    await api.put(f"/v1/surveys/{survey.id}", body, status=200, headers={"If-Match": await revision(api, survey.id)})

    assert of_rule(await lint(api, survey.id), "leading") == []
    version = await lint(api, survey.id, version=1)
    assert version["version"] == 1
    assert len(of_rule(version, "leading")) == 1
    await api.post(f"/v1/surveys/{survey.id}/lint", {"version": 2}, status=404)
    await api.post(f"/v1/surveys/{survey.id}/lint", {"version": 0}, status=422)
    await api.post(f"/v1/surveys/{survey.id}/lint", {"rules": ["leading"]}, status=422)


async def test_without_a_draft_it_is_the_latest_version(api: Api) -> None:
    survey = await publish(api, questions=[LEADS])

    assert (await lint(api, survey.id))["version"] == 1


async def test_a_draft_with_nothing_in_it_is_answered(api: Api) -> None:
    report = await lint(api, await draft(api))

    assert report["findings"] == []
    assert report["burden"]["seconds"] > 0  # The title is read.
    assert report["burden"]["questions"] == 0


async def test_circular_branching_is_named_in_a_draft_that_cannot_be_published(api: Api) -> None:
    one = {**PLAIN, "key": "one", "show_if": {"question": "two", "op": "answered"}}
    two = {**PLAIN, "key": "two", "show_if": {"question": "one", "op": "answered"}}

    report = await lint(api, await draft(api, one, two))

    circular = of_rule(report, "circular_branch")
    assert [finding["pointer"] for finding in circular] == ["/questions/0/show_if", "/questions/1/show_if"]
    assert "one → two → one" in circular[0]["found"]


async def test_of_five_hundred_questions_with_faults_the_first_thousand_findings_are_shown(api: Api) -> None:
    text = "How great and fast was our omnichannel service in the past five years, wasn't it?"
    many = [{"key": f"q{number}", "type": "boolean", "text": text} for number in range(500)]

    report = await lint(api, await draft(api, *many))

    assert len(report["findings"]) == 1000
    counted = sum(report["counts"].values())
    assert report["findings_left_off"] == counted - 1000 > 1000
    assert report["findings"][0]["rule"] == "too_long"


async def test_what_standards_and_features_there_are_is_known(api: Api) -> None:
    wait = {"key": "wait", "type": "number", "text": "How many minutes did you wait today?"}
    survey = await publish(api, questions=[wait, {**PLAIN, "feature": "answers"}, {**PLAIN, "key": "spare"}])
    await api.put("/v1/features/parking", {"name": "Parking"}, status=201)
    metric = {"kind": "observed", "survey_id": survey.id, "statistic": "median", "question": "wait"}
    agreed = {**standard(survey.id), "metric": metric, "direction": "at_most", "target": 10, "tolerance": 0}
    await api.put("/v1/standards/short_wait", agreed, status=201)

    report = await lint(api, survey.id)

    assert report["focus"]["questions"] == [
        {"question": "wait", "serves": ["standard:short_wait"]},
        {"question": "answered", "serves": ["feature:answers"]},
        {"question": "spare", "serves": []},
    ]
    assert report["focus"]["unserving"] == ["spare"]
    assert report["focus"]["features_without_question"] == ["parking"]
    assert [finding["pointer"] for finding in of_rule(report, "serves_nothing")] == ["/questions/2"]
    other = await publish(api, questions=[{**PLAIN, "feature": "parking"}])
    assert (await lint(api, survey.id))["focus"]["features_without_question"] == []
    assert (await lint(api, other.id))["focus"]["features_without_question"] == []


async def test_the_rules_are_listed_with_their_sources(api: Api) -> None:
    rules = (await api.get("/v1/lint-rules")).json()["items"]

    assert len({rule["id"] for rule in rules}) == len(rules) > 30
    assert all(rule["why"] and rule["source"] for rule in rules)
    assert next(rule for rule in rules if rule["id"] == "leading")["languages"] == ["en", "es", "de", "fr"]


async def revision(api: Api, survey_id: str) -> str:
    return str((await api.get(f"/v1/surveys/{survey_id}")).headers["ETag"])
