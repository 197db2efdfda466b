"""Fields that every kind of analysis is asked for with."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from feedback_api.schemas.times import instant_of
from feedback_core.db.session import Session
from feedback_core.organisations.use_cases import check_time_zone, get_organisation

Word = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Level = Annotated[float, Field(ge=0.5, le=0.999, strict=True, description="Coverage of intervals, level of tests")]


async def zone_of(session: Session, organisation_id: UUID, tz: str | None) -> str:
    """The time zone asked for, or the organisation's.

    Raises:
        Invalid: there is none of that name.
    """
    if tz is not None:
        return check_time_zone(tz, "/tz")
    return (await get_organisation(session, organisation_id)).time_zone


def utc(moment: date | datetime | None, zone: str) -> datetime | None:
    """In UTC, so that the same request is written alike."""
    instant = instant_of(moment, zone)
    return None if instant is None else instant.astimezone(UTC)
