"""The rows of the requirements about planning, each driven through the API as a caller would."""

from typing import Any

import pytest

from feedback_core.planning.types import CollectionMethod
from tests.support.api import Api
from tests.support.planning import COSTS, enter_outcome, make_plan, move_plan, plan_of, revise_plan
from tests.support.refusals import refused
from tests.support.surveys import PublishedSurvey, publish

SCORE = {"kind": "nps", "promoters": 0.5, "detractors": 0.2, "margin": 4}
WANTED = {"purpose": "measure", "population": 12000, "goal": SCORE}


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    return await publish(api)


def codes(plan: Any) -> set[str]:
    return {finding["code"] for finding in plan["check"]["findings"]}


async def compared(api: Api, **wanted: Any) -> Any:
    return (await api.post("/v1/methods/compare", {**WANTED, **wanted}, status=200)).json()


async def test_G1_1_R3_5_M5_1_every_option_for_collecting_is_listed_with_what_speaks_for_and_against_it(
    api: Api,
) -> None:
    listed = {method["method"]: method for method in (await api.get("/v1/methods")).json()["items"]}

    assert set(listed) == {
        "postal_questionnaire", "online_questionnaire", "email", "sms", "telephone", "face_to_face_interview",
        "focus_group", "in_app", "kiosk", "contract_review", "personal_visit", "warranty_record", "informal_discussion",
        "market_research", "complaint_or_compliment", "crm_ticket",
    }  # fmt: skip
    assert set(listed) == set(CollectionMethod)
    for method in listed.values():
        assert method["strengths"]
        assert method["weaknesses"]
        assert method["depth"] in {"qualitative", "quantitative", "both"}
        if method["people_are_asked"]:
            assert method["typical_response_rate"]["source"]
            assert method["typical_response_rate"]["year"] > 1990
    assert listed["focus_group"]["depth"] == "qualitative"
    assert listed["complaint_or_compliment"]["response_rate"] is None


async def test_G1_2_G4_4_a_survey_is_priced_and_methods_are_compared_for_population_precision_and_budget(
    api: Api,
) -> None:
    own = {**COSTS, "per_complete": 150, "incentive": 500, "takes_per_contact": {"paper_sheets": 2}, "coverage": 0.9}
    await api.put("/v1/methods/email/costs", own, status=201)

    found = await compared(api, methods=["email"], budget={"amount": 500_000, "currency": "EUR"}, open_answers=1)

    (option,) = found["options"]
    lines = {line["item"]: line["amount"] for line in option["cost_lines"]}
    assert (option["answers"], option["people"]) == (1306, 6527)
    assert lines == {
        "fixed": 25_000,
        "contacts": pytest.approx(0.4 * 6527),
        "completes": 150 * 1306,
        "incentives": 500 * 1306,
        "staff_hours_fixed": 42_000,
    }
    assert option["cost"] == {"amount": 918_511, "currency": "EUR"}  # 918,510.8 and rounded up
    assert [reason["code"] for reason in option["reasons"]] == ["over_budget"]
    assert option["footprint"]["paper_sheets"] is None  # what an answer takes was not said
    assert 4 < option["within_limits"]["precision"] < 7
    assert option["within_limits"]["cost"]["amount"] <= 500_000
    assert found["verdict"] == "none"


async def test_G1_3_G4_10_methods_are_ranked_with_reasons_and_the_decision_is_recorded(
    api: Api, survey: PublishedSurvey
) -> None:
    found = await compared(api, budget={"amount": 400_000, "currency": "EUR"}, days=45)
    first, *others = found["options"]
    assert all(option["why"] for option in found["options"])
    assert first["feasible"]
    last = others[-1]

    decision = {
        "reason": first["why"],
        "decided_by": "Ada Lovelace",
        "decided_on": "2026-01-15",
        "alternatives": [{"methods": last["methods"], "why_not": last["why"]}],
    }
    methods = [{"method": method, "cost": first["cost"]} for method in first["methods"]]
    made = await make_plan(api, plan_of(survey, methods=methods, decision=decision))

    read = (await api.get(f"/v1/plans/{made['id']}")).json()
    assert read["plan"]["decision"] == decision
    assert "no_decision" not in codes(read)
    assert "no_decision" in codes(await make_plan(api, plan_of(survey, decision=None)))


async def test_O_AC1_a_plan_that_rests_on_one_method_is_warned_of(api: Api, survey: PublishedSurvey) -> None:
    one = await make_plan(api, plan_of(survey, methods=[{"method": "email"}]))
    two = await make_plan(api, plan_of(survey))
    checked = (await api.post(f"/v1/plans/{one['id']}/check", status=200)).json()

    (finding,) = checked["findings"]
    assert (finding["code"], finding["pointer"], checked["ready"]) == ("one_method_only", "/methods", True)
    assert codes(two) == set()


