"""SQL that takes out what was said in entries, when a response of theirs is taken away or told less of; and sealing."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, update

from feedback_core.db.session import Session
from feedback_core.responses.entries.tables import entry_take, second_entry, staff_entry

_TAKE_OUT = text("""
    UPDATE staff_entry e SET sealed = NULL, transcript_bytes = 0, words_gone_at = CAST(:at AS timestamptz)
     WHERE e.organisation_id = :organisation_id AND e.sealed IS NOT NULL
       AND e.id IN (SELECT t.entry_id FROM entry_take t
                     WHERE t.organisation_id = :organisation_id AND t.response_id = ANY(:ids))
""")
_TAKE_OUT_SECOND = text("""
    UPDATE second_entry s SET sealed = NULL
     WHERE s.organisation_id = :organisation_id AND s.sealed IS NOT NULL
       AND s.entry_id IN (SELECT t.entry_id FROM entry_take t
                           WHERE t.organisation_id = :organisation_id AND t.response_id = ANY(:ids))
""")


async def take_out_words(
    session: Session, organisation_id: UUID, response_ids: Collection[UUID], *, at: datetime
) -> int:
    """Take out what was said in the sessions that these responses are of, whoever else said it; how many that was.

    One transcript holds the words of all who took part: nobody can tell whose a sentence is.
    """
    values = {"organisation_id": organisation_id, "ids": list(response_ids)}
    taken = await session.execute(_TAKE_OUT, {**values, "at": at})
    await session.execute(_TAKE_OUT_SECOND, values)
    return int(taken.rowcount)


async def entries_of_responses(session: Session, organisation_id: UUID, response_ids: Collection[UUID]) -> set[UUID]:
    """Entries that these responses are of."""
    found = await session.execute(
        select(entry_take.c.entry_id).where(
            entry_take.c.organisation_id == organisation_id, entry_take.c.response_id.in_(list(response_ids))
        )
    )
    return set(found.scalars())


async def take_out_entries(
    session: Session, organisation_id: UUID, entry_ids: Collection[UUID], *, at: datetime
) -> int:
    """Take out what was said in these entries; how many that was."""
    done = await session.execute(
        update(staff_entry)
        .where(
            staff_entry.c.organisation_id == organisation_id,
            staff_entry.c.id.in_(list(entry_ids)),
            staff_entry.c.sealed.is_not(None),
        )
        .values(sealed=None, transcript_bytes=0, words_gone_at=at)
    )
    await session.execute(
        update(second_entry)
        .where(second_entry.c.organisation_id == organisation_id, second_entry.c.entry_id.in_(list(entry_ids)))
        .values(sealed=None)
    )
    return int(done.rowcount)


async def forget_interviewers(session: Session, organisation_id: UUID, references: Collection[str]) -> int:
    """Name nobody any more as the interviewer where one of these references stands; how many entries that was."""
    done = await session.execute(
        update(staff_entry)
        .where(staff_entry.c.organisation_id == organisation_id, staff_entry.c.interviewer.in_(list(references)))
        .values(interviewer=None)
    )
    return int(done.rowcount)


async def entries_of_seconds(session: Session, organisation_id: UUID, second_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The entry of each second entry."""
    found = await session.execute(
        select(second_entry.c.id, second_entry.c.entry_id).where(
            second_entry.c.organisation_id == organisation_id, second_entry.c.id.in_(list(second_ids))
        )
    )
    return {row.id: row.entry_id for row in found}
