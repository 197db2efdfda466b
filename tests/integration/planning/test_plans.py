"""Plans over HTTP: states, edits held to what was read, who wrote, what is refused."""

from typing import Any

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.organisations import new_token
from tests.support.planning import make_plan, move_plan, plan_of, revise_plan
from tests.support.refusals import refused
from tests.support.surveys import PublishedSurvey, publish

COST = {"kind": "cost", "observed": "Postage has risen"}
NOWHERE = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    return await publish(api)


async def test_a_plan_goes_from_draft_to_closed_and_its_history_stays(api: Api, survey: PublishedSurvey) -> None:
    made = await make_plan(api, plan_of(survey, retention_days=None))
    path = f"/v1/plans/{made['id']}"
    refused(await api.post(f"{path}/transitions", {"to": "running"}), 409, "plan_move_not_allowed")
    for state in ("approved", "running", "closed"):
        body = {"to": state, "reason": f"Now {state}"}
        moved = (await api.post(f"{path}/transitions", body, status=200)).json()
        assert moved["state"] == state

    told = moved["history"]
    assert [(entry["from_state"], entry["to_state"], entry["reason"]) for entry in told] == [
        (None, "draft", None),
        ("draft", "approved", "Now approved"),
        ("approved", "running", "Now running"),
        ("running", "closed", "Now closed"),
    ]
    # What was warned of when it was approved is written down.
    assert [entry["warnings"] for entry in told][:2] == [[], ["no_retention"]]
    assert {entry["written_by"] for entry in told} == {"test"}
    refused(await api.post(f"{path}/transitions", {"to": "draft"}), 409, "plan_move_not_allowed")


async def test_a_plan_that_nobody_could_carry_out_is_not_approved(api: Api, survey: PublishedSurvey) -> None:
    made = await make_plan(api, plan_of(survey, methods=[], needs=[], starts_on=None, ends_on=None))
    path = f"/v1/plans/{made['id']}"

    answer = await api.post(f"{path}/transitions", {"to": "approved"})

    refused(answer, 409, "plan_not_ready")
    assert {(fault["code"], fault["pointer"]) for fault in answer.json()["errors"]} == {
        ("no_method", "/methods"), ("no_need", "/needs"), ("no_dates", "/starts_on"),
    }  # fmt: skip
    assert not made["check"]["ready"]
    assert (await api.get(path)).json()["state"] == "draft"


async def test_a_draft_is_edited_as_it_was_read_and_an_approved_plan_is_revised(
    api: Api, survey: PublishedSurvey
) -> None:
    made = await api.post("/v1/plans", plan_of(survey), status=201)
    path, read = made.headers["Location"], {"If-Match": made.headers["ETag"]}
    await api.put(path, plan_of(survey, title="Other"), status=428)
    edited = await api.put(path, plan_of(survey, title="Other"), headers=read, status=200)
    await api.put(path, plan_of(survey), headers=read, status=412)
    refused(
        await api.put(path, plan_of(survey, kind="implementation"), headers={"If-Match": edited.headers["ETag"]}),
        422,
        "invalid",
        "/kind",
    )
    body = {"plan": plan_of(survey), "signal": COST}
    early = await api.post(f"{path}/revisions", body, headers={"If-Match": edited.headers["ETag"]})
    refused(early, 409, "plan_not_approved")
    refused(
        await api.post(f"{path}/transitions", {"to": "approved"}, headers={"If-Match": '"1"'}),
        412,
        "precondition_failed",
    )

    approved = await api.post(f"{path}/transitions", {"to": "approved"}, status=200)
    tag = {"If-Match": approved.headers["ETag"]}
    refused(await api.put(path, plan_of(survey), headers=tag), 409, "plan_settled")
    refused(await api.post(f"{path}/revisions", body), 428, "precondition_required")
    refused(await api.post(f"{path}/revisions", body, headers=read), 412, "precondition_failed")
    await api.post(f"{path}/revisions", body, headers=tag, status=201)
    assert approved.json()["plan"]["title"] == "Other"
    assert (await api.get(path)).json()["plan"]["title"] == "Visits"

    closed = await api.post(f"{path}/transitions", {"to": "closed"}, status=200)
    settled = await api.post(f"{path}/revisions", body, headers={"If-Match": closed.headers["ETag"]})
    refused(settled, 409, "plan_settled")


