"""The KPI that an analysis is of: asked for in the body of a request, so that faults point into that."""

from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kpis.use_cases import Asked, KpiQuestion, get_definition, period_of, settle

_QUERY = "/query/"


async def settle_in_body(
    session: Session, organisation_id: UUID, question: KpiQuestion, start: datetime | None, end: datetime | None
) -> Asked:
    """Check what an analysis asks against the published survey.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there; the pointer says which.
    """
    try:
        await get_definition(session, organisation_id, question.kpi)
    except NotFound as unknown:
        raise Invalid([Fault("/kpi", "unknown_kpi", unknown.detail)]) from unknown
    try:
        return period_of(await settle(session, organisation_id, question), start, end)
    except Invalid as invalid:
        raise Invalid([_in_body(fault) for fault in invalid.faults]) from invalid


def _in_body(fault: Fault) -> Fault:
    if not fault.pointer.startswith(_QUERY):
        return fault
    return Fault("/" + fault.pointer.removeprefix(_QUERY), fault.code, fault.detail)
