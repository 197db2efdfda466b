"""Analyses of data quality, from the request to the finding, by the real worker."""

import random
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from feedback_api.schemas.analyses.data_quality import DataQualityAnalysisOut
from feedback_core.data_quality.types import DataQualityOutcome
from feedback_core.responses.quality.calc import one_factor_model, scale_reliability
from tests.support.analyses import ended, made, requested
from tests.support.api import Api
from tests.support.careless import QUESTIONS, ROWS, RULE, SCALE, asked, careful, straight_lining
from tests.support.cells import answer
from tests.support.flags import put_rule
from tests.support.surveys import PublishedSurvey, publish
from tests.support.waiting import soon

Json = dict[str, Any]

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]


def body(survey: PublishedSurvey, **fields: object) -> Json:
    return {"kind": "data_quality", "survey_id": survey.id, **fields}


async def outcome_of(api: Api, request: Json) -> DataQualityOutcome:
    outcome = TypeAdapter(DataQualityAnalysisOut).validate_python(await made(api, request)).result
    assert outcome is not None
    return outcome


async def measured(api: Api, survey: PublishedSurvey) -> None:
    """Wait until the worker has held every response to the rule."""

    async def up_to_date() -> bool:
        rule = (await api.get(f"/v1/surveys/{survey.id}/inclusion-rule")).json()
        return bool(rule["flagging"]["up_to_date"] and rule["flagging"]["rule_version"] == rule["version"])

    await soon(up_to_date, seconds=60)


def visitors(n: int = 200) -> list[Json]:
    """Careful respondents: three in four from the north; every tenth says nothing about the ease."""
    chance = random.Random(11)
    found = []
    for number in range(n):
        item = careful(chance, attributes={"region": "north" if number % 4 else "south"})
        if number % 10 == 0:
            del item["answers"]["ease"]
        found.append(item)
    return found


async def test_planted_careless_respondents_are_found_and_left_out(api: Api) -> None:
    survey = await asked(api)
    careless = [straight_lining(seconds=9, attributes={"region": "south"}) for _ in range(20)]
    slow = [straight_lining(seconds=90, attributes={"region": "south"}) for _ in range(10)]
    await answer(api, survey.id, visitors() + careless + slow)
    await put_rule(api, survey.id, RULE)
    await measured(api, survey)

    outcome = await outcome_of(api, body(survey, kpi="nps", by=["region"]))

    flags, kpi = outcome.flags, outcome.kpi
    assert flags is not None
    assert kpi is not None
    assert (flags.looked_at, flags.up_to_date, flags.rule_version) == (230, True, 1)
    assert flags.suspects.value == pytest.approx(20 / 230)
    assert flags.suspects.interval is not None
    counts = {one.kind.value: one.n for one in flags.kinds}
    assert (counts["straight_lining"], counts["speeding"], counts["inconsistent"]) == (30, 20, 0)
    by_group = {(one.attribute, one.group): one for one in flags.groups}
    assert by_group["region", "north"].looked_at == 150
    south = {one.kind.value: one.n for one in by_group["region", "south"].kinds}
    assert south["straight_lining"] == 30
    assert by_group["method", "online_questionnaire"].looked_at == 230
    assert kpi.suspects == 20
    assert kpi.with_suspects is not None
    assert kpi.without_suspects is not None
    assert (kpi.with_suspects.n, kpi.without_suspects.n) == (230, 210)
    assert kpi.with_suspects.value > kpi.without_suspects.value
    assert outcome.sentence.startswith("Of 230 responses 20 are suspect (8.7 %, ")
    assert "Without them NPS is" in outcome.sentence


async def test_missing_answers_are_told_by_question_and_group(api: Api) -> None:
    survey = await asked(api)
    begun = [{"answers": {"nps": 3}, "status": "partial"} for _ in range(15)]
    begun += [{"answers": {}, "status": "partial"} for _ in range(5)]
    await answer(api, survey.id, visitors() + begun)

    outcome = await outcome_of(api, body(survey, by=["region"]))

    by_question = {one.question: one for one in outcome.item_nonresponse}
    assert [one.question for one in outcome.item_nonresponse] == [one["key"] for one in QUESTIONS]
    ease = by_question["ease"]
    assert (ease.position, ease.asked, ease.missing) == (4, 200, 20)
    assert ease.rate is not None
    assert ease.rate.value == 0.1
    groups = {(one.attribute, one.group): one for one in ease.groups}
    assert (groups["region", "south"].asked, groups["region", "south"].missing) == (50, 10)
    assert by_question["why"].rate is not None
    assert by_question["why"].rate.value == 1.0
    assert [(one.attribute, one.about) for one in outcome.segments] == [("region", "ease")]
    assert outcome.segments[0].p_adjusted < 0.05, "every missing one is from the south, where a quarter lives"
    assert "Between groups of region, missing answers to ease are not spread alike" in outcome.sentence
    assert outcome.by_position is not None
    assert outcome.by_position.tau_b is not None
    assert outcome.by_position.tau_b > 0
    stopped = outcome.break_off
    assert stopped.begun == 220
    assert stopped.stopped is not None
    assert stopped.stopped.value == pytest.approx(20 / 220)
    assert [(step.position, step.question, step.stopped) for step in stopped.steps] == [(0, None, 5), (1, "nps", 15)]
    assert [step.remaining.value for step in stopped.steps] == [pytest.approx(215 / 220), pytest.approx(200 / 220)]
    assert outcome.flags is None
    assert "no inclusion rule" in outcome.warnings[0]
    assert "Most often without an answer is why" in outcome.sentence


