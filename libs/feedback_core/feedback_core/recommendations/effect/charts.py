"""Charts of an effect: before and after, and the series with its course before carried on."""

from typing import Final

from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.types import Chart, Row
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.wording import quantity_of
from feedback_core.recommendations.effect.types import EffectOutcome, Sides
from feedback_core.trends.charts import trend_series_chart

_NOTHING: Final = "withheld, or nobody answered"


def effect_charts(outcome: EffectOutcome) -> tuple[Chart, ...]:
    """The figures compared; and the series, where there is one."""
    rows = _rows("", outcome.treated)
    if outcome.control is not None:
        rows = [*_rows("with the change, ", outcome.treated), *_rows("control, ", outcome.control)]
    compared = interval_chart(
        "compared",
        title=f"{outcome.subject} before and after {outcome.label}",
        sentence=outcome.sentence,
        quantity=quantity_of(outcome.subject, outcome.unit, outcome.bounds),
        rows=rows,
        notes=[f"bars: intervals at {outcome.level:.0%}"],
    )
    if outcome.trend is None:
        return (compared,)
    return (compared, trend_series_chart(outcome.trend, key="series", about=outcome.label))


def _rows(who: str, sides: Sides) -> list[Row]:
    return [_row(f"{who}before", sides.before), _row(f"{who}after", sides.after)]


def _row(label: str, figure: Estimate | None) -> Row:
    if figure is None:
        return Row(label, None, note=_NOTHING)
    low, high = (figure.interval.low, figure.interval.high) if figure.interval else (None, None)
    return Row(label, figure.value, low, high, figure.n)
