"""Where a figure goes, and whether the process behind it will reach a standard: from its complete periods.

Slow to import, as the tests it calls are: imported where it is called.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.types import Bucket
from feedback_core.standards.calc.wording import asked_for, counted
from feedback_core.standards.types import AssuranceFinding, Course, Demand, TrendFinding
from feedback_core.trends.calc.mann_kendall import NORMAL_FROM, corrected_mann_kendall
from feedback_core.trends.calc.ties import tied_pairs
from feedback_core.trends.calc.xmr import xmr_chart
from feedback_core.trends.types import Assurance, Direction

LEAST_FOR_TREND: Final = 5  # values from which an exact Mann-Kendall test can reach 5%
LEAST_FOR_CHART: Final = 12  # points for provisional limits
SETTLED_FROM: Final = 20
_LAGS: Final = 3  # as the trend analysis corrects for autocorrelation


@dataclass(frozen=True, slots=True)
class Series:
    """Complete periods one after the other; ``None``: nobody answered, or it is withheld."""

    bucket: Bucket
    starts: Sequence[date]
    values: Sequence[float | None]


def trend_of_series(series: Series, *, direction: Demand, level: float, subject: str) -> TrendFinding:
    """Whether the figure gets better or worse: Mann-Kendall, corrected where neighbours move together.

    Raises:
        NotEstimable: fewer than 5 periods with different values, or 10 with equal ones.

    Source: Mann (1945); Hamed & Rao (1998). Golden: s17.
    """
    known = [(place, value) for place, value in enumerate(series.values) if value is not None]
    values = np.array([value for _, value in known], dtype=np.float64)
    n, noun = len(known), series.bucket.value
    if n < LEAST_FOR_TREND:
        detail = f"{counted(n, noun)} with a figure: a trend can be told from {LEAST_FOR_TREND}."
        raise NotEstimable(detail)
    if float(values.min()) == float(values.max()):
        raise NotEstimable(f"The figure was the same in each of the {counted(n, noun)}.")
    if n < NORMAL_FROM and tied_pairs(values):
        raise NotEstimable(f"{counted(n, noun)}, some with equal figures: a trend can be told from {NORMAL_FROM}.")
    test = corrected_mann_kendall(values, positions=[place for place, _ in known], level=level, max_lag=_LAGS)
    rises = None if test.s == 0 else test.s > 0
    claimed = test.p_value < 1.0 - level and rises is not None
    better = rises == (direction is Demand.AT_LEAST)
    course = Course.NONE_SHOWN if not claimed else Course.BETTER if better else Course.WORSE
    first, last = series.starts[known[0][0]], series.starts[known[-1][0]]
    span = f"from {first:%Y-%m-%d} to {last:%Y-%m-%d} ({counted(n, noun)}, Mann-Kendall p {_p(test.p_value)})"
    moved = f"{'rose' if rises else 'fell'}, {'an improvement' if better else 'a deterioration'},"
    said = (
        f"{subject} {moved} {span}." if claimed else f"{subject} showed no trend that can be told from chance {span}."
    )
    return TrendFinding(
        course=course,
        rises=rises,
        method=test.method,
        p_value=test.p_value,
        tau=test.tau_b,
        n_periods=n,
        bucket=series.bucket,
        first=first,
        last=last,
        sentence=said,
    )


def assurance_of_series(series: Series, *, direction: Demand, threshold: float, share: bool) -> AssuranceFinding:
    """Whether the process consistently passes or fails the threshold, or hits and misses it: Making Data Count.

    Raises:
        NotEstimable: fewer than 12 periods with a figure, or no two neighbouring ones.

    Source: NHS England, Making Data Count; limits as in ``xmr_chart``. Golden: s21.
    """
    n = sum(value is not None for value in series.values)
    if n < LEAST_FOR_CHART:
        detail = f"{counted(n, series.bucket.value)} with a figure: process limits can be drawn from {LEAST_FOR_CHART}."
        raise NotEstimable(detail)
    good: Direction = "higher_is_better" if direction is Demand.AT_LEAST else "lower_is_better"
    chart = xmr_chart(series.values, direction=good, target=threshold)
    assert chart.assurance is not None
    words = {
        Assurance.CONSISTENT_PASS: "consistently passes",
        Assurance.CONSISTENT_FAIL: "consistently fails",
        Assurance.INCONSISTENT: "sometimes hits and sometimes misses",
    }[chart.assurance]
    settled = n >= SETTLED_FROM
    said = f"Left as it is, the process {words} {asked_for(threshold, share=share)} ({counted(n, series.bucket.value)})"
    said += "." if settled else f"; provisional until there are {SETTLED_FROM}."
    return AssuranceFinding(chart.assurance, chart.lower_limit, chart.upper_limit, n, settled, said)


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"
