"""Every store: looked through for an export, emptied for an erasure; and what is left of somebody anywhere.

A capability that keeps what customers say, or who they are, adds its store here.
"""

from collections.abc import Sequence
from typing import Final

from feedback_core.subjects.requests import store_queries
from feedback_core.subjects.requests.matching import Known
from feedback_core.subjects.requests.stores.captured import ImportFaults, Inbox, OpenResponses, RememberedAnswers
from feedback_core.subjects.requests.stores.entries import StaffEntries
from feedback_core.subjects.requests.stores.frames import FrameUnits
from feedback_core.subjects.requests.stores.invited import Invitations
from feedback_core.subjects.requests.stores.people import CaseEntries, Staff, TextsAboutPeople
from feedback_core.subjects.requests.stores.place import Place, Store
from feedback_core.subjects.requests.stores.told import (
    PortfolioFiles,
    ReceiversAnswers,
    ReportRecipients,
    StandingRecipients,
    SubjectExports,
)
from feedback_core.subjects.requests.stores.watched import FieldworkAlerts

# Looked through on their own, or without a text that somebody wrote.
_NOT_SWEPT: Final = frozenset(
    {
        "evidence_watch",
        "fold_state",
        "frame_import_chunk",
        "idempotent_request",
        "import_chunk",
        "kpi_cell",
        "organisation",
        "portfolio_chunk",
        "question",
        "ratio_cell",
        "ratio_fold",
        "repeated_response",
        "report_chunk",
        "respondent_cell",
        "respondent_identity",
        "response_fingerprint",
        "response_flag",
        "response_suspicion",
        "sealing_state",
        "subject_export",
    }
)

STORES: Final[Sequence[Store]] = (
    OpenResponses(),
    Inbox(),
    ImportFaults(),
    RememberedAnswers(),
    SubjectExports(),
    ReceiversAnswers(),
    ReportRecipients(),
    PortfolioFiles(),
    StandingRecipients(),
    CaseEntries(),
    Staff(),
    TextsAboutPeople(),
    FieldworkAlerts(),
    # Before the frames: by the units there their invitations are found.
    Invitations(),
    FrameUnits(),
    StaffEntries(),
)


async def sweep(place: Place, known: Known) -> dict[str, int]:
    """Rows in which the subject is still named, by table: every table with texts is read as a whole."""
    remains = {}
    if known.needles:
        for table in await store_queries.tenant_tables(place.session):
            if table not in _NOT_SWEPT:
                rows = await store_queries.rows_naming(place.session, place.organisation_id, table, known.needles)
                if rows:
                    remains[table] = rows
    return remains
