"""Places of one survey in the transaction that records responses: decided on, and taken, while nobody else can."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.responses.checks import ResponseRow
from feedback_core.responses.quotas import queries
from feedback_core.responses.quotas.calc import Described, Places, Verdict


class HeldPlaces:
    """What is left of every cell, for whoever holds them until the transaction ends."""

    def __init__(self, session: Session, organisation_id: UUID, places: Places) -> None:
        self._session = session
        self._organisation_id = organisation_id
        self._places = places
        self._verdicts: dict[UUID, Verdict] = {}

    def place(self, rows: Iterable[ResponseRow]) -> list[ResponseRow]:
        """The rows with the status that they get, in the order in which they came."""
        placed = []
        for row in rows:
            said = Described(json.loads(row.attributes), json.loads(row.answers), row.method)
            verdict = self._verdicts[row.id] = self._places.decide(row.status, said)
            placed.append(row._replace(status=verdict.status))
        return placed

    async def take(self, written: Collection[UUID]) -> None:
        """Count the places of the rows that were written."""
        verdicts = [self._verdicts[row_id] for row_id in written]
        taken = Counter(cell_id for verdict in verdicts for cell_id in verdict.taken)
        away = Counter(cell_id for verdict in verdicts for cell_id in verdict.full)
        await queries.take(self._session, self._organisation_id, taken, away)


async def hold_places(
    session: Session, organisation_id: UUID, survey_id: UUID, *, now: datetime, reserved_for: UUID | None
) -> tuple[int, HeldPlaces | None]:
    """The revision of the quotas of a survey, and their places, kept from others; ``None``: there are no quotas.

    What is reserved for the open response ``reserved_for`` is free for it.
    """
    stored = await queries.stored(session, organisation_id, survey_id, hold="shared")
    if not stored.quotas.quotas:
        return stored.revision, None
    await queries.hold_cells(session, organisation_id, survey_id)
    counts = await queries.counts(session, organisation_id, survey_id, now=now, but=reserved_for)
    return stored.revision, HeldPlaces(session, organisation_id, Places(stored.quotas.quotas, counts))


async def release_places(session: Session, organisation_id: UUID, open_ids: Sequence[UUID]) -> None:
    """Nothing is kept any more for open responses that have ended."""
    await queries.release(session, organisation_id, open_ids)
