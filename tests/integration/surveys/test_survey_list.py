"""The list of surveys: newest first, by pages, filtered by state."""

from tests.support.api import Api
from tests.support.surveys import publish, survey_body


async def test_pages_hold_every_survey_once_newest_first(api: Api) -> None:
    made = [(await api.post("/v1/surveys", survey_body(), status=201)).json()["id"] for _ in range(5)]

    pages = [(await api.get("/v1/surveys?limit=2")).json()]
    while pages[-1]["next_cursor"]:
        pages.append((await api.get(f"/v1/surveys?limit=2&cursor={pages[-1]['next_cursor']}")).json())

    assert [survey["id"] for page in pages for survey in page["items"]] == made[::-1]
    assert len(pages) == 3


async def test_only_those_in_a_state(api: Api) -> None:
    survey = await publish(api, title={"de": "Ihr Besuch", "en": "Your visit"})
    await api.post("/v1/surveys", survey_body(), status=201)

    (found,) = (await api.get("/v1/surveys?state=published")).json()["items"]

    assert (found["id"], found["key"], found["title"]) == (survey.id, survey.key, "Your visit")
    assert (await api.get("/v1/surveys?state=closed")).json() == {"items": [], "next_cursor": None}
    await api.get("/v1/surveys?state=gone", status=422)


async def test_another_organisation_sees_none_of_them(api: Api, other_api: Api) -> None:
    await publish(api)

    assert (await other_api.get("/v1/surveys")).json()["items"] == []


async def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    for _ in range(2):
        await publish(api)
    cursor = (await api.get("/v1/surveys?limit=1")).json()["next_cursor"]
    of_features = (await api.get("/v1/features?limit=1")).json()["next_cursor"]

    for path in (
        f"/v1/surveys?state=published&cursor={cursor}",
        f"/v1/surveys?cursor={of_features}",
        f"/v1/features?cursor={cursor}",
        "/v1/surveys?cursor=bm9uc2Vuc2U",
    ):
        refused = await api.get(path, status=422)
        assert refused.json()["code"] == "invalid_cursor"
