"""SQL that reads the responses of an export from one snapshot, as a stream."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncResult

from feedback_core.db.session import Session
from feedback_core.responses.exports.records import Found, Tombstone
from feedback_core.responses.exports.types import Change, Selection
from feedback_core.surveys.types import Confidentiality

# A statement of its own, passed on: inside a distributed statement it would be another node's.
_OLDEST_OPEN: Final = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")

_COUNT: Final = text(
    "SELECT count(*) FROM response WHERE organisation_id = :organisation_id AND survey_id = :survey_id"
)

_EXCLUDED: Final = """
    EXISTS (SELECT FROM response_exclusion x
             WHERE x.organisation_id = r.organisation_id AND x.response_id = r.id AND x.restored_at IS NULL)
"""
_SUSPECT: Final = """
    EXISTS (SELECT FROM response_suspicion x WHERE x.organisation_id = r.organisation_id AND x.response_id = r.id)
"""
_COLUMNS: Final = f"""
    r.survey_version_id, r.external_id, r.respondent_ref, r.status, r.method, r.confidentiality, r.submitted_at,
    r.started_at, r.received_at, r.attributes::text AS attributes, r.answers::text AS answers, r.unanswered,
    r.import_id, r.import_line, {_EXCLUDED} AS excluded, {_SUSPECT} AS suspect
"""
_NO_IDENTITY: Final = ("NULL::bytea AS sealed", "")
_IDENTITY: Final = (
    "i.ciphertext AS sealed",
    "LEFT JOIN respondent_identity i ON i.organisation_id = r.organisation_id AND i.response_id = r.id",
)

_Conditions: TypeAlias = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which responses of a survey are read.

    Attributes:
        since: only what was recorded or decided by transactions from this one on; ``None``: everything.
    """

    organisation_id: UUID
    survey_id: UUID
    selection: Selection
    since: int | None
    identities: bool


class RecordStream:
    """Responses in the order of their ids, as a cursor of the server holds them."""

    def __init__(self, result: AsyncResult[Any], numbers: Mapping[UUID, int]) -> None:
        self._result = result
        self._numbers = numbers

    async def next(self, most: int) -> list[Found | Tombstone]:
        """At most so many more; none after the last."""
        return [self._entry(row) for row in await self._result.fetchmany(most)]

    async def close(self) -> None:
        """Give the cursor back."""
        await self._result.close()

    def _entry(self, row: Row[Any]) -> Found | Tombstone:
        if row.survey_version_id is None:
            return Tombstone(row.id, Change.ERASED)
        if not row.matches:
            return Tombstone(row.id, Change.LEFT)
        return Found(
            id=row.id,
            version=self._numbers[row.survey_version_id],
            external_id=row.external_id,
            respondent_ref=None if row.respondent_ref is None else bytes(row.respondent_ref),
            status=row.status,
            method=row.method,
            confidentiality=Confidentiality(row.confidentiality),
            submitted_at=row.submitted_at,
            started_at=row.started_at,
            received_at=row.received_at,
            attributes=row.attributes,
            answers=row.answers,
            unanswered=tuple(row.unanswered),
            import_id=row.import_id,
            import_line=row.import_line,
            excluded=row.excluded,
            suspect=row.suspect,
            sealed=None if row.sealed is None else bytes(row.sealed),
        )


async def watermark_of(session: Session) -> int:
    """The mark of the session's snapshot: every transaction below it has ended, and is in the snapshot if it wrote."""
    return int((await session.execute(_OLDEST_OPEN)).scalar_one())


async def responses_of(session: Session, organisation_id: UUID, survey_id: UUID) -> int:
    """How many responses a survey has, by its index."""
    found = await session.execute(_COUNT, {"organisation_id": organisation_id, "survey_id": survey_id})
    return int(found.scalar_one())


async def open_records(session: Session, wanted: Wanted, numbers: Mapping[UUID, int]) -> RecordStream:
    """The responses that are wanted, each once, and what became of those that are no more.

    Args:
        session: its snapshot is the one of the export.
        wanted: which responses.
        numbers: of the survey's versions, by their ids.
    """
    fixed, changing = _fixed(wanted.selection), _changing(wanted.selection)
    parameters: dict[str, object] = {"organisation_id": wanted.organisation_id, "survey_id": wanted.survey_id}
    for _, values in (*fixed, *changing):
        parameters |= values
    if wanted.since is None:
        statement = _everything(wanted, [*fixed, *changing])
    else:
        statement = _changed(wanted, fixed, changing)
        parameters["since"] = str(wanted.since)
    return RecordStream(await session.stream(text(statement), parameters), numbers)


def _everything(wanted: Wanted, conditions: _Conditions) -> str:
    sealed, join = _IDENTITY if wanted.identities else _NO_IDENTITY
    return f"""
        SELECT r.id, {_COLUMNS}, {sealed}, true AS matches
          FROM response r {join}
         WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id {_all(conditions, "AND")}
         ORDER BY r.id
    """  # noqa: S608 - composed of constants


def _changed(wanted: Wanted, fixed: _Conditions, changing: _Conditions) -> str:
    """What was recorded or changed since: as it stands, or that it stands no more.

    What no filter ever let in is left out; what one lets in no more is told.
    """
    sealed, join = _IDENTITY if wanted.identities else _NO_IDENTITY
    return f"""
        SELECT c.id, {_COLUMNS}, {sealed}, {_all(changing, "") or "true"} AS matches
          FROM (SELECT id FROM response
                 WHERE organisation_id = :organisation_id AND survey_id = :survey_id AND recorded_xid >= :since
                 UNION
                SELECT response_id FROM response_change
                 WHERE organisation_id = :organisation_id AND survey_id = :survey_id AND changed_xid >= :since) AS c
          LEFT JOIN response r ON r.organisation_id = :organisation_id AND r.id = c.id {join}
         WHERE r.id IS NULL OR ({_all(fixed, "") or "true"})
         ORDER BY c.id
    """  # noqa: S608 - composed of constants


def _fixed(selection: Selection) -> _Conditions:
    """Conditions on what never changes of a response."""
    conditions: _Conditions = []
    if selection.submitted_from is not None:
        conditions.append(("r.submitted_at >= :submitted_from", {"submitted_from": selection.submitted_from}))
    if selection.submitted_to is not None:
        conditions.append(("r.submitted_at < :submitted_to", {"submitted_to": selection.submitted_to}))
    if selection.status is not None:
        conditions.append(("r.status = :status", {"status": selection.status.value}))
    return conditions


def _changing(selection: Selection) -> _Conditions:
    """Conditions on how a response stands."""
    wanted = ((selection.excluded, _EXCLUDED), (selection.suspect, _SUSPECT))
    return [(f"{'' if is_so else 'NOT'} {stands}", {}) for is_so, stands in wanted if is_so is not None]


def _all(conditions: Sequence[tuple[str, object]], before: str) -> str:
    """The conditions joined, with a word before them if there are any."""
    return " ".join([before if conditions else "", " AND ".join(condition for condition, _ in conditions)]).strip()
