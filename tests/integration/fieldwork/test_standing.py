"""How a collection stands: steps, rates, pace, composition, drop-off, silences, cost and forecast."""

from datetime import UTC, datetime, timedelta

import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.fieldwork import Asked, invited, standing
from tests.support.open_responses import begin
from tests.support.planning import make_plan, move_plan, plan_of
from tests.support.quotas import cell, put, quota
from tests.support.responses import batch
from tests.support.sampling import customers, drawn, new_frame, units_of
from tests.support.surveys import publish


def days(later: int) -> str:
    return (datetime.now(UTC) + timedelta(days=later)).date().isoformat()


async def test_every_step_is_counted_and_the_rates_are_those_of_aapor(api: Api, database: Database) -> None:
    survey = await publish(api)
    north = [
        Asked(40, "completed", stratum="north"),
        Asked(10, "partial", stratum="north"),
        Asked(8, "refused", stratum="north"),
        Asked(2, "opted_out", stratum="north"),
        Asked(5, "ineligible", stratum="north"),
        Asked(4, "started", stratum="north"),
        Asked(11, "opened", stratum="north"),
        Asked(20, "delivered", stratum="north"),
    ]
    south = [Asked(6, "bounced", stratum="south"), Asked(14, "sent", stratum="south"), Asked(3, "created")]
    await invited(api, database, survey, *north, *south)

    found = await standing(api, survey, by="stratum")

    counts = found["whole"]["counts"]
    assert (counts["invited"], counts["waiting"], counts["delivered"], counts["opened"]) == (120, 3, 100, 80)
    assert (counts["started"], counts["completed"], counts["partial"]) == (59, 40, 10)
    assert (counts["refused"], counts["bounced"], counts["ineligible"], counts["unknown"]) == (10, 6, 5, 40)
    dispositions = found["whole"]["dispositions"]
    assert (dispositions["complete"], dispositions["refusal"], dispositions["other"]) == (40, 21, 4)
    rates = found["whole"]["outcome_rates"]
    eligible = 40 + 10 + 21 + 4
    assert rates["rates"]["rr1"]["value"] == pytest.approx(40 / (eligible + 40))
    assert rates["e"] == pytest.approx(eligible / (eligible + 5))
    assert rates["rates"]["rr3"]["value"] == pytest.approx(40 / (eligible + 40 * eligible / (eligible + 5)))
    assert rates["rates"]["rr3"]["interval"]["low"] < 40 / 115 < rates["rates"]["rr3"]["interval"]["high"]
    groups = {each["group"]: each["counts"]["invited"] for each in found["groups"]}
    assert groups == {None: 0, "north": 100, "south": 20}
    assert found["whole"]["weighted"] is None


