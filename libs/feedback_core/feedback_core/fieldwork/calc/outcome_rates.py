"""Outcome rates of fieldwork after the AAPOR standard: response, cooperation, refusal and contact."""

import math
from collections.abc import Callable, Mapping
from dataclasses import astuple
from typing import Literal, get_args

from feedback_core.fieldwork.types import (
    Contact,
    ContactPolicy,
    Disposition,
    Dispositions,
    OutcomeRates,
    RateName,
)
from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.proportions import ProportionMethod, proportion_interval

_Counted = Callable[[Dispositions], float]

# Rate to what counts in it and what it is a share of, but for those of unknown eligibility.
_RATES: dict[RateName, tuple[_Counted, _Counted]] = {
    "rr1": (lambda d: d.complete, lambda d: d.eligible),
    "rr2": (lambda d: d.interviews, lambda d: d.eligible),
    "rr3": (lambda d: d.complete, lambda d: d.eligible),
    "rr4": (lambda d: d.interviews, lambda d: d.eligible),
    "rr5": (lambda d: d.complete, lambda d: d.eligible),
    "rr6": (lambda d: d.interviews, lambda d: d.eligible),
    "coop1": (lambda d: d.complete, lambda d: d.contacted),
    "coop2": (lambda d: d.interviews, lambda d: d.contacted),
    "coop3": (lambda d: d.complete, lambda d: d.interviews + d.refusal),
    "coop4": (lambda d: d.interviews, lambda d: d.interviews + d.refusal),
    "ref1": (lambda d: d.refusal, lambda d: d.eligible),
    "ref2": (lambda d: d.refusal, lambda d: d.eligible),
    "ref3": (lambda d: d.refusal, lambda d: d.eligible),
    "con1": (lambda d: d.contacted, lambda d: d.eligible),
    "con2": (lambda d: d.contacted, lambda d: d.eligible),
    "con3": (lambda d: d.contacted, lambda d: d.eligible),
}
# Those of unknown eligibility in the denominator: all of them, or the share e; none in the other rates.
_ALL_UNKNOWN = frozenset({"rr1", "rr2", "ref1", "con1"})
_WITH_E = frozenset({"rr3", "rr4", "ref2", "con2"})


def outcome_rate(
    name: RateName,
    dispositions: Dispositions,
    *,
    e: float | None = None,
    level: float = 0.95,
    method: ProportionMethod = "wilson",
    design_effect: float = 1.0,
) -> Estimate:
    """One outcome rate, 0..1. Its interval describes the process of fieldwork, not the bias of nonresponse.

    Args:
        name: ``rr1`` to ``rr6``, ``coop1`` to ``coop4``, ``ref1`` to ``ref3``, ``con1`` to ``con3``.
        dispositions: counts, or sums of design weights scaled to the number of invitations.
        e: share of those of unknown eligibility taken to be eligible; by `proportional_allocation` when absent.
        level: coverage of the interval.
        method: of the interval.
        design_effect: of the weights; the interval is that of n over this.

    Raises:
        NotEstimable: nobody in the denominator, a count that is negative or not finite, an ``e`` outside 0..1, or an
            ``e`` that is needed, not given, and cannot be estimated.

    Source: AAPOR (2023), Standard Definitions, 10th ed.; as R's responserates. Golden: s16.
    """
    _refuse_malformed(dispositions, e)
    counted, base = _RATES[name]
    denominator = base(dispositions)
    if name in _ALL_UNKNOWN:
        denominator += dispositions.unknown
    elif name in _WITH_E and dispositions.unknown:
        denominator += (proportional_allocation(dispositions) if e is None else e) * dispositions.unknown
    if not denominator > 0:
        raise NotEstimable(f"Nobody is in the denominator of {name.upper()}, so there is no such rate.")
    return _estimate(counted(dispositions), denominator, level=level, method=method, design_effect=design_effect)


def outcome_rates(
    dispositions: Dispositions,
    *,
    e: float | None = None,
    level: float = 0.95,
    method: ProportionMethod = "wilson",
    design_effect: float = 1.0,
) -> OutcomeRates:
    """All outcome rates, and why the rest could not be estimated. Arguments and source: as `outcome_rate`.

    Raises:
        NotEstimable: a count that is negative or not finite, or an ``e`` outside 0..1.
    """
    _refuse_malformed(dispositions, e)
    rates: dict[RateName, Estimate] = {}
    reasons: dict[RateName, str] = {}
    for name in get_args(RateName):
        try:
            rates[name] = outcome_rate(name, dispositions, e=e, level=level, method=method, design_effect=design_effect)
        except NotEstimable as refusal:
            reasons[name] = refusal.detail
    used, how = _eligibility(dispositions, e)
    return OutcomeRates(rates, reasons, used, how)


