"""Collectors: made, changed, paused, ended; their QR codes."""

import io
import re
import struct
from typing import Any

import pytest

from tests.support.api import Api
from tests.support.hosted import collector
from tests.support.surveys import Json, PublishedSurvey, publish, survey_body


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    return await publish(api, title={"en": "Your visit", "de": "Ihr Besuch"})


def at(survey: PublishedSurvey, rest: str = "") -> str:
    return f"/v1/surveys/{survey.id}/collectors{rest}"


async def test_a_collector_is_made_read_listed_and_changed(api: Api, survey: PublishedSurvey) -> None:
    said: Json = {
        "name": "Poster",
        "language": "de",
        "introduction": {"en": "Three questions.", "de": "Drei Fragen."},
        "thank_you": "Thanks a lot.",
        "opens_at": "2026-03-01T00:00:00Z",
        "closes_at": "2099-03-01T00:00:00Z",
        "method": "kiosk",
        "attributes": {"region": "north"},
        "state": "open",
    }
    made = await api.post(at(survey), said, status=201)
    found = await api.get(made.headers["location"])

    assert found.json() == made.json()
    assert {name: found.json()[name] for name in said} == said
    assert re.fullmatch(r"http://test/s/fbq_[A-Za-z0-9_-]{75}", found.json()["url"])
    assert [each["id"] for each in (await api.get(at(survey))).json()["items"]] == [made.json()["id"]]

    changed = await api.put(
        made.headers["location"], {**said, "state": "paused"}, status=200, headers={"If-Match": found.headers["etag"]}
    )
    assert changed.json()["state"] == "paused"
    assert changed.json()["url"] == found.json()["url"]
    stale = {"If-Match": found.headers["etag"]}
    await api.put(made.headers["location"], said, status=412, headers=stale)
    await api.put(made.headers["location"], said, status=428)


async def test_a_collector_that_has_ended_stays_so(api: Api, survey: PublishedSurvey) -> None:
    made = await collector(api, survey, state="ended")
    tag = {"If-Match": '"1"'}

    refused = await api.put(at(survey, f"/{made['id']}"), {"name": "Poster"}, status=409, headers=tag)
    await api.put(at(survey, f"/{made['id']}"), {"name": "Old poster", "state": "ended"}, status=200, headers=tag)

    assert refused.json()["code"] == "collector_ended"


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"language": "fr"}, "/language", "not_its_language"),
        ({"attributes": {"colour": "red"}}, "/attributes/colour", "unknown_attribute"),
        ({"attributes": {"region": "east"}}, "/attributes/region", "unknown_value"),
        (
            {"opens_at": "2026-03-02T00:00:00Z", "closes_at": "2026-03-01T00:00:00Z"},
            "/closes_at",
            "closes_before_opening",
        ),
    ],
)
async def test_what_does_not_fit_the_survey_is_named(
    api: Api, survey: PublishedSurvey, said: dict[str, Any], pointer: str, code: str
) -> None:
    refused = await api.post(at(survey), {"name": "Poster", **said}, status=422)

    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, code)


async def test_a_blank_or_endless_text_is_refused(api: Api, survey: PublishedSurvey) -> None:
    for text in ("  ", {"en": "x" * 5_001}):
        await api.post(at(survey), {"name": "Poster", "thank_you": text}, status=422)


async def test_a_collector_can_be_made_before_its_survey_is_published(api: Api) -> None:
    draft = (await api.post("/v1/surveys", survey_body(), status=201)).json()

    await api.post(f"/v1/surveys/{draft['id']}/collectors", {"name": "Poster"}, status=201)


async def test_collectors_are_listed_page_by_page(api: Api, survey: PublishedSurvey) -> None:
    made = [(await collector(api, survey, name=f"Poster {number}"))["id"] for number in range(3)]
    first = (await api.get(at(survey), params={"limit": 2})).json()
    second = (await api.get(at(survey), params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [each["id"] for each in [*first["items"], *second["items"]]] == made
    assert second["next_cursor"] is None


async def test_a_qr_code_is_drawn_as_large_as_it_is_to_be_printed(api: Api, survey: PublishedSurvey) -> None:
    made = await collector(api, survey)
    svg = await api.get(at(survey, f"/{made['id']}/qr.svg"), params={"size_mm": 60})
    png = await api.get(at(survey, f"/{made['id']}/qr.png"), params={"size_mm": 60})

    assert svg.headers["content-type"] == "image/svg+xml"
    assert re.search(r'width="60(\.0)?mm"', svg.text)
    assert made["url"] in svg.text
    width, dots_per_metre = png_size(png.content)
    assert 58 < width / dots_per_metre * 1000 < 62
    assert dots_per_metre * 0.0254 >= 299
    await api.get(at(survey, f"/{made['id']}/qr.png"), params={"size_mm": 5}, status=422)


def png_size(content: bytes) -> tuple[int, int]:
    """Width in dots, and how many of them are to be printed on a metre."""
    stream = io.BytesIO(content)
    assert stream.read(8) == b"\x89PNG\r\n\x1a\n"
    width = per_metre = 0
    while header := stream.read(8):
        length, kind = struct.unpack(">I4s", header)
        body = stream.read(length)
        stream.read(4)
        if kind == b"IHDR":
            width = struct.unpack(">I", body[:4])[0]
        elif kind == b"pHYs":
            per_metre = struct.unpack(">I", body[:4])[0]
    return width, per_metre
