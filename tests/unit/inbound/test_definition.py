"""Faults of a mapping are found when it is defined, with a pointer each, against the questionnaire of the survey."""

from typing import Any

import pytest

from feedback_core.inbound.mapping.definition import find_faults
from feedback_core.surveys.types import Confidentiality
from tests.unit.imports.builders import survey
from tests.unit.inbound.builders import mapping, to

NPS = to("question:nps")


def faults(
    *fields: dict[str, Any], confidentiality: Confidentiality = Confidentiality.IDENTIFIED, **options: Any
) -> dict[str, str]:
    return {fault.pointer: fault.code for fault in find_faults(mapping(*fields, **options), survey(confidentiality))}


def test_a_mapping_that_fits_has_none() -> None:
    assert not faults(
        NPS,
        to("external_id", "id"),
        to("submitted_at", "t", date_format="unix_ms"),
        to("question:place", "p", values={"first": "A", "second": "B"}),
        to("attribute:region", "r"),
        to("respondent:email", "e"),
        to("confidentiality", "c", values={"yes": "identified", "no": "anonymous"}),
        when="type == 'x'",
        items="events",
        occurred_at={"path": "at", "date_format": "unix"},
        erasure={"when": "gone", "respondent_id": "id"},
    )


@pytest.mark.parametrize(
    ("field", "pointer", "code"),
    [
        (to("question:nope"), "/fields/1/key", "unknown_question"),
        (to("question:happy", "a.["), "/fields/1/path", "invalid_expression"),
        (to("question:place", values={"x": "C"}), "/fields/1/values/x", "unknown_choice"),
        (to("question:happy", values={"good": 6}), "/fields/1/values/good", "off_scale"),
        (to("attribute:nope"), "/fields/1/key", "unknown_attribute"),
        (to("attribute:region", values={"N": "up"}), "/fields/1/values/N", "unknown_choice"),
        (to("method", values={"x": "pigeon"}), "/fields/1/values/x", "unknown_choice"),
        (to("confidentiality", values={"x": "secret"}), "/fields/1/values/x", "unknown_choice"),
        (to("question:staff"), "/fields/1/item", "item_missing"),
        (to("question:nps"), "/fields/1/to", "mapped_twice"),
        (to("ignore"), "/fields/1/to", "option_not_of_target"),
        (to("submitted_at", date_format="%Q"), "/fields/1/date_format", "unknown_date_format"),
        (to("question:happy", within="fetched"), "/fields/1/within", "nothing_fetched"),
    ],
)
def test_a_fault_of_a_field_is_named(field: dict[str, Any], pointer: str, code: str) -> None:
    assert faults(NPS, field) == {pointer: code}


@pytest.mark.parametrize(
    ("options", "pointer", "code"),
    [
        ({"when": "a ="}, "/when", "invalid_expression"),
        ({"items": "["}, "/items", "invalid_expression"),
        ({"occurred_at": {"path": "]"}}, "/occurred_at/path", "invalid_expression"),
        ({"occurred_at": {"path": "a", "date_format": "%"}}, "/occurred_at/date_format", "unknown_date_format"),
        ({"erasure": {"when": "a"}}, "/erasure", "nothing_to_erase_by"),
        ({"erasure": {"when": "(", "external_id": "a"}}, "/erasure/when", "invalid_expression"),
        ({"fetch": {"parameters": {}}}, "/fetch/parameters", "parameter_missing"),
        ({"fetch": {"parameters": {"ID": "id"}}}, "/fetch/parameters/ID", "unknown_parameter"),
        ({"fetch": {"parameters": {"id": "("}}}, "/fetch/parameters/id", "invalid_expression"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone", "unknown_time_zone"),
        ({"date_format": "yyyy"}, "/date_format", "unknown_date_format"),
        ({"constants": [{"to": "method", "value": "pigeon"}]}, "/constants/0/value", "unknown_choice"),
    ],
)
def test_a_fault_beside_the_fields_is_named(options: dict[str, Any], pointer: str, code: str) -> None:
    assert faults(NPS, **options) == {pointer: code}


def test_a_mapping_answers_some_question() -> None:
    assert faults(to("external_id")) == {"/fields": "no_question"}


def test_an_anonymous_survey_names_nobody() -> None:
    found = faults(NPS, to("respondent:email"), confidentiality=Confidentiality.ANONYMOUS)
    assert found == {"/fields/1/to": "identity_not_allowed"}


def test_a_mapping_may_not_keep_more_than_the_survey_promises() -> None:
    wanted = mapping(NPS, confidentiality="identified")
    found = find_faults(wanted, survey(Confidentiality.PSEUDONYMOUS))
    assert [(fault.pointer, fault.code) for fault in found] == [("/confidentiality", "confidentiality_looser")]
