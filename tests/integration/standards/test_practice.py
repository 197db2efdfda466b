"""Benchmarks and practice notes: with source and date, and one's own figures beside them."""

from typing import Any

import pytest

from tests.support.api import Api
from tests.support.standards import Json, standard, surveyed, waits

OTHERS: Json = {
    "name": "Offices of the region",
    "figure": 0.6,
    "n": 500,
    "source": "Yearbook 2025, table 12",
    "published_on": "2025-11-03",
    "sector": "Public offices",
    "comparability": "Same question; asked by telephone.",
    "standard": "short_wait",
}
NOTE: Json = {
    "title": "Tell people how long it will be",
    "text": "A board shows the expected wait.",
    "source": "Journal of service research, 12 (3)",
    "dated": "2024-05-01",
    "sector": "Hospitals",
    "standard": "short_wait",
}


async def agreed(api: Api, good: int = 160, poor: int = 40) -> None:
    survey = await surveyed(api, waits(good, poor))
    await api.put("/v1/standards/short_wait", standard(survey.id), status=201)


async def test_m1_2_benchmarks_and_practice_notes_stand_beside_ones_own_figure(api: Api) -> None:
    await agreed(api)
    await api.put("/v1/benchmarks/offices", OTHERS, status=201)
    await api.put(
        "/v1/benchmarks/unsure",
        {**OTHERS, "n": None, "interval": {"low": 0.5, "high": 0.85}, "figure": 0.7},
        status=201,
    )
    await api.put("/v1/benchmarks/elsewhere", {**OTHERS, "standard": None}, status=201)
    await api.put("/v1/practice-notes/board", NOTE, status=201)

    found = (await api.get("/v1/standards/short_wait/verdict")).json()

    offices, unsure = found["benchmarks"]
    assert (offices["key"], offices["beside"], offices["basis"]) == ("offices", "better", "both_intervals")
    assert offices["difference"] == pytest.approx(0.2)
    assert offices["interval"]["low"] > 0
    assert {name: offices[name] for name in ("source", "published_on", "sector", "comparability")} == {
        name: OTHERS[name] for name in ("source", "published_on", "sector", "comparability")
    }
    assert (unsure["key"], unsure["beside"]) == ("unsure", "no_difference_shown")
    (note,) = found["practice_notes"]
    assert {name: note[name] for name in NOTE} == NOTE


@pytest.mark.parametrize(("path", "body"), [("benchmarks", OTHERS), ("practice-notes", NOTE)])
async def test_they_are_put_by_key_edited_listed_and_deleted(api: Api, path: str, body: dict[str, Any]) -> None:
    await agreed(api)
    made = await api.put(f"/v1/{path}/first", body, status=201)
    await api.put(f"/v1/{path}/second", {**body, "standard": None}, status=201)

    await api.put(f"/v1/{path}/first", body, status=428)
    edited = await api.put(f"/v1/{path}/first", {**body, "sector": "All"}, status=200, headers={"If-Match": '"1"'})
    await api.put(f"/v1/{path}/first", body, status=412, headers={"If-Match": '"1"'})
    page = (await api.get(f"/v1/{path}?limit=1")).json()
    rest = (await api.get(f"/v1/{path}?limit=1&cursor={page['next_cursor']}")).json()
    of_standard = (await api.get(f"/v1/{path}?standard=short_wait")).json()["items"]

    assert {name: made.json()[name] for name in body} == body
    assert edited.json()["sector"] == "All"
    assert (await api.get(f"/v1/{path}/first")).headers["ETag"] == '"2"'
    assert [each["key"] for each in (*page["items"], *rest["items"])] == ["first", "second"]
    assert [each["key"] for each in of_standard] == ["first"]
    await api.call("DELETE", f"/v1/{path}/first", status=204)
    await api.get(f"/v1/{path}/first", status=404)
    await api.call("DELETE", f"/v1/{path}/first", status=404)


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"figure": 74}, "/figure", "off_scale"),
        ({"standard": "nothing"}, "/standard", "unknown_standard"),
        ({"interval": {"low": 0.7, "high": 0.8}}, "/interval", "out_of_order"),
        ({"n": 0}, "/n", "greater_than_equal"),
        ({"published_on": "last year"}, "/published_on", "value_error"),
        ({"comparability": " "}, "/comparability", "value_error"),
    ],
)
async def test_a_benchmark_that_cannot_be_compared_is_refused(
    api: Api, more: dict[str, Any], pointer: str, code: str
) -> None:
    await agreed(api)

    refused = await api.put("/v1/benchmarks/offices", {**OTHERS, **more}, status=422)

    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [(pointer, code)]


async def test_a_note_on_no_standard_is_refused(api: Api) -> None:
    refused = await api.put("/v1/practice-notes/board", NOTE, status=422)

    assert refused.json()["errors"][0]["code"] == "unknown_standard"


async def test_another_organisations_are_not_there(api: Api, other_api: Api) -> None:
    await agreed(api)
    await api.put("/v1/benchmarks/offices", OTHERS, status=201)

    await other_api.get("/v1/benchmarks/offices", status=404)
    assert (await other_api.get("/v1/benchmarks")).json()["items"] == []
