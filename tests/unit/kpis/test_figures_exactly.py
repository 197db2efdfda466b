"""Figures of random small tables, against an independent solution in exact fractions and forty digits."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any
from uuid import uuid4

import mpmath  # type: ignore[import-untyped]
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedback_core.kpis.built_in import BUILT_IN
from feedback_core.kpis.calc.figures import figure_of
from feedback_core.kpis.calc.weighted import weight_answers, weighted_estimate
from feedback_core.kpis.types import AnswerCounts, CellAnswers, Figure, Standing, Target
from feedback_core.surveys.types import QuestionType
from feedback_core.weighting.schemes import SchemeKind, WeightingScheme

mpf = mpmath.mpf
KPIS = {definition.key: definition for definition in BUILT_IN}
SMALL = settings(max_examples=60)
DIGITS = 40


def counts_of(values: range) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from([str(value) for value in values]), st.integers(1, 40), min_size=1)


def figure(kpi: str, kind: QuestionType, scale: tuple[int, int], counts: Mapping[str, int]) -> Figure:
    target = Target(KPIS[kpi], uuid4(), "q", kind, scale=scale)
    return figure_of(target, AnswerCounts({Standing.COMPLETE: counts}, {Standing.COMPLETE: sum(counts.values())}))


def exact(value: Fraction) -> Any:
    return mpf(value.numerator) / value.denominator


def normal_quantile() -> Any:
    return mpmath.sqrt(2) * mpmath.erfinv(mpf("0.95"))


def student_quantile(df: int) -> Any:
    def beyond(t: Any) -> Any:
        return mpmath.betainc(mpf(df) / 2, mpf("0.5"), 0, df / (df + t**2), regularized=True) - mpf("0.05")

    return mpmath.findroot(beyond, (mpf(1), mpf(13) if df == 1 else mpf(5)), solver="anderson", tol=1e-30)


def root(of: Callable[[Any], Any], low: Any, high: Any) -> Any:
    return mpmath.findroot(of, (low, high), solver="bisect", maxsteps=200, tol=1e-25)


def nps_limits(promoters: int, detractors: int, n: int) -> tuple[Any, Any]:
    """Adjusted Wald; the score interval where few answered or a group is empty (shares, -1 to 1)."""
    z = normal_quantile()
    if n >= 30 and promoters > 0 and detractors > 0 and promoters + detractors < n:
        up, down = (mpf(promoters) + mpf("0.75")) / (n + 3), (mpf(detractors) + mpf("0.75")) / (n + 3)
        half = z * mpmath.sqrt((up + down - (up - down) ** 2) / (n + 3))
        return max(up - down - half, mpf(-1)), min(up - down + half, mpf(1))

    def statistic(x: Any) -> Any:
        a, c = mpf(2 * n), -detractors * x * (1 - x)
        b = -detractors - promoters + (2 * n - promoters + detractors) * x
        q = (mpmath.sqrt(b**2 - 4 * a * c) - b) / (2 * a)
        gap, variance = promoters - detractors - n * x, n * (2 * q + x * (1 - x))
        # All passive, and held against no difference: nothing varies, and nothing is off.
        return gap / mpmath.sqrt(variance) if variance else mpf(0)

    edge = mpf(10) ** -25
    low = mpf(-1) if detractors == n else root(lambda x: statistic(x) - z, -1 + edge, 1 - edge)
    high = mpf(1) if promoters == n else root(lambda x: statistic(x) + z, -1 + edge, 1 - edge)
    return low, high


@SMALL
@given(counts_of(range(11)))
def test_nps_and_its_interval(counts: dict[str, int]) -> None:
    n = sum(counts.values())
    promoters = sum(count for value, count in counts.items() if int(value) >= 9)
    detractors = sum(count for value, count in counts.items() if int(value) <= 6)

    found = figure("nps", QuestionType.NPS, (0, 10), counts).estimate

    assert found is not None
    assert found.interval is not None
    assert found.value == pytest.approx(float(Fraction(100 * (promoters - detractors), n)), rel=1e-13)
    with mpmath.workdps(DIGITS):
        low, high = nps_limits(promoters, detractors, n)
    assert (found.interval.low, found.interval.high) == pytest.approx((float(100 * low), float(100 * high)), abs=1e-7)


@SMALL
@given(counts_of(range(1, 6)))
def test_csat_and_its_interval(counts: dict[str, int]) -> None:
    n, top = sum(counts.values()), counts.get("4", 0) + counts.get("5", 0)

    found = figure("csat", QuestionType.CSAT, (1, 5), counts).estimate

    assert found is not None
    assert found.interval is not None
    assert found.value == float(Fraction(top, n))
    with mpmath.workdps(DIGITS):
        z, p = normal_quantile(), exact(Fraction(top, n))
        centre, half = p + z**2 / (2 * n), z * mpmath.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
        low, high = ((centre + sign * half) / (1 + z**2 / n) for sign in (-1, 1))
    assert (found.interval.low, found.interval.high) == pytest.approx((float(low), float(high)), abs=1e-12)


@SMALL
@given(counts_of(range(1, 8)))
def test_a_mean_and_its_interval(counts: dict[str, int]) -> None:
    assume(len(counts) > 1)
    n = sum(counts.values())
    mean = Fraction(sum(int(value) * count for value, count in counts.items()), n)
    variance = sum((count * (int(value) - mean) ** 2 for value, count in counts.items()), Fraction(0)) / (n - 1)

    found = figure("ces", QuestionType.CES, (1, 7), counts).estimate

    assert found is not None
    assert found.interval is not None
    assert found.value == pytest.approx(float(mean), rel=1e-14)
    with mpmath.workdps(DIGITS):
        half = student_quantile(n - 1) * mpmath.sqrt(exact(variance) / n)
        low, high = exact(mean) - half, exact(mean) + half
    assert (found.interval.low, found.interval.high) == pytest.approx((float(low), float(high)), rel=1e-10)


REGIONS, AGES = ("north", "south"), ("young", "middle", "old")


def raked(
    counts: Mapping[tuple[str, str], int], margins: Sequence[Mapping[str, Fraction]]
) -> dict[tuple[str, str], Any]:
    """Iterative proportional fitting, as it is written in the textbook."""
    weight = dict.fromkeys(counts, mpf(1))
    total = mpf(sum(counts.values()))
    for _ in range(4000):
        worst = mpf(0)
        for place, margin in enumerate(margins):
            for category, share in margin.items():
                inside = [cell for cell in counts if cell[place] == category]
                factor = total * exact(share) / mpmath.fsum(weight[cell] * counts[cell] for cell in inside)
                worst = max(worst, abs(factor - 1))
                for cell in inside:
                    weight[cell] *= factor
        if worst < mpf(10) ** -18:
            break
    return weight


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9)), min_size=6, max_size=6),
    st.integers(2, 8),
    st.tuples(st.integers(2, 8), st.integers(2, 8), st.integers(2, 8)),
)
def test_a_raked_nps(answers: list[tuple[int, int, int]], north: int, ages: tuple[int, int, int]) -> None:
    scores = ("10", "8", "0")
    cells = dict(zip(product(REGIONS, AGES), answers, strict=True))
    margins = [
        {"north": Fraction(north, 10), "south": Fraction(10 - north, 10)},
        {age: Fraction(part, sum(ages)) for age, part in zip(AGES, ages, strict=True)},
    ]
    scheme = WeightingScheme(
        "raked",
        SchemeKind.RAKING,
        "Raked",
        margins={
            name: {category: float(share) for category, share in margin.items()}
            for name, margin in zip(("region", "age"), margins, strict=True)
        },
    )
    target = Target(KPIS["nps"], uuid4(), "nps", QuestionType.NPS, scale=(0, 10))
    given_cells = [
        CellAnswers({"region": region, "age": age}, dict(zip(scores, given_answers, strict=True)))
        for (region, age), given_answers in cells.items()
    ]

    found = weighted_estimate(weight_answers(target, scheme, given_cells))

    with mpmath.workdps(DIGITS):
        weights = raked({cell: sum(given_answers) for cell, given_answers in cells.items()}, margins)
        whole = mpmath.fsum(weights[cell] * sum(given_answers) for cell, given_answers in cells.items())
        value = mpmath.fsum(weights[cell] * 100 * (a - c) for cell, (a, _, c) in cells.items()) / whole
        error = _linearised_error(cells, margins, weights, whole, value)
    assert found.value == pytest.approx(float(value), abs=1e-7)
    assert found.standard_error == pytest.approx(float(error), rel=1e-7)


def _linearised_error(
    cells: Mapping[tuple[str, str], tuple[int, int, int]],
    margins: Sequence[Mapping[str, Fraction]],
    weights: Mapping[tuple[str, str], Any],
    whole: Any,
    value: Any,
) -> Any:
    """Respondent by respondent: residuals of the influence on the margins' dummies, then their weighted spread."""
    columns = [("north",), *((age,) for age in AGES)]
    people = [
        (cell, (score - value) / whole)
        for cell, given_answers in cells.items()
        for score, n in zip((100, 0, -100), given_answers, strict=True)
        for _ in range(n)
    ]
    dummies = mpmath.matrix([[mpf(any(name in cell for name in column)) for column in columns] for cell, _ in people])
    influence = mpmath.matrix([each for _, each in people])
    slopes = mpmath.lu_solve(dummies.T * dummies, dummies.T * influence)
    left = influence - dummies * slopes
    scattered = [weights[cell] * left[row] for row, (cell, _) in enumerate(people)]
    n, centre = len(people), mpmath.fsum(scattered) / len(people)
    return mpmath.sqrt(mpf(n) / (n - 1) * mpmath.fsum((each - centre) ** 2 for each in scattered))