async def test_units_that_are_asked_in_another_way_are_known_by_their_responses(api: Api, database: Database) -> None:
    survey = await publish(api, confidentiality="pseudonymous")
    frame = await new_frame(api, customers(range(300)))
    strata = [{"values": {"region": "north"}, "units": 60}, {"values": {"region": "south"}, "units": 60}]
    design = {"kind": "stratified", "strata_by": ["region"], "strata": strata}
    sample = await drawn(api, database, frame, design, survey_id=survey.id)
    units = await units_of(api, sample)
    north, south = ([unit["ref"] for unit in units if unit["stratum"] == place] for place in (0, 1))
    said = [{"respondent": {"id": ref}, "answers": {"nps": 9}, "method": "telephone"} for ref in north[:45]]
    said += [{"respondent": {"id": ref}, "answers": {"nps": 5}, "method": "telephone"} for ref in south[:15]]
    said += [{"answers": {"nps": 5}, "method": "kiosk"}]
    await batch(api, survey, said)
    await begin(api, survey, respondent={"id": south[20]})

    found = await standing(api, survey, by="stratum")

    assert [
        (g["group"], g["counts"]["invited"], g["counts"]["completed"], g["population"]) for g in found["groups"]
    ] == [
        ("north", 60, 45, 200),
        ("south", 60, 15, 100),
    ]
    assert found["whole"]["counts"]["started"] == 61
    weighted = found["whole"]["weighted"]["rates"]["rr1"]["value"]
    assert weighted == pytest.approx((200 * 45 / 60 + 100 * 15 / 60) / 300)
    assert found["whole"]["design_effect"] == pytest.approx(120 * 60 * ((10 / 3) ** 2 + (5 / 3) ** 2) / 300**2)
    assert found["frame"] == {"people": 300, "eligible": 300, "drawn": 120, "invited": 120, "completed": 60}
    assert found["walk_ins"] == {"kiosk": 1}
    gaps = {(each["attribute"], each["category"]): each for each in found["composition"]["gaps"]}
    assert gaps["region", "north"]["answered"]["value"] == pytest.approx(0.75)
    assert gaps["region", "north"]["gap"]["value"] == pytest.approx(0.25)
    assert gaps["region", "north"]["gap"]["interval"]["low"] > 0
    assert found["composition"]["r_indicator"]["value"] < 0.7
    assert found["composition"]["left_out"] == ["branch"]


async def test_pace_is_held_against_earlier_waves_and_before_there_are_any_against_the_plan(
    api: Api, database: Database
) -> None:
    survey = await publish(api)
    sampling = {**plan_of()["sampling"], "answers": 40, "invitations": 200, "response_rate": 0.2}
    plan = await make_plan(
        api,
        plan_of(
            survey,
            sampling=sampling,
            starts_on=days(-10),
            ends_on=days(9),
            budget={"amount": 90_000, "currency": "EUR"},
        ),
    )
    await move_plan(api, plan["id"], "approved")
    await invited(api, database, survey, Asked(10, "completed", lag=3.2), Asked(190, "delivered"), wave="b")

    by_plan = await standing(api, survey)
    await invited(
        api, database, survey, Asked(200, "completed", age=99, lag=2.5), Asked(200, "expired", age=99, lag=20), wave="a"
    )
    by_waves = await standing(api, survey)

    pace = by_plan["whole"]["pace"]
    assert (pace["curve"], pace["completed"], pace["expected"], pace["n"]) == ("plan", 10, pytest.approx(20), 200)
    assert pace["low"] < 20 < pace["high"]
    assert by_plan["plan"]["plan_id"] == plan["id"]
    assert [(t["key"], t["target"], t["expected"]) for t in by_plan["targets"]] == [("answers", 40, pytest.approx(20))]
    pace = by_waves["whole"]["pace"]
    assert (pace["curve"], pace["expected"], pace["reference"]) == ("earlier_waves", pytest.approx(100), 400)
    assert pace["completed"] < pace["low"]


async def test_the_final_number_is_forecast_within_what_is_possible(api: Api, database: Database) -> None:
    survey = await publish(api)
    await invited(
        api,
        database,
        survey,
        Asked(40, "completed", age=9.5, lag=0.5),
        Asked(20, "completed", age=9.5, lag=2.5),
        Asked(140, "delivered", age=9.5),
        Asked(20, "completed", age=1.5, lag=0.5),
        Asked(80, "delivered", age=1.5),
        Asked(100, "created"),
        expires_in=6,
    )

    found = (await standing(api, survey))["forecast"]

    assert (found["completed"], found["outstanding"], found["method"]) == (80, 320, "response_curve")
    low, value, high = found["final"]["interval"]["low"], found["final"]["value"], found["final"]["interval"]["high"]
    assert 80 <= low < value < high <= 400
    # Of 80 open for a day, 12.5 % of the others complete later; of 100 to come, 20 % at once and as many of the rest.
    assert value == pytest.approx(80 + 80 * 0.125 + 100 * (0.2 + 0.8 * 0.125), abs=0.5)


