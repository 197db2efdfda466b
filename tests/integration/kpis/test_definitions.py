"""KPIs as data: defined, versioned and asked without a release."""

from typing import Any

from tests.support.api import Api
from tests.support.cells import answer
from tests.support.refusals import refused
from tests.support.surveys import Json, PublishedSurvey, publish

NUMBERS: list[Json] = [
    {"key": "score", "type": "rating", "scale": {"min": 1, "max": 5}, "text": "Recommend?"},
    {"key": "minutes", "type": "number", "text": "Minutes to the first response?"},
    {"key": "orders", "type": "number", "text": "Orders?"},
    {"key": "refunds", "type": "number", "text": "Refunds?"},
    {
        "key": "quality",
        "type": "single_choice",
        "choices": [{"key": key, "label": key} for key in ("good", "fair", "poor", "unsure")],
        "text": "Quality?",
    },
]

NPS_ON_FIVE: Json = {
    "name": "Recommendation on five points",
    "unit": "points, -100 to 100",
    "measure": "nps",
    "question_types": ["rating"],
    "question": "score",
    "groups": {"promoters": [5], "passives": [4], "detractors": [1, 2, 3]},
    "higher_is_better": True,
}


def measured(measure: str, question: str, kind: str = "number", **fields: Any) -> Json:
    return {
        "name": measure,
        "unit": "units",
        "measure": measure,
        "question_types": [kind],
        "question": question,
        **fields,
    }


async def value(api: Api, kpi: str, survey: PublishedSurvey, **query: str) -> Json:
    found: Json = (await api.get(f"/v1/kpis/{kpi}/value", params={"survey": survey.id, **query})).json()
    return found


async def test_every_organisation_begins_with_the_same_kpis(api: Api) -> None:
    items = (await api.get("/v1/kpis")).json()["items"]

    assert [item["key"] for item in items] == ["nps", "csat", "ces", "mean", "share", "responses"]
    assert {(item["version"], item["defined_by"], item["defined_at"]) for item in items} == {(1, None, None)}


async def test_a_kpi_is_defined_and_every_figure_names_its_version(api: Api) -> None:
    survey = await publish(api, questions=NUMBERS)
    await answer(api, survey.id, [{"answers": {"score": score}} for score in (5, 5, 5, 5, 4, 4, 3, 1)])

    made = await api.put("/v1/kpis/nps_five", NPS_ON_FIVE, status=201)
    kpi = await value(api, "nps_five", survey)

    assert (made.headers["ETag"], made.json()["version"], made.json()["groups"]) == ('"1"', 1, NPS_ON_FIVE["groups"])
    assert (kpi["value"], kpi["definition_version"]) == (25.0, 1)
    assert kpi["distribution"] == {"promoters": 4, "passives": 2, "detractors": 2}


async def test_a_definition_is_replaced_by_its_next_version_and_every_version_stays(api: Api) -> None:
    await api.put("/v1/kpis/nps_five", NPS_ON_FIVE, status=201)
    read = {"If-Match": '"1"'}
    stricter = {**NPS_ON_FIVE, "groups": {"promoters": [5], "passives": [], "detractors": [1, 2, 3, 4]}}

    await api.put("/v1/kpis/nps_five", stricter, status=428)
    same = await api.put("/v1/kpis/nps_five", NPS_ON_FIVE, status=200, headers=read)
    replaced = await api.put("/v1/kpis/nps_five", stricter, status=200, headers=read)
    await api.put("/v1/kpis/nps_five", stricter, status=412, headers=read)

    assert (same.headers["ETag"], replaced.headers["ETag"]) == ('"1"', '"2"')
    versions = (await api.get("/v1/kpis/nps_five/versions")).json()["items"]
    assert [item["version"] for item in versions] == [2, 1]
    assert versions[1]["groups"] == NPS_ON_FIVE["groups"]


