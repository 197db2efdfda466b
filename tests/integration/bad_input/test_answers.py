"""What a customer cannot have said: one by one, and as an item between two good ones."""

import json
from typing import Any

import httpx
import pytest

from tests.integration.bad_input.conftest import Unharmed
from tests.support.refusals import refused
from tests.support.seeded import Seeded

Json = dict[str, Any]

# What is said beside `nps: 9`, where it is wrong, and how that is called.
WRONG: dict[str, tuple[Json, str, str]] = {
    "a score as text": ({"answers": {"nps": "9"}}, "/answers/nps", "wrong_type"),
    "a score as true": ({"answers": {"nps": True}}, "/answers/nps", "wrong_type"),
    "a score in a list": ({"answers": {"nps": [9]}}, "/answers/nps", "wrong_type"),
    "a score as an object": ({"answers": {"nps": {"value": 9}}}, "/answers/nps", "wrong_type"),
    "a score with a fraction": ({"answers": {"nps": 9.5}}, "/answers/nps", "off_scale"),
    "a score above the scale": ({"answers": {"nps": 11}}, "/answers/nps", "off_scale"),
    "a score below the scale": ({"answers": {"wait": 0}}, "/answers/wait", "off_scale"),
    "a score of 400 digits": ({"answers": {"nps": 10**400}}, "/answers/nps", "off_scale"),
    "a score of 300 digits": ({"answers": {"nps": 1e300}}, "/answers/nps", "off_scale"),
    "a choice as text": ({"answers": {"used": "web"}}, "/answers/used", "wrong_type"),
    "an unknown choice": ({"answers": {"used": ["fax"]}}, "/answers/used/0", "unknown_choice"),
    "a choice twice": ({"answers": {"used": ["web", "web"]}}, "/answers/used/1", "duplicate_choice"),
    "a text as a number": ({"answers": {"why": 7}}, "/answers/why", "wrong_type"),
    "a text with NUL": ({"answers": {"why": "a\x00b"}}, "/answers/why", "nul_character"),
    "half a surrogate pair": ({"answers": {"why": "\ud800"}}, "/answers/why", "lone_surrogate"),
    "a text of a megabyte": ({"answers": {"why": "a" * 10**6}}, "/answers/why", "too_long"),
    "an unknown question": ({"answers": {"colour": 1}}, "/answers/colour", "unknown_question"),
    "a question with NUL": ({"answers": {"n\x00ps": 1}}, "/answers/n\x00ps", "unknown_question"),
    "an unknown attribute": ({"attributes": {"shoe": "9"}}, "/attributes/shoe", "unknown_attribute"),
    "an unknown value": ({"attributes": {"region": "east"}}, "/attributes/region", "unknown_value"),
    "an attribute as a number": ({"attributes": {"region": 1}}, "/attributes/region", "wrong_type"),
    "a day to come": ({"submitted_at": "2999-01-01T00:00:00Z"}, "/submitted_at", "in_the_future"),
    "the year 1": ({"submitted_at": "0001-01-01T00:00:00Z"}, "/submitted_at", "too_early"),
    "the year 1, east of Greenwich": ({"submitted_at": "0001-01-01T00:00:00+14:00"}, "/submitted_at", "too_early"),
    "the year 9999, west of it": ({"submitted_at": "9999-12-31T23:59:59-14:00"}, "/submitted_at", "in_the_future"),
    "a time without a zone": ({"submitted_at": "2026-03-01T10:00:00"}, "/submitted_at", "zone_missing"),
    "the 30th of February": ({"submitted_at": "2026-02-30T10:00:00Z"}, "/submitted_at", "datetime_from_date_parsing"),
    "seconds since 1970": ({"submitted_at": 1772359200}, "/submitted_at", "value_error"),
    "an unknown method": ({"method": "pigeon"}, "/method", "enum"),
    "an unknown status": ({"status": "almost"}, "/status", "enum"),
    "an external id with NUL": ({"external_id": "a\x00b"}, "/external_id", "string_pattern_mismatch"),
    "an empty external id": ({"external_id": ""}, "/external_id", "string_too_short"),
    "an external id as a number": ({"external_id": 7}, "/external_id", "string_type"),
    "a respondent with NUL": ({"respondent": {"id": "a\x00b"}}, "/respondent/id", "string_pattern_mismatch"),
    "an unknown field": ({"col/our": "red"}, "/col~1our", "extra_forbidden"),
    "answers in a list": ({"answers": []}, "/answers", "dict_type"),
}


