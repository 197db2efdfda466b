"""Charts of an analysis of themes: how often each is spoken of, how that changes, who scores how, and the tone."""

from collections.abc import Iterator, Sequence
from typing import Final

from feedback_core.charts import palette
from feedback_core.charts.document import counted, percent
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.series import series_chart
from feedback_core.charts.types import Chart, Kind, Period, PeriodState, Quantity, Row, Span
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.charts.naming import WITHHELD, estimate_row, p_in_words
from feedback_core.kpis.charts.side_by_side import DIFFER, SAME, UNKNOWN
from feedback_core.kpis.wording import difference_of, quantity_of
from feedback_core.themes.analysis.types import (
    Direction,
    ThemeFinding,
    ThemePeriod,
    ThemesOutcome,
    ThemeTrend,
)
from feedback_core.themes.types import Tone

MOST_SERIES: Final = 6
"""Themes with a chart of their own."""
RISING = Kind("rising", palette.FIGURE, "triangle-up")
FALLING = Kind("falling", palette.VERMILLION, "triangle-down")
STEADY = Kind("no change can be told", palette.ORDINARY)
UNTESTED = Kind("change not tested", palette.NEUTRAL, "cross")
_KINDS: Final[dict[Direction, Kind]] = {"rising": RISING, "falling": FALLING, "steady": STEADY, "unknown": UNTESTED}
_NO_THEME: Final = "(no theme)"
_SHARE: Final = Quantity("Share of the respondents", 0.0, 1.0)
_TONES: Final = (Tone.POSITIVE, Tone.MIXED, Tone.NEUTRAL, Tone.NEGATIVE)


def themes_charts(outcome: ThemesOutcome) -> tuple[Chart, ...]:
    """Shares of all themes; the course of those that changed or are largest; scores and tones, where there are such."""
    return tuple(_charts(outcome))


def _charts(outcome: ThemesOutcome) -> Iterator[Chart]:
    yield _shares(outcome)
    for theme in _most_telling(outcome.themes):
        yield _course(outcome, theme)
    if any(theme.score is not None for theme in outcome.themes):
        yield _scores(outcome)
    if outcome.tones:
        yield _tones(outcome)


def _shares(outcome: ThemesOutcome) -> Chart:
    known = [theme for theme in outcome.themes if theme.share is not None]
    rows = [_share_row(theme, theme.share) for theme in _by_share(known) if theme.share is not None]
    if outcome.uncoded is not None:
        rows.append(_row(_NO_THEME, outcome.uncoded, UNTESTED))
    rows += [Row(theme.label, None, note=WITHHELD) for theme in outcome.themes if theme.withheld]
    rows += [
        Row(theme.label, None, note="not coded by this source")
        for theme in outcome.themes
        if theme.share is None and not theme.withheld
    ]
    by = f", coded by {outcome.quality.source}" if outcome.quality else ""
    return interval_chart(
        "themes",
        title=f"What respondents speak of{by}",
        sentence=outcome.sentence,
        quantity=_SHARE,
        rows=rows,
        kinds=tuple(_KINDS.values()),
        notes=[_bars(outcome), "shape and colour: all themes considered"] if known else [],
    )


def _most_telling(themes: Sequence[ThemeFinding]) -> list[ThemeFinding]:
    """Those that rise or fall first, then the largest."""
    drawn = [theme for theme in _by_share(themes) if any(period.value is not None for period in theme.series)]
    moved = [theme for theme in drawn if theme.trend and theme.trend.direction in {"rising", "falling"}]
    return [*moved, *(theme for theme in drawn if theme not in moved)][:MOST_SERIES]


def _course(outcome: ThemesOutcome, theme: ThemeFinding) -> Chart:
    return series_chart(
        f"theme_{theme.key}",
        title=f"{theme.label}: share of the respondents who speak of it, by {outcome.bucket}",
        sentence=_change_in_words(theme.trend),
        quantity=_SHARE,
        span=Span(outcome.bucket),
        periods=[_period(period) for period in theme.series],
        level=outcome.level,
    )


