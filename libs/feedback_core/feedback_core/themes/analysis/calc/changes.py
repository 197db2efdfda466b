"""Whether shares of themes change over time: all themes as one family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.calc.multiplicity import adjust_p_values
from feedback_core.kpis.calc.proportion_comparison import compare_proportions
from feedback_core.kpis.calc.proportion_differences import Share
from feedback_core.themes.analysis.types import Direction, ThemePeriod, ThemeTrend
from feedback_core.trends.calc.mann_kendall import mann_kendall
from feedback_core.trends.calc.theil_sen import theil_sen
from feedback_core.trends.types import SenSlope, TrendTest

FEWEST_PERIODS = 4
_FEWEST_TO_COMPARE = 2


@dataclass(frozen=True, slots=True)
class _Tested:
    test: TrendTest | None
    slope: SenSlope | None
    change: Comparison | None
    why_not: str | None


def theme_trends(series: Mapping[str, tuple[ThemePeriod, ...]], *, level: float) -> dict[str, ThemeTrend]:
    """The trend of each theme, with p-values that know how many themes there are.

    Two questions, each a family of its own: does the share go one way over the periods (Mann-Kendall, which takes no
    shape for granted and needs many periods), and is it another in the later half of them than in the earlier (which
    needs two)?

    Args:
        series: of the themes that are shown.
        level: of tests and intervals.

    Source: Mann (1945), Kendall (1975); Newcombe (1998), Statistics in Medicine 17:873; Benjamini & Hochberg (1995).
    """
    tested = {theme: _test(periods, level) for theme, periods in series.items()}
    monotonic = _adjusted({theme: found.test.p_value for theme, found in tested.items() if found.test})
    changed = _adjusted(
        {
            theme: found.change.p_value
            for theme, found in tested.items()
            if found.change and found.change.p_value is not None
        }
    )
    trends = {}
    for theme, found in tested.items():
        trend = ThemeTrend(
            test=found.test,
            adjusted_p_value=monotonic.get(theme),
            slope=found.slope,
            change=found.change,
            change_adjusted_p_value=changed.get(theme),
            direction="unknown",
            why_not=found.why_not,
        )
        trends[theme] = replace(trend, direction=_direction(trend, level))
    return trends


def _test(periods: Sequence[ThemePeriod], level: float) -> _Tested:
    used = [period for period in periods if period.complete and period.value is not None and period.n]
    shares = [period.value for period in used if period.value is not None]
    if not any(shares):
        # It would only make all others harder to tell.
        return _Tested(None, None, None, "Nobody spoke of it in a complete period that may be shown.")
    test, slope, why_not = None, None, None
    if len(used) < FEWEST_PERIODS:
        why_not = f"A trend takes {FEWEST_PERIODS} complete periods that may be shown; there are {len(used)}."
    else:
        try:
            test, slope = mann_kendall(shares), theil_sen(shares, level=level)
        except NotEstimable as refused:
            why_not = refused.detail
    change = None
    if len(used) >= _FEWEST_TO_COMPARE:
        half = len(used) // 2
        change = compare_proportions(_pooled(used[half:]), _pooled(used[:half]), level=level)
    return _Tested(test, slope, change, why_not)


def _pooled(periods: Sequence[ThemePeriod]) -> Share:
    n = sum(period.n or 0 for period in periods)
    return Share(round(sum((period.value or 0.0) * (period.n or 0) for period in periods)), n)


def _adjusted(p_values: Mapping[str, float]) -> dict[str, float]:
    return dict(zip(p_values, adjust_p_values(list(p_values.values())), strict=True)) if p_values else {}


def _direction(trend: ThemeTrend, level: float) -> Direction:
    if trend.test is None and trend.change is None:
        return "unknown"
    found: list[float] = []
    if trend.test and trend.adjusted_p_value is not None and trend.adjusted_p_value < 1.0 - level:
        found.append(float(trend.test.s))
    elif trend.change and trend.change_adjusted_p_value is not None and trend.change_adjusted_p_value < 1.0 - level:
        found.append(trend.change.difference)
    if not found:
        return "steady"
    return "rising" if found[0] > 0 else "falling"
