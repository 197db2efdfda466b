"""What a model says of a series before and after an event, and how it would have gone on without it."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback_core.charts import palette
from feedback_core.charts.document import values_of
from feedback_core.charts.types import Period, Quantity, Span, Spec


@dataclass(frozen=True, slots=True)
class Courses:
    """Lines of a model that need not be straight.

    Attributes:
        fitted: runs of periods with the value of the model, a line each.
        otherwise: how it would have gone on, with the limits of that line.
        level: of these limits.
    """

    fitted: Sequence[Sequence[Period]] = ()
    otherwise: Sequence[Period] = ()
    level: float = 0.95

    def values(self) -> list[float | None]:
        """All that must lie within the axis."""
        lines = [period.value for line in self.fitted for period in line]
        return lines + [value for period in self.otherwise for value in (period.value, period.low, period.high)]

    def layers(self, quantity: Quantity, span: Span) -> list[Spec]:
        """Below: the band and line of what was not; above: what was fitted."""
        instead = values_of([_row(period, quantity, span) for period in self.otherwise])
        band = {"type": "area", "color": palette.PURPLE, "opacity": 0.16}
        limits: Spec = {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}
        line = {"type": "line", "color": palette.PURPLE, "strokeDash": [5, 4], "strokeWidth": 2}
        layers: list[Spec] = []
        if self.otherwise:
            layers = [
                {"data": instead, "mark": band, "encoding": limits},
                {"data": instead, "mark": line, "encoding": {}},
            ]
        solid = {"type": "line", "color": palette.BLACK, "strokeWidth": 1.8, "strokeDash": [2, 3]}
        return layers + [
            {
                "data": values_of(
                    [{"start": one.start.isoformat(), "value": quantity.rounded(one.value)} for one in run]
                ),
                "mark": solid,
                "encoding": {},
            }
            for run in self.fitted
            if run
        ]


def _row(period: Period, quantity: Quantity, span: Span) -> Spec:
    return {
        "start": period.start.isoformat(),
        "period": span.label(period.start),
        "value": quantity.rounded(period.value),
        "low": quantity.rounded(period.low),
        "high": quantity.rounded(period.high),
    }
