"""Ready-made mappings for tools that ask: Typeform, Delighted, SurveyMonkey, Formbricks, and our own form of event."""

from typing import Final

from feedback_core.inbound.mapping.templates.template import MappingTemplate, Slot
from feedback_core.inbound.types import Preset

_NPS: Final = Slot("nps", ("nps",), "The score from 0 to 10")
_WHY: Final = Slot("why", ("text",), "What was said beside it")

TYPEFORM: Final = MappingTemplate(
    key="typeform",
    presets=(Preset.TYPEFORM,),
    title="Typeform: a response to a form",
    about="Answers are found by the ref of their field: put yours in place of nps_score and improve_feedback. A number"
    " is in number, a text in text, one choice in choice.label, several in choices.labels, yes or no in boolean.",
    slots=(_NPS, _WHY),
    document={
        "when": "event_type == 'form_response'",
        "occurred_at": {"path": "form_response.submitted_at"},
        "fields": [
            {"to": "external_id", "path": "form_response.token"},
            {"to": "submitted_at", "path": "form_response.submitted_at"},
            {"to": "started_at", "path": "form_response.landed_at"},
            {"to": "question", "key": "nps", "path": "form_response.answers[?field.ref=='nps_score'].number"},
            {"to": "question", "key": "why", "path": "form_response.answers[?field.ref=='improve_feedback'].text"},
        ],
    },
    sample={
        "event_id": "01J0EXAMPLE",
        "event_type": "form_response",
        "form_response": {
            "form_id": "lT4Z3j",
            "token": "a3a12ec67a1365927098a606107fac15",
            "landed_at": "2026-02-28T09:58:20Z",
            "submitted_at": "2026-02-28T10:00:00Z",
            "answers": [
                {"type": "number", "number": 9, "field": {"id": "a1", "type": "opinion_scale", "ref": "nps_score"}},
                {
                    "type": "text",
                    "text": "Quick and kind.",
                    "field": {"id": "a2", "type": "long_text", "ref": "improve_feedback"},
                },
            ],
        },
    },
)

DELIGHTED: Final = MappingTemplate(
    key="delighted",
    presets=(Preset.SHARED_SECRET,),
    title="Delighted: an NPS response, made or changed",
    about="The same response comes again when its comment, tags or notes change; what was said last counts.",
    slots=(_NPS, _WHY),
    document={
        "when": "starts_with(event_type, 'survey_response.')",
        "date_format": "unix",
        "occurred_at": {"path": "event_data.updated_at"},
        "fields": [
            {"to": "external_id", "path": "event_data.id"},
            {"to": "submitted_at", "path": "event_data.created_at"},
            {"to": "question", "key": "nps", "path": "event_data.score"},
            {"to": "question", "key": "why", "path": "event_data.comment"},
        ],
        "constants": [{"to": "method", "value": "email"}],
    },
    sample={
        "event_type": "survey_response.created",
        "event_id": "5b1f",
        "event_data": {
            "id": "5435",
            "person": {"id": "5975", "email": "somebody@example.com", "name": "Some Body"},
            "score": 9,
            "comment": "Quick and kind.",
            "created_at": 1772272800,
            "updated_at": 1772272860,
            "tags": [],
        },
    },
)

