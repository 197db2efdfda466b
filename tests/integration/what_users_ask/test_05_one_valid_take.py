"""5: of those who were disqualified first and answered again later, both were counted."""

from tests.support.api import Api
from tests.support.surveys import publish

STATUSES = ("screened_out", "over_quota", "invalid", "partial")


async def test_05_one_valid_take_of_each_respondent_counts_whatever_came_before(api: Api) -> None:
    survey = await publish(api)
    etag = (await api.get(f"/v1/surveys/{survey.id}")).headers["etag"]
    policy = {"responses_per_respondent": "first"}
    await api.put(f"/v1/surveys/{survey.id}/settings", policy, headers={"If-Match": etag}, status=200)
    items = []
    for person in range(8):
        respondent = {"respondent": {"id": f"person-{person}"}}
        status = STATUSES[person % len(STATUSES)]
        items += [
            {**respondent, "status": status, "submitted_at": "2026-03-01T10:00:00Z", "answers": {"nps": 0}},
            {**respondent, "submitted_at": "2026-03-02T10:00:00Z", "answers": {"nps": 10}},
            {**respondent, "submitted_at": "2026-03-03T10:00:00Z", "answers": {"nps": 5}},
        ]
    outcomes = (await api.post(f"/v1/surveys/{survey.id}/responses/batch", {"items": items}, status=200)).json()

    kpi = (await api.get(f"/v1/kpis/nps/value?survey={survey.id}")).json()

    assert outcomes["recorded"] == 24
    assert (kpi["answered"], kpi["value"]) == (8, 100.0)
    told = {name: kpi["excluded"][name] for name in STATUSES}
    assert told == {"screened_out": 2, "over_quota": 2, "invalid": 2, "partial": 2}
    assert kpi["asked"] == kpi["answered"] + sum(kpi["excluded"].values())


async def test_05_every_status_is_kept_and_can_be_listed(api: Api) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}/responses"
    for status in ("complete", *STATUSES):
        await api.post(path, {"status": status, "answers": {"nps": 9}}, status=201)

    for status in ("complete", *STATUSES):
        assert [row["status"] for row in (await api.get(f"{path}?status={status}")).json()["items"]] == [status]
