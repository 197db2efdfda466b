"""Where the invitations stand: counts of each step, dispositions as if the fieldwork ended now, and their rates."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from feedback_core.fieldwork.calc.outcome_rates import disposition_of_contact, outcome_rates
from feedback_core.fieldwork.types import Contact, ContactPolicy, Disposition, Dispositions, OutcomeRates
from feedback_core.fieldwork.types.live import CaseCount, Counts, GroupStanding
from feedback_core.invitations.types.states import InvitationState as State

_SETTLED: Final = {
    State.COMPLETED: Disposition.COMPLETE,
    State.PARTIAL: Disposition.PARTIAL,
    State.REFUSED: Disposition.REFUSAL,
    State.INELIGIBLE: Disposition.INELIGIBLE,
    # Being answered: eligible and reached, and neither answered nor refused by now.
    State.STARTED: Disposition.OTHER,
}
_NOT_INVITED: Final = frozenset({State.CREATED, State.CANCELLED})
# Weights that differ by no more than rounding.
_ALIKE: Final = 1e-9


def disposition_now(case: CaseCount, policy: ContactPolicy) -> Disposition | None:
    """What would become of an invitation if the fieldwork ended now; ``None``: nobody was invited."""
    state = State(case.state)
    if state in _NOT_INVITED:
        return None
    if state in _SETTLED:
        return _SETTLED[state]
    contact = {State.BOUNCED: Contact.BOUNCED, State.OPTED_OUT: Contact.OPTED_OUT}.get(state)
    if contact is None:
        contact = Contact.OPENED if case.opened else Contact.UNOPENED
    return disposition_of_contact(contact, policy)


def standing_of(
    group: str | None, cases: Sequence[CaseCount], policy: ContactPolicy, *, e: float | None, level: float = 0.95
) -> GroupStanding:
    """Counts and rates of some invitations.

    Args:
        group: what they are told apart by.
        cases: of this group.
        policy: what counts as what.
        e: share of those of unknown eligibility taken to be eligible; by proportional allocation if ``None``.
        level: of the intervals.

    Source: as `outcome_rates`; design effect of Kish (1965). Golden: s16 by parts.
    """
    counted: dict[Disposition, float] = defaultdict(float)
    weighed: dict[Disposition, float] = defaultdict(float)
    n, weight, squares = 0, 0.0, 0.0
    for case in cases:
        disposition = disposition_now(case, policy)
        if disposition is None:
            continue
        counted[disposition] += case.n
        weighed[disposition] += case.weight
        n, weight, squares = n + case.n, weight + case.weight, squares + case.weight_squared
    dispositions = _dispositions(counted, 1.0)
    effect = n * squares / weight**2 if weight > 0 else 1.0
    weighted: OutcomeRates | None = None
    if effect > 1 + _ALIKE:
        scaled = _dispositions(weighed, n / weight)
        weighted = outcome_rates(scaled, e=e, level=level, design_effect=effect)
    return GroupStanding(
        group=group,
        counts=_counts(cases, round(dispositions.unknown)),
        dispositions=dispositions,
        rates=outcome_rates(dispositions, e=e, level=level),
        weighted=weighted,
        design_effect=effect if weighted else None,
    )


def _dispositions(sums: dict[Disposition, float], factor: float) -> Dispositions:
    # The fields of Dispositions stand in the order of Disposition.
    return Dispositions(*(sums[each] * factor for each in Disposition))


def _counts(cases: Sequence[CaseCount], unknown: int) -> Counts:
    def of(*states: State) -> int:
        return sum(case.n for case in cases if State(case.state) in states)

    invited = [case for case in cases if State(case.state) not in _NOT_INVITED]
    return Counts(
        invited=sum(case.n for case in invited),
        waiting=of(State.CREATED),
        delivered=sum(case.n for case in invited if case.delivered),
        opened=sum(case.n for case in invited if case.opened),
        started=sum(case.n for case in invited if case.started),
        completed=of(State.COMPLETED),
        partial=of(State.PARTIAL),
        refused=of(State.REFUSED, State.OPTED_OUT),
        bounced=of(State.BOUNCED),
        ineligible=of(State.INELIGIBLE),
        unknown=unknown,
    )
