"""What a source delivers becomes responses: each once, whatever is repeated, reordered, malformed or changed."""

import json

import pytest

from tests.support.api import Api
from tests.support.inbound import MAPPING, Inbound, event, inbound, nps_counts, recorded_by
from tests.support.inbound_senders import HUBSPOT_V3, SALESFORCE
from tests.support.responses import owner
from tests.support.signing import hubspot_event, salesforce_message
from tests.support.surveys import PublishedSurvey, publish

pytestmark = pytest.mark.usefixtures("worker_process")


async def test_an_event_becomes_a_response_with_what_it_says(
    api: Api, survey: PublishedSurvey, source: Inbound
) -> None:
    await source.send(event(1, 3, text="Too slow.", region="North", at="2026-03-02T11:00:00Z"))
    (delivery,) = await source.settled()

    (response,) = await recorded_by(api, survey)
    assert (delivery["state"], delivery["reason"], delivery["mapping_version"]) == ("processed", None, 1)
    assert [(item["outcome"], item["response_id"]) for item in delivery["items"]] == [("recorded", response["id"])]
    assert response["answers"] == {"nps": 3, "why": "Too slow."}
    assert (response["attributes"], response["external_id"]) == ({"region": "north"}, "thing-1")
    assert response["submitted_at"] == "2026-03-02T11:00:00Z"


async def test_what_comes_again_in_another_envelope_is_recorded_once(
    api: Api, survey: PublishedSurvey, source: Inbound
) -> None:
    for at in ("2026-03-01T10:00:00Z", "2026-03-01T10:00:05Z", "2026-03-01T10:00:05Z"):
        await source.send(event(1, at=at) | {"data": {"id": "thing-1", "score": 9, "at": "2026-03-01T09:00:00Z"}})
    first, second = await source.settled()

    (response,) = await recorded_by(api, survey)
    assert [first["items"][0]["outcome"], second["items"][0]["outcome"]] == ["recorded", "repeated"]
    assert second["items"][0]["response_id"] == response["id"]
    assert second["repeats"] == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
async def test_of_what_its_sender_changes_the_last_by_its_own_time_counts(
    api: Api, survey: PublishedSurvey, source: Inbound, order: tuple[int, ...]
) -> None:
    takes = [event(1, score, at=f"2026-03-01T10:0{minute}:00Z") for minute, score in enumerate((2, 7, 10))]
    for number in order:
        await source.send(takes[number])
        await source.settled()

    responses = await recorded_by(api, survey)
    assert sorted(response["answers"]["nps"] for response in responses) == [2, 7, 10]
    assert [response["answers"]["nps"] for response in responses if not response["excluded"]] == [10]
    await api.post(f"/v1/surveys/{survey.id}/responses/batch", {"items": [{"answers": {"nps": 0}}] * 5}, status=200)
    assert await nps_counts(api, survey) == {"0": 5, "10": 1}
    history = (await api.get(f"/v1/surveys/{survey.id}/responses/{responses[0]['id']}")).json()
    if responses[0]["excluded"]:
        assert history["exclusions"][0]["reason"] == "superseded"


async def test_a_change_that_says_the_same_is_no_change(api: Api, survey: PublishedSurvey, source: Inbound) -> None:
    await source.send(event(1, 9, at="2026-03-01T10:00:00Z"))
    await source.send(event(1, 9, at="2026-03-01T10:05:00Z"))
    await source.settled()
    await source.send(event(1, 2, at="2026-03-01T10:03:00Z"))
    await source.settled()

    assert [(r["answers"]["nps"], r["excluded"]) for r in await recorded_by(api, survey)] == [(9, False), (2, True)]


async def test_changes_that_wait_together_are_settled_in_their_order(api: Api, survey: PublishedSurvey) -> None:
    source = await inbound(api, survey, None)
    for minute, score in ((3, 8), (1, 1), (2, 5)):
        await source.send(event(1, score, at=f"2026-03-01T10:0{minute}:00Z"))
    await source.settled()
    await source.map(MAPPING, status=201)
    await source.replay_all()
    await source.settled()

    assert [(r["answers"]["nps"], r["excluded"]) for r in await recorded_by(api, survey)] == [
        (1, True),
        (5, True),
        (8, False),
    ]