def said(wrong: Json) -> Json:
    """A good response, and what is wrong."""
    answers = wrong.get("answers", {})
    return {**wrong, "answers": {"nps": 9, **answers} if isinstance(answers, dict) else answers}


def path_of(seeded: Seeded) -> str:
    return f"/v1/surveys/{seeded.survey.id}/responses"


async def send(seeded: Seeded, path: str, body: Json) -> httpx.Response:
    """In ASCII, so that halves of characters can be sent, too."""
    headers = {"Content-Type": "application/json"}
    return await seeded.api.call("POST", path, content=json.dumps(body), headers=headers)


@pytest.mark.parametrize(("wrong", "pointer", "code"), WRONG.values(), ids=list(WRONG))
async def test_what_cannot_have_been_said_is_refused(
    wrong: Json, pointer: str, code: str, seeded: Seeded, unharmed: Unharmed
) -> None:
    async with unharmed():
        answer = await send(seeded, path_of(seeded), said(wrong))

        refused(answer, 422, "invalid", pointer)
        assert answer.json()["errors"][0]["code"] == code


@pytest.mark.parametrize(("wrong", "pointer", "code"), WRONG.values(), ids=list(WRONG))
async def test_between_others_it_alone_is_rejected(
    wrong: Json, pointer: str, code: str, seeded: Seeded, unharmed: Unharmed
) -> None:
    known = {"external_id": "crm-7", "submitted_at": "2025-08-15T10:00:00Z", "attributes": {"region": "north"}}
    answers = {"nps": 7, "wait": 3, "ease": 1, "used": ["web"], "orders": 5, "refunds": 1}
    duplicate = {**known, "answers": answers}

    async with unharmed():
        items = [duplicate, said(wrong), duplicate]
        answer = await send(seeded, f"{path_of(seeded)}/batch", {"items": items})

        assert answer.status_code == 200, answer.text
        first, item, last = answer.json()["items"]
        assert [first["status"], item["status"], last["status"]] == ["duplicate", "rejected", "duplicate"]
        assert first["id"] == last["id"]
        assert [(fault["pointer"], fault["code"]) for fault in item["errors"]] == [(f"/items/1{pointer}", code)]


@pytest.mark.parametrize("deep", [50, 500, 900])
async def test_an_answer_nested_deep_is_refused(deep: int, seeded: Seeded, unharmed: Unharmed) -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        nested = opening * deep + "1" + closing * deep
        for field in ("answers", "attributes"):
            name = "nps" if field == "answers" else "region"
            body = f'{{"answers": {{}}, "{field}": {{"{name}": {nested}}}}}'.replace(
                '"answers": {}, "answers"', '"answers"'
            )
            headers = {"Content-Type": "application/json"}
            async with unharmed():
                answer = await seeded.api.call("POST", path_of(seeded), content=body, headers=headers)

                assert answer.status_code in {400, 422}, answer.text
                assert answer.json()["code"] in {"malformed_json", "invalid"}


@pytest.mark.parametrize("size", [0, 1_001, 20_000])
async def test_a_batch_has_one_to_a_thousand_items(size: int, seeded: Seeded, unharmed: Unharmed) -> None:
    async with unharmed():
        refused(await seeded.api.post(f"{path_of(seeded)}/batch", {"items": [{}] * size}), 422, "invalid", "/items")


async def test_of_two_contents_under_one_external_id_the_first_is_recorded(seeded: Seeded) -> None:
    items = [{"external_id": "twice", "answers": {"nps": score}} for score in (9, 3, 9)]

    answer = (await seeded.api.post(f"{path_of(seeded)}/batch", {"items": items}, status=200)).json()

    assert [item["status"] for item in answer["items"]] == ["recorded", "rejected", "duplicate"]
    (fault,) = answer["items"][1]["errors"]
    assert (fault["pointer"], fault["code"]) == ("/items/1/external_id", "external_id_reused")
    found = (await seeded.api.get(f"{path_of(seeded)}/{answer['items'][0]['id']}")).json()
    assert found["answers"] == {"nps": 9}
