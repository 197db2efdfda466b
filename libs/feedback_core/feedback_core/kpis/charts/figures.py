"""Charts of a value, a series and a breakdown."""

from collections.abc import Mapping, Sequence

from feedback_core.charts import palette
from feedback_core.charts.bars import MOST_BARS, Bar, answer_bars, classes_of
from feedback_core.charts.document import ROW, counted, document
from feedback_core.charts.intervals import PLOT, interval_chart, lines
from feedback_core.charts.series import series_chart
from feedback_core.charts.types import Chart, Kind, Period, PeriodState, Row, Span
from feedback_core.kpis.calc.scores import HELD, INDIFFERENT, PROMOTED, scores_of
from feedback_core.kpis.charts.naming import (
    WITHHELD,
    axis_of,
    estimate_row,
    figure_row,
    in_words,
    intervals_at,
    scope_of,
)
from feedback_core.kpis.types import Bucket, Figure, GroupFigure, Measure, PeriodFigure, Withheld
from feedback_core.kpis.use_cases import Asked
from feedback_core.kpis.wording import title_of

_NPS = (Kind("detractors", palette.BAD), Kind("passives", palette.ORDINARY), Kind("promoters", palette.GOOD))
_BOXES = (Kind("counts in the share", palette.FIGURE), Kind("other", palette.ORDINARY))
_ANSWERS = (Kind("answers", palette.FIGURE),)
_NOT_KNOWN = "(not known)"


def value_chart(asked: Asked, figure: Figure | Withheld) -> Chart:
    """The figure with its interval, above the answers behind it."""
    quantity, title = axis_of(asked), title_of(asked.target)
    said, scope = in_words(quantity, figure), scope_of(asked)
    sentence = f"{title}: {said}{f'; {scope}' if scope else ''}."
    rows = [figure_row("weighted" if asked.scheme else "figure", figure)]
    bars: list[Bar] = []
    if isinstance(figure, Figure):
        if figure.weighting is not None and figure.weighting.unweighted is not None:
            rows.append(estimate_row("unweighted", figure.weighting.unweighted))
        bars = _bars(asked, figure)
    panels = [{"width": PLOT, "height": {"step": ROW}, **lines(rows, quantity)}]
    notes = [intervals_at(asked)] if any(row.low is not None for row in rows) else []
    if bars:
        panels.append(answer_bars(bars, axis="Answer", kinds=_kinds(asked), width=PLOT))
        notes.append("below: the answers, unweighted" if asked.scheme else "below: the answers")
    body = {"vconcat": panels, "spacing": 26, "resolve": {"scale": {"color": "independent", "shape": "independent"}}}
    return document("value", title=title, sentence=sentence, notes=notes, body=body)


def kpi_series_chart(asked: Asked, bucket: Bucket, points: Sequence[PeriodFigure]) -> Chart:
    """The figure of every period; those that are withheld are gaps that say so."""
    quantity, span = axis_of(asked), Span(bucket)
    periods = [_period(point) for point in points]
    return series_chart(
        "series",
        title=f"{title_of(asked.target)} by {bucket}",
        sentence=_sentence_of(asked, span, points),
        quantity=quantity,
        span=span,
        periods=periods,
        level=asked.level,
    )


def breakdown_chart(asked: Asked, by: str, groups: Sequence[GroupFigure]) -> Chart:
    """The figure of every group with its interval; a withheld one keeps its line."""
    quantity, title = axis_of(asked), f"{title_of(asked.target)} by {by}"
    rows = [figure_row(_NOT_KNOWN if group.group is None else group.group, group.figure) for group in groups]
    withheld = sum(isinstance(group.figure, Withheld) for group in groups)
    sentence = _groups_in_words(rows, withheld)
    scope = scope_of(asked)
    return interval_chart(
        "breakdown",
        title=title,
        sentence=f"{sentence[:-1]}; {scope}." if scope else sentence,
        quantity=quantity,
        rows=rows,
        notes=[intervals_at(asked)] if any(row.low is not None for row in rows) else [],
    )


def _period(point: PeriodFigure) -> Period:
    figure = point.figure
    if isinstance(figure, Withheld):
        return Period(point.starts_on, PeriodState.WITHHELD)
    estimate = figure.estimate
    if estimate is None:
        state = PeriodState.NO_FIGURE if figure.answered else PeriodState.EMPTY
        return Period(point.starts_on, state, n=figure.answered)
    low, high = (estimate.interval.low, estimate.interval.high) if estimate.interval else (None, None)
    state = PeriodState.COMPLETE if point.complete else PeriodState.INCOMPLETE
    return Period(point.starts_on, state, estimate.value, low, high, estimate.n)


def _sentence_of(asked: Asked, span: Span, points: Sequence[PeriodFigure]) -> str:
    """The latest complete figure, and how many are withheld."""
    scope, parts = scope_of(asked), list[str]()
    for point in reversed(points):
        if point.complete and isinstance(point.figure, Figure) and point.figure.estimate is not None:
            parts.append(f"{span.label(point.starts_on)}: {in_words(axis_of(asked), point.figure)}")
            break
    withheld = sum(isinstance(point.figure, Withheld) for point in points)
    if withheld:
        parts.append(f"{withheld} of {counted(len(points), 'period')} withheld")
    if scope:
        parts.append(scope)
    return f"{'; '.join(parts)}." if parts else ""


def _groups_in_words(rows: Sequence[Row], withheld: int) -> str:
    known = [row for row in rows if row.value is not None]
    parts = [f"{counted(len(known), 'group')} with a figure"]
    if withheld:
        parts.append(f"{withheld} {WITHHELD}")
    return f"{', '.join(parts)}."


def _kinds(asked: Asked) -> Sequence[Kind]:
    measure = asked.target.definition.measure
    return _NPS if measure is Measure.NPS else _BOXES if measure in {Measure.TOP_BOX, Measure.SHARE} else _ANSWERS


def _bars(asked: Asked, figure: Figure) -> list[Bar]:
    """The answers by value; numbers that are too many for a bar each are put into classes."""
    measure, counts = asked.target.definition.measure, figure.counts
    if measure in {Measure.COUNT, Measure.RATIO} or not counts:
        return []
    if len(counts) > MOST_BARS:
        return _classes(counts)
    kinds, given = _kinds(asked), _whole_scale(asked, counts)
    scores = scores_of(asked.target, given)
    return [Bar(value, n, _kind_name(kinds, scores.get(value))) for value, n in given.items()]


def _classes(counts: Mapping[str, int]) -> list[Bar]:
    try:
        numbers = {float(value): n for value, n in counts.items()}
    except ValueError:  # choices: the most frequent ones
        most = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_BARS]
        return [Bar(value, n, _ANSWERS[0].name) for value, n in most]
    return [Bar(f"{low:g} to {high:g}", n, _ANSWERS[0].name) for low, high, n in classes_of(numbers)]


def _whole_scale(asked: Asked, counts: Mapping[str, int]) -> Mapping[str, int]:
    """Every point of a short scale, those that nobody chose included."""
    scale = asked.target.scale
    if scale is None or asked.target.definition.points is not None or scale[1] - scale[0] >= MOST_BARS:
        return counts
    return {str(value): counts.get(str(value), 0) for value in range(scale[0], scale[1] + 1)}


def _kind_name(kinds: Sequence[Kind], score: float | None) -> str:
    if len(kinds) == 1:
        return kinds[0].name
    if kinds is _NPS:
        return kinds[2 if score == PROMOTED else 1 if score == INDIFFERENT else 0].name
    return kinds[0 if score == HELD else 1].name
