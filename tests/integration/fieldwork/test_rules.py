"""The rules of a collection: put, replaced, refused; silences; and who may see interviewers."""

from datetime import UTC, datetime, timedelta

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.fieldwork import Asked, invited, put_rules, standing, watched
from tests.support.organisations import TestOrganisation, new_token
from tests.support.subjects import ask, touched
from tests.support.surveys import PublishedSurvey, publish, survey_body


async def test_rules_are_put_in_versions_edited_as_they_were_read(api: Api) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}/fieldwork-rules"
    await api.get(path, status=404)
    first = {"rules": [{"key": "pace", "kind": "pace", "by": "stratum"}], "policy": {"bounce": "ineligible", "e": 0.8}}
    made = await api.put(path, first, status=201)
    await api.put(path, first, status=428)
    same = await api.put(path, first, status=200, headers={"If-Match": made.headers["ETag"]})
    other = await api.put(path, {"rules": []}, status=200, headers={"If-Match": same.headers["ETag"]})
    stale = await api.put(path, first, status=412, headers={"If-Match": made.headers["ETag"]})

    assert [each.json()["version"] for each in (made, same, other)] == [1, 1, 2]
    assert stale.json()["code"] == "precondition_failed"
    assert (await api.get(path)).headers["ETag"] == '"2"'
    versions = (await api.get(f"{path}/versions")).json()["items"]
    assert [each["version"] for each in versions] == [2, 1]
    assert versions[1]["policy"] == {"bounce": "ineligible", "unopened": "unknown", "opened": "refusal", "e": 0.8}
    draft = (await api.post("/v1/surveys", survey_body(), status=201)).json()
    unpublished = await api.put(f"/v1/surveys/{draft['id']}/fieldwork-rules", first, status=409)
    assert unpublished.json()["code"] == "survey_not_published"


async def test_the_policy_decides_what_counts_as_what_and_e_is_the_one_that_was_fixed(
    api: Api, database: Database
) -> None:
    survey = await publish(api)
    await invited(api, database, survey, Asked(50, "completed"), Asked(10, "bounced"), Asked(40, "delivered"))
    usual = (await standing(api, survey))["whole"]["outcome_rates"]
    await put_rules(api, survey, policy={"bounce": "ineligible", "unopened": "non_contact"})
    strict = (await standing(api, survey))["whole"]
    await put_rules(api, survey, version=1, policy={"e": 0.5})
    fixed = await standing(api, survey)

    assert "No ineligible case" in usual["not_estimable"]["rr3"]
    assert (strict["dispositions"]["ineligible"], strict["dispositions"]["non_contact"]) == (10, 40)
    assert strict["outcome_rates"]["rates"]["rr1"]["value"] == pytest.approx(50 / 90)
    rates = fixed["whole"]["outcome_rates"]
    assert (rates["e_method"], rates["rates"]["rr3"]["value"]) == ("given", pytest.approx(50 / (50 + 25)))
    assert (fixed["rules_version"], fixed["policy"]["e"]) == (2, 0.5)


async def test_what_contradicts_itself_is_refused_with_its_place(api: Api) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}/fieldwork-rules"

    async def faults(**rule: object) -> list[tuple[str, str]]:
        answer = await api.put(path, {"rules": [{"key": "one", **rule}]}, status=422)
        return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]

    assert await faults(kind="drop_off") == [("/rules/0/threshold", "required")]
    assert await faults(kind="silence", by="method") == [("/rules/0/by", "not_applicable")]
    assert await faults(kind="off_topic", threshold=2) == [("/rules/0/threshold", "off_scale")]
    assert (await faults(kind="colour"))[0][0] == "/rules/0/kind"
    assert (await faults(kind="silence", false_alarm=0.9))[0][0] == "/rules/0/false_alarm"


async def test_a_source_that_falls_silent_is_told_and_so_is_its_return(api: Api, database: Database) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}/responses"
    for _ in range(8):
        await api.post(path, {"method": "kiosk", "answers": {"nps": 9}}, status=201)
    await put_rules(api, survey, {"key": "silence", "kind": "silence"})

    late = await watched(api, database, survey, now=datetime.now(UTC) + timedelta(days=2))
    await api.post(path, {"method": "kiosk", "answers": {"nps": 9}}, status=201)
    back = await watched(api, database, survey)

    kiosk = next(each for each in late if each["subject"] == "kiosk")
    assert (kiosk["state"], kiosk["kind"]) == ("open", "silence")
    assert kiosk["value"] > 170_000 > kiosk["limit"]
    assert {each["state"] for each in back} == {"resolved"}
    (source,) = [each for each in (await standing(api, survey))["sources"] if each["source"] == "kiosk"]
    assert (source["n"], source["pauses"], source["is_silent"]) == (9, 8, False)


