"""Where something may be held on somebody beside their responses: looked through for an export, emptied for an erasure.

A capability that keeps what customers say, or who they are, adds its store here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.responses.privacy import Privacy
from feedback_core.subjects.requests import queries
from feedback_core.subjects.requests.matching import Known

_NO_ID: Final = UUID(int=0)
_BATCH: Final = 50

# Looked through on their own, or without a text that somebody wrote.
_NOT_SWEPT: Final = frozenset(
    {
        "fold_state",
        "idempotent_request",
        "import_chunk",
        "kpi_cell",
        "organisation",
        "question",
        "ratio_cell",
        "ratio_fold",
        "repeated_response",
        "respondent_cell",
        "respondent_identity",
        "response_fingerprint",
        "response_flag",
        "response_suspicion",
        "sealing_state",
        "subject_export",
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """The organisation whose stores are looked through, and what opens what is sealed there."""

    session: Session
    organisation_id: UUID
    privacy: Privacy
    regions: tuple[str, ...]


class Store(Protocol):
    """One of them; ``name`` is what a report calls it."""

    name: str

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """What is held there on the subject, for an export."""
        ...

    async def erase(self, place: Place, known: Known) -> int:
        """Take out what is held there on the subject; how many rows that was."""
        ...


class ImportFaults:
    """What was wrong in files, with the value as it stood there."""

    name = "import_fault"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Values that name the subject."""
        found = await queries.faults_quoting(place.session, place.organisation_id, known.needles)
        return [
            {"import_id": str(import_id), "line": line, "value": value, "detail": detail}
            for import_id, line, _, value, detail in found
        ]

    async def erase(self, place: Place, known: Known) -> int:
        """Delete the lines that name the subject."""
        found = await queries.faults_quoting(place.session, place.organisation_id, known.needles)
        places = [(import_id, line, number) for import_id, line, number, _, _ in found]
        return await queries.delete_faults(place.session, place.organisation_id, places)


class RememberedAnswers:
    """Answers to requests with an Idempotency-Key, kept for two days."""

    name = "idempotent_request"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """How many name the subject: they say what the service answered, not what the subject said."""
        count = await queries.count_answers(place.session, place.organisation_id, known.needles)
        return [{"answers": count}] if count else []

    async def erase(self, place: Place, known: Known) -> int:
        """Forget those that name the subject."""
        return await queries.forget_answers(place.session, place.organisation_id, known.needles)


class SubjectExports:
    """Exports made for the same subject before, until they expire."""

    name = "subject_export"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Which there are."""
        return [{"request_id": str(found)} for found in await self._theirs(place, known)]

    async def erase(self, place: Place, known: Known) -> int:
        """Delete them."""
        theirs = await self._theirs(place, known)
        return await queries.delete_exports(place.session, place.organisation_id, theirs) if theirs else 0

    async def _theirs(self, place: Place, known: Known) -> list[UUID]:
        found, after = [], _NO_ID
        while batch := await queries.exports_after(place.session, place.organisation_id, after, limit=_BATCH):
            for request_id, sealed in batch:
                said = place.privacy.identities.open_text(sealed).casefold()
                if any(needle.casefold() in said for needle in (*known.needles, *known.response_ids)):
                    found.append(request_id)
            after = batch[-1][0]
        return found


STORES: Final[Sequence[Store]] = (ImportFaults(), RememberedAnswers(), SubjectExports())


async def sweep(place: Place, known: Known) -> dict[str, int]:
    """Rows in which the subject is still named, by table: every table with texts is read as a whole."""
    remains = {}
    if known.needles:
        for table in await queries.tenant_tables(place.session):
            if table not in _NOT_SWEPT:
                rows = await queries.rows_naming(place.session, place.organisation_id, table, known.needles)
                if rows:
                    remains[table] = rows
    return remains
