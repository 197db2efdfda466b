"""Charts of what became of the invited: groups to chase, who responded, outcome rates, coverage."""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, get_args

from feedback_core.bias.types import (
    CategoryPartial,
    CategoryResponse,
    Coverage,
    FieldworkAssessment,
    Representation,
    ResponseAssessment,
    SamplingBiasResult,
)
from feedback_core.charts import palette
from feedback_core.charts.document import percent
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.types import Chart, Kind, Quantity, Row
from feedback_core.fieldwork.types import RateName
from feedback_core.kpis.calc.quantiles import normal_quantile
from feedback_core.kpis.charts.naming import estimate_row

CHASE: Final = Kind("responds less: chase", palette.VERMILLION, "triangle-left")
SATED: Final = Kind("responds more", palette.FIGURE, "triangle-right")
ALIKE: Final = Kind("cannot be told from the average", palette.ORDINARY)
REACHED: Final[Mapping[Representation, Kind]] = {
    Representation.UNDER: Kind("under-covered", palette.VERMILLION, "triangle-left"),
    Representation.AS_EXPECTED: Kind("as in the population", palette.ORDINARY),
    Representation.OVER: Kind("over-covered", palette.FIGURE, "triangle-right"),
}
_PARTIAL: Final = Quantity("Partial R-indicator, unconditional", places=3)
_RATE: Final = Quantity("Rate", 0.0, 1.0)
_FAMILIES: Final = {"rr": "response", "coop": "cooperation", "ref": "refusal", "con": "contact"}
_NOTE_LETTERS: Final = 70
"""As much of a reason as has room in a line."""


def invited_charts(bias: SamplingBiasResult) -> Iterator[Chart]:
    """Of what was given and could be assessed: partial R-indicators and response rates, coverage, outcome rates."""
    if bias.response is not None:
        yield _partials(bias.response)
        yield _responded(bias.response)
    if bias.coverage is not None:
        yield _coverage(bias.coverage)
    if bias.fieldwork is not None:
        yield _outcomes(bias.fieldwork)


def _partials(found: ResponseAssessment) -> Chart:
    level = found.r.interval.level if found.r.interval else 0.95
    parts = [(partial.variable, part) for partial in found.partials for part in partial.categories]
    kinds = {(one.variable, one.category): _kind(one, found.response_rate.value) for one in found.by_category}
    rows = [
        _partial_row(variable, part, kinds.get((variable, part.category), ALIKE), level) for variable, part in parts
    ]
    rows.sort(key=lambda row: (row.value or 0.0, row.label))
    chased = [row.label for row in rows if row.kind == CHASE.name]
    said = f"R = {found.r.value:.3f} (1: all respond alike)."
    if found.r.interval is not None:
        low, high = found.r.interval.low, found.r.interval.high
        said = f"R = {found.r.value:.3f} ({percent(level)} interval {low:.3f} to {high:.3f}; 1: all respond alike)."
    said += f" To chase first: {chased[0]}." if chased else " No group can be told to respond less than the average."
    drawn = any(row.low is not None for row in rows)
    return interval_chart(
        "partial_indicators",
        title="Which groups the response depends on",
        sentence=said,
        quantity=_PARTIAL,
        rows=rows,
        kinds=(CHASE, ALIKE, SATED),
        reference=0.0,
        notes=[
            f"bars: {percent(level)} intervals" if drawn else "no intervals: all of the population were invited",
            "conditional: what is left within cells of the other variables",
            "shape and colour: whether the interval of its response rate leaves out that of all",
        ],
    )


def _kind(one: CategoryResponse, overall: float) -> Kind:
    """Whether the interval of its rate leaves out that of all, since the indicator of a census has no error."""
    interval = one.rate.interval
    if interval is None:
        return ALIKE
    return CHASE if interval.high < overall else SATED if interval.low > overall else ALIKE


def _partial_row(variable: str, part: CategoryPartial, kind: Kind, level: float) -> Row:
    half = normal_quantile(level) * part.unconditional_standard_error
    low, high = part.unconditional - half, part.unconditional + half
    remark = f"conditional {part.conditional:.3f}"
    row = Row(f"{variable}: {part.category}", part.unconditional, low, high, kind=kind.name, remark=remark)
    return row if half else replace(row, low=None, high=None)


def _responded(found: ResponseAssessment) -> Chart:
    rate = found.response_rate
    levels = {percent(one.rate.interval.level) for one in found.by_category if one.rate.interval is not None}
    return interval_chart(
        "response",
        title="Who of the invited responded",
        sentence=f"{found.responded:,} of {found.invited:,} invited responded ({_RATE.text(rate.value)}).",
        quantity=Quantity("Response rate", 0.0, 1.0),
        rows=[estimate_row(f"{one.variable}: {one.category}", one.rate) for one in found.by_category],
        reference=rate.value,
        reference_name="of all invited",
        notes=[f"bars: {' and '.join(sorted(levels))} intervals", "n: invited"] if levels else ["n: invited"],
    )


def _coverage(found: Coverage) -> Chart:
    rows = [
        Row(one.category, one.rate, n=one.population, kind=REACHED[one.representation].name) for one in found.categories
    ]
    return interval_chart(
        "coverage",
        title="Whom the survey could reach",
        sentence=found.sentence,
        quantity=Quantity("Share of the population that could be reached", 0.0, 1.0),
        rows=rows,
        kinds=tuple(REACHED.values()),
        reference=found.rate,
        reference_name="of all",
        notes=["counts, not estimates: there is no sampling in them", "n: people"],
    )


def _outcomes(found: FieldworkAssessment) -> Chart:
    rates = found.rates
    rows = []
    for name in get_args(RateName):
        if name in rates.rates:
            rows.append(estimate_row(_rate_name(name), rates.rates[name]))
        elif name in rates.not_estimable:
            note = textwrap.shorten(rates.not_estimable[name], _NOTE_LETTERS, placeholder=" …")
            rows.append(Row(_rate_name(name), None, note=note))
    levels = {percent(one.interval.level) for one in rates.rates.values() if one.interval is not None}
    notes = [f"bars: {' and '.join(sorted(levels))} intervals"] if levels else []
    if rates.e is not None:
        notes.append(f"e = {rates.e:.3f} of those of unknown eligibility taken to be eligible")
    return interval_chart(
        "outcome_rates",
        title="Outcome rates of the fieldwork (AAPOR)",
        sentence=f"The response rate to quote is {found.response_rate.upper()}." if found.response_rate else "",
        quantity=_RATE,
        rows=rows,
        notes=notes,
    )


def _rate_name(name: str) -> str:
    """``rr4`` as ``response, RR4``."""
    family = name.rstrip("0123456789")
    return f"{_FAMILIES[family]}, {name.upper()}"
