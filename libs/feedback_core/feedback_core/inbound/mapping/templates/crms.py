"""Ready-made mappings for systems of customer care: HubSpot, Zendesk, Intercom, Freshdesk, Salesforce."""

from typing import Final

from feedback_core.inbound.mapping.templates.template import MappingTemplate, Slot
from feedback_core.inbound.types import Preset

_NPS: Final = Slot("nps", ("nps",), "The score from 0 to 10")
_WHY: Final = Slot("why", ("text",), "What was said beside it")
_HAPPY: Final = Slot("happy", ("csat", "rating"), "The rating from 1 to 5")
_GOOD_OR_BAD: Final = {"good": 5, "bad": 1}

HUBSPOT_FEEDBACK: Final = MappingTemplate(
    key="hubspot_feedback_submission",
    presets=(
        Preset.HUBSPOT_V2,
        Preset.HUBSPOT_V3,
    ),
    title="HubSpot: a feedback submission, sent by a workflow",
    about="A workflow on feedback submissions with the action Send a webhook, and in its body the properties"
    " hs_survey_type, hs_value, hs_content, hs_submission_timestamp, hs_ingestion_id. Submissions of other kinds than"
    " NPS are left out; for CSAT or CES change when and the question.",
    slots=(_NPS, _WHY),
    document={
        "when": "hs_survey_type == 'NPS'",
        "occurred_at": {"path": "hs_submission_timestamp", "date_format": "unix_ms"},
        "fields": [
            {"to": "external_id", "path": "to_string(hs_ingestion_id || hs_object_id)"},
            {"to": "submitted_at", "path": "hs_submission_timestamp", "date_format": "unix_ms"},
            {"to": "question", "key": "nps", "path": "hs_value"},
            {"to": "question", "key": "why", "path": "hs_content"},
            {
                "to": "method",
                "path": "hs_survey_channel || 'EMAIL'",
                "values": {"EMAIL": "email", "WEB": "online_questionnaire"},
            },
        ],
    },
    sample={
        "hs_object_id": "3410912345",
        "hs_ingestion_id": "b7d9-1",
        "hs_survey_type": "NPS",
        "hs_survey_channel": "EMAIL",
        "hs_value": 9,
        "hs_response_group": "PROMOTER",
        "hs_content": "Quick and kind.",
        "hs_submission_timestamp": 1772272800000,
    },
)

HUBSPOT_EVENTS: Final = MappingTemplate(
    key="hubspot_subscriptions",
    presets=(
        Preset.HUBSPOT_V1,
        Preset.HUBSPOT_V3,
    ),
    title="HubSpot: events of subscriptions, whose objects are fetched",
    about="An array of events that have ids only: give the source a connector with a private app's token. A privacy"
    " deletion of a contact erases what the contact said. feedback_submissions is the object that is fetched; put the"
    " type of your subscription in place of object.creation.",
    slots=(_NPS, _WHY),
    connector="https://api.hubapi.com/crm/v3/objects/feedback_submissions/{object_id}"
    "?properties=hs_value,hs_content,hs_submission_timestamp,hs_contact_id",
    document={
        "items": "@",
        "when": "(subscriptionType || eventType) == 'object.creation'",
        "occurred_at": {"path": "occurredAt", "date_format": "unix_ms"},
        "erasure": {
            "when": "(subscriptionType || eventType) == 'contact.privacyDeletion'",
            "respondent_id": "objectId",
        },
        "fetch": {"parameters": {"object_id": "objectId"}},
        "fields": [
            {"to": "external_id", "path": "id"},
            {"to": "submitted_at", "path": "properties.hs_submission_timestamp"},
            {"to": "question", "key": "nps", "path": "properties.hs_value"},
            {"to": "question", "key": "why", "path": "properties.hs_content"},
        ],
    },
    sample=[
        {
            "eventId": 100,
            "subscriptionId": 25458,
            "portalId": 33,
            "appId": 1160452,
            "occurredAt": 1772272800000,
            "subscriptionType": "object.creation",
            "attemptNumber": 0,
            "objectId": 3410912345,
        }
    ],
    fetched={
        "id": "3410912345",
        "properties": {
            "hs_value": "9",
            "hs_content": "Quick and kind.",
            "hs_submission_timestamp": "2026-02-28T10:00:00Z",
        },
    },
)