async def test_a_built_in_kpi_can_be_replaced_for_one_organisation(api: Api, other_api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, [{"answers": {"wait": score}} for score in (1, 2, 3, 4, 5) for _ in range(2)])
    built_in = (await api.get("/v1/kpis/csat")).json()
    only_best = {
        name: built_in[name] for name in ("name", "unit", "measure", "question_types", "found_by_type", "nature")
    } | {"boxes": {"lowest": 5}, "question_types": ["rating"]}

    await api.put("/v1/kpis/csat", only_best, status=200, headers={"If-Match": '"1"'})

    kpi = await value(api, "csat", survey, question="wait")
    assert (kpi["value"], kpi["definition_version"]) == (0.2, 2)
    assert (await other_api.get("/v1/kpis/csat")).json()["version"] == 1


async def test_a_built_in_kpi_keeps_its_measure(api: Api) -> None:
    read = {"If-Match": '"1"'}

    for body in ({**measured("median", "minutes"), "question": None}, measured("mean", "minutes")):
        refused(await api.put("/v1/kpis/mean", body, headers=read), 422, "invalid", "/measure")


async def test_durations_have_a_median_and_a_share_within_a_limit(api: Api) -> None:
    survey = await publish(api, questions=NUMBERS)
    minutes = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89]
    await answer(api, survey.id, [{"answers": {"minutes": m}} for m in minutes])
    within = measured("top_box", "minutes", boxes={"highest": 10}, nature="observed")

    await api.put("/v1/kpis/response_minutes", measured("median", "minutes", nature="observed"), status=201)
    await api.put("/v1/kpis/in_ten_minutes", within, status=201)

    median, share = await value(api, "response_minutes", survey), await value(api, "in_ten_minutes", survey)
    assert (median["value"], median["nature"]) == (10.5, "observed")
    # Of ten answers, the 2nd and the 9th: P(B < 2) = 0.0107 <= 0.025 < P(B < 3) for B of Bin(10, 1/2).
    assert (median["interval"]["low"], median["interval"]["high"]) == (2.0, 55.0)
    assert (share["value"], share["distribution"]) == (0.5, {"top_box": 5, "other": 5})


async def test_a_ratio_is_of_totals_over_who_answered_both(api: Api) -> None:
    survey = await publish(api, questions=NUMBERS)
    pairs = [(0, 3), (1, 4), (0, 2), (2, 5), (1, 6), (0, 1)]
    sent = [{"answers": {"refunds": y, "orders": x}} for y, x in pairs] + [{"answers": {"orders": 100}}]
    await answer(api, survey.id, sent)

    await api.put("/v1/kpis/refund_rate", measured("ratio", "refunds", denominator="orders"), status=201)

    kpi = await value(api, "refund_rate", survey)
    assert (kpi["value"], kpi["answered"], kpi["excluded"]["missing"]) == (4 / 21, 6, 1)
    assert kpi["interval"]["method"] == "linearised_t"


async def test_answers_without_points_are_told_beside_the_mean(api: Api) -> None:
    survey = await publish(api, questions=NUMBERS)
    given = ["good"] * 4 + ["fair"] * 2 + ["poor"] * 2 + ["unsure"] * 3
    await answer(api, survey.id, [{"answers": {"quality": choice}} for choice in given])
    points = {"good": 100, "fair": 50, "poor": 0}

    await api.put("/v1/kpis/quality", measured("mean", "quality", "single_choice", points=points), status=201)

    kpi = await value(api, "quality", survey)
    assert (kpi["value"], kpi["answered"], kpi["excluded"]["unscored"]) == (62.5, 8, 3)
    assert kpi["asked"] == kpi["answered"] + sum(kpi["excluded"].values())


async def test_partial_responses_count_where_the_definition_says_so(api: Api) -> None:
    survey = await publish(api, questions=NUMBERS)
    complete = [{"answers": {"score": 5}}] * 6
    partial = [{"answers": {"score": 1}, "status": "partial"}] * 6
    await answer(api, survey.id, [*complete, *partial])

    await api.put("/v1/kpis/nps_five", NPS_ON_FIVE, status=201)
    without = await value(api, "nps_five", survey)
    await api.put(
        "/v1/kpis/nps_five", {**NPS_ON_FIVE, "counts_partials": True}, headers={"If-Match": '"1"'}, status=200
    )
    counted = await value(api, "nps_five", survey)

    assert (without["value"], without["excluded"]["partial"]) == (100.0, 6)
    assert (counted["value"], counted["excluded"]["partial"]) == (0.0, 0)
    assert counted["inclusion"].startswith("complete and partial responses")


