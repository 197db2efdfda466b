"""Ready-made mappings: each makes of its sample the response that it promises, and of real payloads what is there."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from feedback_core.inbound.mapping.definition import find_faults
from feedback_core.inbound.mapping.templates import TEMPLATES
from feedback_core.inbound.mapping.types import InboundMapping, ToErase, ToFetch, Unwanted
from feedback_core.inbound.types import Preset
from tests.support.real_data import data_file
from tests.unit.imports.builders import survey
from tests.unit.inbound.builders import outcomes, said

WHY = "Quick and kind."
ANSWERS = {
    "zendesk_good_bad": {"happy": 5, "why": WHY},
    "zendesk_numeric": {"happy": 4, "why": WHY},
    "intercom_rating": {"happy": 4, "why": WHY},
    "freshdesk": {"happy": 4, "why": WHY},
}


def mapping_of(key: str, **changes: Any) -> InboundMapping:
    return InboundMapping.from_json({**TEMPLATES[key].document, **changes})


def payload(name: str) -> Any:
    return json.loads(data_file(f"crm_webhooks/{name}.json").read_text())


def bodies(name: str) -> list[Any]:
    return [sample["body"] for sample in payload(name)]


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_ready_made_mapping_fits_a_survey_with_its_questions(key: str) -> None:
    template = TEMPLATES[key]
    assert not find_faults(template.mapping, survey())
    for slot in template.slots:
        question = survey().questionnaire.question(slot.key)
        assert question is not None
        assert question.type.value in slot.types


@pytest.mark.parametrize("key", TEMPLATES)
def test_a_ready_made_mapping_reads_its_sample(key: str) -> None:
    template = TEMPLATES[key]
    if template.fetched is not None:
        (to_fetch,) = outcomes(template.mapping, template.sample)
        assert isinstance(to_fetch, ToFetch)
        assert template.connector is not None
        assert template.connector.format(**to_fetch.parameters)

    outcome = said(template.mapping, template.sample, template.fetched)

    assert outcome.response.answers == ANSWERS.get(key, {"nps": 9, "why": WHY})
    assert outcome.response.submitted_at is not None
    assert outcome.response.submitted_at.replace(microsecond=0) == datetime(2026, 2, 28, 10, tzinfo=UTC)
    assert outcome.response.external_id
    assert outcome.occurred_at is not None
    assert not outcome.left_out


def test_every_preset_that_sends_feedback_has_a_mapping() -> None:
    served = {preset for template in TEMPLATES.values() for preset in template.presets}
    # The others are ways of signing, without a payload of their own.
    assert set(Preset) - served == {Preset.SMARTSURVEY, Preset.STRIPE, Preset.GITHUB, Preset.TWILIO}


def test_delighted_as_captured() -> None:
    outcome = said(mapping_of("delighted"), payload("delighted_survey_response_updated_non_promoter"))

    assert outcome.response.answers["nps"] == 5
    assert str(outcome.response.answers["why"]).startswith("Your service is slow")
    assert outcome.response.external_id == "5435"
    assert outcome.response.submitted_at == datetime(2016, 12, 24, 14, 23, 29, tzinfo=UTC)
    assert outcome.occurred_at == datetime(2016, 12, 24, 14, 33, 29, tzinfo=UTC)


def test_typeform_as_documented() -> None:
    contact, score, *_ = bodies("triggerdev_handauthored_typeform")
    outcome = said(mapping_of("typeform"), score)

    assert outcome.response.answers == {
        "nps": 9, "why": "The mobile app could load a bit faster on older devices.",
    }  # fmt: skip
    assert outcome.response.external_id == "9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d"
    assert outcome.response.started_at == datetime(2026, 7, 9, 9, 11, 2, tzinfo=UTC)
    text = TEMPLATES["typeform"].document["fields"][-1] | {"path": "form_response.answers[?field.ref=='message'].text"}
    assert str(said(mapping_of("typeform", fields=[text]), contact).response.answers["why"]).startswith("Hi, I'd like")


def test_typeform_of_another_fixture() -> None:
    body = payload("typeform_form_response_dify_fixture")
    field = {"to": "question", "key": "why", "path": "form_response.answers[?field.id=='DlXFaesGBpoF'].text"}
    outcome = said(mapping_of("typeform", fields=[field]), body)
    assert outcome.response.answers == {"why": "Sample answer"}
    assert outcome.occurred_at == datetime(2018, 1, 18, 18, 17, 2, tzinfo=UTC)


def test_surveymonkey_as_documented_has_ids_only() -> None:
    outcome = outcomes(mapping_of("surveymonkey"), payload("surveymonkey_response_completed_docs"))
    assert outcome == [ToFetch({"survey_id": "123456789", "response_id": "123456"})]


@pytest.mark.parametrize("name", ["hubspot_contact_propertyChange_captured", "hubspot_contact_creation_snowplow_spec"])
def test_hubspot_subscriptions_as_captured_are_of_other_kinds_and_left_out(name: str) -> None:
    assert outcomes(mapping_of("hubspot_subscriptions"), payload(name)) == [Unwanted()]


def test_hubspot_subscriptions_as_captured_are_fetched_or_erased_by_their_kind() -> None:
    (event,) = payload("hubspot_contact_propertyChange_captured")
    fetched, erased = outcomes(
        mapping_of("hubspot_subscriptions"),
        [{**event, "subscriptionType": "object.creation"}, {**event, "subscriptionType": "contact.privacyDeletion"}],
    )

    assert fetched == ToFetch({"object_id": "541935488729"})
    assert isinstance(erased, ToErase)
    assert (erased.respondent_id, erased.occurred_at) == ("541935488729", datetime(2026, 8, 27, 15, 5, 56, tzinfo=UTC))


@pytest.mark.parametrize("kind", ["CONTACT", "COMPANY", "DEAL"])
def test_hubspot_workflows_as_captured_of_other_objects_are_left_out(kind: str) -> None:
    assert outcomes(mapping_of("hubspot_feedback_submission"), payload(f"hookdeck_hubspot_current_{kind}")["body"]) == [
        Unwanted()
    ]


def test_zendesk_events_as_captured_of_other_kinds_are_left_out() -> None:
    assert outcomes(mapping_of("zendesk_good_bad"), payload("zendesk_ticket_created_event")) == [Unwanted()]


@pytest.mark.parametrize(("score", "mark"), [("GOOD", 5), ("bad", 1), ("Good", 5)])
def test_zendesk_satisfaction_in_the_captured_envelope(score: str, mark: int) -> None:
    event = payload("zendesk_ticket_created_event")
    body = {
        **event,
        "type": "zen:event-type:ticket.csat_received",
        "event": {"satisfaction_score": {"score": score}},
    }
    outcome = said(mapping_of("zendesk_good_bad"), body)

    assert (outcome.response.answers, outcome.response.external_id) == ({"happy": mark}, "5158")
    assert outcome.response.submitted_at == datetime(2025, 1, 8, 10, 12, 7, 672717, tzinfo=UTC)


@pytest.mark.parametrize(("rating", "mark"), [("5", 5), (3, 3), ("good", 5), ("Bad, I'm unsatisfied", 1)])
def test_zendesk_triggers_with_a_number_or_a_word(rating: Any, mark: int) -> None:
    body = {**bodies("triggerdev_handauthored_zendesk")[0], "rating": rating, "comment": ""}
    outcome = said(mapping_of("zendesk_numeric"), body)
    assert (outcome.response.answers, outcome.response.external_id) == ({"happy": mark}, "30482")


def test_zendesk_triggers_without_a_rating_are_left_out() -> None:
    for body in bodies("triggerdev_handauthored_zendesk"):
        assert outcomes(mapping_of("zendesk_numeric"), body) == [Unwanted()]


def test_intercom_topics_as_captured_without_a_rating_are_left_out() -> None:
    captured = payload("intercom_conversation_admin_closed_captured")
    assert outcomes(mapping_of("intercom_rating"), captured) == [Unwanted()]
    for body in bodies("triggerdev_handauthored_intercom"):
        assert body["topic"] != "conversation.rating.added"
        (outcome,) = outcomes(mapping_of("intercom_rating"), body)
        assert isinstance(outcome, ToErase if body["topic"] == "contact.deleted" else Unwanted)


def test_intercom_rating_in_the_captured_envelope() -> None:
    captured = payload("intercom_conversation_admin_closed_captured")
    captured["topic"] = "conversation.rating.added"
    captured["data"]["item"]["conversation_rating"] = {"rating": 2, "remark": "Slow.", "created_at": 1553291389}
    outcome = said(mapping_of("intercom_rating"), captured)
    assert (outcome.response.answers, outcome.response.external_id) == ({"happy": 2, "why": "Slow."}, "21322009097")


def test_salesforce_records_as_a_connector_sends_them() -> None:
    body = payload("hookdeck_ampersand_v1_salesforce")["body"]
    for record in body["result"]:
        record["fields"] |= {"score__c": 7, "submitted__c": "2026-02-28T10:00:00Z"}
    first, second = outcomes(mapping_of("salesforce_records"), body)
    assert [outcome.response.external_id for outcome in (first, second)] == [  # type: ignore[union-attr]
        "001Dp00000P8QurIAF",
        "001Dp00000P9BusEIS",
    ]


@pytest.mark.parametrize(
    ("event", "finished", "status"),
    [
        ("responseCreated", False, "partial"),
        ("responseUpdated", False, "partial"),
        ("responseFinished", True, "complete"),
    ],
)
def test_formbricks_pages_are_of_one_response(event: str, finished: bool, status: str) -> None:
    sample = TEMPLATES["formbricks"].sample
    outcome = said(
        mapping_of("formbricks"), {**sample, "event": event, "data": {**sample["data"], "finished": finished}}
    )
    assert (outcome.response.external_id, outcome.response.status) == ("cm0resp", status)


def test_standard_deletions_erase() -> None:
    (outcome,) = outcomes(
        mapping_of("standard"),
        {"type": "feedback.deleted", "timestamp": "2026-02-28T10:00:00Z", "data": {"id": "fb-1"}},
    )
    assert isinstance(outcome, ToErase)
    assert outcome.external_id == "fb-1"
