"""What a source asks to be forgotten is erased, with the bodies that said it, and does not come back late."""

import pytest

from tests.support.api import Api
from tests.support.inbound import MAPPING, Inbound, event, inbound, nps_counts, recorded_by
from tests.support.responses import everything, owner
from tests.support.surveys import PublishedSurvey, publish

pytestmark = pytest.mark.usefixtures("worker_process")

NAMED = {
    **MAPPING,
    "fields": [*MAPPING["fields"], {"to": "respondent", "key": "id", "path": "data.who"}],
}


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """A survey that knows who answered."""
    return await publish(api, confidentiality="identified")


@pytest.fixture
async def source(api: Api, survey: PublishedSurvey) -> Inbound:
    """A source that says who answered."""
    return await inbound(api, survey, NAMED)


async def test_whoever_is_to_be_forgotten_is_gone_from_responses_figures_and_inbox(
    api: Api, survey: PublishedSurvey, source: Inbound, owner_url: str
) -> None:
    for number in range(7):
        await source.send(event(number, 10, who="stays" if number else "somebody-unique"))
    await source.send(event(0, 0, who="somebody-unique", at="2026-03-01T11:00:00Z"))
    await source.settled()
    await source.send(event(99, kind="forget", who="somebody-unique", at="2026-03-01T12:00:00Z") | {})
    *said, asked = await source.settled()

    assert [(item["outcome"], item["reason"]["detail"]) for item in asked["items"]] == [
        ("erased", "2 responses were erased.")
    ]
    redacted = [delivery for delivery in said if delivery["redacted_at"]]
    assert [delivery["dedupe_id"] for delivery in redacted] == [said[0]["dedupe_id"], said[7]["dedupe_id"]]
    assert {r["answers"]["nps"] for r in await recorded_by(api, survey)} == {10}
    assert await nps_counts(api, survey) == {"10": 6}
    with owner(owner_url) as connection:
        assert "somebody-unique" not in everything(connection)
    refused = await api.get(f"{source.path}/deliveries/{redacted[0]['id']}/body", status=409)
    assert refused.json()["code"] == "body_redacted"


async def test_what_was_said_before_and_comes_late_is_not_recorded(
    api: Api, survey: PublishedSurvey, source: Inbound
) -> None:
    await source.send(event(99, kind="forget", who="w", at="2026-03-01T12:00:00Z"))
    await source.settled()
    await source.send(event(1, who="w", at="2026-03-01T11:59:59Z"))
    await source.send(event(2, who="w", at="2026-03-01T12:00:01Z"))
    asked, before, after = await source.settled()

    assert asked["items"][0]["reason"]["code"] == "nobody_to_forget"
    assert (before["state"], before["reason"]["code"]) == ("ignored", "forgotten_before")
    assert after["state"] == "processed"
    assert [r["external_id"] for r in await recorded_by(api, survey)] == ["thing-2"]


async def test_a_response_with_every_change_of_it_is_erased_by_its_name(
    api: Api, survey: PublishedSurvey, source: Inbound
) -> None:
    for minute, score in enumerate((1, 5, 9)):
        await source.send(event(1, score, at=f"2026-03-01T10:0{minute}:00Z"))
    await source.settled()
    assert len(await recorded_by(api, survey)) == 3
    await source.send(event(1, kind="forget", at="2026-03-01T11:00:00Z"))
    *_, asked = await source.settled()
    assert asked["reason"]["detail"] == "3 responses were erased."
    assert not await recorded_by(api, survey)


async def test_saying_and_forgetting_that_wait_together_are_done_in_their_order(
    api: Api, survey: PublishedSurvey
) -> None:
    source = await inbound(api, survey, None)
    await source.send(event(99, kind="forget", who="w", at="2026-03-01T11:00:00Z"))
    await source.send(event(1, who="w", at="2026-03-01T10:00:00Z"))
    await source.send(event(2, who="w", at="2026-03-01T12:00:00Z"))
    await source.settled()
    await source.map(NAMED, status=201)
    await source.replay_all()
    asked, before, _ = await source.settled()

    assert asked["reason"]["detail"] == "1 responses were erased."
    assert before["redacted_at"] is not None
    assert [r["external_id"] for r in await recorded_by(api, survey)] == ["thing-2"]


async def test_a_change_of_what_was_erased_by_others_does_not_bring_it_back(
    api: Api, survey: PublishedSurvey, source: Inbound
) -> None:
    await source.send(event(1, 9))
    await source.settled()
    (response,) = await recorded_by(api, survey)
    await api.post(f"/v1/surveys/{survey.id}/responses/{response['id']}/erase", {"reason": "asked"}, status=None)
    await source.send(event(1, 2, at="2026-03-01T11:00:00Z"))
    *_, change = await source.settled()
    assert (change["state"], change["reason"]["code"]) == ("ignored", "erased_before")
    assert not await recorded_by(api, survey)
