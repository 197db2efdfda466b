"""What is to be reached: the answers that the plan wants, and the cells of the survey's quotas."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.fieldwork.calc.pace import target_by_now
from feedback_core.fieldwork.plans import Planned
from feedback_core.fieldwork.queries.answering import completes_between
from feedback_core.fieldwork.types.live import Target
from feedback_core.kpis.calc.periods import first_instant
from feedback_core.responses.quotas import queries as quotas


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
    """Each target with what there is of it, and what was to be there by now; cells of quotas are of the whole survey.

    The days are those of the plan's wave; without a plan only what there is can be told.
    """
    wave = planned.wave if planned else None
    by_now = partial(
        target_by_now,
        starts_on=wave.starts_on if wave else None,
        ends_on=wave.ends_on if wave else None,
        today=today,
    )
    found = []
    if planned is not None and planned.answers:
        start = first_instant(wave.starts_on, zone) if wave else None
        completed = await completes_between(session, organisation_id, survey_id, start, now)
        found.append(by_now("answers", "Answers of this wave", target=planned.answers, completed=completed))
    stored = await quotas.stored(session, organisation_id, survey_id)
    taken = {
        (count.quota, count.cell): count.taken
        for count in await quotas.counts(session, organisation_id, survey_id, now=now)
    }
    for quota in stored.quotas.quotas:
        for cell in quota.cells:
            key, label = f"{quota.key}/{cell.key}", f"{quota.name}: {cell.label}"
            found.append(by_now(key, label, target=cell.target, completed=taken.get((quota.key, cell.key), 0)))
    return tuple(found)