async def test_G1_4_G1_6_R1_2_a_plan_keeps_purpose_needs_questions_methods_sample_dates_owner_and_money(
    api: Api, survey: PublishedSurvey
) -> None:
    scripts = [{"title": "Invitation", "text": "We would like to know …", "language": "en"}]
    body = plan_of(survey, scripts=scripts, resources=["Meeting room"])

    made = await make_plan(api, body)

    kept = (await api.get(f"/v1/plans/{made['id']}")).json()["plan"]
    for name, value in body.items():
        if name not in {"methods", "needs", "analysis", "sampling"}:
            assert kept[name] == value, name
    assert [need["questions"] for need in kept["needs"]] == [need["questions"] for need in body["needs"]]
    assert kept["sampling"]["non_response"] == "Two reminders"
    (listed,) = (await api.get(f"/v1/plans?survey_id={survey.id}")).json()["items"]
    assert (listed["id"], listed["state"], listed["owner"]) == (made["id"], "draft", "Ada Lovelace")


async def test_G1_4_needs_without_questions_and_questions_without_needs_are_told(
    api: Api, survey: PublishedSurvey
) -> None:
    needs = [
        {"key": "price", "text": "What they think of the price"},
        {"key": "wait", "text": "It", "questions": ["wait"]},
    ]
    plan = await make_plan(api, plan_of(survey, needs=needs, features=[]))

    told = [(f["code"], f["detail"]) for f in plan["check"]["findings"]]
    assert ("need_without_question", "No question tells: What they think of the price") in told
    unneeded = [detail for code, detail in told if code == "question_without_need"]
    assert len(unneeded) == 4  # nps, ease, used, why


async def test_R1_3_later_analyses_say_whether_they_were_planned(api: Api, survey: PublishedSurvey) -> None:
    trend = {"kind": "trend", "survey_id": survey.id, "kpi": "nps"}
    before = (await api.post("/v1/analyses", trend, status=202)).json()
    made = await make_plan(api, plan_of(survey))
    draft = (await api.post("/v1/analyses", {**trend, "level": 0.9}, status=202)).json()
    await move_plan(api, made["id"], "approved")

    planned = (await api.post("/v1/analyses", {**trend, "level": 0.8}, status=202)).json()
    other = (await api.post("/v1/analyses", {**trend, "kpi": "csat", "question": "wait"}, status=202)).json()

    assert before["planned"] is draft["planned"] is other["planned"] is None
    assert planned["planned"] == {
        "plan_id": made["id"],
        "revision_number": 1,
        "title": "Visits",
        "planned_at": planned["planned"]["planned_at"],
        "before_collecting": True,
    }
    # What was asked for before stays unplanned, whatever is planned since.
    assert (await api.get(f"/v1/analyses/{before['id']}")).json()["planned"] is None
    assert (await api.get(f"/v1/analyses/{planned['id']}")).json() == planned


async def test_R1_3_a_sample_too_small_for_the_comparison_planned_is_told_before_anybody_is_asked(
    api: Api, survey: PublishedSurvey
) -> None:
    goal = {"kind": "compare_nps", "difference": 5, "promoters": 0.57, "detractors": 0.2}
    analysis = {"comparisons": [{"kpi": "nps", "between": "periods", "goal": goal}]}
    recurrence = {"every": "quarter", "waves": 4}

    plan = await make_plan(api, plan_of(survey, analysis=analysis, recurrence=recurrence))

    (finding,) = plan["check"]["findings"]
    assert (finding["code"], finding["pointer"]) == ("sample_too_small", "/analysis/comparisons/0")
    assert "3976 answers in each wave" in finding["detail"]
    assert [wave["starts_on"] for wave in plan["waves"]] == ["2027-01-11", "2027-04-11", "2027-07-11", "2027-10-11"]


