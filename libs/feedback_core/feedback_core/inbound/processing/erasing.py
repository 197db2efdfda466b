"""Erasing what a source asks to be forgotten: the responses, and what of them comes late."""

from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.mapping.types import ToErase
from feedback_core.inbound.processing import object_queries
from feedback_core.inbound.processing.reading import ReadItem
from feedback_core.inbound.processing.recording import Became, Context, take_name
from feedback_core.inbound.processing.types import ProcessingReason
from feedback_core.inbound.types import DeliveryReason, ItemOutcome
from feedback_core.responses.types import Respondent
from feedback_core.responses.use_cases import erase_response


async def erase(session: Session, of: Context, item: ReadItem) -> tuple[Became, list[UUID]]:
    """Erase the responses of the source's survey that an item asks to forget; what it became, and which they were.

    It is noted by keyed hash as of when the sender said so: an earlier event that arrives later records nothing.
    """
    asked = item.outcome
    assert isinstance(asked, ToErase)
    respondents = [
        of.references.respondent(respondent)
        for respondent in (
            Respondent(id=asked.respondent_id) if asked.respondent_id else None,
            Respondent(email=asked.respondent_email) if asked.respondent_email else None,
        )
        if respondent is not None
    ]
    names = await _names(session, of, asked.external_id)
    respondent_refs = [ref for ref in respondents if ref is not None]
    found = await object_queries.responses_to_erase(
        session,
        of.organisation_id,
        of.survey.survey_id,
        respondent_refs=respondent_refs,
        external_refs=[of.references.external_id(name) for name in names],
    )
    for response_id in found:
        await erase_response(
            session,
            of.organisation_id,
            of.survey.survey_id,
            response_id,
            reason="asked for by the sender",
            by=of.by,
            recount=of.recount,
            clock=of.clock,
        )
    refs = [*respondent_refs, *(of.references.external_id(name) for name in names[:1])]
    for ref in refs:
        await object_queries.forget(session, of.organisation_id, of.source_id, ref, item.occurred_at)
    code = ProcessingReason.FORGOTTEN if found else ProcessingReason.NOBODY_TO_FORGET
    return Became(ItemOutcome.ERASED, DeliveryReason(code.value, f"{len(found)} responses were erased.")), found


async def _names(session: Session, of: Context, external_id: str | None) -> list[str]:
    """The external ids of every response of a thing."""
    if external_id is None:
        return []
    ref = of.references.external_id(external_id)
    known = (await object_queries.objects(session, of.organisation_id, of.source_id, [ref])).get(ref)
    return [take_name(external_id, number) for number in range(1, (known.takes if known else 1) + 1)]
