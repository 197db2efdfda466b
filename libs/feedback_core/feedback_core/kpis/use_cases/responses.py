"""Complete responses by what is known of their respondents. For calculation only: small cells are not withheld."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kpis.queries.counts import CellRow, read_cells
from feedback_core.kpis.types import RESPONSES, WHOLE, Selection, Standing
from feedback_core.kpis.use_cases.asking import count_query
from feedback_core.organisations.types import Organisation

ResponsesByAttributes = Sequence[tuple[Mapping[str, str], int]]
"""Attributes known of the respondents (and ``method``), and how many complete responses have exactly these."""


async def complete_responses(
    session: Session, organisation: Organisation, survey_id: UUID, selection: Selection
) -> ResponsesByAttributes:
    """Complete responses that nobody excluded, by respondent cell."""
    cells = await read_cells(session, count_query(organisation, survey_id, RESPONSES, [WHOLE], selection))
    return [(known_of(cell), cell.n) for cell in cells if cell.standing is Standing.COMPLETE]


def known_of(cell: CellRow) -> Mapping[str, str]:
    """The attributes that are known of the respondents of a cell."""
    return {key: value for key, value in cell.attributes.items() if value is not None}