ZENDESK_GOOD_BAD: Final = MappingTemplate(
    key="zendesk_good_bad",
    presets=(Preset.ZENDESK,),
    title="Zendesk: satisfaction as good or bad",
    about="Events of the type ticket.csat_received, of the product that asks good or bad. Good is 5 and bad is 1, so"
    " that the share of satisfied is that of good.",
    slots=(_HAPPY, _WHY),
    document={
        "when": "type == 'zen:event-type:ticket.csat_received'",
        "occurred_at": {"path": "time"},
        "fields": [
            {"to": "external_id", "path": "detail.id"},
            {"to": "submitted_at", "path": "time"},
            {
                "to": "question",
                "key": "happy",
                "path": "event.satisfaction_score.score",
                "values": _GOOD_OR_BAD,
                "blank": ["offered", "unoffered"],
            },
            {"to": "question", "key": "why", "path": "event.satisfaction_score.comment"},
        ],
    },
    sample={
        "type": "zen:event-type:ticket.csat_received",
        "account_id": 22129848,
        "id": "cbe4028c-7239-495d-b020-f22348516046",
        "time": "2026-02-28T10:00:00.672717030Z",
        "subject": "zen:ticket:5158",
        "detail": {"id": "5158", "status": "SOLVED"},
        "event": {"satisfaction_score": {"score": "GOOD", "comment": "Quick and kind."}},
    },
)

ZENDESK_NUMERIC: Final = MappingTemplate(
    key="zendesk_numeric",
    presets=(Preset.ZENDESK,),
    title="Zendesk: satisfaction as a number, by a trigger",
    about="A trigger with a webhook whose body you write. Send ticket_id, updated_at, rating (1 to 5, or good and bad)"
    " and comment, filled with placeholders.",
    slots=(_HAPPY, _WHY),
    document={
        "when": "rating",
        "occurred_at": {"path": "updated_at"},
        "fields": [
            {"to": "external_id", "path": "to_string(ticket_id)"},
            {"to": "submitted_at", "path": "updated_at"},
            {
                "to": "question",
                "key": "happy",
                "path": "rating",
                "values": {**_GOOD_OR_BAD, "Good, I'm satisfied": 5, "Bad, I'm unsatisfied": 1},
            },
            {"to": "question", "key": "why", "path": "comment"},
        ],
    },
    sample={
        "ticket_id": 30482,
        "updated_at": "2026-02-28T10:00:00Z",
        "rating": "4",
        "comment": "Quick and kind.",
    },
)

INTERCOM: Final = MappingTemplate(
    key="intercom_rating",
    presets=(Preset.INTERCOM,),
    title="Intercom: the rating of a conversation",
    about="Topic conversation.rating.added; others are left out. contact.deleted erases what the contact said, if the"
    " survey keeps who answered: map the respondent's id to conversation_rating.contact.id.",
    slots=(_HAPPY, _WHY),
    document={
        "when": "topic == 'conversation.rating.added'",
        "date_format": "unix",
        "occurred_at": {"path": "created_at"},
        "erasure": {"when": "topic == 'contact.deleted'", "respondent_id": "data.item.id"},
        "fields": [
            {"to": "external_id", "path": "data.item.id"},
            {"to": "submitted_at", "path": "data.item.conversation_rating.created_at"},
            {"to": "question", "key": "happy", "path": "data.item.conversation_rating.rating"},
            {"to": "question", "key": "why", "path": "data.item.conversation_rating.remark"},
        ],
    },
    sample={
        "type": "notification_event",
        "app_id": "a86dr8yl",
        "id": "notif_5f27a9e0",
        "topic": "conversation.rating.added",
        "created_at": 1772272801,
        "data": {
            "type": "notification_event_data",
            "item": {
                "type": "conversation",
                "id": "195208945002873",
                "conversation_rating": {
                    "rating": 4,
                    "remark": "Quick and kind.",
                    "created_at": 1772272800,
                    "contact": {"type": "contact", "id": "6620fa1e"},
                    "teammate": {"type": "admin", "id": 12},
                },
            },
        },
    },
)

