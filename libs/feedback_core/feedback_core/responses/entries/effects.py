"""Interviewer effects of a survey, and how often forms are mistyped, as they stand."""

from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.responses.entries import effect_queries
from feedback_core.responses.entries.calc import interviewer_effects, typing_errors
from feedback_core.responses.entries.double import typing_counts
from feedback_core.responses.entries.effect_types import LEAST_EACH, InterviewerEffects, TypingErrors
from feedback_core.responses.entries.types import EntryFault
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import QuestionType
from feedback_core.surveys.use_cases import published_survey

_NUMBERS: Final = frozenset(
    {
        QuestionType.NPS,
        QuestionType.CES,
        QuestionType.CSAT,
        QuestionType.RATING,
        QuestionType.NUMBER,
        QuestionType.BOOLEAN,
    }
)


async def effects_of(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    question: str,
    *,
    start: datetime | None,
    end: datetime | None,
    least: int = LEAST_EACH,
) -> InterviewerEffects:
    """How far answers to a question depend on who asked: of calls, interviews and focus groups that count.

    Of an interviewer with fewer answers than ``least``, or than the organisation shows groups of, nothing is told.

    Raises:
        NotFound: no such survey here.
        SurveyNotPublished: it has no version yet.
        Invalid: no such question, or its answers are not numbers.
        NotEstimable: too few interviewers have enough answers, or answers do not vary.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    asked = survey.questionnaire.question(question)
    if asked is None:
        fault = Fault("/query/question", FaultCode.UNKNOWN_QUESTION.value, "The survey has no such question.")
        raise Invalid([fault])
    if asked.type not in _NUMBERS:
        detail = "Name a question that is answered on a scale, by a number, or by yes and no."
        raise Invalid([Fault("/query/question", EntryFault.NOT_A_NUMBER.value, detail)])
    minimum = (await get_organisation(session, organisation_id)).minimum_cell_size
    sums = await effect_queries.sums_by_interviewer(session, organisation_id, survey_id, question, start=start, end=end)
    return interviewer_effects(sums, least=max(least, minimum, 2))


async def errors_of(session: Session, organisation_id: UUID, survey_id: UUID) -> TypingErrors:
    """How often those who typed forms differ, and were wrong.

    Raises:
        NotFound: no such survey here.
        NotEstimable: no form was typed twice.
    """
    return typing_errors(**asdict(await typing_counts(session, organisation_id, survey_id)))
