"""Reading entries back: what was entered, and, for those who may, what was said."""

from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import NotFound
from feedback_core.kit.sealing import Seal
from feedback_core.responses.entries import queries
from feedback_core.responses.entries.recording import entry_of
from feedback_core.responses.entries.types import Entry, EntryKind, Words, WordsGone
from feedback_core.responses.entries.words import opened_words
from feedback_core.surveys.use_cases import check_survey


async def list_entries(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    kind: EntryKind | None,
    form: str | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[Entry], str | None]:
    """Entries in the order in which they were made, and where the next page begins.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    await check_survey(session, organisation_id, survey_id)
    query = {"list": "entries", "organisation": organisation_id, "survey": survey_id, "kind": kind, "form": form}
    after = id_in_cursor(cursor, query)
    found = await queries.entries_after(
        session, organisation_id, survey_id, kind=kind, form=form, after=after, limit=limit + 1
    )
    return page_of(found, limit, query)


async def words_of(session: Session, organisation_id: UUID, survey_id: UUID, entry_id: UUID, *, seal: Seal) -> Words:
    """What was said in a session, exactly as it was written down.

    Raises:
        NotFound: no such entry here, or nothing was written down.
        WordsGone: it was taken out.
    """
    entry = await entry_of(session, organisation_id, survey_id, entry_id)
    if entry.words_gone_at is not None:
        raise WordsGone("What was said was taken out, with a response of it that was erased or made anonymous.")
    sealed = await queries.sealed_words(session, organisation_id, entry_id)
    if sealed is None:
        raise NotFound("transcript of entry", entry_id)
    return opened_words(sealed, seal)
