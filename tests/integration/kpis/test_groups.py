"""Every pair of groups as one family, and groups in an order that chance does not make."""

import pytest
from statsmodels.stats.multitest import multipletests

from tests.support.api import Api
from tests.support.cells import answer
from tests.support.refusals import refused
from tests.support.surveys import Json, PublishedSurvey, publish

SITES = [f"site_{number}" for number in range(6)]
ATTRIBUTES: list[Json] = [{"key": "site", "label": "Site", "values": SITES}]


async def heard(api: Api, scores: dict[str, list[int]]) -> PublishedSurvey:
    survey = await publish(api, attributes=ATTRIBUTES)
    sent = [
        {"answers": {"nps": score, "wait": 5 if score > 8 else 2}, "attributes": {"site": site}}
        for site, given in scores.items()
        for score in given
    ]
    await answer(api, survey.id, sent)
    return survey


async def test_pairs_of_groups_have_p_values_of_their_family(api: Api) -> None:
    survey = await heard(
        api,
        {
            "site_0": [10] * 30 + [0] * 10,
            "site_1": [10] * 28 + [0] * 12,
            "site_2": [10] * 5 + [0] * 35,
            "site_3": [10] * 2,
            "site_4": [10] * 3,
        },
    )
    path = f"/v1/kpis/nps/comparisons?survey={survey.id}&by=site"

    found = (await api.get(path)).json()
    holm = (await api.get(f"{path}&adjustment=holm")).json()

    assert [(pair["first"], pair["second"]) for pair in found["pairs"]] == [
        ("site_0", "site_1"),
        ("site_0", "site_2"),
        ("site_1", "site_2"),
    ]
    # Withheld for few answers, or empty.
    assert found["left_out"] == ["site_3", "site_4", "site_5"]
    raw = [pair["p_value"] for pair in found["pairs"]]
    assert [pair["adjusted_p_value"] for pair in found["pairs"]] == pytest.approx(
        list(multipletests(raw, method="fdr_bh")[1])
    )
    assert [pair["adjusted_p_value"] for pair in holm["pairs"]] == pytest.approx(
        list(multipletests(raw, method="holm")[1])
    )
    assert [pair["differ"] for pair in found["pairs"]] == [False, True, True]
    assert found["pairs"][0]["verdict"].startswith("No difference can be told at n = 40 and 40")


async def test_periods_are_compared_one_after_the_other(api: Api) -> None:
    survey = await publish(api)
    for month, score in ((1, 10), (2, 10), (3, 0)):
        moment = f"2026-0{month}-10T10:00:00Z"
        await answer(api, survey.id, [{"answers": {"nps": score}, "submitted_at": moment}] * 20)
        await answer(api, survey.id, [{"answers": {"nps": 8}, "submitted_at": moment}] * 10)

    found = (await api.get(f"/v1/kpis/nps/comparisons?survey={survey.id}&bucket=month")).json()

    assert [(pair["first"], pair["second"], pair["differ"]) for pair in found["pairs"]] == [
        ("2026-02-01", "2026-01-01", False),
        ("2026-03-01", "2026-02-01", True),
    ]


async def test_weighted_groups_are_compared_in_one_sample(api: Api) -> None:
    survey = await heard(api, {"site_0": [10] * 30 + [0] * 10, "site_1": [10] * 5 + [0] * 35})
    scheme = {"name": "Sites", "kind": "raking", "frame": {"margins": {"site": {"site_0": 0.2, "site_1": 0.8}}}}
    await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/sites", scheme, status=201)

    found = (
        await api.get(f"/v1/kpis/csat/comparisons?survey={survey.id}&question=wait&by=site&weighting=sites")
    ).json()

    (pair,) = found["pairs"]
    assert (pair["difference"], pair["test"], pair["differ"]) == (pytest.approx(0.625), "weighted_t", True)


async def test_a_small_group_does_not_lead_by_chance(api: Api) -> None:
    survey = await heard(
        api,
        {
            "site_0": [10] * 70 + [0] * 30,
            "site_1": [10] * 40 + [0] * 60,
            "site_2": [10] * 20 + [0] * 80,
            "site_3": [10] * 5,
            "site_4": [10] * 55 + [0] * 45,
        },
    )
    for kpi in ("nps?", "csat?question=wait&"):
        name, _, query = kpi.partition("?")
        found = (await api.get(f"/v1/kpis/{name}/ranking?{query}survey={survey.id}&by=site")).json()

        small = next(group for group in found["groups"] if group["group"] == "site_3")
        assert small["value"] == (100.0 if name == "nps" else 1.0)
        assert found["overall"] < small["shrunk"] < small["value"]
        assert found["differ"]
        assert {group["group"]: group["tier"] for group in found["groups"]}["site_2"] == 3
        assert [group["shrunk"] for group in found["groups"]] == sorted(
            (group["shrunk"] for group in found["groups"]), reverse=True
        )
        assert found["left_out"] == ["site_5"]


async def test_groups_that_do_not_differ_are_said_not_to(api: Api) -> None:
    survey = await heard(api, {site: [10] * 20 + [0] * 20 for site in SITES})

    found = (await api.get(f"/v1/kpis/nps/ranking?survey={survey.id}&by=site")).json()

    assert (found["differ"], {group["shrunk"] for group in found["groups"]}) == (False, {0.0})
    assert "chance" in found["verdict"]


async def test_what_cannot_be_compared_or_ranked_is_refused(api: Api) -> None:
    survey = await heard(api, {"site_0": [10] * 20})
    query = f"survey={survey.id}"

    refused(await api.get(f"/v1/kpis/nps/comparisons?{query}", status=422), 422, "invalid", "/query/by")
    refused(
        await api.get(f"/v1/kpis/nps/comparisons?{query}&by=site&bucket=month", status=422), 422, "invalid", "/query/by"
    )
    refused(await api.get(f"/v1/kpis/nps/comparisons?{query}&by=site", status=422), 422, "not_estimable")
    refused(await api.get(f"/v1/kpis/nps/ranking?{query}&by=site", status=422), 422, "not_estimable")
    refused(await api.get(f"/v1/kpis/responses/comparisons?{query}&by=site", status=422), 422, "not_estimable")
