"""What can be done with benchmarks and practice notes."""

import re
from typing import Any, Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import key_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, require_current
from feedback_core.standards import queries, reference_queries
from feedback_core.standards.metrics import beyond_scale
from feedback_core.standards.reference_queries import Details, References
from feedback_core.standards.types import STANDARD_KEY, Benchmark, BenchmarkDetails, PracticeNote

_WORDS: Final = {Benchmark: "benchmark", PracticeNote: "practice note"}
_KEY: Final = re.compile(STANDARD_KEY)


async def list_references(
    session: Session,
    organisation_id: UUID,
    kind: References,
    *,
    standard: str | None,
    limit: int,
    cursor: str | None,
) -> tuple[list[Any], str | None]:
    """A page of references of a kind by key, and the cursor of the next page.

    Raises:
        InvalidCursor: the cursor is not one of this list.
    """
    query = {"list": _WORDS[kind], "organisation": organisation_id, "standard": standard}
    after = key_in_cursor(cursor, query, _KEY)
    found = await reference_queries.references_after(
        session, organisation_id, kind, standard=standard, after=after, limit=limit + 1
    )
    return page_of(found, limit, query, at=lambda each: each.key)


async def get_reference(session: Session, organisation_id: UUID, kind: References, key: str) -> Any:  # noqa: ANN401 - of that kind
    """One benchmark or practice note.

    Raises:
        NotFound: there is none of this kind with this key.
    """
    found = await reference_queries.reference_by_key(session, organisation_id, kind, key)
    if found is None:
        raise NotFound(_WORDS[kind], key)
    return found


async def put_reference(
    session: Session,
    organisation_id: UUID,
    kind: References,
    key: str,
    details: Details,
    *,
    if_revision: int | None,
    clock: Clock,
) -> tuple[Any, bool]:
    """The benchmark or note with exactly these details, and whether it is new.

    Raises:
        Invalid: the standard is not there, or the figures contradict each other or its scale; the pointers say where.
        PreconditionRequired: it is there, and the caller does not say which revision was edited.
        PreconditionFailed: it has changed since, or it is gone.
    """
    await _check(session, organisation_id, details)
    at = clock.now()
    current = await reference_queries.reference_by_key(session, organisation_id, kind, key, for_update=True)
    if current is None and if_revision is None:
        if await reference_queries.add_reference(session, organisation_id, kind, key, details, at=at):
            return await get_reference(session, organisation_id, kind, key), True
        current = await get_reference(session, organisation_id, kind, key)
    require_current(_WORDS[kind], current.revision if current else None, if_revision)
    await reference_queries.update_reference(session, organisation_id, kind, key, details, at=at)
    return await get_reference(session, organisation_id, kind, key), False


async def delete_reference(session: Session, organisation_id: UUID, kind: References, key: str) -> None:
    """Delete a benchmark or a practice note.

    Raises:
        NotFound: there is none of this kind with this key.
    """
    if not await reference_queries.delete_reference(session, organisation_id, kind, key):
        raise NotFound(_WORDS[kind], key)


async def _check(session: Session, organisation_id: UUID, details: Details) -> None:
    faults: list[Fault] = []
    if details.standard is not None:
        standard = await queries.latest_standard(session, organisation_id, details.standard)
        if standard is None:
            detail = f"There is no standard {details.standard}: put it first, or leave it out."
            faults.append(Fault("/standard", "unknown_standard", detail))
        elif isinstance(details, BenchmarkDetails):
            ends = await beyond_scale(session, organisation_id, standard.details.metric, details.figure)
            faults += [Fault("/figure", "off_scale", f"The standard's figure lies between {ends}.")] if ends else []
    interval = details.interval if isinstance(details, BenchmarkDetails) else None
    if isinstance(details, BenchmarkDetails) and interval and not interval.low <= details.figure <= interval.high:
        faults.append(Fault("/interval", "out_of_order", "The interval must include the figure."))
    if faults:
        raise Invalid(faults)
