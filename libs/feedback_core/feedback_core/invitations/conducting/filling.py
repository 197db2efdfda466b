"""Making the invitations of a batch from its sample, a thousand at a time."""

from typing import Final

from feedback_core.invitations.queries import batches as batch_queries
from feedback_core.invitations.queries import sending
from feedback_core.invitations.queries.invitations import InvitationToAdd, add_invitations
from feedback_core.invitations.queries.sending import UnitToInvite
from feedback_core.invitations.types.batches import SENT_FROM_HERE, Batch, ConductBatch
from feedback_core.invitations.types.states import EndReason, InvitationState
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.ids import new_id
from feedback_core.planning.types import CollectionMethod
from feedback_core.sampling.types.samples import Sample
from feedback_core.sampling.use_cases.samples import get_sample

PART: Final = 1_000


async def fill(run: JobRun[ConductBatch], batch: Batch) -> None:
    """Give every unit of the sample an invitation, and note of those who get none why; each part by itself."""
    assert batch.sample_id is not None
    organisation_id, reached = run.organisation_id, -1 if batch.filled_to is None else batch.filled_to
    async with run.snapshot() as session:
        strata = _names_of_strata(await get_sample(session, organisation_id, batch.sample_id))
    while True:
        async with run.transaction() as session:
            units = await sending.units_to_invite(
                session,
                organisation_id,
                sample_id=batch.sample_id,
                survey_id=batch.survey_id,
                method=batch.method.value,
                wave=batch.wave,
                language_attribute=batch.settings.language_attribute,
                after=reached,
                limit=PART,
            )
            now = run.clock.now()
            reached = units[-1].position if units else reached
            await add_invitations(
                session,
                organisation_id,
                batch.id,
                [_invited(unit, batch, strata) for unit in units if not unit.is_passed_over],
                next_at=batch.send_at if batch.method in SENT_FROM_HERE else None,
                by=batch.requested_by,
                at=now,
            )
            is_over = len(units) < PART
            await batch_queries.note_filled(session, organisation_id, batch.id, to=reached, at=now if is_over else None)
        await run.progress(reached + 1, unit="units")
        if is_over:
            return


def _invited(unit: UnitToInvite, batch: Batch, strata: list[str | None]) -> InvitationToAdd:
    state, reason = InvitationState.CREATED, None
    has_address = {CollectionMethod.EMAIL: unit.has_email, CollectionMethod.SMS: unit.has_phone}
    if unit.opted_out:
        state, reason = InvitationState.OPTED_OUT, EndReason.OPTED_OUT_BEFORE
    elif not has_address.get(batch.method, True):
        state, reason = InvitationState.BOUNCED, EndReason.NO_ADDRESS
    return InvitationToAdd(
        id=new_id(),
        unit_id=unit.unit_id,
        stratum=strata[unit.stratum] if unit.stratum < len(strata) else None,
        language=unit.language,
        state=state,
        reason=reason,
    )


def _names_of_strata(sample: Sample) -> list[str | None]:
    """As figures by stratum name them: the values of its attributes, in their order."""
    strata = sample.outcome.strata if sample.outcome is not None else ()
    keys = sample.design.strata_by
    return [" / ".join(stratum.values[key] or "–" for key in keys) or None for stratum in strata]