async def test_what_cannot_be_mapped_waits_with_its_reason_and_is_there_once_the_mapping_is_mended(
    api: Api, survey: PublishedSurvey, source: Inbound
) -> None:
    await source.send(event(1, "excellent", text="very secret"))
    await source.send(event(2, 7))
    bad, good = await source.settled()

    assert (bad["state"], bad["reason"]["code"], good["state"]) == ("unmapped", "wrong_type", "processed")
    assert "/fields/2" in bad["reason"]["detail"]
    assert "excellent" not in json.dumps(bad)
    before = await recorded_by(api, survey)

    mended = {**MAPPING, "fields": [dict(field) for field in MAPPING["fields"]]}
    mended["fields"][2]["values"] = {"excellent": 10}
    await source.map(mended, version=1, status=200)
    for _ in range(2):
        await source.replay_all()
    bad, good = await source.settled()

    assert (bad["state"], bad["mapping_version"], good["mapping_version"]) == ("processed", 2, 1)
    responses = await recorded_by(api, survey)
    assert sorted(response["answers"]["nps"] for response in responses) == [7, 10]
    assert before[0] in responses


async def test_a_replay_of_what_is_processed_changes_nothing(
    api: Api, survey: PublishedSurvey, source: Inbound
) -> None:
    await source.send(event(1))
    (before,) = await source.settled()
    answer = await api.post(f"{source.path}/deliveries/{before['id']}/replay", status=202)
    assert answer.json() == before
    assert await source.settled() == [before]
    assert len(await recorded_by(api, survey)) == 1


async def test_replays_take_those_that_are_asked_for(api: Api, survey: PublishedSurvey) -> None:
    source = await inbound(api, survey, {**MAPPING, "when": "type == 'other'"})
    await source.send(event(1))
    await source.send(event(2, "bad") | {"type": "other"})
    ignored, unmapped = await source.settled()
    assert (ignored["state"], unmapped["state"]) == ("ignored", "unmapped")

    await source.map(MAPPING, version=1, status=200)
    await source.replay_all(state="unmapped")
    assert [d["attempts"] for d in await source.settled()] == [1, 2]
    await source.replay_all(reason="not_wanted", dedupe_id=ignored["dedupe_id"])
    first, second = await source.settled()
    assert (first["state"], first["attempts"], second["attempts"]) == ("processed", 2, 2)
    refused = await api.post(f"{source.path}/replays", {"state": "processed"}, status=422)
    assert refused.json()["errors"][0]["pointer"] == "/state"


async def test_malformed_and_hostile_bodies_never_stand_in_the_way_of_others(
    api: Api, survey: PublishedSurvey, source: Inbound
) -> None:
    for body in (b"[[[[" * 500, b'{"type": ', b"7", b'{"type": "feedback", "data": []}', b"null"):
        await source.send(body)
    await source.send(event(1))
    states = [delivery["state"] for delivery in await source.settled()]
    assert states == ["unmapped", "unmapped", "ignored", "unmapped", "ignored", "processed"]
    assert len(await recorded_by(api, survey)) == 1


async def test_each_item_of_an_array_is_told_apart_by_what_its_sender_signed(api: Api, survey: PublishedSurvey) -> None:
    mapping = {
        "items": "@",
        "when": "propertyName == 'nps'",
        "occurred_at": {"path": "occurredAt", "date_format": "unix_ms"},
        "fields": [{"to": "question", "key": "nps", "path": "propertyValue"}],
    }
    source = await inbound(api, survey, mapping, sender=HUBSPOT_V3)
    events = [hubspot_event(n, propertyValue=str(n)) for n in range(4)]
    await source.send([*events[:2], hubspot_event(9, propertyName="name")])
    # HubSpot puts the same events together otherwise when it tries again.
    await source.send([{**event, "attemptNumber": 1} for event in events[1:4]])
    await source.send([events[0], events[0]])
    first, second, third = await source.settled()

    assert [item["outcome"] for item in first["items"]] == ["recorded", "recorded", "ignored"]
    assert [item["outcome"] for item in second["items"]] == ["repeated", "recorded", "recorded"]
    assert [item["outcome"] for item in third["items"]] == ["repeated", "repeated"]
    assert sorted(r["answers"]["nps"] for r in await recorded_by(api, survey)) == [0, 1, 2, 3]


async def test_a_salesforce_message_is_several_notifications(api: Api, survey: PublishedSurvey) -> None:
    mapping = {
        "items": "to_array(Envelope.Body.notifications.Notification)",
        "fields": [
            {"to": "external_id", "path": "sObject.Id"},
            {"to": "question", "key": "nps", "path": "sObject.Score__c"},
        ],
    }
    source = await inbound(api, survey, mapping, sender=SALESFORCE)
    for numbers in ((1,), (1, 2), (2, 3)):
        await source.send(salesforce_message(*numbers))
    outcomes = [[item["outcome"] for item in delivery["items"]] for delivery in await source.settled()]
    assert outcomes == [["recorded"], ["repeated", "recorded"], ["repeated", "recorded"]]
    assert sorted(r["external_id"] for r in await recorded_by(api, survey)) == ["5001", "5002", "5003"]