async def test_of_each_known_respondent_one_response_can_count(api: Api) -> None:
    survey = await publish(api, questions=NUMBERS, confidentiality="pseudonymous")
    path = f"/v1/surveys/{survey.id}/responses"
    for person in range(6):
        for month, score in ((1, 5), (2, 3), (3, 1)):
            body = {
                "respondent": {"id": f"customer-{person}"},
                "submitted_at": f"2026-0{month}-10T10:00:00Z",
                "answers": {"score": score},
            }
            await api.post(path, body, status=201)
    await api.post(path, {"answers": {"score": 5}}, status=201)

    found = {}
    for take in ("all", "first", "latest"):
        await api.put(f"/v1/kpis/nps_{take}", {**NPS_ON_FIVE, "take": take}, status=201)
        found[take] = await value(api, f"nps_{take}", survey)
    until_march = await value(api, "nps_latest", survey, to="2026-03-01")

    assert [found[take]["answered"] for take in found] == [19, 7, 7]
    assert found["first"]["distribution"] == {"promoters": 7, "passives": 0, "detractors": 0}
    assert found["latest"]["distribution"] == {"promoters": 1, "passives": 0, "detractors": 6}
    assert until_march["distribution"] == {"promoters": 0, "passives": 0, "detractors": 6}


async def test_a_definition_may_ask_for_more_answers_than_the_organisation_does(api: Api) -> None:
    survey = await publish(api, questions=NUMBERS)
    await answer(api, survey.id, [{"answers": {"score": 5}}] * 19)

    await api.put("/v1/kpis/nps_five", {**NPS_ON_FIVE, "minimum_n": 20}, status=201)
    before = await value(api, "nps_five", survey)
    await answer(api, survey.id, [{"answers": {"score": 5}}])

    assert before["withheld"]
    assert (await value(api, "nps_five", survey))["value"] == 100.0


async def test_a_definition_that_contradicts_itself_is_refused(api: Api) -> None:
    refusals: list[tuple[Json, str]] = [
        ({**NPS_ON_FIVE, "groups": None}, "/groups"),
        ({**NPS_ON_FIVE, "groups": {"promoters": [5], "detractors": [5]}}, "/groups/detractors/0"),
        ({**NPS_ON_FIVE, "groups": {"promoters": [], "detractors": [1]}}, "/groups/promoters"),
        ({**NPS_ON_FIVE, "boxes": {"lowest": 5}}, "/boxes"),
        (measured("top_box", "minutes"), "/boxes"),
        (measured("top_box", "minutes", boxes={"lowest": 5, "highest": 1}), "/boxes/lowest"),
        (measured("mean", "quality", "single_choice"), "/points"),
        (measured("ratio", "refunds"), "/denominator"),
        (measured("median", "quality", "single_choice"), "/question_types"),
        (measured("share", "quality", "single_choice", question_types=[]), "/question_types"),
    ]
    for body, pointer in refusals:
        refused(await api.put("/v1/kpis/odd", body), 422, "invalid", pointer)
    await api.get("/v1/kpis/odd", status=404)


async def test_a_scale_that_the_definition_does_not_cover_is_refused(api: Api) -> None:
    seven = {"key": "score", "type": "rating", "scale": {"min": 1, "max": 7}, "text": "Recommend?"}
    survey = await publish(api, questions=[seven])
    await api.put("/v1/kpis/nps_five", NPS_ON_FIVE, status=201)

    answered = await api.get(f"/v1/kpis/nps_five/value?survey={survey.id}", status=422)

    refused(answered, 422, "invalid", "/query/question")
    assert answered.json()["errors"][0]["code"] == "scale_not_mapped"
