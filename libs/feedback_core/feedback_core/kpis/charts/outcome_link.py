"""Chart of an outcome link: the share of the outcome among those who gave each answer."""

from feedback_core.charts.document import percent
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.types import Chart, Quantity, Row
from feedback_core.kpis.types.outcome_links import OutcomeGroup
from feedback_core.kpis.use_cases import OutcomeLinkFound


def outcome_link_chart(found: OutcomeLinkFound) -> Chart:
    """A line per answer, the lowest first; what is withheld keeps its place."""
    outcome = f"{found.outcome.name} {' or '.join(found.counts)}"
    levels = sorted({percent(group.interval.level) for group in found.link.groups if group.interval})
    return interval_chart(
        "outcome_link",
        title=f"{outcome} by {found.satisfaction.name}",
        sentence=found.link.sentence,
        quantity=Quantity(f"Share with {outcome}", 0.0, 1.0),
        rows=[_row(group) for group in found.link.groups],
        notes=[f"bars: {' and '.join(levels)} intervals"] if levels else [],
    )


def _row(group: OutcomeGroup) -> Row:
    if group.share is None or group.interval is None:
        return Row(group.answer, None, note="withheld" if group.withheld else "nobody gave this answer")
    return Row(group.answer, group.share, group.interval.low, group.interval.high, group.n)
