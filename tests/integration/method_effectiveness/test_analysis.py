"""Analyses of method effectiveness, from the request to the finding and what follows from it, by the real worker."""

import random
from typing import Any

import pytest
from pydantic import TypeAdapter

from feedback_api.schemas.analyses.method_effectiveness import MethodEffectivenessAnalysisOut
from feedback_core.method_effectiveness.types import MethodEffectivenessOutcome, MethodFinding, MethodMeasure
from tests.support.analyses import ended, made, requested
from tests.support.api import Api
from tests.support.careless import RULE, asked, careful, straight_lining
from tests.support.cells import answer
from tests.support.flags import put_rule
from tests.support.surveys import PublishedSurvey
from tests.support.waiting import soon

Json = dict[str, Any]

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]

CONTACTS: Json = {
    "online_questionnaire": {"contacted": 1000, "cost": {"amount": 20_000, "currency": "EUR"}},
    "telephone": {"contacted": 200, "cost": {"amount": 160_000, "currency": "EUR"}},
}


def body(survey: PublishedSurvey, **fields: object) -> Json:
    return {"kind": "method_effectiveness", "survey_id": survey.id, "kpi": "nps", **fields}


def outcome_of(run: Json) -> MethodEffectivenessOutcome:
    outcome = TypeAdapter(MethodEffectivenessAnalysisOut).validate_python(run).result
    assert outcome is not None
    return outcome


def by_name(outcome: MethodEffectivenessOutcome) -> dict[str, MethodFinding]:
    return {str(one.name): one for one in outcome.methods}


async def measured(api: Api, survey: PublishedSurvey) -> None:
    """Wait until the worker has held every response to the rule."""

    async def up_to_date() -> bool:
        rule = (await api.get(f"/v1/surveys/{survey.id}/inclusion-rule")).json()
        return bool(rule["flagging"]["up_to_date"] and rule["flagging"]["rule_version"] == rule["version"])

    await soon(up_to_date, seconds=60)


def interviewed(n: int, chance: random.Random, *, method: str) -> list[Json]:
    return [
        careful(chance, method=method, attributes={"region": "north" if number % 2 else "south"}) for number in range(n)
    ]


async def test_a_dear_method_and_a_careless_one_are_told_and_what_follows_is_proposed(api: Api) -> None:
    survey, chance = await asked(api), random.Random(7)
    online = interviewed(80, chance, method="online_questionnaire")
    phone = interviewed(100, chance, method="telephone")
    for item in online[:40]:
        del item["answers"]["ease"], item["answers"]["again"]
    lines = [
        straight_lining(seconds=70, method="online_questionnaire", attributes={"region": "north"}) for _ in range(20)
    ]
    begun = [{"answers": {"nps": 5}, "status": "partial", "method": "telephone"} for _ in range(10)]
    await answer(api, survey.id, online + phone + lines + begun)
    await put_rule(api, survey.id, {**RULE, "at_least": 4})
    await measured(api, survey)

    run = await made(api, body(survey, contacts=CONTACTS))

    outcome = outcome_of(run)
    found = by_name(outcome)
    web, tel = found["online_questionnaire"], found["telephone"]
    assert (web.complete, web.partial, tel.complete, tel.partial) == (100, 0, 100, 10)
    assert web.response_rate is not None
    assert tel.response_rate is not None
    assert (web.response_rate.value, tel.response_rate.value) == (0.1, 0.5)
    assert web.cost_per_complete is not None
    assert tel.cost_per_complete is not None
    assert (web.cost_per_complete.value, tel.cost_per_complete.value) == pytest.approx((200, 1600))
    assert web.item_nonresponse is not None
    assert tel.item_nonresponse is not None
    assert web.item_nonresponse.value == pytest.approx((2 * 40 + 100) / 500), "nobody says why"
    assert tel.item_nonresponse.value == pytest.approx(0.2)
    assert web.straight_lining is not None
    assert tel.straight_lining is not None
    assert (web.straight_lining.value, tel.straight_lining.value) == (0.2, 0.0)
    assert web.median_seconds is not None
    assert web.median_seconds.interval is not None
    assert 60 <= web.median_seconds.interval.low <= web.median_seconds.value <= web.median_seconds.interval.high <= 120
    assert web.effective_n is not None
    assert web.effective_n < 100, "more are from the north than by all methods together"
    assert [one.attribute for one in web.composition] == ["region"]
    better = {one.measure: one.better for one in outcome.comparisons if one.clear}
    assert better[MethodMeasure.COST_PER_EFFECTIVE_RESPONSE] == "online_questionnaire"
    assert better[MethodMeasure.ITEM_NONRESPONSE] == "telephone"
    assert better[MethodMeasure.STRAIGHT_LINING] == "telephone"
    assert run["sentence"].startswith("Of 200 complete responses by 2 methods: an effective response by telephone")
    assert {"response_rate", "item_nonresponse", "kpi"} <= {chart["key"] for chart in run["charts"]}

    # One is dearer and by the other more is left out: nothing says which to ask by.
    titles = {
        one["title"]
        for one in (await api.post(f"/v1/analyses/{run['id']}/recommendations", status=200)).json()["items"]
    }
    assert not any(title.startswith("Ask by ") for title in titles)


async def test_a_method_that_is_only_dearer_is_proposed_to_be_replaced_with_links_that_hold(api: Api) -> None:
    survey, chance = await asked(api), random.Random(8)
    await answer(
        api,
        survey.id,
        interviewed(60, chance, method="online_questionnaire") + interviewed(60, chance, method="telephone"),
    )
    run = await made(api, body(survey, contacts=CONTACTS))

    proposed = (await api.post(f"/v1/analyses/{run['id']}/recommendations", status=200)).json()["items"]

    found = next(one for one in proposed if one["title"].startswith("Ask by "))
    assert found["title"] == "Ask by online questionnaire rather than by telephone"
    (piece,) = found["evidence"]
    place = int(piece["pointer"].split("/")[2])
    assert piece["value"] == run["result"]["comparisons"][place]["difference"]["value"]
    assert found["kind"] == "ask_better"
    read = (await api.get(f"/v1/recommendations/{found['id']}")).json()
    assert read["evidence"][0]["pointer"] == piece["pointer"]


async def test_nobody_answered(api: Api) -> None:
    survey = await asked(api)
    run = await ended(api, (await requested(api, body(survey)))["id"])

    assert (run["status"], run["error"]["code"]) == ("failed", "not_estimable")


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"kpi": "responses"}, "/kpi", "unfit_kpi"),
        ({"kpi": "nothing"}, "/kpi", "unknown_kpi"),
        (
            {
                "contacts": {
                    "sms": {"contacted": 10, "cost": {"amount": 1, "currency": "EUR"}},
                    "telephone": {"contacted": 10, "cost": {"amount": 1, "currency": "CHF"}},
                }
            },
            "/contacts/telephone/cost/currency",
            "several_currencies",
        ),
        ({"contacts": {"fax": {"contacted": 5}}}, "/contacts/fax", "enum"),
        ({"contacts": {"sms": {"contacted": 0}}}, "/contacts/sms/contacted", "greater_than_equal"),
    ],
)
async def test_what_makes_no_sense_is_refused(api: Api, fields: Json, pointer: str, code: str) -> None:
    survey = await asked(api)
    refused = (await api.post("/v1/analyses", body(survey, **fields), status=422)).json()
    assert [(fault["pointer"], fault["code"]) for fault in refused["errors"]] == [(pointer, code)]
