"""9: figures do not account for partial responses."""

from tests.support.api import Api
from tests.support.surveys import Json, publish

NPS: Json = {"name": "NPS", "unit": "points", "measure": "nps", "question_types": ["nps"], "question": "nps"}


async def test_09_every_figure_says_how_many_partials_it_has_and_what_it_left_out(api: Api) -> None:
    survey = await publish(api)
    items: list[Json] = [{"answers": {"nps": 10}} for _ in range(7)]
    items += [{"answers": {"nps": 0}, "status": "partial"} for _ in range(3)]
    items += [{"answers": {"nps": 0}, "status": "screened_out"} for _ in range(2)]
    items += [{"answers": {"wait": 3}}]
    await api.post(f"/v1/surveys/{survey.id}/responses/batch", {"items": items}, status=200)
    await api.put("/v1/kpis/nps_of_everybody", {**NPS, "counts_partials": True}, status=201)

    strict = (await api.get(f"/v1/kpis/nps/value?survey={survey.id}")).json()
    lenient = (await api.get(f"/v1/kpis/nps_of_everybody/value?survey={survey.id}")).json()

    assert _parts(strict) == (100.0, 7, 0, 6)
    assert _parts(lenient) == (40.0, 7, 3, 3)
    assert strict["inclusion"].startswith("complete responses")
    assert lenient["inclusion"].startswith("complete and partial responses")
    for kpi in (strict, lenient):
        assert kpi["n_complete"] + kpi["n_partial"] == kpi["answered"]
        assert kpi["n_excluded"] == sum(kpi["excluded"].values()) == kpi["asked"] - kpi["answered"]


def _parts(kpi: Json) -> tuple[object, ...]:
    return kpi["value"], kpi["n_complete"], kpi["n_partial"], kpi["n_excluded"]