async def test_an_item_that_waits_does_not_hold_up_the_others_of_its_delivery(
    api: Api, survey: PublishedSurvey
) -> None:
    mapping = {"items": "data", "fields": [{"to": "question", "key": "nps", "path": "score"}]}
    source = await inbound(api, survey, mapping)
    await source.send({"data": [{"score": 1}, {"score": "?"}, {"score": 3}]})
    (delivery,) = await source.settled()
    assert (delivery["state"], [item["outcome"] for item in delivery["items"]]) == (
        "unmapped",
        ["recorded", "unmapped", "recorded"],
    )

    mapping["fields"] = [{**mapping["fields"][0], "values": {"?": 2}}]  # type: ignore[dict-item]
    await source.map(mapping, version=1, status=200)
    await source.replay_all()
    (delivery,) = await source.settled()
    assert (delivery["state"], [item["outcome"] for item in delivery["items"]]) == ("processed", ["recorded"] * 3)
    assert sorted(r["answers"]["nps"] for r in await recorded_by(api, survey)) == [1, 2, 3]


async def test_a_survey_that_is_closed_keeps_what_comes_until_it_is_open_or_another_takes_it(
    api: Api, survey: PublishedSurvey, source: Inbound
) -> None:
    await api.post(f"/v1/surveys/{survey.id}/close", status=200)
    await source.send(event(1))
    (delivery,) = await source.settled()
    assert (delivery["state"], delivery["reason"]["code"]) == ("failed", "survey_closed")
    assert not await recorded_by(api, survey)


async def test_a_name_that_another_way_of_collecting_uses_is_not_taken_over(
    api: Api, survey: PublishedSurvey, source: Inbound
) -> None:
    await api.post(f"/v1/surveys/{survey.id}/responses", {"external_id": "thing-1", "answers": {"nps": 1}}, status=201)
    await source.send(event(1, 9))
    (delivery,) = await source.settled()
    assert (delivery["state"], delivery["reason"]["code"]) == ("unmapped", "external_id_reused")
    assert [r["answers"]["nps"] for r in await recorded_by(api, survey)] == [1]


async def test_sources_of_the_same_survey_do_not_change_what_each_other_said(api: Api, survey: PublishedSurvey) -> None:
    first, second = await inbound(api, survey), await inbound(api, survey)
    await first.send(event(1, 9))
    await first.settled()
    await second.send(event(1, 2, at="2026-03-02T10:00:00Z"))
    (delivery,) = await second.settled()
    assert delivery["reason"]["code"] == "external_id_reused"
    assert [(r["answers"]["nps"], r["excluded"]) for r in await recorded_by(api, survey)] == [(9, False)]


async def test_two_organisations_never_meet(api: Api, other_api: Api, survey: PublishedSurvey, source: Inbound) -> None:
    other_survey = await publish(other_api)
    other = await inbound(other_api, other_survey)
    await source.send(event(1, 9))
    await other.send(event(1, 2))
    await source.settled()
    await other.settled()
    assert [r["answers"]["nps"] for r in await recorded_by(api, survey)] == [9]
    assert [r["answers"]["nps"] for r in await recorded_by(other_api, other_survey)] == [2]


async def test_a_delivery_that_the_service_itself_cannot_read_fails_alone_and_can_be_replayed(
    api: Api, survey: PublishedSurvey, owner_url: str
) -> None:
    source = await inbound(api, survey, None)
    for number in range(3):
        await source.send(event(number))
    _, broken, _ = await source.settled()
    with owner(owner_url) as connection:
        body = connection.execute("SELECT body FROM delivery WHERE id = %s", [broken["id"]]).fetchone()
        connection.execute("UPDATE delivery SET body = 'sealed with a lost key' WHERE id = %s", [broken["id"]])
    await source.map(MAPPING, status=201)
    await source.replay_all()
    found = await source.settled()
    assert [delivery["state"] for delivery in found] == ["processed", "failed", "processed"]
    assert found[1]["reason"]["code"] == "internal_error"

    assert body is not None
    with owner(owner_url) as connection:
        connection.execute("UPDATE delivery SET body = %s WHERE id = %s", [body[0], broken["id"]])
    await source.replay_all(state="failed")
    assert {delivery["state"] for delivery in await source.settled()} == {"processed"}
    assert len(await recorded_by(api, survey)) == 3
