"""From a payload to what it says: responses, what is ignored, to be erased or fetched, and what cannot be told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from feedback_core.inbound.mapping.types import NotMapped, Said, ToErase, ToFetch, Unwanted
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.types import Respondent
from feedback_core.surveys.types import Confidentiality, ResponseStatus
from tests.unit.inbound.builders import answer, faults, mapper, mapping, outcomes, said, to

GOOD_BAD = {"good": 5, "bad": 1}
NPS = to("question:nps")


def test_every_place_of_a_response_can_be_said() -> None:
    outcome = said(
        mapping(
            to("external_id", "to_string(id)"),
            to("submitted_at", "at", date_format="unix_ms"),
            to("started_at", "began", date_format="%d/%m/%Y %H:%M"),
            to("method", "via", values={"phone": "telephone"}),
            to("status", "done", values={"true": "complete", "false": "partial"}),
            to("confidentiality", "mode"),
            to("respondent:id", "who.id"),
            to("respondent:email", "who.email"),
            to("attribute:region"),
            NPS,
            to("question:staff", "desk", item="desk"),
            to("question:used"),
            to("question:minutes"),
            to("question:again"),
            to("question:why"),
            constants=[{"to": "attribute", "key": "language", "value": "es"}],
        ),
        {
            "id": 541935488729,
            "at": 1787843156123,
            "began": "01/03/2026 09:30",
            "via": "Phone",
            "done": False,
            "mode": "pseudonymous",
            "who": {"id": 7, "email": "a@example.com"},
            "region": "North",
            "nps": 9.0,
            "desk": "4",
            "used": ["web", "app"],
            "minutes": 2.5,
            "again": True,
            "why": "Because.",
        },
    )
    response = outcome.response

    assert response.external_id == "541935488729"
    assert response.submitted_at == datetime(2026, 8, 27, 15, 5, 56, 123000, tzinfo=UTC)
    assert response.started_at == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert (response.method, response.status) == (CollectionMethod.TELEPHONE, ResponseStatus.PARTIAL)
    assert response.confidentiality is Confidentiality.PSEUDONYMOUS
    assert response.respondent == Respondent(id="7", email="a@example.com")
    assert response.attributes == {"region": "north", "language": "es"}
    assert response.answers == {
        "nps": 9, "staff": {"desk": 4}, "used": ["web", "app"], "minutes": 2.5, "again": True, "why": "Because.",
    }  # fmt: skip
    assert (response.idempotency_key, response.import_line) == (None, None)


@pytest.mark.parametrize(
    ("value", "target", "fields", "becomes"),
    [
        ("GOOD", "question:happy", {"values": GOOD_BAD}, 5),
        (" bad ", "question:happy", {"values": GOOD_BAD}, 1),
        ("GOOD", "question:happy", {"values": GOOD_BAD, "match": "exact"}, "wrong_type"),
        ("offered", "question:happy", {"values": GOOD_BAD, "blank": ["offered"]}, None),
        ("offered", "question:happy", {"values": GOOD_BAD}, "wrong_type"),
        ("offered", "question:happy", {"values": GOOD_BAD, "on_unreadable": "leave_out"}, None),
        (3, "question:happy", {"values": GOOD_BAD}, 3),
        (6, "question:happy", {"values": GOOD_BAD}, "off_scale"),
        (None, "question:nps", {}, None),
        ([], "question:nps", {}, None),
        ([9], "question:nps", {}, 9),
        ([9, None, 9], "question:nps", {}, 9),
        ([9, 8], "question:nps", {}, "contradicting_values"),
        ({"score": 9}, "question:nps", {}, "wrong_type"),
        (True, "question:nps", {}, "wrong_type"),
        ("web;app", "question:used", {"separator": ";"}, ["web", "app"]),
        (["web", "web", "app"], "question:used", {}, ["web", "app"]),
        ([["web"]], "question:used", {}, "wrong_type"),
        ("fax", "question:used", {}, "unknown_choice"),
        (False, "question:again", {}, False),
        (12, "question:why", {}, "12"),
        ("a\0b", "question:why", {}, "nul_character"),
        (10**40, "question:minutes", {}, "unreadable_number"),
    ],
)
def test_a_value_becomes(value: Any, target: str, fields: dict[str, Any], becomes: object) -> None:
    assert answer(value, target, **fields) == becomes


def test_what_cannot_be_read_keeps_its_item_waiting_with_every_fault_and_no_value() -> None:
    wanted = mapping(to("question:nps", "a.score"), to("attribute:region", "a.where"), to("submitted_at", "at"))
    (outcome,) = outcomes(wanted, {"a": {"score": "secret", "where": "secret"}, "at": "secret"})

    assert isinstance(outcome, NotMapped)
    assert [(fault.pointer, fault.code, fault.place) for fault in outcome.faults] == [
        ("/fields/0", "wrong_type", "/a/score"),
        ("/fields/1", "unknown_value", "/a/where"),
        ("/fields/2", "unreadable_time", "/at"),
    ]
    assert "secret" not in repr(outcome)


def test_what_may_be_left_out_is_left_out_and_said() -> None:
    outcome = said(
        mapping(NPS, to("attribute:region"), on_unreadable="leave_out"), {"nps": 9, "region": "the far north"}
    )

    assert (outcome.response.answers, outcome.response.attributes) == ({"nps": 9}, {})
    assert [(fault.pointer, fault.code) for fault in outcome.left_out] == [("/fields/1", "unknown_value")]


@pytest.mark.parametrize("target", ["submitted_at", "method", "status", "external_id", "respondent:id"])
def test_what_names_or_dates_a_response_is_never_left_out(target: str) -> None:
    wanted = mapping(NPS, to(target, "x"), on_unreadable="leave_out")
    assert [pointer for pointer, _ in faults(wanted, {"nps": 9, "x": [1, 2]})] == ["/fields/1"]


def test_an_item_without_any_answer_is_not_recorded() -> None:
    assert faults(mapping(NPS), {"score": 9}) == [("/fields", "nothing_answered")]


def test_repeated_answers_count_once_and_are_counted() -> None:
    outcome = said(mapping(NPS, to("question:used")), {"nps": [9, 9, 9], "used": ["web", "app", "web"]})
    assert (outcome.response.answers, outcome.repeated) == ({"nps": 9, "used": ["web", "app"]}, 3)


def test_a_delivery_of_several_items_is_read_item_by_item() -> None:
    wanted = mapping(
        NPS,
        to("external_id", "id"),
        to("attribute:region", "where", within="payload"),
        items="events",
        when="kind == 'answer'",
        occurred_at={"path": "at", "date_format": "unix"},
        erasure={"when": "kind == 'gone'", "respondent_id": "who"},
    )
    first, second, third, fourth = outcomes(
        wanted,
        {
            "where": "south",
            "events": [
                {"kind": "answer", "id": 1, "nps": 9, "at": 1772272800},
                {"kind": "other"},
                {"kind": "gone", "who": 55, "at": 1772272800.5},
                {"kind": "answer", "nps": 99},
            ],
        },
    )

    assert isinstance(first, Said)
    assert (first.response.external_id, first.response.attributes) == ("1", {"region": "south"})
    assert first.occurred_at == datetime(2026, 2, 28, 10, tzinfo=UTC)
    assert second == Unwanted()
    assert third == ToErase(None, "55", None, datetime(2026, 2, 28, 10, 0, 0, 500000, tzinfo=UTC))
    assert isinstance(fourth, NotMapped)


@pytest.mark.parametrize("payload", [{"events": {"nps": 9}}, {"events": "x"}, {"events": [{"nps": 9}] * 1_001}])
def test_items_that_are_no_list_of_a_bearable_length_are_not_mapped(payload: Any) -> None:
    (outcome,) = outcomes(mapping(NPS, items="events"), payload)
    assert isinstance(outcome, NotMapped)


def test_a_thin_event_is_fetched_first_and_then_read() -> None:
    wanted = mapping(
        to("external_id", "object_id", within="item"), NPS, fetch={"parameters": {"id": "object_id", "survey": "s"}}
    )

    assert outcomes(wanted, {"object_id": 12, "s": "34"}) == [ToFetch({"id": "12", "survey": "34"})]
    assert faults(wanted, {"object_id": 12}) == [("/fetch/parameters/survey", "parameter_missing")]
    fetched = said(wanted, {"object_id": 12, "s": "34"}, fetched={"nps": 4})
    assert (fetched.response.external_id, fetched.response.answers) == ("12", {"nps": 4})


def test_who_answers_anonymously_is_not_named() -> None:
    wanted = mapping(NPS, to("respondent:email", "e"), to("confidentiality", "mode"))
    (item,) = mapper(wanted).items({"nps": 9, "e": "a@example.com", "mode": "anonymous"})  # type: ignore[misc]
    outcome = mapper(wanted).read(item)

    assert isinstance(outcome, Said)
    assert outcome.response.respondent is None


def test_a_payload_that_an_expression_cannot_take_is_not_mapped() -> None:
    assert faults(mapping(to("question:nps", "length(x)")), {"x": 5}) == [
        ("/fields/0", "expression_failed"),
    ]
    assert faults(mapping(NPS, when="starts_with(kind, 'a')"), {"nps": 9}) == [("", "expression_failed")]
