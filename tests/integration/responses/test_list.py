"""Reading responses back: in order, page by page, by time, by status, by what was decided."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.support.api import Api
from tests.support.responses import batch, decide, give, listed, read, recorded, responses_of
from tests.support.surveys import PublishedSurvey, publish


def _ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


def _now() -> str:
    return datetime.now(UTC).isoformat()


async def test_pages_follow_one_another_without_gap_or_repetition(api: Api, survey: PublishedSurvey) -> None:
    given = _ids((await batch(api, survey, [{"answers": {"nps": 5}} for _ in range(23)]))["items"])
    found: list[str] = []
    cursor: str | None = None
    sizes: list[int] = []
    while cursor or not sizes:
        query = {"limit": 5, **({"cursor": cursor} if cursor else {})}
        page = (await api.get(responses_of(survey), params=query)).json()
        found += _ids(page["items"])
        sizes.append(len(page["items"]))
        cursor = page["next_cursor"]

    assert sizes == [5, 5, 5, 5, 3]
    assert found == sorted(given)


async def test_the_last_page_says_so(api: Api, survey: PublishedSurvey) -> None:
    await recorded(api, survey)

    page = (await api.get(responses_of(survey), params={"limit": 1})).json()

    assert len(page["items"]) == 1
    assert page["next_cursor"] is None


async def test_a_cursor_of_another_query_is_refused(api: Api, survey: PublishedSurvey) -> None:
    await batch(api, survey, [{"answers": {}}, {"answers": {}}])
    other = await publish(api)
    cursor = (await api.get(responses_of(survey), params={"limit": 1})).json()["next_cursor"]

    await api.get(responses_of(survey), params={"cursor": cursor})
    for path, query in (
        (responses_of(other), {"cursor": cursor}),
        (responses_of(survey), {"cursor": cursor, "status": "complete"}),
        (responses_of(survey), {"cursor": cursor, "excluded": "false"}),
        (responses_of(survey), {"cursor": cursor[:-4]}),
        (responses_of(survey), {"cursor": "WyJ4Il0"}),
    ):
        refused = await api.get(path, params=query, status=422)
        assert refused.json()["code"] == "invalid_cursor"


async def test_from_is_in_and_to_is_out(api: Api, survey: PublishedSurvey) -> None:
    days = {day: await recorded(api, survey, submitted_at=f"2026-03-0{day}T00:00:00Z") for day in (1, 2, 3)}

    async def between(**query: str) -> list[str]:
        return _ids(await listed(api, survey, **query))

    assert await between(**{"from": "2026-03-02T00:00:00Z"}) == [days[2], days[3]]
    assert await between(to="2026-03-02T00:00:00Z") == [days[1]]
    assert await between(**{"from": "2026-03-01T01:00:00+01:00", "to": "2026-03-03T00:00:00Z"}) == [days[1], days[2]]
    assert await between(**{"from": "0001-01-01T00:00:00+14:00", "to": "9999-12-31T23:59:59-14:00"}) == [*days.values()]


async def test_status_and_exclusion_can_be_asked_for(api: Api, survey: PublishedSurvey) -> None:
    whole = await recorded(api, survey)
    part = await recorded(api, survey, status="partial")
    out = await recorded(api, survey, status="screened_out")
    await decide(api, survey, part, "exclude")

    assert _ids(await listed(api, survey, status="partial")) == [part]
    assert _ids(await listed(api, survey, excluded=True)) == [part]
    assert _ids(await listed(api, survey, excluded=False)) == [whole, out]
    assert [row["excluded"] for row in await listed(api, survey)] == [False, True, False]


async def test_updated_since_finds_the_received_the_excluded_and_the_restored(
    api: Api, survey: PublishedSurvey
) -> None:
    untouched, excluded, restored = [await recorded(api, survey) for _ in range(3)]
    await decide(api, survey, restored, "exclude")
    moment = _now()
    await decide(api, survey, excluded, "exclude")
    await decide(api, survey, restored, "restore")
    new = await recorded(api, survey, submitted_at="2020-01-01T00:00:00Z")

    found = await listed(api, survey, updated_since=moment)
    first = (await api.get(responses_of(survey), params={"updated_since": moment, "limit": 2})).json()
    rest = await listed(api, survey, updated_since=moment, limit=2, cursor=first["next_cursor"])

    assert _ids(found) == [excluded, restored, new]
    assert _ids(first["items"]) + _ids(rest) == [excluded, restored, new]
    assert untouched not in _ids(found)
    assert len(await listed(api, survey, updated_since="0001-01-01T00:00:00+14:00")) == 4
    assert _ids(await listed(api, survey, updated_since=moment, excluded=True)) == [excluded]
    assert await listed(api, survey, updated_since=_now()) == []


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 1001},
        {"limit": "many"},
        {"from": "yesterday"},
        {"from": "2026-03-01T10:00:00"},
        {"to": "1767225600"},
        {"updated_since": "2026-03-01"},
        {"status": "abandoned"},
        {"excluded": "perhaps"},
        {"colour": "red"},
        {"cursor": "!"},
    ],
)
async def test_a_wrong_query_is_named(api: Api, survey: PublishedSurvey, query: dict[str, Any]) -> None:
    refused = await api.get(responses_of(survey), params=query, status=422)

    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/query/{name}" for name in query]


async def test_no_answer_is_ever_kept_by_a_cache(api: Api, survey: PublishedSurvey) -> None:
    response_id = await recorded(api, survey)

    for path in (responses_of(survey), f"{responses_of(survey)}/{response_id}"):
        assert (await api.get(path)).headers["Cache-Control"] == "private, no-store"


async def test_a_response_is_found_only_under_its_own_survey(api: Api, survey: PublishedSurvey) -> None:
    other = await publish(api)
    response_id = await recorded(api, survey)

    await api.get(f"{responses_of(other)}/{response_id}", status=404)
    await api.get(f"{responses_of(survey)}/{uuid4()}", status=404)
    await api.get(f"/v1/surveys/{uuid4()}/responses", status=404)
    assert (await decide(api, other, response_id, "exclude")).status_code == 404
    assert (await decide(api, other, response_id, "erase")).status_code == 404
    assert (await read(api, survey, response_id))["exclusions"] == []


async def test_a_list_shows_answers_as_one_response_does(api: Api, survey: PublishedSurvey) -> None:
    response_id = await recorded(api, survey, answers={"staff": {"phone": 2, "desk": 5}, "used": ["app", "web"]})
    one = await read(api, survey, response_id)
    (row,) = await listed(api, survey)

    assert row == {key: value for key, value in one.items() if key != "exclusions"}


async def test_a_respondent_has_the_same_code_in_every_response(api: Api, survey: PublishedSurvey) -> None:
    for respondent in ({"id": "7"}, {"id": "7", "name": "Ada"}, {"id": "8"}):
        await give(api, survey, respondent=respondent)

    first, second, third = [row["respondent_ref"] for row in await listed(api, survey)]
    assert first == second != third
