"""Which cells a response is of, and what becomes of it: pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.quotas.types import AnswerIs, Cell, CellCount, Others, Quota, WhenFull
from feedback_core.surveys.types import ResponseStatus


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a response: checked attributes and answers, and its method."""

    attributes: Mapping[str, str]
    answers: Mapping[str, object]
    method: CollectionMethod


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a response.

    Attributes:
        taken: cells in which it takes a place.
        full: cells that turned it away.
    """

    status: ResponseStatus
    taken: tuple[UUID, ...] = ()
    full: tuple[UUID, ...] = ()


def is_of(cell: Cell, said: Described) -> bool:
    """Whether a response is of a cell; what it does not say is not so."""
    return (
        (not cell.methods or said.method in cell.methods)
        and all(said.attributes.get(key) in values for key, values in cell.attributes.items())
        and all(_holds(asked, said.answers.get(key)) for key, asked in cell.answers.items())
    )


def counts_in(quota: Quota, status: ResponseStatus) -> bool:
    """Whether responses of a status take places."""
    return status is ResponseStatus.COMPLETE or (status is ResponseStatus.PARTIAL and quota.count_partials)


class Places:
    """The places of a survey's cells; each response that is let in takes its own from those that come after it."""

    def __init__(self, quotas: Sequence[Quota], counts: Collection[CellCount]) -> None:
        """Take the counts as they stand; reservations of whoever is decided on are not among them."""
        self._quotas = quotas
        self._count = {(count.quota, count.cell): count for count in counts}
        self._free = {
            self._count[quota.key, cell.key].id: cell.target
            - self._count[quota.key, cell.key].taken
            - self._count[quota.key, cell.key].reserved
            for quota in quotas
            for cell in quota.cells
        }

    def decide(self, status: ResponseStatus, said: Described) -> Verdict:
        """What becomes of a response that would have this status; its places are taken if it is let in.

        It needs a place in every cell that it is of, or takes none.
        """
        found = [
            (quota, [self._count[quota.key, cell.key].id for cell in quota.cells if is_of(cell, said)])
            for quota in self._quotas
            if counts_in(quota, status)
        ]
        if any(not ids and quota.others is Others.SCREEN_OUT for quota, ids in found):
            return Verdict(ResponseStatus.SCREENED_OUT)
        full = tuple(
            cell_id
            for quota, ids in found
            if quota.when_full is WhenFull.OVER_QUOTA
            for cell_id in ids
            if self._free[cell_id] <= 0
        )
        if full:
            return Verdict(ResponseStatus.OVER_QUOTA, full=full)
        taken = tuple(cell_id for _, ids in found for cell_id in ids)
        for cell_id in taken:
            self._free[cell_id] -= 1
        return Verdict(status, taken=taken)

    def reserve(self, said: Described) -> Verdict:
        """The places of somebody of whom this is known so far; whoever is of no cell yet may still become of one."""
        found = [
            (quota, self._count[quota.key, cell.key].id)
            for quota in self._quotas
            for cell in quota.cells
            if is_of(cell, said)
        ]
        full = tuple(
            cell_id for quota, cell_id in found if quota.when_full is WhenFull.OVER_QUOTA and self._free[cell_id] <= 0
        )
        if full:
            return Verdict(ResponseStatus.OVER_QUOTA, full=full)
        return Verdict(ResponseStatus.COMPLETE, taken=tuple(cell_id for _, cell_id in found))


def _holds(asked: AnswerIs, answer: object) -> bool:
    if answer is None:
        return False
    if asked.any_of:
        given = answer if isinstance(answer, list) else [answer]
        return any(_same(value, one) for value in asked.any_of for one in given)
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return False
    above = asked.at_least is None or answer >= asked.at_least
    return above and (asked.at_most is None or answer <= asked.at_most)


def _same(one: object, other: object) -> bool:
    # True equals 1 in Python, and not in JSON.
    return isinstance(one, bool) is isinstance(other, bool) and one == other
