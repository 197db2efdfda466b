"""Charts of a sampling-bias assessment: who answered, what weighting changes, and what time and method do."""

import math
from collections.abc import Iterator
from typing import Final

from feedback_core.bias.invited_charts import invited_charts
from feedback_core.bias.types import CategoryComposition, Representation, SamplingBiasOutcome, SamplingBiasResult
from feedback_core.charts import palette
from feedback_core.charts.composition import Pair, composition_chart
from feedback_core.charts.document import percent
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.types import Chart, Kind, Quantity, Row
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.wording import difference_of, quantity_of

KINDS: Final = {
    Representation.OVER: Kind("over-represented", palette.FIGURE, "triangle-right"),
    Representation.AS_EXPECTED: Kind("as expected", palette.ORDINARY),
    Representation.UNDER: Kind("under-represented", palette.VERMILLION, "triangle-left"),
}
_CHANCE = 1.96
"""As in ``standardised_residual``: beyond so many of its standard deviations a share is more than chance."""


def bias_charts(outcome: SamplingBiasOutcome) -> tuple[Chart, ...]:
    """The composition, the figure weighted, differences by time and method, and of the invited, as far as found."""
    return tuple(_charts(outcome, outcome.bias))


def _charts(outcome: SamplingBiasOutcome, bias: SamplingBiasResult) -> Iterator[Chart]:
    name = outcome.subject or outcome.kpi
    quantity = quantity_of(name, outcome.unit, outcome.bounds)
    yield composition_chart(
        "composition",
        title=f"Who answered on {name}, against the population",
        sentence=bias.sentence,
        pairs=[_pair(category, margin.fit.n) for margin in bias.margins for category in margin.categories],
        kinds=tuple(KINDS.values()),
        notes=["filled: of those who answered", "diamond: of the population", "grey: what chance alone explains"],
    )
    if bias.weighted is not None:
        yield _weighted(name, quantity, bias, bias.weighted)
    if bias.early_late is not None or bias.methods:
        yield _differences(name, quantity, bias)
    yield from invited_charts(bias)


def _pair(category: CategoryComposition, n: int) -> Pair:
    chance = _CHANCE * math.sqrt(category.frame_share * (1 - category.frame_share) / n) if n else 0.0
    return Pair(
        group=category.attribute,
        label=category.category,
        found=category.share,
        expected=category.frame_share,
        low=max(0.0, category.frame_share - chance),
        high=min(1.0, category.frame_share + chance),
        n=category.n,
        kind=KINDS[category.representation].name,
    )


def _weighted(name: str, quantity: Quantity, bias: SamplingBiasResult, weighted: Estimate) -> Chart:
    shown = {"as answered": bias.unweighted, "weighted to the frame": weighted}
    rows = []
    for label, estimate in shown.items():
        low, high = (estimate.interval.low, estimate.interval.high) if estimate.interval else (None, None)
        rows.append(Row(label, estimate.value, low, high, estimate.n))
    levels = {percent(estimate.interval.level) for estimate in shown.values() if estimate.interval}
    return interval_chart(
        "weighted",
        title=f"{name}, as answered and weighted to the population",
        sentence=" ".join(bias.reasons) or bias.sentence,
        quantity=quantity,
        rows=rows,
        notes=[f"bars: {' and '.join(sorted(levels))} intervals"] if levels else [],
    )


def _differences(name: str, of: Quantity, bias: SamplingBiasResult) -> Chart:
    quantity, factor = difference_of(of)
    rows, levels = [], set()
    if bias.early_late is not None:
        found = bias.early_late
        rows.append(_difference("first \u2212 last quarter", found.difference, found.interval, factor, None))
        levels.add(percent(found.interval.level))
    for mode in bias.methods:
        label = f"{mode.method} \u2212 {mode.reference}"
        rows.append(_difference(label, mode.difference, mode.interval, factor, mode.n + mode.n_reference))
        levels.add(percent(mode.interval.level))
    details = [reason.detail for reason in bias.evidence]
    return interval_chart(
        "differences",
        title=f"{name}: differences by time and method of answering",
        sentence=" ".join(details) or "Neither time nor method of answering gives cause for concern.",
        quantity=quantity,
        rows=rows,
        reference=0.0,
        notes=[f"bars: {' and '.join(sorted(levels))} intervals, each of its own difference"],
    )


def _difference(label: str, value: float, interval: Interval, factor: float, n: int | None) -> Row:
    return Row(label, value * factor, interval.low * factor, interval.high * factor, n)
