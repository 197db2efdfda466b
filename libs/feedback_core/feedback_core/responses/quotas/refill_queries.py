"""SQL of refills for quotas."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import insert, select

from feedback_core.db.session import Session
from feedback_core.responses.quotas.tables import quota_refill
from feedback_core.responses.quotas.types import QuotaRefill, Shortfall


async def add_refill(session: Session, organisation_id: UUID, survey_id: UUID, refill: QuotaRefill) -> None:
    """Note why units came into a sample."""
    values = {name: getattr(refill, name) for name in refill.__dataclass_fields__ if name != "shortfalls"}
    shortfalls = [asdict(each) for each in refill.shortfalls]
    await session.execute(
        insert(quota_refill).values(
            organisation_id=organisation_id, survey_id=survey_id, shortfalls=shortfalls, **values
        )
    )


async def refills_of(session: Session, organisation_id: UUID, survey_id: UUID) -> list[QuotaRefill]:
    """Refills for the quotas of a survey, oldest first."""
    rows = await session.execute(
        select(quota_refill)
        .where(quota_refill.c.organisation_id == organisation_id, quota_refill.c.survey_id == survey_id)
        .order_by(quota_refill.c.requested_at, quota_refill.c.sample_id, quota_refill.c.release)
    )
    return [
        QuotaRefill(
            sample_id=row.sample_id,
            release=row.release,
            units=row.units,
            expected_response=row.expected_response,
            shortfalls=tuple(Shortfall(**{**each, "strata": tuple(each["strata"])}) for each in row.shortfalls),
            reason=row.reason,
            requested_by=row.requested_by,
            requested_at=row.requested_at,
        )
        for row in rows
    ]