SURVEYMONKEY: Final = MappingTemplate(
    key="surveymonkey",
    presets=(Preset.SURVEYMONKEY,),
    title="SurveyMonkey: a completed response, which is fetched",
    about="The event has ids only: give the source a connector with the access token. Answers are found by the ids of"
    " questions: put yours in place of 111 and 112, and the ids of the choices of your scale in place of 1000 to 1010.",
    slots=(_NPS, _WHY),
    connector="https://api.surveymonkey.com/v3/surveys/{survey_id}/responses/{response_id}/details",
    document={
        "when": "event_type == 'response_completed'",
        "occurred_at": {"path": "event_datetime"},
        "fetch": {"parameters": {"survey_id": "resources.survey_id", "response_id": "object_id"}},
        "fields": [
            {"to": "external_id", "path": "object_id", "within": "item"},
            {"to": "submitted_at", "path": "date_modified"},
            {"to": "started_at", "path": "date_created"},
            {
                "to": "question",
                "key": "nps",
                "path": "pages[].questions[] | [?id=='111'].answers[].choice_id",
                "values": {str(1000 + score): score for score in range(11)},
            },
            {"to": "question", "key": "why", "path": "pages[].questions[] | [?id=='112'].answers[].text"},
        ],
    },
    sample={
        "event_type": "response_completed",
        "event_id": "10005",
        "object_type": "response",
        "object_id": "5007154402",
        "event_datetime": "2026-02-28T10:00:01+00:00",
        "resources": {"survey_id": "12345", "collector_id": "678"},
    },
    fetched={
        "id": "5007154402",
        "response_status": "completed",
        "date_created": "2026-02-28T09:58:00+00:00",
        "date_modified": "2026-02-28T10:00:00+00:00",
        "pages": [
            {
                "id": "1",
                "questions": [
                    {"id": "111", "answers": [{"choice_id": "1009"}]},
                    {"id": "112", "answers": [{"text": "Quick and kind."}]},
                ],
            }
        ],
    },
)

FORMBRICKS: Final = MappingTemplate(
    key="formbricks",
    presets=(Preset.STANDARD,),
    title="Formbricks: a response, page by page",
    about="responseCreated, responseUpdated and responseFinished of one response have the same id: what came last"
    " counts. Answers are found by the ids of questions: put yours in place of nps and why.",
    slots=(_NPS, _WHY),
    document={
        "when": "contains(['responseCreated', 'responseUpdated', 'responseFinished'], event)",
        "occurred_at": {"path": "data.updatedAt || data.createdAt"},
        "fields": [
            {"to": "external_id", "path": "data.id"},
            {"to": "submitted_at", "path": "data.createdAt"},
            {"to": "status", "path": "data.finished", "values": {"true": "complete", "false": "partial"}},
            {"to": "question", "key": "nps", "path": "data.data.nps"},
            {"to": "question", "key": "why", "path": "data.data.why"},
        ],
    },
    sample={
        "webhookId": "clz",
        "event": "responseFinished",
        "data": {
            "id": "cm0resp",
            "surveyId": "cm0surv",
            "finished": True,
            "data": {"nps": 9, "why": "Quick and kind."},
            "createdAt": "2026-02-28T10:00:00.000Z",
            "updatedAt": "2026-02-28T10:00:42.000Z",
            "language": "default",
            "tags": [],
        },
    },
)

STANDARD: Final = MappingTemplate(
    key="standard",
    presets=(Preset.STANDARD,),
    title="Standard Webhooks: feedback in the form of our own responses",
    about="For senders that can choose what they send: type feedback.created, feedback.updated or feedback.deleted, and"
    " under data the fields of a response.",
    slots=(_NPS, _WHY),
    document={
        "when": "contains(['feedback.created', 'feedback.updated'], type)",
        "occurred_at": {"path": "timestamp"},
        "erasure": {"when": "type == 'feedback.deleted'", "external_id": "data.id"},
        "fields": [
            {"to": "external_id", "path": "data.id"},
            {"to": "submitted_at", "path": "data.submitted_at"},
            {"to": "question", "key": "nps", "path": "data.answers.nps"},
            {"to": "question", "key": "why", "path": "data.answers.why"},
        ],
    },
    sample={
        "type": "feedback.created",
        "timestamp": "2026-02-28T10:00:01Z",
        "data": {
            "id": "fb-1",
            "submitted_at": "2026-02-28T10:00:00Z",
            "answers": {"nps": 9, "why": "Quick and kind."},
        },
    },
)

SURVEY_TOOLS: Final = (TYPEFORM, DELIGHTED, SURVEYMONKEY, FORMBRICKS, STANDARD)
