"""SQL that looks for somebody in faults of imports, in files, in remembered answers, and in every table there is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, text, tuple_

from feedback_core.db.session import Session
from feedback_core.organisations.tables import idempotent_request
from feedback_core.responses.tables import import_fault
from feedback_core.subjects.requests.matching import escaped


async def faults_quoting(
    session: Session, organisation_id: UUID, needles: Sequence[str]
) -> list[tuple[UUID, int, int, str | None, str]]:
    """Faults of imports (import, line, number, value, detail) that quote one of these."""
    if not needles:
        return []
    rows = await session.execute(
        select(
            import_fault.c.import_id,
            import_fault.c.line,
            import_fault.c.number,
            import_fault.c.value,
            import_fault.c.detail,
        ).where(
            import_fault.c.organisation_id == organisation_id,
            or_(
                *(
                    _quotes(column, needle)
                    for needle in needles
                    for column in (import_fault.c.value, import_fault.c.detail)
                )
            ),
        )
    )
    return [(row.import_id, row.line, row.number, row.value, row.detail) for row in rows]


async def delete_faults(session: Session, organisation_id: UUID, places: Sequence[tuple[UUID, int, int]]) -> int:
    """Delete faults of imports."""
    key = tuple_(import_fault.c.import_id, import_fault.c.line, import_fault.c.number)
    gone = await session.execute(
        delete(import_fault).where(import_fault.c.organisation_id == organisation_id, key.in_(places))
    )
    return gone.rowcount


async def files_holding(session: Session, organisation_id: UUID, needles: Sequence[str]) -> int:
    """Files that wait to be imported in which one of these stands as it is."""
    found = await session.execute(
        text(
            "SELECT count(DISTINCT c.import_id) FROM import_chunk c, unnest(CAST(:needles AS text[])) AS n"
            " WHERE c.organisation_id = :organisation_id"
            " AND position(lower(n) IN lower(encode(c.content, 'escape'))) > 0"
        ),
        {"organisation_id": organisation_id, "needles": list(needles)},
    )
    return int(found.scalar_one())


async def forget_answers(session: Session, organisation_id: UUID, needles: Sequence[str]) -> int:
    """Forget remembered answers in which one of these stands."""
    gone = await session.execute(
        text(
            "DELETE FROM idempotent_request r WHERE r.organisation_id = :organisation_id AND r.body IS NOT NULL"
            " AND EXISTS (SELECT FROM unnest(CAST(:needles AS text[])) AS n"
            " WHERE position(lower(n) IN lower(encode(r.body, 'escape'))) > 0)"
        ),
        {"organisation_id": organisation_id, "needles": list(needles)},
    )
    return gone.rowcount


async def count_answers(session: Session, organisation_id: UUID, needles: Sequence[str]) -> int:
    """Remembered answers in which one of these stands."""
    found = await session.execute(
        select(func.count())
        .select_from(idempotent_request)
        .where(
            idempotent_request.c.organisation_id == organisation_id,
            text(
                "EXISTS (SELECT FROM unnest(CAST(:needles AS text[])) AS n"
                " WHERE position(lower(n) IN lower(encode(body, 'escape'))) > 0)"
            ).bindparams(needles=list(needles)),
        )
    )
    return int(found.scalar_one())


async def tenant_tables(session: Session) -> list[str]:
    """Every table of the database that holds rows of organisations, whichever capability made it."""
    found = await session.execute(
        text(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND a.attname = 'organisation_id' AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1"
        )
    )
    return list(found.scalars())


async def rows_naming(session: Session, organisation_id: UUID, table: str, needles: Sequence[str]) -> int:
    """Rows of a table, as text, in which one of these stands."""
    found = await session.execute(
        text(
            f'SELECT count(*) FROM "{table}" t WHERE t.organisation_id = :organisation_id'  # noqa: S608 - a name that the database gave
            " AND t::text ILIKE ANY(:patterns)"
        ),
        {"organisation_id": organisation_id, "patterns": [f"%{escaped(needle)}%" for needle in needles]},
    )
    return int(found.scalar_one())


def _quotes(column: Any, needle: str) -> Any:  # noqa: ANN401 - SQLAlchemy expressions
    return column.ilike(f"%{escaped(needle)}%")
