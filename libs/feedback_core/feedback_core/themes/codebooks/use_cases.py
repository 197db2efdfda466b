"""What can be done with codebooks: read one, and replace it by its next version."""

from dataclasses import replace
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed, require_current
from feedback_core.service.use_cases import features_among
from feedback_core.surveys.types import Questionnaire, QuestionType
from feedback_core.surveys.use_cases import check_survey, published_survey
from feedback_core.themes.codebooks import queries
from feedback_core.themes.codebooks.faults import faults_of
from feedback_core.themes.codebooks.types import Codebook, CodebookHistory, StoredCodebook


async def get_codebook(session: Session, organisation_id: UUID, survey_id: UUID) -> StoredCodebook:
    """The codebook of a survey as it holds now.

    Raises:
        NotFound: no such survey, or it has none.
    """
    return (await codebook_versions(session, organisation_id, survey_id))[0]


async def codebook_versions(session: Session, organisation_id: UUID, survey_id: UUID) -> list[StoredCodebook]:
    """Every version of the codebook of a survey, the one that holds now first.

    Raises:
        NotFound: no such survey, or it has none.
    """
    await check_survey(session, organisation_id, survey_id)
    found = await queries.codebook_versions(session, organisation_id, survey_id)
    if not found:
        raise NotFound("codebook of survey", survey_id)
    return found


async def codebook_history(session: Session, organisation_id: UUID, survey_id: UUID) -> CodebookHistory | None:
    """The codebook as it holds now, and since which version each of its themes has always been in it."""
    versions = [stored.codebook for stored in await queries.codebook_versions(session, organisation_id, survey_id)]
    if not versions:
        return None
    since = {}
    for key in versions[0].keys:
        held = [version.version for version in versions]
        gone = next((i for i, version in enumerate(versions) if key not in version.keys), len(versions))
        since[key] = held[gone - 1]
    return CodebookHistory(versions[0], since)


async def put_codebook(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    codebook: Codebook,
    *,
    if_version: int | None,
    by: str,
    clock: Clock,
) -> tuple[StoredCodebook, bool]:
    """Have the comments of a survey coded so from now on, and whether it is the first; the same again changes nothing.

    What was coded by hand stays, with the version that it was coded by. Rules are held against all comments anew, by
    the worker.

    Args:
        session: bound to the organisation.
        organisation_id: whose survey it is.
        survey_id: of a survey that was published and asks for texts.
        codebook: its version is ignored: it becomes the next one.
        if_version: the version that the caller has edited; ``None`` for the first one.
        by: name of the API key.
        clock: for the time of it.

    Raises:
        NotFound: no such survey.
        SurveyNotPublished: it never was.
        Invalid: the survey asks for no text, or the codebook has faults; each is named with a pointer.
        PreconditionRequired: there is a codebook, and the caller does not say which version was edited.
        PreconditionFailed: it has changed since, or it is not there.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    text_questions(survey.questionnaire)
    await check_codebook(session, organisation_id, codebook)
    stored = await queries.latest_codebook(session, organisation_id, survey_id)
    current = stored.codebook if stored else None
    require_current("codebook", current.version if current else None, if_version)
    if stored and current and replace(codebook, version=current.version) == current:
        return stored, False
    following = replace(codebook, version=1 if current is None else current.version + 1)
    at = clock.now()
    if not await queries.add_codebook(session, organisation_id, survey_id, following, by=by, at=at):
        raise PreconditionFailed("The codebook has just been changed by somebody else: read it again.")
    return StoredCodebook(following, by, at), current is None


async def check_codebook(session: Session, organisation_id: UUID, codebook: Codebook) -> None:
    """Refuse a codebook that could not be worked with.

    Raises:
        Invalid: each fault is named with a pointer.
    """
    linked = {theme.feature for theme in codebook.themes if theme.feature is not None}
    faults = faults_of(codebook, await features_among(session, organisation_id, linked))
    if faults:
        raise Invalid(faults)


def text_questions(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Keys of the questions whose answers are comments.

    Raises:
        Invalid: there is none.
    """
    keys = tuple(question.key for question in questionnaire.questions if question.type is QuestionType.TEXT)
    if not keys:
        raise Invalid([Fault("/path/survey_id", "no_text_question", "The survey asks for no text.")])
    return keys


def language_of(questionnaire: Questionnaire) -> str:
    """The language that comments are taken for where it cannot be told: ISO 639-1, from the survey's own tag."""
    return questionnaire.language.split("-")[0].lower()
