"""Values, breakdowns and comparisons, as a caller gets them."""

from typing import Any

from feedback_core.kpis.calc import NpsCounts, net_promoter_score, proportion_interval
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.surveys import publish


def responses(n: int, **fields: Any) -> list[dict[str, Any]]:
    return [dict(fields) for _ in range(n)]


async def test_a_blank_score_is_not_a_promoter(api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, responses(6, answers={"nps": 9}) + responses(2, answers={"wait": 3}))

    kpi = (await api.get(f"/v1/kpis/nps/value?survey={survey.key}")).json()

    assert (kpi["value"], kpi["answered"], kpi["excluded"]["missing"]) == (100.0, 6, 2)


async def test_zero_is_a_detractor_and_the_parts_add_up(api: Api) -> None:
    survey = await publish(api)
    sent = [{"answers": {"nps": score}} for score in range(11) for _ in range(3)]
    sent += responses(4, answers={"nps": 10}, status="partial") + responses(
        2, answers={"nps": 10}, status="screened_out"
    )
    outcomes = await answer(api, survey.id, sent)
    await api.post(
        f"/v1/surveys/{survey.id}/responses/{outcomes[0]['id']}/exclude", {"reason": "a test order"}, status=200
    )

    kpi = (await api.get(f"/v1/kpis/nps/value?survey={survey.id}")).json()

    assert kpi["distribution"] == {"promoters": 6, "passives": 6, "detractors": 20}
    assert kpi["counts"]["0"] == 2
    assert kpi["excluded"] == {
        "missing": 0, "partial": 4, "flagged": 1, "suspect": 0, "screened_out": 2, "over_quota": 0, "invalid": 0,
        "unscored": 0,
    }  # fmt: skip
    assert kpi["asked"] == kpi["answered"] + sum(kpi["excluded"].values()) == 39
    expected = net_promoter_score(NpsCounts(6, 6, 20))
    assert expected.interval
    assert kpi["value"] == expected.value
    assert (kpi["interval"]["low"], kpi["interval"]["high"]) == (expected.interval.low, expected.interval.high)


async def test_csat_is_the_share_in_the_top_boxes_with_a_wilson_interval(api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, [{"answers": {"wait": score}} for score in (1, 2, 3, 4, 5) for _ in range(4)])

    kpi = (await api.get(f"/v1/kpis/csat/value?survey={survey.id}&question=wait")).json()

    wilson = proportion_interval(8, 20)
    assert kpi["value"] == 0.4
    assert kpi["interval"] == {"low": wilson.low, "high": wilson.high, "level": 0.95, "method": "wilson"}


async def test_mean_ces_and_share_of_a_choice(api: Api) -> None:
    survey = await publish(api)
    await answer(
        api,
        survey.id,
        responses(6, answers={"ease": 7, "used": ["web"]}) + responses(4, answers={"ease": 2, "used": ["app", "web"]}),
    )

    ces = (await api.get(f"/v1/kpis/ces/value?survey={survey.id}")).json()
    mean = (await api.get(f"/v1/kpis/mean/value?survey={survey.id}&question=ease")).json()
    share = (await api.get(f"/v1/kpis/share/value?survey={survey.id}&question=used&choice=app")).json()
    count = (await api.get(f"/v1/kpis/responses/value?survey={survey.id}")).json()

    assert ces["value"] == mean["value"] == 5.0
    assert share["value"] == 0.4
    assert share["distribution"] == {"chosen": 4, "not_chosen": 6}
    assert (count["value"], count["interval"]) == (10.0, None)


async def test_a_figure_of_too_few_is_withheld_and_its_complement_too(api: Api) -> None:
    survey = await publish(api)
    north = responses(20, answers={"nps": 9}, attributes={"region": "north"})
    await answer(api, survey.id, north + responses(3, answers={"nps": 0}, attributes={"region": "south"}))
    base = f"/v1/kpis/nps/value?survey={survey.id}"

    few = (await api.get(f"{base}&where=region:south")).json()
    others = (await api.get(f"{base}&where=region:north")).json()
    everybody = (await api.get(base)).json()
    groups = (await api.get(f"/v1/kpis/nps/breakdown?survey={survey.id}&by=region")).json()["groups"]

    assert few["withheld"]
    assert few["n"] is None
    assert few["counts"] is None
    assert others["withheld"], "the whole less the north would give the south away"
    assert everybody["n"] == 23
    assert [(group["group"], group["withheld"]) for group in groups] == [("north", True), ("south", True)]