async def test_R2_4_a_plan_is_revised_with_the_signal_that_caused_it_and_revisions_are_comparable(
    api: Api, survey: PublishedSurvey
) -> None:
    made = await make_plan(api, plan_of(survey))
    for state in ("approved", "running"):
        await move_plan(api, made["id"], state)
    body = plan_of(survey, methods=[{"method": "email"}, {"method": "telephone"}])
    body["sampling"] = {**body["sampling"], "invitations": 3000}
    signal = {"kind": "response_rate", "observed": "14 % instead of 20 %", "reference": "Fieldwork of 2027-01-20"}

    revised = await revise_plan(api, made["id"], body, signal)

    path = f"/v1/plans/{made['id']}/revisions"
    kept = (await api.get(path)).json()["items"]
    assert [(each["number"], each["signal"]) for each in kept] == [(2, signal), (1, None)]
    assert kept[0] == revised
    assert kept[1]["plan"]["sampling"]["invitations"] == 2000
    told = (await api.get(f"{path}/2/differences?since=1")).json()
    assert told["signal"] == signal
    assert {each["path"]: (each["before"] is None, each["after"] is None) for each in told["differences"]} == {
        "/methods/postal_questionnaire": (False, True),
        "/methods/telephone": (True, False),
        "/sampling/invitations": (False, False),
    }
    now = (await api.get(f"/v1/plans/{made['id']}")).json()
    assert (now["state"], now["revision_number"], now["plan"]["sampling"]["invitations"]) == ("running", 2, 3000)


async def test_M2_3_M2_5_an_implementation_plan_has_steps_with_money_and_people_and_says_what_is_short(
    api: Api,
) -> None:
    await api.put("/v1/processes/reception", {"name": "Reception"}, status=201)
    order = {
        "key": "order",
        "title": "Order the desk",
        "owner": "Grace Hopper",
        "starts_on": "2027-01-04",
        "ends_on": "2027-01-15",
        "hours": 6,
        "cost": {"amount": 980_000, "currency": "EUR"},
    }
    staff = {**order, "key": "staff", "title": "Staff it", "hours": 50, "starts_on": "2027-02-01", "after": ["order"]}
    plan = {
        "kind": "implementation",
        "title": "A second desk",
        "purpose": "Nobody waits longer than ten minutes",
        "owner": "Grace Hopper",
        "process": "reception",
        "starts_on": "2027-01-04",
        "ends_on": "2027-03-31",
        "budget": {"amount": 1_250_000, "currency": "EUR"},
        "people": [{"name": "Grace Hopper", "hours": 40}],
        "steps": [order, {**staff, "ends_on": "2027-03-31"}],
    }

    made = await make_plan(api, plan)

    assert made["resources"] == [
        {"of": "money", "unit": "EUR", "needed": 1_960_000, "there": 1_250_000, "short": 710_000},
        {"of": "Grace Hopper", "unit": "hours", "needed": 56, "there": 40, "short": 16},
    ]
    assert codes(made) == {"money_short", "hours_short"}
    refused(await api.post("/v1/plans", {**plan, "steps": [{**order, "after": ["order"]}]}), 422, "invalid", "/steps")


async def test_G1_1_own_measured_response_rates_replace_typical_ones(api: Api) -> None:
    typical = (await api.get("/v1/methods/email")).json()["response_rate"]
    await enter_outcome(api, "email", "2025-q4", contacts=1500, completes=180)
    await enter_outcome(api, "email", "2026-q1", contacts=500, completes=70)

    method = (await api.get("/v1/methods/email")).json()

    rate = method["response_rate"]
    assert (typical["basis"], typical["n"]) == ("typical", None)
    assert (rate["basis"], rate["value"], rate["n"], rate["collections"]) == ("measured", 0.125, 2000, 2)
    assert rate["low"] < 0.125 < rate["high"]
    assert method["typical_response_rate"]["typical"] == typical["value"]
    (option,) = (await compared(api, methods=["email"], population=100_000))["options"]
    assert option["response_rate"] == 0.125
    assert option["people"] == pytest.approx(option["answers"] / 0.125, abs=8)


async def test_O_LO1_that_no_single_method_meets_it_is_an_answer(api: Api) -> None:
    found = await compared(
        api, population=900, goal={**SCORE, "margin": 7.6}, methods=["email", "postal_questionnaire"]
    )
    assert found["verdict"] == "mixed"
    assert found["sentence"].startswith("No single method meets this. E-mail followed by postal questionnaire does")


async def test_G4_1_a_sample_is_sized_for_strata_clusters_and_two_periods(api: Api) -> None:
    periods = {"kind": "compare_nps", "difference": 5, "promoters": 0.57, "detractors": 0.2, "power": 0.9}
    mean = {"kind": "mean", "standard_deviation": 1.1, "margin": 0.1}
    strata = [{"name": name, "population": 5000, "standard_deviation": 1.0} for name in ("web", "phone")]
    for body in (
        {"goal": periods, "response_rate": 0.25},
        {"goal": mean, "strata": {"strata": strata}},
        {"goal": mean, "clusters": {"intraclass_correlation": 0.05, "answers_per_cluster": 10}},
    ):
        sized = (await api.post("/v1/sample-size", body, status=200)).json()
        assert sized["answers"] <= sized["invitations"]
        assert sized["steps"]