async def test_a_rule_that_is_taken_out_ends_its_alerts(api: Api, database: Database) -> None:
    survey = await publish(api)
    await put_rules(api, survey, {"key": "rate", "kind": "response_rate", "threshold": 0.5})
    await invited(api, database, survey, Asked(10, "completed"), Asked(90, "delivered"))
    (alert,) = await watched(api, database, survey)
    await put_rules(api, survey, version=1)
    (ended,) = await watched(api, database, survey)

    assert (alert["state"], ended["state"]) == ("open", "resolved")
    assert ended["resolved"]["note"] == "It is not watched any more."


async def test_interviewers_are_told_of_to_those_who_may_see_everybody(api: Api, database: Database) -> None:
    survey = await publish(api)
    await put_rules(api, survey, {"key": "voices", "kind": "interviewer"})
    for name, done in (("ann", 20), ("bob", 20), ("cy", 1)):
        await invited(
            api,
            database,
            survey,
            Asked(done, "completed", interviewer=name),
            Asked(40 - done, "refused", interviewer=name),
            method="telephone",
        )
    (alert,) = await watched(api, database, survey)
    organisation_id = api.organisation.organisation_id
    token = await new_token(database, organisation_id, [Scope.FIELDWORK_READ, Scope.FIELDWORK_WRITE])
    reader = Api(api.client, TestOrganisation(organisation_id, token))

    path = f"/v1/surveys/{survey.id}/fieldwork?by=interviewer"
    shown = {each["group"]: each["counts"]["completed"] for each in (await api.get(path, status=200)).json()["groups"]}
    assert shown == {"ann": 20, "bob": 20, "cy": 1}
    assert alert["subject"] == "cy"
    refused = await reader.get(path, status=403)
    assert refused.json()["code"] == "missing_scope"
    assert (await reader.get("/v1/fieldwork-alerts")).json()["items"] == []
    await reader.get(f"/v1/fieldwork-alerts/{alert['id']}", status=404)
    await reader.post(f"/v1/fieldwork-alerts/{alert['id']}/transitions", {"to": "resolved"}, status=404)
    events = (await api.get("/v1/events?type=fieldwork.alert")).json()["items"]
    assert "cy" not in str(events)


async def test_of_staff_groups_that_are_too_small_are_withheld(api: Api, database: Database) -> None:
    draft = (await api.post("/v1/surveys", survey_body(confidentiality="anonymous"), status=201)).json()
    path = f"/v1/surveys/{draft['id']}"
    tag = (await api.get(path)).headers["ETag"]
    await api.put(f"{path}/settings", {"audience": "staff"}, headers={"If-Match": tag}, status=200)
    version = (await api.post(f"{path}/publish", status=200)).json()
    survey = PublishedSurvey(draft["id"], draft["key"], version["id"], version["number"])
    desks = [Asked(n, "delivered", stratum=name) for name, n in (("a", 40), ("b", 12), ("c", 3))]
    await invited(api, database, survey, *desks)

    found = await standing(api, survey, by="stratum")

    assert [each["group"] for each in found["groups"]] == ["a"]
    assert "too small" in found["not_told"]["groups"]
    assert found["whole"]["counts"]["invited"] == 55


async def test_an_interviewer_who_is_erased_is_taken_out_of_the_alerts(api: Api, database: Database) -> None:
    survey = await publish(api)
    await put_rules(api, survey, {"key": "voices", "kind": "interviewer"})
    for name, done in (("S-ann", 20), ("S-bob", 20), ("S-cy", 1)):
        await invited(
            api,
            database,
            survey,
            Asked(done, "completed", interviewer=name),
            Asked(40 - done, "refused", interviewer=name),
            method="telephone",
        )
    (alert,) = await watched(api, database, survey)

    told = await ask(api, database, "export", id="S-cy")
    erased = await ask(api, database, "erase", id="S-cy")

    assert touched(told)["fieldwork_alert"] == touched(erased)["fieldwork_alert"] == 1
    after = (await api.get(f"/v1/fieldwork-alerts/{alert['id']}")).json()
    assert after["subject"].startswith("(erased)")
    assert "S-cy" not in str(after)