def proportional_allocation(dispositions: Dispositions) -> float:
    """e: the share of eligible among those whose eligibility is known, taken to hold for the others too.

    Raises:
        NotEstimable: no ineligible case is known, so e would be 1 only because nobody looked; or nobody is known at
            all.

    Source: AAPOR (2023), after CASRO (1982).
    """
    if not dispositions.eligible > 0:
        raise NotEstimable("Nobody is known to be eligible, so e cannot be estimated; give it.")
    if not dispositions.ineligible > 0:
        raise NotEstimable(
            "No ineligible case was recorded, so e cannot be estimated from this fieldwork; give it (1 is the most "
            "cautious)."
        )
    return dispositions.eligible / (dispositions.eligible + dispositions.ineligible)


def participation_rate(
    usable: int, invited: int, *, level: float = 0.95, method: ProportionMethod = "wilson"
) -> Estimate:
    """Usable answers over invitations: what an opt-in panel or a link reports, where there is no response rate.

    Raises:
        NotEstimable: nobody was invited, or more answered than were invited.

    Source: ISO 26362:2009; AAPOR (2023).
    """
    if invited < 1 or not 0 <= usable <= invited:
        raise NotEstimable(f"{usable} of {invited} invited is no rate.")
    return _estimate(usable, invited, level=level, method=method, design_effect=1.0)


def disposition_of_contact(contact: Contact, policy: ContactPolicy) -> Disposition:
    """Disposition of a person who did not start to answer."""
    return {
        Contact.BOUNCED: Disposition.INELIGIBLE if policy.bounce == "ineligible" else Disposition.UNKNOWN_OTHER,
        Contact.UNOPENED: Disposition.UNKNOWN_OTHER if policy.unopened == "unknown" else Disposition.NON_CONTACT,
        Contact.OPENED: Disposition.REFUSAL if policy.opened == "refusal" else Disposition.NON_CONTACT,
        Contact.OPTED_OUT: Disposition.REFUSAL,
        Contact.UNABLE: Disposition.OTHER,
        Contact.SCREENED_OUT: Disposition.INELIGIBLE,
    }[contact]


def disposition_of_answer(share_answered: float, policy: ContactPolicy) -> Disposition:
    """Disposition of a person who answered this share of the core items, 0..1: complete, partial, or a break-off.

    Raises:
        NotEstimable: the share is outside 0..1, or the policy's thresholds are not in order.

    Source: AAPOR (2023): break-off, partial, complete.
    """
    if not 0 < policy.partial_from <= policy.complete_from <= 1:
        raise NotEstimable("The policy must have 0 < partial_from, not above complete_from, not above 1.")
    if not 0 <= share_answered <= 1:
        raise NotEstimable(f"{share_answered} is no share of the items; give one from 0 to 1.")
    if share_answered >= policy.complete_from:
        return Disposition.COMPLETE
    return Disposition.PARTIAL if share_answered >= policy.partial_from else Disposition.REFUSAL


def dispositions_of(
    contacts: Mapping[Contact, float], answers: Mapping[float, float], policy: ContactPolicy
) -> Dispositions:
    """Dispositions of an e-mail or SMS fieldwork.

    Args:
        contacts: people who did not start, by what is known of them.
        answers: people who started, by the share of the core items they answered.
        policy: what counts as what.

    Raises:
        NotEstimable: as `disposition_of_answer`.
    """
    counts = dict.fromkeys(Disposition, 0.0)
    for contact, n in contacts.items():
        counts[disposition_of_contact(contact, policy)] += n
    for share, n in answers.items():
        counts[disposition_of_answer(share, policy)] += n
    # The fields of Dispositions stand in the order of Disposition.
    return Dispositions(*(counts[disposition] for disposition in Disposition))


def _estimate(
    counted: float, denominator: float, *, level: float, method: ProportionMethod, design_effect: float
) -> Estimate:
    if not design_effect >= 1:
        raise NotEstimable("The design effect of weights is 1 or more.")
    effective = denominator / design_effect
    rate = counted / denominator
    raw = proportion_interval(rate * effective, effective, level=level, method=method)
    spread = rate * (1 - rate)
    return Estimate(
        value=rate,
        interval=Interval(max(0.0, raw.low), min(1.0, raw.high), level, method),
        standard_error=math.sqrt(spread / effective) if spread > 0 else None,
        n=round(denominator),
        n_effective=effective,
    )


def _eligibility(
    dispositions: Dispositions, e: float | None
) -> tuple[float | None, Literal["given", "proportional_allocation", "none"]]:
    if e is not None:
        return e, "given"
    try:
        return proportional_allocation(dispositions), "proportional_allocation"
    except NotEstimable:
        return None, "none"


def _refuse_malformed(dispositions: Dispositions, e: float | None) -> None:
    counts = astuple(dispositions)
    if not all(math.isfinite(count) and count >= 0 for count in counts):
        raise NotEstimable("A disposition is counted as negative, or as no finite number.")
    if e is not None and not 0 <= e <= 1:
        raise NotEstimable(f"e is a share, from 0 to 1; {e} is not.")