async def test_scales_are_as_reliable_as_their_answers_say(api: Api) -> None:
    survey, items = await asked(api), visitors()
    await answer(api, survey.id, items)
    scales = [SCALE, {"key": "one", "items": ["ease"]}, {"key": "none", "items": ["nps"]}]

    outcome = await outcome_of(api, body(survey, scales=scales))

    service, one, none = outcome.scales
    grid = np.array([[item["answers"]["parts"][row] for row in ROWS] for item in items], dtype=float)
    grid[:, ROWS.index("noise")] = 6 - grid[:, ROWS.index("noise")]
    wanted = scale_reliability(grid)
    assert wanted.interval is not None
    assert service.interval is not None
    assert (service.n, service.reversed) == (200, ("parts.noise",))
    assert service.alpha == pytest.approx(wanted.alpha, rel=1e-12)
    assert (service.interval.low, service.interval.high) == pytest.approx((wanted.interval.low, wanted.interval.high))
    assert service.interval.method == "feldt"
    assert service.omega == pytest.approx(one_factor_model(grid).omega, rel=1e-9)
    assert service.alpha_if_dropped == pytest.approx(wanted.alpha_if_dropped)
    assert (one.alpha, none.alpha) == (None, None)
    assert one.not_estimable is not None
    assert one.not_estimable.startswith("A single item is no scale")


async def test_two_items_have_a_spearman_brown_coefficient_and_constant_ones_nothing(api: Api) -> None:
    questions = [
        {"key": key, "type": "rating", "scale": {"min": 1, "max": 5}, "text": key.title()} for key in ("a", "b", "c")
    ]
    survey, chance = await publish(api, questions=questions), random.Random(3)
    given = []
    for _ in range(60):
        mood = chance.choice([2, 3, 4])
        given.append({"a": mood + chance.choice([-1, 0, 1]), "b": mood + chance.choice([-1, 0, 1]), "c": 4})
    await answer(api, survey.id, [{"answers": answers} for answers in given])
    scales = [{"key": "two", "items": ["a", "b"]}, {"key": "flat", "items": ["c", "a"]}]

    (two,) = (await outcome_of(api, body(survey, scales=scales[:1]))).scales
    (flat,) = (await outcome_of(api, body(survey, scales=scales[1:]))).scales

    r = float(np.corrcoef([one["a"] for one in given], [one["b"] for one in given])[0, 1])
    assert two.spearman_brown == pytest.approx(2 * r / (1 + r))
    assert two.omega is None
    assert any("Spearman-Brown" in warning for warning in two.warnings)
    assert flat.alpha is None
    assert flat.not_estimable == "All respondents gave item 1 the same answer; leave it out of the scale."


async def test_a_region_of_too_few_is_not_told_apart(api: Api) -> None:
    survey = await asked(api)
    few = [straight_lining(seconds=9, attributes={"region": "south"}) for _ in range(3)]
    chance = random.Random(4)
    await answer(api, survey.id, [careful(chance, attributes={"region": "north"}) for _ in range(60)] + few)
    await put_rule(api, survey.id, RULE)
    await measured(api, survey)

    outcome = await outcome_of(api, body(survey, kpi="nps", by=["region"]))

    assert outcome.flags is not None
    assert [one.withheld for one in outcome.flags.groups if one.attribute == "region"] == [True, True]
    assert outcome.kpi is not None
    assert outcome.kpi.with_suspects is None, "it would tell what three said"


async def test_nobody_answered(api: Api) -> None:
    survey = await asked(api)
    run = await ended(api, (await requested(api, body(survey)))["id"])

    assert run["status"] == "failed"
    assert run["error"]["code"] == "not_estimable"


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"by": ["mood"]}, "/by/0", "unknown_attribute"),
        ({"by": ["region", "region"]}, "/by/1", "named_twice"),
        ({"question": "nps"}, "/question", "not_applicable"),
        ({"kpi": "nothing"}, "/kpi", "unknown_kpi"),
        ({"scales": [{"key": "a", "items": ["why"]}]}, "/scales/0/items/0", "unknown_question"),
        ({"where": {"mood": ["good"]}}, "/where", "unknown_attribute"),
    ],
)
async def test_what_makes_no_sense_is_refused(api: Api, fields: Json, pointer: str, code: str) -> None:
    survey = await asked(api)
    refused = (await api.post("/v1/analyses", body(survey, **fields), status=422)).json()
    assert [(fault["pointer"], fault["code"]) for fault in refused["errors"]] == [(pointer, code)]
