"""Surveys of staff: stricter than those of customers, from before the first answer to the last figure."""

from tests.support.api import Api
from tests.support.cells import answer
from tests.support.people import staff_survey
from tests.support.surveys import publish, survey_body


async def test_figures_from_fewer_than_ten_of_the_staff_are_withheld(api: Api) -> None:
    staff, customers = await staff_survey(api), await publish(api)
    for survey in (staff, customers):
        await answer(api, survey.id, [{"answers": {"nps": 9 if n % 2 else 3}} for n in range(9)])

    asked = {"survey": staff.id}
    withheld = (await api.get("/v1/kpis/nps/value", params=asked)).json()
    shown = (await api.get("/v1/kpis/nps/value", params={"survey": customers.id})).json()
    await answer(api, staff.id, [{"answers": {"nps": 9}}])

    assert (withheld["value"], shown["n"]) == (None, 9)
    assert (await api.get("/v1/kpis/nps/value", params=asked)).json()["n"] == 10


async def test_so_are_tables_of_them(api: Api) -> None:
    staff, customers = await staff_survey(api), await publish(api)
    for survey, attribute in ((staff, "desk"), (customers, "region")):
        given = [{"attributes": {attribute: "north"}, "answers": {"nps": 9 if n % 2 else 3}} for n in range(9)]
        await answer(api, survey.id, given)

    def crossed(survey_id: str, attribute: str) -> str:
        return f"/v1/surveys/{survey_id}/cross-tab?rows=nps&columns={attribute}"

    withheld = (await api.get(crossed(staff.id, "desk"))).json()
    shown = (await api.get(crossed(customers.id, "region"))).json()
    assert (withheld["n"], shown["n"]) == (None, 9)


async def test_staff_are_never_asked_who_they_are(api: Api) -> None:
    made = await api.post("/v1/surveys", survey_body(confidentiality="identified"), status=201)
    path, tag = f"/v1/surveys/{made.json()['id']}", made.headers["ETag"]

    refused = await api.put(f"{path}/settings", {"audience": "staff"}, headers={"If-Match": tag})

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "staff_not_identified")
    strict = await api.put(f"{path}/confidentiality", {"confidentiality": "pseudonymous"}, headers={"If-Match": tag})
    staff = await api.put(f"{path}/settings", {"audience": "staff"}, headers={"If-Match": strict.headers["ETag"]})
    assert staff.json()["settings"]["audience"] == "staff"
    loose = {"confidentiality": "identified"}
    loosened = await api.put(f"{path}/confidentiality", loose, headers={"If-Match": staff.headers["ETag"]})
    assert loosened.json()["errors"][0]["code"] == "staff_not_identified"


async def test_an_audience_stays_once_it_was_asked(api: Api) -> None:
    for survey, other in ((await staff_survey(api), "customers"), (await publish(api), "staff")):
        path = f"/v1/surveys/{survey.id}"
        tag = {"If-Match": (await api.get(path)).headers["ETag"]}
        refused = await api.put(f"{path}/settings", {"audience": other}, headers=tag)
        assert (refused.status_code, refused.json()["code"]) == (409, "audience_fixed")
        kept = await api.put(f"{path}/settings", {"auto_close_after_hours": 48}, headers=tag, status=200)
        assert kept.json()["settings"]["audience"] != other


async def test_nobody_of_the_staff_is_followed_up(api: Api) -> None:
    staff = await staff_survey(api)
    rule = {"scores": [{"question": "nps", "at_or_below": 6}]}
    refused = await api.put(f"/v1/surveys/{staff.id}/case-rule", rule, status=422)
    assert refused.json()["errors"][0]["code"] == "staff_not_followed_up"
