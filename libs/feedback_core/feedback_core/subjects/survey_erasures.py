"""Taking something out of a survey as a whole: who gave its answers, or all answers to a question."""

from collections.abc import Mapping
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import NotFound
from feedback_core.kit.ids import new_id
from feedback_core.organisations.audit import record_event
from feedback_core.organisations.types import AuditAction
from feedback_core.subjects import erasure_queries, survey_queries
from feedback_core.subjects.payloads import EraseFromSurvey
from feedback_core.subjects.types import Comments, ErasureKind, SurveyErasure, SurveyNotClosed
from feedback_core.surveys import queries as surveys
from feedback_core.surveys.types import Confidentiality, SurveyState
from feedback_core.surveys.use_cases import check_survey, published_survey


async def anonymise_survey(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    minimum: int | None,
    comments: Comments,
    reason: str,
    by: str,
    clock: Clock,
) -> SurveyErasure:
    """Have everything taken away that leads from answers to who gave them. It cannot be taken back.

    Args:
        session: bound to the organisation.
        organisation_id: whose survey it is.
        survey_id: of a survey that is closed: what still came in would come in again under its old name.
        minimum: fewest responses that may say the same of their respondents; ``None``: the organisation's.
        comments: what becomes of answers in words.
        reason: why.
        by: name of the API key.
        clock: for the time of it.

    Raises:
        NotFound: no such survey here.
        SurveyNotPublished: nobody ever answered it.
        SurveyNotClosed: it still takes answers.
    """
    await surveys.hold_survey(session, organisation_id, survey_id)
    survey = await published_survey(session, organisation_id, survey_id)
    if survey.state is not SurveyState.CLOSED:
        raise SurveyNotClosed("The survey still takes answers: close it first.")
    if survey.confidentiality is not Confidentiality.ANONYMOUS:
        await surveys.save_confidentiality(
            session, organisation_id, survey_id, Confidentiality.ANONYMOUS, at=clock.now()
        )
    asked = {"minimum": minimum, "comments": comments.value}
    made = await _request(session, organisation_id, survey_id, ErasureKind.ANONYMISE, asked, reason, by, clock)
    await _note(session, organisation_id, AuditAction.SURVEY_ANONYMISED, made, clock)
    return made


async def erase_question(
    session: Session, organisation_id: UUID, survey_id: UUID, question: str, *, reason: str, by: str, clock: Clock
) -> SurveyErasure:
    """Have all answers to one question taken out of the responses of a survey. It cannot be taken back.

    Raises:
        NotFound: no such survey here, or no version of it has such a question.
    """
    await check_survey(session, organisation_id, survey_id)
    if question not in await erasure_queries.question_keys(session, organisation_id, survey_id):
        raise NotFound("question", question)
    asked = {"question": question}
    made = await _request(session, organisation_id, survey_id, ErasureKind.ANSWERS, asked, reason, by, clock)
    await _note(session, organisation_id, AuditAction.ANSWERS_ERASED, made, clock)
    return made


async def get_erasure(session: Session, organisation_id: UUID, survey_id: UUID, erasure_id: UUID) -> SurveyErasure:
    """What was asked to be taken out of a survey, and how far that is.

    Raises:
        NotFound: no such erasure of this survey here.
    """
    found = await survey_queries.erasure_by_id(session, organisation_id, survey_id, erasure_id)
    if found is None:
        raise NotFound("erasure", erasure_id)
    return found


async def list_erasures(
    session: Session, organisation_id: UUID, survey_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[SurveyErasure], str | None]:
    """A page of what was taken out of a survey, the latest first, and the cursor of the next page.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor is not one of this list.
    """
    await check_survey(session, organisation_id, survey_id)
    query = {"list": "survey erasures", "organisation": organisation_id, "survey": survey_id}
    before = id_in_cursor(cursor, query)
    found = await survey_queries.erasures_before(session, organisation_id, survey_id, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def _request(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    kind: ErasureKind,
    parameters: Mapping[str, object],
    reason: str,
    by: str,
    clock: Clock,
) -> SurveyErasure:
    erasure_id = new_id()
    job_id = await request_job(session, organisation_id, EraseFromSurvey(erasure_id), now=clock.now())
    await survey_queries.add_erasure(
        session,
        organisation_id,
        erasure_id,
        survey_id=survey_id,
        kind=kind,
        parameters=parameters,
        reason=reason,
        by=by,
        job_id=job_id,
        at=clock.now(),
    )
    return await get_erasure(session, organisation_id, survey_id, erasure_id)


async def _note(
    session: Session, organisation_id: UUID, action: AuditAction, made: SurveyErasure, clock: Clock
) -> None:
    await record_event(
        session,
        organisation_id,
        action,
        by=made.requested_by,
        thing="survey",
        thing_id=made.survey_id,
        clock=clock,
        details={"erasure_id": str(made.id), **made.parameters},
    )
