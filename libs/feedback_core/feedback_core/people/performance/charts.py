"""Where people or teams stand, as a chart: adjusted figures with their intervals, in the order of their names."""

from collections.abc import Sequence
from dataclasses import replace

from feedback_core.charts import palette
from feedback_core.charts.document import MOST_ROWS
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.types import Chart, Kind, Row
from feedback_core.kpis.charts.naming import WITHHELD, axis_of, estimate_row, intervals_at
from feedback_core.kpis.use_cases import Asked
from feedback_core.kpis.wording import title_of
from feedback_core.people.performance.types import Standings, UnitStanding

TIERS = (
    Kind("better than all together", palette.FIGURE, "triangle-up"),
    Kind("cannot be told from them", palette.ORDINARY, "circle"),
    Kind("worse than all together", palette.VERMILLION, "triangle-down"),
)
UNPLACED = Kind("in no tier", palette.NEUTRAL, "cross")


def standings_chart(
    asked: Asked, name: str, standings: Standings, *, threshold: float, case_mix: Sequence[str]
) -> Chart:
    """A line for each who is shown; who has no figure says why. The reference is what the standard asks for."""
    quantity, units = axis_of(asked), standings.units
    notes = [intervals_at(asked)]
    if case_mix:
        notes.append(f"adjusted for {', '.join(case_mix)}")
    if len(units) > MOST_ROWS:
        notes.append(f"the first {MOST_ROWS} of {len(units):,} by name")
        units = units[:MOST_ROWS]
    return interval_chart(
        "standings",
        title=f"{title_of(asked.target)}: {name}",
        sentence=standings.sentence,
        quantity=quantity,
        rows=[_row(unit) for unit in units],
        kinds=(*TIERS, UNPLACED),
        reference=threshold,
        reference_name="standard",
        notes=notes,
    )


def _row(unit: UnitStanding) -> Row:
    if unit.withheld:
        return Row(unit.reference, None, note=WITHHELD)
    if unit.adjusted is None:
        return Row(unit.reference, None, note="cannot be compared")
    kind = UNPLACED if unit.tier is None else TIERS[unit.tier - 1]
    return replace(estimate_row(unit.reference, unit.adjusted), kind=kind.name)
