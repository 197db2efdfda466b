"""Refilling a sample for the cells that fall short: others come in from its frame, by the rule of its design."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.responses.quotas import refill_queries
from feedback_core.responses.quotas.shortfalls import find_shortfalls, units_wanted
from feedback_core.responses.quotas.types import NothingToRefill, QuotaRefill, SampleOfAnotherSurvey
from feedback_core.responses.quotas.use_cases import get_quotas
from feedback_core.sampling.types.samples import SampleNotDrawn
from feedback_core.sampling.use_cases.refills import More, Refill, refill_sample
from feedback_core.sampling.use_cases.samples import get_sample
from feedback_core.sampling.vault import ContactVault
from feedback_core.surveys.use_cases import check_survey


@dataclass(frozen=True, slots=True)
class RefillByQuotas:
    """What is asked for.

    Attributes:
        expected_response: share of those coming in who will answer; of those asked before nobody is expected to.
        reason: one of the rule of the sample's design.
        cells: (quota, cell) that are to be filled; none: all that fall short.
    """

    sample_id: UUID
    expected_response: float
    reason: str
    cells: Collection[tuple[str, str]] = ()


async def refill_by_quotas(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    asked: RefillByQuotas,
    *,
    vault: ContactVault,
    by: str,
    clock: Clock,
) -> QuotaRefill:
    """Have as many others of the frame come into a sample as its cells need to fill.

    Raises:
        NotFound: no such survey or sample here.
        SampleOfAnotherSurvey: the sample was drawn for another survey.
        SampleNotDrawn: it is not drawn.
        NothingToRefill: no cell falls short that a stratum of the sample fills.
        ReplacementNotAllowed: its design has no rule, or the rule does not allow this.
        ReserveExhausted: the frame has fewer left than are needed.
    """
    # Held, so that of two who ask at the same time the second sees whom the first has let in.
    sample = await get_sample(session, organisation_id, asked.sample_id, hold=True)
    now = clock.now()
    stored, counts = await get_quotas(session, organisation_id, survey_id, now=now)
    if sample.survey_id != survey_id:
        raise SampleOfAnotherSurvey("The sample was drawn for another survey, or for none.")
    if sample.outcome is None:
        raise SampleNotDrawn("The sample is not drawn yet.")
    strata = sample.outcome.strata
    shortfalls = find_shortfalls(stored.quotas.quotas, counts, strata, asked.cells)
    wanted = units_wanted(shortfalls, strata, expected_response=asked.expected_response)
    if not wanted:
        raise NothingToRefill("No cell falls short that a stratum of this sample could fill.")
    more = tuple(More(strata[place].values, units) for place, units in wanted.items())
    _, released = await refill_sample(
        session,
        organisation_id,
        asked.sample_id,
        Refill(more=more, reason=asked.reason),
        vault=vault,
        by=by,
        clock=clock,
    )
    refill = QuotaRefill(
        sample_id=asked.sample_id,
        release=released.number,
        units=len(released.units),
        expected_response=asked.expected_response,
        shortfalls=tuple(shortfalls),
        reason=released.reason,
        requested_by=by,
        requested_at=now,
    )
    await refill_queries.add_refill(session, organisation_id, survey_id, refill)
    return refill


async def list_refills(session: Session, organisation_id: UUID, survey_id: UUID) -> list[QuotaRefill]:
    """Every refill for the quotas of a survey, oldest first.

    Raises:
        NotFound: no such survey here.
    """
    await check_survey(session, organisation_id, survey_id)
    return await refill_queries.refills_of(session, organisation_id, survey_id)
