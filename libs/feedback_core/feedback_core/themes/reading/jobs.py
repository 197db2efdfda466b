"""The worker's part of reading: part by part, each kept in a transaction that moves the survey on."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobPayload
from feedback_core.kpis.queries.folding import lock_watermark
from feedback_core.surveys.types import text_in
from feedback_core.surveys.use_cases import published_survey
from feedback_core.themes.codebooks.queries import latest_codebook
from feedback_core.themes.codebooks.types import NO_CODEBOOK
from feedback_core.themes.codebooks.use_cases import language_of
from feedback_core.themes.reading import queries
from feedback_core.themes.reading.calc import read_comments
from feedback_core.themes.reading.payloads import READER_VERSION, ReadComments
from feedback_core.themes.reading.types import Part, Reading

RESPONSES_PER_PART = 1_000

P = TypeVar("P", bound=JobPayload)


async def run_read(run: JobRun[ReadComments]) -> None:
    """Read what waits to be read of a survey."""
    await read_survey(run, run.payload.survey_id)


async def read_survey(run: JobRun[P], survey_id: UUID) -> None:
    """Read until every comment is read that can be read now, by the reader and the codebook that hold now.

    Raises:
        NotFound: no such survey.
        SurveyNotPublished: it never was.
    """
    more = True
    while more:
        async with run.snapshot() as session:
            part = await next_part(session, run.organisation_id, survey_id)
        if part is None:
            return
        readings = await run.calculate(read_comments, part)
        async with run.transaction() as session:
            kept = await keep_part(session, run.organisation_id, survey_id, part, readings, at=run.clock.now())
        more = part.more or not kept


async def next_part(
    session: Session, organisation_id: UUID, survey_id: UUID, *, most: int = RESPONSES_PER_PART
) -> Part | None:
    """The comments of about ``most`` responses that are due; ``None``: nothing is due.

    Where reader or codebook have changed, all is due again, from the first response on.

    Raises:
        NotFound: no such survey.
        SurveyNotPublished: it never was.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    stored = await latest_codebook(session, organisation_id, survey_id)
    codebook = stored.codebook if stored else None
    before = await queries.position(session, organisation_id, survey_id)
    start = queries.beginning(READER_VERSION, codebook.version if codebook else NO_CODEBOOK)
    if before and (before.reader_version, before.codebook_version) == (start.reader_version, start.codebook_version):
        start = before
    comments, after, more = await queries.due_comments(session, organisation_id, survey_id, start, most=most)
    if after == before:
        return None
    language = survey.questionnaire.language
    questions = {one.key: text_in(one.text, language, fallback=language) for one in survey.questionnaire.questions}
    return Part(before, after, comments, codebook, questions, language_of(survey.questionnaire), more)


async def keep_part(
    session: Session, organisation_id: UUID, survey_id: UUID, part: Part, readings: list[Reading], *, at: datetime
) -> bool:
    """Keep what was read, unless somebody else has moved the survey on meanwhile; whether it was kept.

    Holds the watermark, as erasures do: none comes between finding a response there and writing beside it.
    """
    await lock_watermark(session, organisation_id, survey_id)
    if await queries.position(session, organisation_id, survey_id, hold=True) != part.before:
        return False
    await queries.save_readings(session, organisation_id, survey_id, readings, part.after, at=at)
    return True
