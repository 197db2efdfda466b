"""A method as an organisation can plan with it: its own prices and rates in place of what is assumed."""

from feedback_core.kit.estimates import Interval
from feedback_core.planning.calc.clusters import cluster_design_effect
from feedback_core.planning.calc.sample_size import normal_quantile
from feedback_core.planning.types.methods import (
    CostBasis,
    Method,
    MethodProfile,
    OutcomeSums,
    PlanningRate,
    RateBasis,
    StoredTerms,
    TypicalRate,
)

LEAST_CONTACTS = 30
"""People contacted below which a measured rate says too little to replace what is typical."""

_LEVEL = 0.95


def method_here(profile: MethodProfile, own: StoredTerms | None, outcomes: OutcomeSums | None) -> Method:
    """What to plan with: the organisation's own terms and measured rate where there are any.

    A measured rate replaces the typical one from ``LEAST_CONTACTS`` people on. Its limits are Wilson's; they say what
    chance does within the collections so far, not what another questionnaire would.

    Source: Wilson (1927), JASA 22:209. Golden: none; the service's own interval.
    """
    terms = own.terms if own else None
    interviewing = profile.interviewing
    effect = cluster_design_effect(interviewing.answers_each, interviewing.correlation) if interviewing else 1.0
    return Method(
        profile=profile,
        rate=_rate(profile, outcomes),
        costs=terms.costs if terms else profile.costs,
        cost_basis=CostBasis.OWN if terms else CostBasis.ASSUMED,
        footprints=(terms.footprints if terms else None) or profile.footprints,
        coverage=terms.coverage if terms else 1.0,
        setup_days=profile.setup_days if terms is None or terms.setup_days is None else terms.setup_days,
        field_days=profile.field_days if terms is None or terms.field_days is None else terms.field_days,
        design_effect=effect,
        own=own,
    )


def _rate(profile: MethodProfile, outcomes: OutcomeSums | None) -> PlanningRate | None:
    if not profile.is_asked:
        return None
    if outcomes is not None and outcomes.contacts >= LEAST_CONTACTS and outcomes.completes > 0:
        return _measured(outcomes)
    return _typical(profile.rate) if profile.rate else None


def _measured(outcomes: OutcomeSums) -> PlanningRate:
    n, z = outcomes.contacts, normal_quantile(_LEVEL)
    share = outcomes.completes / n
    centre = (share + z * z / (2.0 * n)) / (1.0 + z * z / n)
    half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)) ** 0.5 / (1.0 + z * z / n)
    high = 1.0 if outcomes.completes == n else centre + half
    many = f"{outcomes.collections} collections" if outcomes.collections != 1 else "one collection"
    return PlanningRate(
        value=share,
        low=centre - half,
        high=high,
        basis=RateBasis.MEASURED,
        source=f"Measured here: {outcomes.completes} of {n} people contacted answered in {many}, the last until "
        f"{outcomes.latest}",
        n=n,
        collections=outcomes.collections,
        interval=Interval(centre - half, high, _LEVEL, "wilson"),
    )


def _typical(rate: TypicalRate) -> PlanningRate:
    source = f"{rate.source} ({rate.strength})"
    return PlanningRate(rate.typical, rate.low, rate.high, RateBasis.TYPICAL, source)
