"""When a response was begun: kept as said, and refused where it cannot be true."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.api import Api
from tests.support.responses import responses_of
from tests.support.surveys import PublishedSurvey, publish

Json = dict[str, Any]

ENDED = "2026-03-01T10:00:00Z"


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    return await publish(api)


async def test_it_is_read_back_as_an_instant(api: Api, survey: PublishedSurvey) -> None:
    said = {"answers": {"nps": 9}, "submitted_at": ENDED, "started_at": "2026-03-01T10:58:30+01:00"}
    given = await api.post(responses_of(survey), said, status=201)
    batch = {"items": [said, {"answers": {"nps": 9}, "submitted_at": ENDED}]}
    await api.post(f"{responses_of(survey)}/batch", batch, status=200)

    listed = (await api.get(responses_of(survey))).json()["items"]
    assert [one["started_at"] for one in listed] == ["2026-03-01T09:58:30Z", "2026-03-01T09:58:30Z", None]
    assert listed[0]["id"] == given.json()["id"]


async def test_another_start_is_another_response_under_the_same_name(api: Api, survey: PublishedSurvey) -> None:
    said = {"external_id": "crm-1", "answers": {"nps": 9}, "submitted_at": ENDED, "started_at": "2026-03-01T09:58:30Z"}
    await api.post(responses_of(survey), said, status=201)

    await api.post(responses_of(survey), said, status=200)
    refused = await api.post(responses_of(survey), {**said, "started_at": "2026-03-01T09:50:00Z"}, status=422)

    assert refused.json()["code"] == "external_id_reused"


@pytest.mark.parametrize(
    ("started_at", "code"),
    [
        ("2026-03-01T10:00:01Z", "starts_after_submission"),
        ("2025-02-01T10:00:00Z", "took_too_long"),
        ("2026-03-01T09:59:00", "zone_missing"),
        ("1969-12-31T23:59:59Z", "too_early"),
        ("2999-01-01T00:00:00Z", "in_the_future"),
    ],
)
async def test_a_start_that_cannot_be_is_refused(api: Api, survey: PublishedSurvey, started_at: str, code: str) -> None:
    said = {"answers": {"nps": 9}, "submitted_at": ENDED, "started_at": started_at}
    refused = (await api.post(responses_of(survey), said, status=422)).json()
    in_batch = (await api.post(f"{responses_of(survey)}/batch", {"items": [said]}, status=200)).json()

    assert [(fault["pointer"], fault["code"]) for fault in refused["errors"]] == [("/started_at", code)]
    assert [fault["pointer"] for fault in in_batch["items"][0]["errors"]] == ["/items/0/started_at"]


async def test_a_response_that_ends_now_cannot_begin_a_year_and_a_day_ago(api: Api, survey: PublishedSurvey) -> None:
    long_ago = (datetime.now(UTC) - timedelta(days=368)).isoformat()
    refused = (await api.post(responses_of(survey), {"answers": {"nps": 9}, "started_at": long_ago}, status=422)).json()
    assert [fault["code"] for fault in refused["errors"]] == ["took_too_long"]
