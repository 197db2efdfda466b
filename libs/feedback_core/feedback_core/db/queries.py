"""SQL about the database itself."""

from sqlalchemy import text

from feedback_core.db.session import Session


async def applied_migration(session: Session) -> str | None:
    """The revision at which the database stands."""
    found = await session.execute(text("SELECT version_num FROM alembic_version"))
    revision: str | None = found.scalar_one_or_none()
    return revision
