"""What can be done with the interview guide of a survey: written in versions, read, printed."""

from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import numbers_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, require_current
from feedback_core.responses.guides import queries
from feedback_core.responses.guides.printing import printed
from feedback_core.responses.guides.types import Guide, GuideFault, PrintedGuide, StoredGuide
from feedback_core.surveys import queries as surveys
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import Questionnaire
from feedback_core.surveys.use_cases import check_survey, get_survey


async def put_guide(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    guide: Guide,
    *,
    if_version: int | None,
    by: str,
    clock: Clock,
) -> StoredGuide:
    """Write the guide, or its next version; entries by earlier ones keep naming them.

    Raises:
        NotFound: no such survey here.
        PreconditionRequired: there is a guide, and the caller does not say which version was edited.
        PreconditionFailed: it has changed since.
        Invalid: it asks what the survey does not; each fault is named.
    """
    survey = await get_survey(session, organisation_id, survey_id)
    faults = _faults(guide, survey.questionnaire)
    if faults:
        raise Invalid(faults)
    await surveys.hold_survey(session, organisation_id, survey_id)
    before = await queries.latest_guide(session, organisation_id, survey_id)
    version = None if before is None else before.version
    require_current("interview guide", version, if_version)
    stored = StoredGuide(survey_id, (version or 0) + 1, guide, by, clock.now())
    await queries.add_guide(session, organisation_id, stored)
    return stored


async def get_guide(
    session: Session, organisation_id: UUID, survey_id: UUID, version: int | None = None
) -> StoredGuide:
    """A version of the guide of a survey; the one that holds, if none is named.

    Raises:
        NotFound: no such survey here, or no such version.
    """
    await check_survey(session, organisation_id, survey_id)
    if version is None:
        found = await queries.latest_guide(session, organisation_id, survey_id)
    else:
        found = await queries.guide_of_version(session, organisation_id, survey_id, version)
    if found is None:
        raise NotFound("interview guide", "of this survey" if version is None else version)
    return found


async def list_guides(
    session: Session, organisation_id: UUID, survey_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[StoredGuide], str | None]:
    """Versions, the one that holds first, and where the next page begins.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    await check_survey(session, organisation_id, survey_id)
    query = {"list": "interview guides", "organisation": organisation_id, "survey": survey_id}
    below = None if cursor is None else numbers_in_cursor(cursor, query)[0]
    found = await queries.guides_of(session, organisation_id, survey_id, below=below, limit=limit + 1)
    return page_of(found, limit, query, at=lambda each: each.version)


async def print_guide(
    session: Session, organisation_id: UUID, survey_id: UUID, version: int | None = None
) -> PrintedGuide:
    """A version with the words and answers of the survey's questions beside it.

    Raises:
        NotFound: no such survey here, or no such version.
    """
    stored = await get_guide(session, organisation_id, survey_id, version)
    survey = await get_survey(session, organisation_id, survey_id)
    return printed(stored, survey.questionnaire)


def _faults(guide: Guide, questionnaire: Questionnaire) -> list[Fault]:
    faults, seen = [], set[str]()
    for place, asked in enumerate(guide.questions):
        pointer = f"/questions/{place}"
        if asked.question is None:
            if asked.ask is None:
                detail = "Say what is asked, or which question of the survey it is."
                faults.append(Fault(f"{pointer}/ask", FaultCode.MISSING_VALUE.value, detail))
        elif questionnaire.question(asked.question) is None:
            detail = "The survey has no such question."
            faults.append(Fault(f"{pointer}/question", FaultCode.UNKNOWN_QUESTION.value, detail))
        elif asked.question in seen:
            faults.append(Fault(f"{pointer}/question", GuideFault.ASKED_TWICE.value, "Put each question once."))
        seen.add(asked.question or "")
    return faults
