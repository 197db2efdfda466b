"""Batches: each item is judged by itself, and what was taken is there."""

from typing import Any

import pytest

from tests.support.api import Api
from tests.support.responses import batch, give, listed, recorded, responses_of
from tests.support.surveys import Json, PublishedSurvey


def _item(number: int, **fields: Any) -> Json:
    return {"external_id": f"crm-{number}", "answers": {"nps": number % 11}, **fields}


async def test_each_item_has_its_own_outcome(api: Api, survey: PublishedSurvey) -> None:
    known = await recorded(api, survey, **_item(0))

    answer = await batch(
        api,
        survey,
        [
            _item(0),
            _item(1),
            {"answers": {"nps": 11, "mood": 1}, "submitted_at": "0001-01-01T00:00:00Z"},
            _item(0, method="sms"),
            "not an object",
            {"answers": {}, "external_id": "a\0b", "colour": "red"},
            {"answers": {"nps": 3}, "respondent": {"email": "a@b.c"}, "confidentiality": "anonymous"},
        ],
    )

    assert [item["index"] for item in answer["items"]] == list(range(7))
    assert [item["status"] for item in answer["items"]] == ["duplicate", "recorded", *["rejected"] * 5]
    assert (answer["recorded"], answer["duplicate"], answer["rejected"]) == (1, 1, 5)
    assert answer["items"][0]["id"] == known
    pointers = [{error["pointer"]: error["code"] for error in item["errors"]} for item in answer["items"]]
    assert pointers[:2] == [{}, {}]
    assert pointers[2] == {
        "/items/2/submitted_at": "too_early",
        "/items/2/answers/nps": "off_scale",
        "/items/2/answers/mood": "unknown_question",
    }
    assert pointers[3] == {"/items/3/external_id": "external_id_reused"}
    assert list(pointers[4]) == ["/items/4"]
    assert set(pointers[5]) == {"/items/5/external_id", "/items/5/colour"}
    assert pointers[6] == {"/items/6/respondent": "identity_not_allowed"}
    assert {row["id"] for row in await listed(api, survey)} == {known, answer["items"][1]["id"]}


async def test_duplicates_within_one_batch_are_settled_too(api: Api, survey: PublishedSurvey) -> None:
    answer = await batch(api, survey, [_item(1, method="fax"), _item(1), _item(2), _item(1), _item(1, method="sms")])

    statuses = [item["status"] for item in answer["items"]]
    assert statuses == ["rejected", "recorded", "recorded", "duplicate", "rejected"]
    assert answer["items"][3]["id"] == answer["items"][1]["id"]
    assert answer["items"][4]["errors"][0]["code"] == "external_id_reused"
    assert len(await listed(api, survey)) == 2


async def test_a_duplicate_in_the_batch_of_one_that_is_known_is_held_against_the_known_one(
    api: Api, survey: PublishedSurvey
) -> None:
    known = await recorded(api, survey, **_item(1))

    answer = await batch(api, survey, [_item(1, method="sms"), _item(1)])

    assert [item["status"] for item in answer["items"]] == ["rejected", "duplicate"]
    assert answer["items"][1]["id"] == known


async def test_a_batch_sent_again_adds_nothing(api: Api, survey: PublishedSurvey) -> None:
    items = [_item(number) for number in range(50)]
    first, second = await batch(api, survey, items), await batch(api, survey, items)

    assert (first["recorded"], second["recorded"], second["duplicate"]) == (50, 0, 50)
    assert [item["id"] for item in first["items"]] == [item["id"] for item in second["items"]]
    assert len(await listed(api, survey)) == 50


async def test_a_batch_with_an_idempotency_key_gets_its_first_answer_again(api: Api, survey: PublishedSurvey) -> None:
    path, headers = f"{responses_of(survey)}/batch", {"Idempotency-Key": "batch-1"}
    body = {"items": [{"answers": {"nps": 9}}, {"answers": {"nps": 99}}]}

    first = await api.post(path, body, headers=headers, status=200)
    again = await api.post(path, body, headers=headers, status=200)
    other = await api.post(path, {"items": [{"answers": {"nps": 8}}]}, headers=headers)

    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(await listed(api, survey)) == 1


async def test_a_thousand_items_are_taken(api: Api, survey: PublishedSurvey) -> None:
    answer = await batch(api, survey, [_item(number, attributes={"region": "north"}) for number in range(1000)])

    assert answer["recorded"] == 1000
    page = await api.get(responses_of(survey), params={"limit": 1000})
    assert {row["external_id"] for row in page.json()["items"]} == {f"crm-{number}" for number in range(1000)}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"items": [{"answers": {}}] * 1001}, "/items"),
        ({"items": []}, "/items"),
        ({"items": {"answers": {}}}, "/items"),
        ({}, "/items"),
        ({"items": [{"answers": {}}], "mode": "fast"}, "/mode"),
        ([{"answers": {}}], ""),
    ],
)
async def test_a_wrong_envelope_is_refused_whole(api: Api, survey: PublishedSurvey, body: Any, pointer: str) -> None:
    refused = await api.post(f"{responses_of(survey)}/batch", body, status=422)

    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert await listed(api, survey) == []


async def test_a_single_response_and_a_batch_know_each_other(api: Api, survey: PublishedSurvey) -> None:
    (item,) = (await batch(api, survey, [_item(1)]))["items"]
    again = await give(api, survey, **_item(1))

    assert (again.status_code, again.json()["id"]) == (200, item["id"])


async def test_of_an_item_with_very_many_faults_the_first_are_named(api: Api, survey: PublishedSurvey) -> None:
    (item,) = (await batch(api, survey, [{"answers": {f"unknown_{number}": 1 for number in range(90)}}]))["items"]

    assert [error["pointer"] for error in item["errors"]] == [f"/items/0/answers/unknown_{n}" for n in range(20)]
