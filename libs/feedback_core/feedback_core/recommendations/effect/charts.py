"""Charts of an effect: before and after, and the series with its course before carried on."""

from collections.abc import Iterator, Sequence
from typing import Final

from feedback_core.charts import palette
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.types import Chart, Kind, Row
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.wording import difference_of, quantity_of
from feedback_core.recommendations.effect.types import EffectOutcome, EffectVerdict, Sides
from feedback_core.trends.charts import trend_series_chart

_NOTHING: Final = "withheld, or nobody answered"
_KINDS: Final = {
    EffectVerdict.EFFECTIVE: Kind("it worked", palette.GOOD, "triangle-up"),
    EffectVerdict.NOT_EFFECTIVE: Kind("it did not work", palette.BAD, "triangle-down"),
    EffectVerdict.CANNOT_BE_TOLD: Kind("cannot be told", palette.ORDINARY),
}


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


def effects_charts(told: Sequence[tuple[str, EffectOutcome]]) -> Iterator[Chart]:
    """What several actions changed, by name, against no change at all: a chart for all whose figures share an axis."""
    axes = dict.fromkeys((outcome.unit, outcome.bounds) for _, outcome in told)
    for number, axis in enumerate(axes, 1):
        alike = [(name, outcome) for name, outcome in told if (outcome.unit, outcome.bounds) == axis]
        quantity, times = difference_of(quantity_of(alike[0][1].subject, *axis))
        levels = sorted({f"{outcome.level:.0%}" for _, outcome in alike})
        yield interval_chart(
            f"effects_{number}" if len(axes) > 1 else "effects",
            title="What actions changed",
            sentence=" ".join(outcome.sentence for _, outcome in alike),
            quantity=quantity,
            rows=[_effect(name, outcome, times) for name, outcome in alike],
            kinds=tuple(_KINDS.values()),
            reference=0.0,
            reference_name="no change",
            notes=[f"bars: {' and '.join(levels)} intervals"],
        )


def _effect(name: str, outcome: EffectOutcome, times: float) -> Row:
    found = outcome.effect
    if found is None:
        return Row(name, None, note=outcome.reason or _NOTHING)
    low, high = (found.interval.low * times, found.interval.high * times) if found.interval else (None, None)
    return Row(name, found.value * times, low, high, found.n, _KINDS[outcome.verdict].name)


def _rows(who: str, sides: Sides) -> list[Row]:
    return [_row(f"{who}before", sides.before), _row(f"{who}after", sides.after)]


def _row(label: str, figure: Estimate | None) -> Row:
    if figure is None:
        return Row(label, None, note=_NOTHING)
    low, high = (figure.interval.low, figure.interval.high) if figure.interval else (None, None)
    return Row(label, figure.value, low, high, figure.n)
