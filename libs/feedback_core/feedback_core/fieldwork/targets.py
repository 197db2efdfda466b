"""What is to be reached: the answers that the plan wants, and the cells of the survey's quotas."""

from datetime import date, datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.fieldwork.calc.pace import target_by_now
from feedback_core.fieldwork.plans import Planned
from feedback_core.fieldwork.queries.answering import completes_between
from feedback_core.fieldwork.types.live import Target
from feedback_core.kpis.calc.periods import first_instant


async def targets_of(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    planned: Planned | None,
    *,
    zone: str,
    today: date,
    now: datetime,
) -> tuple[Target, ...]:
    """Each target with what there is of it, and what was to be there by now."""
    if planned is None or not planned.answers:
        return ()
    wave = planned.wave
    start = first_instant(wave.starts_on, zone) if wave else None
    completed = await completes_between(session, organisation_id, survey_id, start, now)
    return (
        target_by_now(
            "answers",
            "Answers of this wave",
            target=planned.answers,
            completed=completed,
            starts_on=wave.starts_on if wave else None,
            ends_on=wave.ends_on if wave else None,
            today=today,
        ),
    )
