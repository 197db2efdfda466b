"""Notes on the culture: documents read, work observed, people heard. Sealed, for they may name somebody."""

import json
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import NotFound
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.people.culture import queries
from feedback_core.people.culture.types import Note, NoteDetails, NoteKind
from feedback_core.people.performance.replies import Writing
from feedback_core.recommendations.evidence.writing import refuse_people_gone


async def write_note(session: Session, organisation_id: UUID, details: NoteDetails, *, writing: Writing) -> Note:
    """Keep a note; it is never changed.

    Raises:
        PersonLeft: who writes has left.
    """
    await refuse_people_gone(session, organisation_id, {"/on_behalf_of": writing.by.name})
    made = Note(new_id(), details, writing.by.name, writing.by.key_name, writing.clock.now())
    await queries.add_note(
        session,
        organisation_id,
        id=made.id,
        kind=details.kind.value,
        dimensions=list(dict.fromkeys(details.dimensions)),
        observed_on=details.observed_on,
        sealed=writing.sealed(json.dumps({"source": details.source, "text": details.text}, ensure_ascii=False)),
        written_by=made.written_by,
        key_name=made.key_name,
        written_at=made.written_at,
    )
    return await get_note(session, organisation_id, made.id, seal=writing.seal)


async def get_note(session: Session, organisation_id: UUID, note_id: UUID, *, seal: Seal) -> Note:
    """A note.

    Raises:
        NotFound: no such note here.
    """
    found = await queries.note_by_id(session, organisation_id, note_id)
    if found is None:
        raise NotFound("note", note_id)
    return _note(found, seal)


async def list_notes(
    session: Session,
    organisation_id: UUID,
    *,
    kind: NoteKind | None,
    dimension: str | None,
    seal: Seal,
    cursor: str | None,
    limit: int,
) -> tuple[list[Note], str | None]:
    """A page of notes, the latest first, and the cursor of the next one.

    Raises:
        InvalidCursor: the cursor belongs to another query.
    """
    query = {"list": "culture_notes", "organisation": organisation_id, "kind": kind, "dimension": dimension}
    found = await queries.notes_before(
        session,
        organisation_id,
        kind=kind,
        dimension=dimension,
        before=id_in_cursor(cursor, query),
        limit=limit + 1,
    )
    page, following = page_of(found, limit, query, at=lambda each: each.row.id)
    return [_note(each, seal) for each in page], following


async def delete_note(session: Session, organisation_id: UUID, note_id: UUID) -> None:
    """Delete a note; assessments that rest on it keep what they say of it.

    Raises:
        NotFound: no such note here.
    """
    if not await queries.delete_note(session, organisation_id, note_id):
        raise NotFound("note", note_id)


def _note(stored: queries.StoredNote, seal: Seal) -> Note:
    row = stored.row
    said = json.loads(seal.open(bytes(row.sealed)))
    details = NoteDetails(NoteKind(row.kind), said["source"], said["text"], row.observed_on, tuple(row.dimensions))
    return Note(row.id, details, row.written_by, row.key_name, row.written_at)
