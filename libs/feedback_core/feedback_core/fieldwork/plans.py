"""The plan that a collection is held against: its current wave, what it expects, and what may be spent."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.fieldwork.types.live import PlanSeen
from feedback_core.planning.calc.conduct import waves_of
from feedback_core.planning.plan_queries import plans_before
from feedback_core.planning.types.plan_findings import Wave
from feedback_core.planning.types.plans import Plan, PlanKind, PlanState


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan of a survey, and the wave of it that a day lies in, or that began last."""

    plan: Plan
    wave: Wave | None

    @property
    def seen(self) -> PlanSeen:
        """As it is shown."""
        details, wave = self.plan.details, self.wave
        first, last = (wave.starts_on, wave.ends_on) if wave else (details.starts_on, details.ends_on)
        return PlanSeen(self.plan.id, details.title, self.plan.revision, first, last)

    @property
    def days(self) -> int | None:
        """Of the wave, its first and last day among them."""
        return (self.wave.ends_on - self.wave.starts_on).days + 1 if self.wave else None

    @property
    def rate(self) -> float | None:
        """The response rate that it expects: as it says, or by its answers and invitations."""
        sampling = self.plan.details.sampling
        if sampling is None:
            return None
        if sampling.response_rate is not None:
            return sampling.response_rate
        if sampling.answers is not None and sampling.invitations:
            return min(1.0, sampling.answers / sampling.invitations)
        return None

    @property
    def answers(self) -> int | None:
        """Wanted in the wave."""
        return self.plan.details.sampling.answers if self.plan.details.sampling else None


async def plan_of_survey(session: Session, organisation_id: UUID, survey_id: UUID, *, today: date) -> Planned | None:
    """The newest running plan for collecting by a survey; else the newest approved one; ``None``: there is neither."""
    for state in (PlanState.RUNNING, PlanState.APPROVED):
        found = await plans_before(
            session,
            organisation_id,
            survey_id=survey_id,
            state=state,
            kind=PlanKind.COLLECTION,
            before=None,
            limit=1,
        )
        if found:
            waves = waves_of(found[0].details)
            begun = [wave for wave in waves if wave.starts_on <= today]
            return Planned(found[0], begun[-1] if begun else waves[0] if waves else None)
    return None
