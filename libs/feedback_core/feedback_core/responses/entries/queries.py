"""SQL of staff entries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.db.session import Session
from feedback_core.responses.entries.tables import entry_consent, entry_take, second_entry, staff_entry
from feedback_core.responses.entries.types import (
    ConsentHow,
    Entry,
    EntryKind,
    NewEntry,
    SecondEntry,
    SecondState,
    Take,
)
from feedback_core.responses.tables import response


async def add_entry(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    entry_id: UUID,
    said: NewEntry,
    *,
    sealed: bytes | None,
    transcript_bytes: int,
    by: str,
    at: datetime,
) -> bool:
    """A new entry with its consents; false if its form was entered before."""
    made = await session.execute(
        upsert(staff_entry)
        .values(
            organisation_id=organisation_id,
            id=entry_id,
            survey_id=survey_id,
            kind=said.kind.value,
            guide_version=said.guide_version,
            interviewer=said.interviewer,
            form=said.form,
            began_at=said.began_at,
            duration_seconds=said.duration_seconds,
            language=said.language,
            participants=len(said.participants),
            sealed=sealed,
            transcript_bytes=transcript_bytes,
            entered_by=by,
            entered_at=at,
        )
        .on_conflict_do_nothing()
        .returning(staff_entry.c.id)
    )
    if made.first() is None:
        return False
    await session.execute(
        insert(entry_consent),
        [
            {
                "organisation_id": organisation_id,
                "entry_id": entry_id,
                "participant": number,
                "how": each.consent.how.value,
                "given_at": each.consent.at,
            }
            for number, each in enumerate(said.participants, start=1)
        ],
    )
    return True


async def add_takes(session: Session, organisation_id: UUID, entry_id: UUID, takes: Sequence[Take]) -> None:
    """Responses of participants."""
    await session.execute(
        insert(entry_take),
        [
            {
                "organisation_id": organisation_id,
                "entry_id": entry_id,
                "participant": each.participant,
                "take": each.take,
                "response_id": each.response_id,
                "fields": list(each.fields),
                "reason": each.reason,
                "made_by": each.made_by,
                "made_at": each.made_at,
            }
            for each in takes
        ],
    )


async def entry_by_id(
    session: Session, organisation_id: UUID, survey_id: UUID, entry_id: UUID, *, hold: bool = False
) -> Entry | None:
    """An entry, held until the transaction ends if asked for."""
    statement = select(staff_entry).where(
        staff_entry.c.organisation_id == organisation_id,
        staff_entry.c.survey_id == survey_id,
        staff_entry.c.id == entry_id,
    )
    row = (await session.execute(statement.with_for_update(key_share=True) if hold else statement)).one_or_none()
    return None if row is None else (await _whole(session, organisation_id, [row]))[0]


async def entries_after(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    kind: EntryKind | None,
    form: str | None,
    after: UUID | None,
    limit: int,
) -> list[Entry]:
    """Entries in the order in which they were made."""
    statement = select(staff_entry).where(
        staff_entry.c.organisation_id == organisation_id, staff_entry.c.survey_id == survey_id
    )
    if kind is not None:
        statement = statement.where(staff_entry.c.kind == kind.value)
    if form is not None:
        statement = statement.where(staff_entry.c.form == form)
    if after is not None:
        statement = statement.where(staff_entry.c.id > after)
    rows = await session.execute(statement.order_by(staff_entry.c.id).limit(limit))
    return await _whole(session, organisation_id, rows.all())


async def sealed_words(session: Session, organisation_id: UUID, entry_id: UUID) -> bytes | None:
    """What was said, sealed."""
    found = await session.execute(
        select(staff_entry.c.sealed).where(
            staff_entry.c.organisation_id == organisation_id, staff_entry.c.id == entry_id
        )
    )
    sealed = found.scalar_one()
    return None if sealed is None else bytes(sealed)


async def add_second(
    session: Session, organisation_id: UUID, made: SecondEntry, *, response_id: UUID, sealed: bytes | None
) -> None:
    """A form as typed a second time."""
    await session.execute(
        insert(second_entry).values(
            organisation_id=organisation_id,
            id=made.id,
            entry_id=made.entry_id,
            participant=made.participant,
            response_id=response_id,
            sealed=sealed,
            state=made.state.value,
            compared=made.compared,
            differing=list(made.differing),
            first_wrong=made.first_wrong,
            second_wrong=made.second_wrong,
            entered_by=made.entered_by,
            entered_at=made.entered_at,
        )
    )


async def sealed_second(session: Session, organisation_id: UUID, second_id: UUID) -> bytes | None:
    """What was typed the second time, sealed; ``None``: it was thrown away."""
    found = await session.execute(
        select(second_entry.c.sealed).where(
            second_entry.c.organisation_id == organisation_id, second_entry.c.id == second_id
        )
    )
    sealed = found.scalar_one()
    return None if sealed is None else bytes(sealed)


async def settle_second(
    session: Session,
    organisation_id: UUID,
    second_id: UUID,
    *,
    first_wrong: int,
    second_wrong: int,
    reason: str,
    by: str,
    at: datetime,
) -> None:
    """It is settled; what was typed is not kept any longer."""
    await session.execute(
        update(second_entry)
        .where(second_entry.c.organisation_id == organisation_id, second_entry.c.id == second_id)
        .values(
            sealed=None,
            state=SecondState.SETTLED.value,
            first_wrong=first_wrong,
            second_wrong=second_wrong,
            reason=reason,
            settled_by=by,
            settled_at=at,
        )
    )


async def second_sums(session: Session, organisation_id: UUID, survey_id: UUID) -> Row[Any]:
    """Of the second entries of a survey: how many of each state, fields compared and differing, and who was wrong."""
    differing = func.cardinality(second_entry.c.differing)
    settled = second_entry.c.state == SecondState.SETTLED.value
    return (
        await session.execute(
            select(
                func.count().label("forms"),
                func.count().filter(second_entry.c.state == SecondState.DIFFERS.value).label("waiting"),
                func.count().filter(settled).label("settled"),
                func.coalesce(func.sum(second_entry.c.compared), 0).label("compared"),
                func.coalesce(func.sum(differing), 0).label("differing"),
                func.coalesce(
                    func.sum(second_entry.c.compared).filter(second_entry.c.state != SecondState.DIFFERS.value), 0
                ).label("compared_settled"),
                func.coalesce(func.sum(second_entry.c.first_wrong), 0).label("first_wrong"),
                func.coalesce(func.sum(second_entry.c.second_wrong), 0).label("second_wrong"),
            )
            .join(
                staff_entry,
                (staff_entry.c.organisation_id == second_entry.c.organisation_id)
                & (staff_entry.c.id == second_entry.c.entry_id),
            )
            .where(second_entry.c.organisation_id == organisation_id, staff_entry.c.survey_id == survey_id)
        )
    ).one()


async def refs_of_response(session: Session, organisation_id: UUID, response_id: UUID) -> bytes | None:
    """The keyed hash of who gave a response, where one is kept."""
    found = await session.execute(
        select(response.c.respondent_ref).where(
            response.c.organisation_id == organisation_id, response.c.id == response_id
        )
    )
    reference = found.scalar_one()
    return None if reference is None else bytes(reference)


async def _whole(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[Entry]:
    ids = [row.id for row in rows]
    consents = await _of(session, organisation_id, entry_consent, ids, "participant")
    takes = await _of(session, organisation_id, entry_take, ids, "take")
    seconds = await _of(session, organisation_id, second_entry, ids, "participant")
    return [_entry(row, consents[row.id], takes[row.id], seconds[row.id]) for row in rows]


async def _of(
    session: Session,
    organisation_id: UUID,
    table: Any,  # noqa: ANN401 - one of three, each with an entry_id
    ids: Collection[UUID],
    order: str,
) -> Mapping[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = defaultdict(list)
    rows = await session.execute(
        select(table)
        .where(table.c.organisation_id == organisation_id, table.c.entry_id.in_(list(ids)))
        .order_by(table.c.entry_id, table.c.participant, table.c[order])
    )
    for row in rows:
        found[row.entry_id].append(row)
    return found


def _entry(
    row: Row[Any], consents: Sequence[Row[Any]], takes: Sequence[Row[Any]], seconds: Sequence[Row[Any]]
) -> Entry:
    return Entry(
        id=row.id,
        survey_id=row.survey_id,
        kind=EntryKind(row.kind),
        guide_version=row.guide_version,
        interviewer=row.interviewer,
        form=row.form,
        began_at=row.began_at,
        duration_seconds=row.duration_seconds,
        language=row.language,
        participants=row.participants,
        transcript_bytes=row.transcript_bytes,
        words_gone_at=row.words_gone_at,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        consents={each.participant: (ConsentHow(each.how), each.given_at) for each in consents},
        takes=tuple(
            Take(
                each.participant,
                each.take,
                each.response_id,
                tuple(each.fields),
                each.reason,
                each.made_by,
                each.made_at,
            )
            for each in takes
        ),
        second_entries=tuple(_second(each) for each in seconds),
    )


def _second(row: Row[Any]) -> SecondEntry:
    return SecondEntry(
        id=row.id,
        entry_id=row.entry_id,
        participant=row.participant,
        state=SecondState(row.state),
        compared=row.compared,
        differing=tuple(row.differing),
        first_wrong=row.first_wrong,
        second_wrong=row.second_wrong,
        reason=row.reason,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        settled_by=row.settled_by,
        settled_at=row.settled_at,
    )