async def test_what_it_has_cost_is_held_against_the_budget_and_messages_count_as_they_did(
    api: Api, database: Database
) -> None:
    survey = await publish(api)
    await api.put(
        "/v1/methods/sms/costs",
        {"currency": "EUR", "fixed": 1_000, "per_contact": 8, "per_complete": 5, "incentive": 100},
        status=201,
    )
    plan = await make_plan(
        api, plan_of(survey, budget={"amount": 20_000, "currency": "EUR"}, starts_on=days(-10), ends_on=days(10))
    )
    await move_plan(api, plan["id"], "approved")
    await invited(
        api, database, survey, Asked(50, "completed", cost=9.0), Asked(50, "delivered", cost=9.0), method="sms"
    )

    cost = (await standing(api, survey))["cost"]

    (sms,) = cost["methods"]
    assert (sms["contacts"], sms["completes"], sms["measured"]) == (100, 50, 900)
    assert cost["spent"] == {"amount": 1_000 + 900 + 50 * 105, "currency": "EUR"}
    assert cost["share"] == pytest.approx(7_150 / 20_000)
    assert cost["share_at_end"] >= cost["share"]


REGIONS = (("north", 40), ("south", 60))


async def test_cells_of_quotas_are_targets_of_the_days_of_the_plan(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, quota("area", *(cell(key, n, attributes={"region": [key]}) for key, n in REGIONS)))
    await batch(api, survey, [{"answers": {"nps": 9}, "attributes": {"region": "north"}} for _ in range(2)])
    without_days = (await standing(api, survey))["targets"]
    plan = await make_plan(api, plan_of(survey, sampling=None, starts_on=days(-10), ends_on=days(9)))
    await move_plan(api, plan["id"], "approved")

    found = {each["key"]: each for each in (await standing(api, survey))["targets"]}

    assert [(each["key"], each["completed"], each["expected"]) for each in without_days] == [
        ("area/north", 2, None),
        ("area/south", 0, None),
    ]
    assert (found["area/north"]["target"], found["area/north"]["expected"]) == (40, pytest.approx(20))
    assert found["area/north"]["completed"] < found["area/north"]["low"]
    assert "answers" not in found


async def test_where_people_stop_is_told_by_question_with_the_time_it_takes(api: Api, database: Database) -> None:
    survey = await publish(api)
    await batch(api, survey, [{"answers": {"nps": 9, "wait": 4, "ease": 6}} for _ in range(20)])
    await batch(api, survey, [{"status": "partial", "answers": {"nps": 9}} for _ in range(5)])
    await batch(api, survey, [{"status": "partial", "answers": {"nps": 9, "wait": 3}} for _ in range(15)])
    now_answering = await begin(api, survey)
    await now_answering.answer("nps", 3)

    found = (await standing(api, survey))["drop_off"]

    assert (found["begun"], found["answering"], found["left_at_start"]) == (40, 1, 0)
    assert [(q["question"], q["reached"], q["left"]) for q in found["questions"][:3]] == [
        ("nps", 40, 5),
        ("wait", 35, 15),
        ("ease", 20, 0),
    ]
    rate = found["questions"][1]["rate"]
    assert rate["value"] == pytest.approx(15 / 35)
    assert rate["interval"]["low"] < rate["value"] < rate["interval"]["high"]


async def test_of_an_empty_collection_all_is_said_that_can_be(api: Api) -> None:
    survey = await publish(api)

    found = await standing(api, survey, by="method")

    assert (found["whole"]["counts"]["invited"], found["forecast"], found["frame"]) == (0, None, None)
    assert found["not_told"] == {"forecast": "Nobody was invited, so nothing is to be expected."}
    assert "frame" in found["composition"]["not_told"]
    assert (found["sources"], found["targets"], found["cost"]["spent"]) == ([], [], None)
    await api.get(f"/v1/surveys/{survey.id}/fieldwork", params={"by": "colour"}, status=422)