async def test_nobody_and_too_few_look_different(api: Api) -> None:
    survey = await publish(api)
    empty = (await api.get(f"/v1/kpis/nps/value?survey={survey.id}")).json()
    await answer(api, survey.id, responses(2, answers={"nps": 9}))
    few = (await api.get(f"/v1/kpis/nps/value?survey={survey.id}")).json()

    assert (empty["withheld"], empty["value"], empty["n"]) == (False, None, 0)
    assert (few["withheld"], few["value"], few["n"]) == (True, None, None)


async def test_a_breakdown_shows_every_declared_group_and_the_unknown_one(api: Api) -> None:
    survey = await publish(api)
    await answer(
        api,
        survey.id,
        responses(6, answers={"nps": 9}, attributes={"region": "north"}) + responses(7, answers={"nps": 3}),
    )

    groups = (await api.get(f"/v1/kpis/nps/breakdown?survey={survey.id}&by=region")).json()["groups"]
    methods = (await api.get(f"/v1/kpis/nps/breakdown?survey={survey.id}&by=method")).json()["groups"]

    assert [(group["group"], group["n"], group["value"]) for group in groups] == [
        ("north", 6, 100.0), ("south", 0, None), (None, 7, -100.0),
    ]  # fmt: skip
    assert [(group["group"], group["n"]) for group in methods] == [("online_questionnaire", 13)]


async def test_two_groups_and_two_periods_are_compared_with_a_test(api: Api) -> None:
    survey = await publish(api)
    await answer(
        api,
        survey.id,
        responses(40, answers={"nps": 9}, attributes={"region": "north"}, submitted_at="2026-01-10T12:00:00Z")
        + responses(40, answers={"nps": 3}, attributes={"region": "south"}, submitted_at="2026-02-10T12:00:00Z"),
    )
    base = f"/v1/kpis/nps/compare?survey={survey.id}"

    groups = (await api.get(f"{base}&by=region&first=north&second=south")).json()
    periods = (
        await api.get(f"{base}&from=2026-01-01&to=2026-02-01&versus_from=2026-02-01&versus_to=2026-03-01")
    ).json()
    unclear = await api.get(f"{base}&by=region", status=422)

    for found in (groups, periods):
        assert found["comparison"]["difference"] == 200.0
        assert found["comparison"]["beyond_sampling_error"] is True
        assert "sampling error" in found["comparison"]["verdict"]
    assert unclear.json()["errors"][0]["code"] == "unclear_comparison"


async def test_what_does_not_fit_is_refused_with_a_pointer(api: Api) -> None:
    survey = await publish(api)
    for query, pointer in {
        "nps/value?survey={id}&question=wait": "/query/question",
        "mean/value?survey={id}": "/query/question",
        "share/value?survey={id}&question=used&choice=fax": "/query/choice",
        "nps/value?survey={id}&item=staff": "/query/item",
        "nps/value?survey={id}&where=colour:red": "/query/where",
        "nps/value?survey={id}&where=region:east": "/query/where",
        "nps/value?survey={id}&tz=Mars/Olympus": "/query/tz",
        "nps/value?survey={id}&from=2026-02-01&to=2026-01-01": "/query/to",
        "nps/value?survey={id}&from=yesterday": "/query/from",
        "nps/value?survey={id}&level=2": "/query/level",
        "nps/series?survey={id}&bucket=day&from=1971-01-01&to=2199-01-01": "/query/bucket",
        "nps/breakdown?survey={id}&by=colour": "/query/by",
    }.items():
        refused = await api.get(f"/v1/kpis/{query.format(id=survey.id)}", status=422)
        assert refused.json()["errors"][0]["pointer"] == pointer, query
    await api.get("/v1/kpis/happiness/value?survey=x", status=404)
    await api.get("/v1/kpis/nps/value?survey=nowhere", status=404)


async def test_csv_for_who_asks_for_it(api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, responses(6, answers={"nps": 9}, attributes={"region": "north"}))

    value = await api.get(f"/v1/kpis/nps/value?survey={survey.id}", headers={"Accept": "text/csv"})
    groups = await api.get(f"/v1/kpis/nps/breakdown?survey={survey.id}&by=region", headers={"Accept": "text/csv"})

    header, line = value.text.strip().split("\r\n")
    fields = dict(zip(header.split(","), line.split(","), strict=False))
    assert value.headers["content-type"].startswith("text/csv")
    assert (fields["kpi"], fields["value"], fields["n"]) == ("nps", "100.0", "6")
    assert len(groups.text.strip().split("\r\n")) == 3
