"""Charts of the standards in a review: each figure with its interval beside what is asked for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from feedback_core.charts import palette
from feedback_core.charts.document import percent
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.types import Chart, Kind, Row
from feedback_core.kpis.wording import quantity_of
from feedback_core.recommendations.types import ReviewOutcome
from feedback_core.standards.types import Demand, StandardVerdict, Verdict

_KINDS: Final = {
    Verdict.MET: Kind("met", palette.GOOD, "triangle-up"),
    Verdict.NOT_MET: Kind("not met", palette.BAD, "triangle-down"),
    Verdict.NOT_ENOUGH_EVIDENCE: Kind("not enough evidence", palette.ORDINARY),
}


def standards_charts(outcome: ReviewOutcome) -> Iterator[Chart]:
    """One chart for all standards whose figures have the same axis."""
    axes = dict.fromkeys((verdict.unit, verdict.bounds) for verdict in outcome.standards)
    for number, axis in enumerate(axes, 1):
        alike = [verdict for verdict in outcome.standards if (verdict.unit, verdict.bounds) == axis]
        yield _chart(f"standards_{number}" if len(axes) > 1 else "standards", alike)


def _chart(key: str, verdicts: Sequence[StandardVerdict]) -> Chart:
    levels = sorted({percent(v.estimate.interval.level) for v in verdicts if v.estimate and v.estimate.interval})
    notes = [f"bars: {' and '.join(levels)} intervals"] if levels else []
    notes.append("green tick: what decides, the target less what is tolerated")
    return interval_chart(
        key,
        title="Standards: what was reached, and what is asked for",
        sentence=_counted(verdicts),
        quantity=quantity_of("Figure", verdicts[0].unit, verdicts[0].bounds),
        rows=[_row(verdict) for verdict in verdicts],
        kinds=tuple(_KINDS.values()),
        notes=notes,
    )


def _counted(verdicts: Sequence[StandardVerdict]) -> str:
    """How many there are of each verdict: why each is what it is stands in the table beside the chart."""
    found = Counter(verdict.verdict for verdict in verdicts)
    told = [f"{found[verdict]} {kind.name}" for verdict, kind in _KINDS.items() if found[verdict]]
    total = "1 standard" if len(verdicts) == 1 else f"{len(verdicts)} standards"
    return f"Of {total}: {', '.join(told)}."


def _row(verdict: StandardVerdict) -> Row:
    side = "at least" if verdict.direction is Demand.AT_LEAST else "at most"
    estimate = verdict.estimate
    if estimate is None:
        note = verdict.undecided_because or "no figure"
        return Row(verdict.name, None, note=note, target=verdict.threshold, remark=side)
    low, high = (estimate.interval.low, estimate.interval.high) if estimate.interval else (None, None)
    kind = _KINDS[verdict.verdict].name
    return Row(verdict.name, estimate.value, low, high, estimate.n, kind, "", verdict.threshold, side)