async def test_revisions_are_paged_and_each_is_read_by_its_number(api: Api, survey: PublishedSurvey) -> None:
    plan_id = (await make_plan(api, plan_of(survey)))["id"]
    path = f"/v1/plans/{plan_id}/revisions"
    assert (await api.get(path)).json()["items"] == []
    await move_plan(api, plan_id, "approved")
    for title in ("Second", "Third"):
        await revise_plan(api, plan_id, plan_of(survey, title=title), COST)

    page = (await api.get(f"{path}?limit=2")).json()
    rest = (await api.get(f"{path}?limit=2&cursor={page['next_cursor']}")).json()
    assert [each["number"] for each in (*page["items"], *rest["items"])] == [3, 2, 1]
    assert (await api.get(f"{path}/2")).json() == page["items"][1]
    await api.get(f"{path}/4", status=404)
    last = (await api.get(f"{path}/3/differences")).json()
    assert (last["since"], last["differences"]) == (2, [{"path": "/title", "before": "Second", "after": "Third"}])
    assert (await api.get(f"{path}/1/differences")).json()["differences"] == []


async def test_a_key_says_for_whom_it_writes_only_if_it_may(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    body = {**plan_of(survey), "on_behalf_of": "Grace Hopper"}
    made = (await api.post("/v1/plans", body, status=201)).json()
    token = await new_token(database, api.organisation.organisation_id, [Scope.PLANNING_WRITE])
    answer = await api.post("/v1/plans", body, headers={"Authorization": f"Bearer {token}"})

    assert (made["created_by"], made["history"][0]["written_by"]) == ("Grace Hopper", "Grace Hopper")
    refused(answer, 403, "cannot_represent")


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"ends_on": "2027-01-01"}, "/ends_on", "ends_before_it_begins"),
        ({"features": ["gone"]}, "/features/0", "unknown_feature"),
        ({"process": "gone"}, "/process", "unknown_process"),
        ({"recurrence": {"every": "week", "waves": 3}}, "/recurrence", "waves_overlap"),
        ({"methods": [{"method": "email"}, {"method": "email"}]}, "/methods/1/method", "named_twice"),
        ({"retention_days": 0}, "/retention_days", "greater_than_equal"),
        ({"purpose": ""}, "/purpose", "string_too_short"),
        ({"colour": "red"}, "/colour", "extra_forbidden"),
    ],
)
async def test_what_no_plan_may_say_is_refused(
    changes: dict[str, Any], pointer: str, code: str, api: Api, survey: PublishedSurvey
) -> None:
    answer = await api.post("/v1/plans", plan_of(survey, **changes))
    refused(answer, 422, "invalid", pointer)
    assert answer.json()["errors"][0]["code"] == code


async def test_a_survey_that_is_not_there_is_not_found(api: Api, survey: PublishedSurvey) -> None:
    refused(await api.post("/v1/plans", plan_of(survey, survey_id=NOWHERE)), 404, "not_found")


async def test_plans_are_listed_by_state_and_kind_newest_first(api: Api, survey: PublishedSurvey) -> None:
    first, second = [await make_plan(api, plan_of(survey)) for _ in range(2)]
    await move_plan(api, first["id"], "approved")
    work = {"kind": "implementation", "title": "A desk", "purpose": "No wait", "owner": "Ada"}
    third = await make_plan(api, work)

    async def listed(query: str) -> list[str]:
        return [plan["id"] for plan in (await api.get(f"/v1/plans?{query}")).json()["items"]]

    assert await listed("") == [third["id"], second["id"], first["id"]]
    assert await listed("state=approved") == [first["id"]]
    assert await listed("kind=implementation") == [third["id"]]
    page = (await api.get("/v1/plans?limit=2")).json()
    assert await listed(f"limit=2&cursor={page['next_cursor']}") == [first["id"]]
    refused(await api.get(f"/v1/plans?state=draft&cursor={page['next_cursor']}", status=422), 422, "invalid_cursor")


async def test_a_revision_that_no_longer_plans_an_analysis_leaves_it_unplanned(
    api: Api, survey: PublishedSurvey
) -> None:
    plan_id = (await make_plan(api, plan_of(survey, starts_on="2025-01-01", ends_on="2025-02-01")))["id"]
    await move_plan(api, plan_id, "approved")
    trend = {"kind": "trend", "survey_id": survey.id, "kpi": "nps"}
    planned = (await api.post("/v1/analyses", trend, status=202)).json()
    await revise_plan(api, plan_id, plan_of(survey, analysis={"kpis": [{"kpi": "nps"}]}), COST)
    after = (await api.post("/v1/analyses", {**trend, "level": 0.9}, status=202)).json()

    assert planned["planned"]["before_collecting"] is False
    assert after["planned"] is None
    assert (await api.get(f"/v1/analyses/{planned['id']}")).json()["planned"] == planned["planned"]
