"""The ways to collect feedback."""

from enum import StrEnum


class CollectionMethod(StrEnum):
    """How feedback was collected."""

    POSTAL_QUESTIONNAIRE = "postal_questionnaire"
    ONLINE_QUESTIONNAIRE = "online_questionnaire"
    EMAIL = "email"
    SMS = "sms"
    TELEPHONE = "telephone"
    FACE_TO_FACE_INTERVIEW = "face_to_face_interview"
    FOCUS_GROUP = "focus_group"
    IN_APP = "in_app"
    KIOSK = "kiosk"
    CONTRACT_REVIEW = "contract_review"
    PERSONAL_VISIT = "personal_visit"
    WARRANTY_RECORD = "warranty_record"
    INFORMAL_DISCUSSION = "informal_discussion"
    MARKET_RESEARCH = "market_research"
    COMPLAINT_OR_COMPLIMENT = "complaint_or_compliment"
    CRM_TICKET = "crm_ticket"
