"""The figures of one method at any level of confidence, and why those that are missing are."""

from collections.abc import Iterator
from dataclasses import dataclass

from feedback_core.fieldwork.calc import participation_rate
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.medians import median_estimate
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.method_effectiveness.calc.composition import Composition
from feedback_core.method_effectiveness.calc.limits import item_nonresponse, price
from feedback_core.method_effectiveness.types import MethodContacts, MethodCounts, MethodFinding, MethodMeasure
from feedback_core.planning.types import CollectionMethod


@dataclass(frozen=True, slots=True)
class Arm:
    """One method that may be shown, with all that is known of it.

    Attributes:
        contacts: as entered; ``None``: not known, or fewer than responded.
        composition: ``None`` where nobody completed.
        minimum: fewest responses that may be shown.
    """

    name: CollectionMethod
    counts: MethodCounts
    contacts: MethodContacts | None
    composition: Composition | None
    minimum: int

    @property
    def effective_n(self) -> float | None:
        """Complete responses that count, over the design effect of evening out their composition."""
        effect = self.composition.design_effect if self.composition else None
        return None if effect is None else self.counts.complete / effect

    def estimate(self, measure: MethodMeasure, level: float) -> Estimate | None:
        """The figure with its limits at this level; ``None``: it cannot be told."""
        counts = self.counts
        effect = self.composition.design_effect if self.composition else None
        found: Estimate | None = None
        match measure:
            case MethodMeasure.RESPONSE_RATE:
                found = self._rate(counts.completed, level)
            case MethodMeasure.COST_PER_COMPLETE:
                found = self._price(counts.completed, 1.0, level)
            case MethodMeasure.COST_PER_EFFECTIVE_RESPONSE if effect is not None:
                found = self._price(counts.complete, effect, level)
            case MethodMeasure.MEDIAN_SECONDS if sum(counts.seconds.values()) >= max(self.minimum, 1):
                found = median_estimate({float(value): n for value, n in counts.seconds.items()}, level=level)
            case MethodMeasure.ITEM_NONRESPONSE:
                found = item_nonresponse(counts.items, level=level)
            case MethodMeasure.STRAIGHT_LINING if counts.straight_lining is not None and counts.looked_at:
                found = proportion_estimate(counts.straight_lining, counts.looked_at, level=level)
        return found

    def _rate(self, responded: int, level: float) -> Estimate | None:
        return participation_rate(responded, self.contacts.contacted, level=level) if self.contacts else None

    def _price(self, responded: int, per_response: float, level: float) -> Estimate | None:
        rate = self._rate(responded, level)
        if rate is None or self.contacts is None or self.contacts.cost is None:
            return None
        return price(self.contacts.cost.amount, rate, self.contacts.contacted, per_response=per_response)


def finding_of(arm: Arm, *, level: float) -> MethodFinding:
    """Everything of a method that may be shown."""
    found = {measure: arm.estimate(measure, level) for measure in MethodMeasure}
    return MethodFinding(
        name=arm.name,
        withheld=False,
        complete=arm.counts.completed,
        partial=arm.counts.partial,
        contacted=arm.contacts.contacted if arm.contacts else None,
        response_rate=found[MethodMeasure.RESPONSE_RATE],
        cost=arm.contacts.cost if arm.contacts else None,
        cost_per_complete=found[MethodMeasure.COST_PER_COMPLETE],
        effective_n=arm.effective_n,
        cost_per_effective_response=found[MethodMeasure.COST_PER_EFFECTIVE_RESPONSE],
        median_seconds=found[MethodMeasure.MEDIAN_SECONDS],
        item_nonresponse=found[MethodMeasure.ITEM_NONRESPONSE],
        straight_lining=found[MethodMeasure.STRAIGHT_LINING],
        composition=arm.composition.distances if arm.composition else (),
        kpi=arm.counts.kpi,
        not_told=tuple(_not_told(arm)),
    )


def _not_told(arm: Arm) -> Iterator[str]:
    if arm.contacts is None:
        yield "Whom it contacted was not entered, so there is no response rate and no cost of a response."
    elif arm.contacts.cost is None:
        yield "What it cost was not entered, so there is no cost of a response."
    if not arm.counts.completed:
        yield "Nobody completed a response."
        return
    if sum(arm.counts.seconds.values()) < max(arm.minimum, 1):
        yield "Of too few it is known when they began, so there is no time to answer."
    if arm.counts.straight_lining is None:
        yield "Straight-lining is not measured: no grid of the survey has reversed rows by an inclusion rule."
    if arm.composition is not None and arm.composition.design_effect is None:
        yield "No weights give it the composition of all methods together, so there is no effective n."
    if arm.composition is not None and arm.composition.not_reached:
        yield f"It reached nobody of {', '.join(arm.composition.not_reached)}: no weight mends that."
    if arm.counts.kpi is None:
        yield "Too few answered the question of the KPI to show it."