FRESHDESK: Final = MappingTemplate(
    key="freshdesk",
    presets=(Preset.FRESHDESK,),
    title="Freshdesk: satisfaction, by an automation rule",
    about="A rule with the action Trigger webhook, whose JSON body you write: ticket_id, surveyed_at, rating and"
    " comment, filled with placeholders.",
    slots=(_HAPPY, _WHY),
    document={
        "when": "rating",
        "occurred_at": {"path": "surveyed_at"},
        "fields": [
            {"to": "external_id", "path": "join('-', [to_string(ticket_id), to_string(surveyed_at)])"},
            {"to": "submitted_at", "path": "surveyed_at"},
            {
                "to": "question",
                "key": "happy",
                "path": "rating",
                "values": {
                    "Extremely Happy": 5,
                    "Very Happy": 5,
                    "Happy": 4,
                    "Neutral": 3,
                    "Unhappy": 2,
                    "Very Unhappy": 1,
                    "Extremely Unhappy": 1,
                },
            },
            {"to": "question", "key": "why", "path": "comment"},
        ],
    },
    sample={
        "ticket_id": "77",
        "surveyed_at": "2026-02-28T10:00:00Z",
        "rating": "Happy",
        "comment": "Quick and kind.",
    },
)

SALESFORCE_MESSAGE: Final = MappingTemplate(
    key="salesforce_outbound_message",
    presets=(Preset.SALESFORCE_OUTBOUND_MESSAGE,),
    title="Salesforce: an outbound message",
    about="Up to a hundred notifications in one SOAP envelope; the fields are those of your object: put yours in place"
    " of Score__c, Comment__c and Submitted__c.",
    slots=(_NPS, _WHY),
    document={
        "items": "to_array(Envelope.Body.notifications.Notification)",
        "occurred_at": {"path": "sObject.LastModifiedDate || sObject.Submitted__c"},
        "fields": [
            {"to": "external_id", "path": "sObject.Id"},
            {"to": "submitted_at", "path": "sObject.Submitted__c"},
            {"to": "question", "key": "nps", "path": "sObject.Score__c"},
            {"to": "question", "key": "why", "path": "sObject.Comment__c"},
        ],
    },
    sample={
        "Envelope": {
            "Body": {
                "notifications": {
                    "OrganizationId": "00D000000000001",
                    "ActionId": "04k000000000001",
                    "Notification": {
                        "Id": "04l000000000001",
                        "sObject": {
                            "Id": "a01000000000001",
                            "Score__c": "9.0",
                            "Comment__c": "Quick and kind.",
                            "Submitted__c": "2026-02-28T10:00:00.000Z",
                        },
                    },
                }
            }
        }
    },
)

SALESFORCE_RECORDS: Final = MappingTemplate(
    key="salesforce_records",
    presets=(Preset.SHARED_SECRET,),
    title="Salesforce: records, sent by a flow or a connector",
    about="A callout of a flow, or a connector between, that sends changed records as an array under result, each with"
    " its fields: put yours in place of score__c, comment__c and submitted__c.",
    slots=(_NPS, _WHY),
    document={
        "items": "result",
        "occurred_at": {"path": "fields.lastmodifieddate || fields.submitted__c"},
        "fields": [
            {"to": "external_id", "path": "fields.id"},
            {"to": "submitted_at", "path": "fields.submitted__c"},
            {"to": "question", "key": "nps", "path": "fields.score__c"},
            {"to": "question", "key": "why", "path": "fields.comment__c"},
        ],
    },
    sample={
        "objectName": "feedback__c",
        "result": [
            {
                "fields": {
                    "id": "a01000000000001",
                    "score__c": 9,
                    "comment__c": "Quick and kind.",
                    "submitted__c": "2026-02-28T10:00:00Z",
                }
            }
        ],
    },
)

CRMS: Final = (
    HUBSPOT_FEEDBACK,
    HUBSPOT_EVENTS,
    ZENDESK_GOOD_BAD,
    ZENDESK_NUMERIC,
    INTERCOM,
    FRESHDESK,
    SALESFORCE_MESSAGE,
    SALESFORCE_RECORDS,
)
