"""What an erasure does to exports: no file keeps what is erased."""

from collections.abc import Sequence
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.responses.exports import queries
from feedback_core.surveys.queries import hold_survey


async def discard_exports_of(
    session: Session, organisation_id: UUID, survey_id: UUID, response_ids: Sequence[UUID] | None = None
) -> int:
    """Throw away the files that may hold one of these responses, in the transaction that erases them; how many.

    A file that is being written is begun anew. ``None``: every file of the survey, as when what may be told of its
    respondents has become less. Until the transaction ends no export of the survey can be asked for: one that was asked
    for before is seen here, and one that is asked for later does not see what is erased. Whoever also holds the
    survey's watermark takes that first.
    """
    await hold_survey(session, organisation_id, survey_id)
    return len(await queries.discard_files_with(session, organisation_id, survey_id, response_ids))
