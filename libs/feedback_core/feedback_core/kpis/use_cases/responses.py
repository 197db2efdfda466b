"""Complete responses by what is known of their respondents. For calculation only: small cells are not withheld."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kpis.queries.cells import read_cells
from feedback_core.kpis.queries.sources import CountQuery
from feedback_core.kpis.types import RESPONSES, WHOLE, Selection, Standing
from feedback_core.kpis.use_cases.asking import count_query
from feedback_core.organisations.types import Organisation

ResponsesByAttributes = Sequence[tuple[Mapping[str, str], int]]
"""Attributes known of the respondents (and ``method``), and how many complete responses have exactly these."""


@dataclass(frozen=True, slots=True)
class CellCount:
    """How many of a respondent cell gave one kind of answer.

    Attributes:
        cell: number of the cell in this reading.
        attributes: those that are known of its respondents, and ``method``.
    """

    cell: int
    attributes: Mapping[str, str]
    item: str
    value: str
    n: int


async def complete_counts(session: Session, query: CountQuery) -> list[CellCount]:
    """The answers of complete responses that count, by respondent cell and kind; of everybody."""
    from feedback_core.kpis.calc.cell_counts import unpack  # slow to import, and most figures need no cells

    read = await read_cells(session, query)
    counts = unpack(read, [column for column in read.columns if column.standing is Standing.COMPLETE])
    added: Counter[tuple[int, int]] = Counter()
    for cell, kind, n in zip(counts.cell.tolist(), counts.kind.tolist(), counts.n.tolist(), strict=True):
        added[cell, kind] += n
    return [
        CellCount(cell, counts.attributes[cell], counts.kinds[kind].item, counts.kinds[kind].value, n)
        for (cell, kind), n in added.items()
        if n
    ]


async def complete_responses(
    session: Session, organisation: Organisation, survey_id: UUID, selection: Selection
) -> ResponsesByAttributes:
    """Complete responses that count, by respondent cell."""
    query = count_query(organisation, survey_id, RESPONSES, [WHOLE], selection)
    return [(counted.attributes, counted.n) for counted in await complete_counts(session, query)]
