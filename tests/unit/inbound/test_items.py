"""What deliveries and their items are told apart by, and when they came about."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.inbound.instants import from_iso, from_milliseconds, from_seconds
from feedback_core.inbound.items import LONGEST_ID, items_of, plain_id, told_by
from feedback_core.inbound.types import Preset
from tests.support.signing import hubspot_event

AT = datetime(2026, 3, 1, 10, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def dedupe_id(preset: Preset, document: Any) -> str:
    return told_by(preset, json.dumps(document).encode(), document).dedupe_id


@pytest.mark.parametrize(
    ("preset", "document", "expected"),
    [
        (Preset.ZENDESK, {"id": "z-1"}, "z-1"),
        (Preset.INTERCOM, {"id": "notif_1"}, "notif_1"),
        (Preset.STRIPE, {"id": "evt_1"}, "evt_1"),
        (Preset.SURVEYMONKEY, {"event_id": 123}, "123"),
        (Preset.TYPEFORM, {"event_id": "e", "event_type": "form_response", "form_response": {"token": "t"}}, "t"),
        (Preset.TYPEFORM, {"event_id": "e", "event_type": "form_response", "form_response": {}}, "e"),
        (
            Preset.TYPEFORM,
            {"event_type": "form_response_partial", "form_response": {"token": "t"}},
            "t:form_response_partial",
        ),
    ],
)
def test_the_id_that_the_sender_signed(preset: Preset, document: Any, expected: str) -> None:
    assert dedupe_id(preset, document) == expected


@given(st.sampled_from(list(Preset)), JSON)
def test_any_document_has_an_id_that_can_be_stored(preset: Preset, document: Any) -> None:
    found = dedupe_id(preset, document)

    assert 0 < len(found) <= LONGEST_ID
    assert found.isprintable()
    assert found == dedupe_id(preset, document)
    for item in items_of(preset, found, document):
        assert 0 < len(item.item_id) <= LONGEST_ID + 10
        assert item.item_id.isprintable()


@given(st.text())
def test_an_id_is_kept_or_stands_by_its_digest(identifier: str) -> None:
    found = plain_id(identifier)
    assert found == identifier or found.startswith("sha256:")


def test_an_item_is_the_same_in_whichever_delivery_it_comes() -> None:
    first = [hubspot_event(1), hubspot_event(2)]
    second = [hubspot_event(3), hubspot_event(2, attemptNumber=4)]

    ids = [[item.item_id for item in items_of(Preset.HUBSPOT_V3, "d", events)] for events in (first, second)]

    assert ids[0][1] == ids[1][1]
    assert len({*ids[0], *ids[1]}) == 3


def test_events_of_a_workflow_have_no_ids_and_are_told_apart_by_what_they_say() -> None:
    one, other = {"hs_value": 9, "attemptNumber": 0}, {"hs_value": 8, "attemptNumber": 0}

    items = items_of(Preset.HUBSPOT_V2, "d", [one, other, {**one, "attemptNumber": 1}])

    assert items[0].item_id == items[2].item_id != items[1].item_id


def test_a_salesforce_message_has_an_item_for_each_notification() -> None:
    def message(found: Any) -> Any:
        return {"Envelope": {"Body": {"notifications": {"OrganizationId": "00D", "Notification": found}}}}

    several = items_of(
        Preset.SALESFORCE_OUTBOUND_MESSAGE, "d", message([{"Id": "04l1", "sObject": {"Id": "1"}}, {"Id": "04l2"}])
    )
    single = items_of(Preset.SALESFORCE_OUTBOUND_MESSAGE, "d", message({"Id": "04l1"}))

    assert [item.item_id for item in several] == ["04l1", "04l2"]
    assert [item.item_id for item in single] == ["04l1"]
    assert several[0].payload["sObject"] == {"Id": "1"}


@pytest.mark.parametrize(
    ("preset", "document"),
    [
        (Preset.STANDARD, {"timestamp": "2026-03-01T10:00:00Z"}),
        (Preset.ZENDESK, {"time": "2026-03-01T11:00:00+01:00"}),
        (Preset.INTERCOM, {"created_at": AT.timestamp()}),
        (Preset.STRIPE, {"created": int(AT.timestamp())}),
        (Preset.TYPEFORM, {"form_response": {"submitted_at": "2026-03-01T10:00:00Z"}}),
        (Preset.SURVEYMONKEY, {"event_datetime": "2026-03-01T10:00:00.000000+00:00"}),
        (
            Preset.HUBSPOT_V3,
            [{"occurredAt": int(AT.timestamp() * 1000) + 5}, {"occurredAt": AT.timestamp() * 1000 // 1}],
        ),
    ],
)
def test_when_it_came_about(preset: Preset, document: Any) -> None:
    if isinstance(document, list):
        document[1]["occurredAt"] = int(document[1]["occurredAt"])
    assert told_by(preset, b"x", document).occurred_at == AT


@given(st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()))
def test_what_is_no_time_is_none(value: object) -> None:
    for read in (from_seconds, from_milliseconds, from_iso):
        found = read(value)
        assert found is None or 2000 <= found.year < 2100