def _change_in_words(trend: ThemeTrend | None) -> str:
    if trend is None:
        return ""
    if trend.direction == "unknown":
        return trend.why_not or "Whether it changes cannot be tested."
    if trend.direction == "steady":
        return "No change over time can be told."
    known = [p for p in (trend.adjusted_p_value, trend.change_adjusted_p_value) if p is not None]
    said = f"Its share is {trend.direction}"
    if trend.change is not None:
        quantity, factor = difference_of(_SHARE)
        difference, interval = trend.change.difference * factor, trend.change.interval
        said += f": later half minus earlier half {quantity.text(difference)} points"
        if interval is not None:
            low, high = quantity.text(interval.low * factor), quantity.text(interval.high * factor)
            said += f" ({percent(interval.level)} interval {low} to {high})"
    return f"{said}; {p_in_words(min(known))}, all themes considered." if known else f"{said}."


def _scores(outcome: ThemesOutcome) -> Chart:
    name = outcome.subject or outcome.kpi or ""
    figure = quantity_of(name, outcome.unit or "", outcome.bounds)
    quantity, factor = difference_of(figure)
    scored = [theme for theme in outcome.themes if theme.score is not None]
    rows = [row for theme in _by_share(scored) if (row := _score_row(theme, figure, factor)) is not None]
    rows.sort(key=lambda row: (row.value is None, row.value or 0.0))
    differ = sum(row.kind == DIFFER.name for row in rows)
    compared = sum(row.value is not None for row in rows)
    return interval_chart(
        "scores",
        title=f"{name}: those who speak of a theme minus those who commented without",
        sentence=f"{differ} of {counted(compared, 'theme')} differ by more than chance explains, all considered.",
        quantity=quantity,
        rows=rows,
        kinds=(DIFFER, SAME, UNKNOWN),
        reference=0.0,
        notes=[f"{_bars(outcome)}, each of its own difference", "shape and colour: all themes considered"],
    )


def _score_row(theme: ThemeFinding, figure: Quantity, factor: float) -> Row | None:
    score = theme.score
    if score is None:
        return None
    if score.withheld:
        return Row(theme.label, None, note=WITHHELD)
    if score.comparison is None or score.mentioned is None or score.others is None:
        return Row(theme.label, None, note="cannot be estimated")
    found = score.comparison
    kind = UNKNOWN if score.differ is None else DIFFER if score.differ else SAME
    low, high = (found.interval.low * factor, found.interval.high * factor) if found.interval else (None, None)
    said = f"{figure.text(score.mentioned.value)} against {figure.text(score.others.value)}"
    if score.adjusted_p_value is not None:
        said += f", {p_in_words(score.adjusted_p_value)}"
    return Row(theme.label, found.difference * factor, low, high, found.n_first, kind.name, remark=said)


def _tones(outcome: ThemesOutcome) -> Chart:
    shares = {found.tone: found.share for found in outcome.tones}
    return interval_chart(
        "tones",
        title="Tone of the comments",
        sentence=f"Of {outcome.tone_known:,} comments whose tone can be told." if outcome.tone_known else "",
        quantity=Quantity("Share of the comments", 0.0, 1.0),
        rows=[estimate_row(tone.value, shares[tone]) for tone in _TONES if tone in shares],
        notes=[_bars(outcome)],
    )


def _share_row(theme: ThemeFinding, share: Estimate) -> Row:
    return _row(theme.label, share, _KINDS[theme.trend.direction] if theme.trend else UNTESTED)


def _row(label: str, share: Estimate, kind: Kind) -> Row:
    low, high = (share.interval.low, share.interval.high) if share.interval else (None, None)
    return Row(label, share.value, low, high, share.n, kind.name)


def _by_share(themes: Sequence[ThemeFinding]) -> list[ThemeFinding]:
    """The largest first; as in the codebook where they are alike, or unknown."""
    return sorted(themes, key=lambda theme: -theme.share.value if theme.share else 1.0)


def _period(point: ThemePeriod) -> Period:
    if point.withheld:
        return Period(point.start, PeriodState.WITHHELD)
    if point.value is None:
        return Period(point.start, PeriodState.EMPTY)
    state = PeriodState.COMPLETE if point.complete else PeriodState.INCOMPLETE
    return Period(point.start, state, point.value, point.low, point.high, point.n)


def _bars(outcome: ThemesOutcome) -> str:
    return f"bars: {percent(outcome.level)} intervals"
