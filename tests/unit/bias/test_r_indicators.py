"""R-indicators: figures of a survey, laws, a calculation person by person, and what is refused."""

from itertools import product

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from feedback_core.bias.calc import ResponsePatterns, r_indicator, response_patterns
from feedback_core.fieldwork.calc.propensity_spread import variance_of_total
from feedback_core.kit.errors import NotEstimable

# Region, age, plan; invited and responded (golden s15).
CUSTOMERS = (
    ("East", "18-34", "free", 115, 27),
    ("East", "18-34", "paid", 35, 17),
    ("East", "35-54", "free", 160, 37),
    ("East", "35-54", "paid", 51, 20),
    ("East", "55+", "free", 115, 41),
    ("East", "55+", "paid", 37, 10),
    ("North", "18-34", "free", 186, 52),
    ("North", "18-34", "paid", 87, 34),
    ("North", "35-54", "free", 250, 77),
    ("North", "35-54", "paid", 112, 38),
    ("North", "55+", "free", 181, 83),
    ("North", "55+", "paid", 85, 39),
    ("South", "18-34", "free", 157, 66),
    ("South", "18-34", "paid", 60, 27),
    ("South", "35-54", "free", 201, 69),
    ("South", "35-54", "paid", 99, 51),
    ("South", "55+", "free", 149, 77),
    ("South", "55+", "paid", 59, 39),
    ("West", "18-34", "free", 51, 13),
    ("West", "18-34", "paid", 22, 8),
    ("West", "35-54", "free", 74, 15),
    ("West", "35-54", "paid", 29, 8),
    ("West", "55+", "free", 52, 8),
    ("West", "55+", "paid", 33, 13),
)


def customers() -> ResponsePatterns:
    columns = list(zip(*CUSTOMERS, strict=True))
    variables = {"region": columns[0], "age": columns[1], "plan": columns[2]}
    return response_patterns(columns[4], variables, counts=columns[3])


def by_group(**groups: tuple[int, int]) -> ResponsePatterns:
    """Invited and responded by category of one variable."""
    invited, responded = zip(*groups.values(), strict=True)
    return response_patterns(responded, {"group": list(groups)}, counts=invited)


def test_customers_by_region_age_and_plan() -> None:
    # RISQ 2.1 (golden s15).
    found = r_indicator(customers())

    assert found.r.value == pytest.approx(0.815757775785001, rel=1e-7)
    assert found.r.standard_error == pytest.approx(0.0192619899828854, rel=1e-7)
    assert found.r_unadjusted == pytest.approx(0.808887860936581, rel=1e-7)
    assert (found.coefficient_of_variation, found.cv_standard_error) == pytest.approx(
        (0.254419642184022, 0.0266316321858294), rel=1e-7
    )
    region = found.partials[0]
    assert (region.unconditional, region.conditional, region.standard_error) == pytest.approx(
        (0.0672098419272424, 0.0676237700007477, 0.00976809583383194), rel=1e-7
    )
    south = region.categories[2]
    assert south.category == "South"
    assert (south.unconditional, south.conditional) == pytest.approx((0.0504056230433027, 0.0507666506890717), rel=1e-7)
    assert found.r.interval is not None
    assert (found.r.interval.low, found.r.interval.high) == pytest.approx((0.778005, 0.853511), abs=1e-6)
    assert found.r.warnings == ()


def test_people_one_by_one_and_counted_are_the_same() -> None:
    people = [(*row[:3], int(index < row[4])) for row in CUSTOMERS for index in range(row[3])]
    region, age, plan, responded = zip(*people, strict=True)

    found = r_indicator(response_patterns(responded, {"region": region, "age": age, "plan": plan}))

    assert found == r_indicator(customers())


def test_a_weighted_stratified_draw_against_a_calculation_person_by_person() -> None:
    rng = np.random.default_rng(20)
    n = 900
    region, plan = rng.integers(0, 3, n), rng.integers(0, 2, n)
    weights = np.array([4.0, 9.0, 1.5])[region]
    responded = rng.random(n) < np.array([0.3, 0.5, 0.4])[region] + 0.15 * plan

    found = r_indicator(
        response_patterns(
            responded,
            {"region": [f"r{code}" for code in region], "plan": [f"p{code}" for code in plan]},
            weights=weights,
        )
    )
    slow = PersonByPerson(region, plan, weights, responded.astype(float))

    assert found.r.value == pytest.approx(slow.r, rel=1e-6)
    assert found.r.standard_error == pytest.approx(slow.standard_error, rel=1e-5)
    assert found.response_rate == pytest.approx(weights @ responded / weights.sum())
    signed, error = slow.unconditional_category(region == 1)
    middle = found.partials[0].categories[1]
    assert middle.unconditional == pytest.approx(signed, rel=1e-6)
    assert middle.unconditional_standard_error == pytest.approx(error, rel=1e-6)
    assert error > 0
    within, error = slow.conditional_category(region == 1, plan)
    assert middle.conditional == pytest.approx(within, rel=1e-6)
    assert middle.conditional_standard_error == pytest.approx(error, rel=1e-5)


class PersonByPerson:
    """The formulas of Shlomo, Skinner & Schouten (2012) in sums over people, the logit by statsmodels."""

    def __init__(
        self,
        region: NDArray[np.int64],
        plan: NDArray[np.int64],
        weights: NDArray[np.float64],
        responded: NDArray[np.float64],
    ) -> None:
        self.weights, self.strata = weights, region
        x = np.column_stack([np.ones(region.size), region == 1, region == 2, plan == 1]).astype(float)
        fit = sm.GLM(responded, x, family=sm.families.Binomial(), freq_weights=weights / weights.mean()).fit(tol=1e-12)
        self.p, self.sigma = fit.mu, fit.cov_params()
        sigma = self.sigma
        self.z = z = (self.p * (1 - self.p))[:, None] * x
        size = weights.sum()
        self.mean = weights @ self.p / size
        variance = weights @ (self.p - self.mean) ** 2 / (size - 1)
        bias = (
            sum(w * row @ sigma @ row for w, row in zip(weights, z, strict=True)) - self.total(self.p) / size
        ) / size
        self.r = 1 - 2 * (variance - bias) ** 0.5
        covariance = np.cov(np.column_stack([self.p, z]), rowvar=False, aweights=weights, ddof=0)
        along, scatter = covariance[1:, 0], covariance[1:, 1:] @ sigma
        whole = 4 * along @ sigma @ along + 2 * np.trace(scatter @ scatter)
        whole += self.total((self.p - self.mean) ** 2) / size**2
        self.standard_error = (whole / (variance * (size - 1) / size)) ** 0.5

    def total(self, y: NDArray[np.float64]) -> float:
        """Variance of an estimated total, stratum by stratum."""
        parts = []
        for stratum in np.unique(self.strata):
            inside = self.strata == stratum
            size, drawn = self.weights[inside].sum(), inside.sum()
            parts.append(size**2 * (1 - drawn / size) * y[inside].var(ddof=1) / drawn)
        return float(sum(parts))

    def unconditional_category(self, inside: NDArray[np.bool_]) -> tuple[float, float]:
        size, people = self.weights.sum(), self.weights[inside].sum()
        rate = self.weights[inside] @ self.p[inside] / people
        own, others = self.total(self.p * inside), self.total(self.p * ~inside)
        variance = people / size * (own * (1 / people - 1 / size) ** 2 + others / size**2)
        return float((rate - self.mean) * (people / size) ** 0.5), float(variance**0.5)

    def conditional_category(self, inside: NDArray[np.bool_], others: NDArray[np.int64]) -> tuple[float, float]:
        p_off, z_off = self.p.copy(), self.z.copy()
        for cell in np.unique(others):
            there = others == cell
            p_off[there] -= np.average(self.p[there], weights=self.weights[there])
            z_off[there] -= np.average(self.z[there], axis=0, weights=self.weights[there])
        size, w = self.weights.sum(), self.weights * inside
        squares = w @ p_off**2
        along, scatter = (w * p_off) @ z_off, (z_off.T * w) @ z_off @ self.sigma
        whole = 4 * along @ self.sigma @ along + 2 * np.trace(scatter @ scatter) + self.total(p_off**2 * inside)
        return float((squares / size) ** 0.5), float((whole / (4 * size * squares)) ** 0.5)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(20, 500), st.floats(0.1, 0.9)), min_size=2, max_size=6))
def test_with_one_variable_it_is_arithmetic_on_the_response_rates(groups: list[tuple[int, float]]) -> None:
    invited = np.array([n for n, _ in groups])
    responded = np.clip(np.rint([n * share for n, share in groups]), 2, invited - 2).astype(int)
    names = {f"g{index}": pair for index, pair in enumerate(zip(invited.tolist(), responded.tolist(), strict=True))}

    found = r_indicator(by_group(**names))

    rates, n = responded / invited, invited.sum()
    spread = float(((invited * (rates - responded.sum() / n) ** 2).sum() / (n - 1)) ** 0.5)
    assert found.r_unadjusted == pytest.approx(1 - 2 * spread, abs=1e-7)
    assert found.r_unadjusted <= found.r.value + 1e-12 <= 1 + 2e-12
    assert 0 <= found.bias_factor <= 1
    partial = found.partials[0]
    assert partial.unconditional_unadjusted == pytest.approx(partial.conditional_unadjusted, abs=1e-12)
    assert found.largest_bias(10.0) == pytest.approx(10 * found.coefficient_of_variation)


def test_the_bias_of_a_respondent_mean_stays_within_the_bound() -> None:
    # The worst case: the score is the propensity itself.
    found = r_indicator(by_group(a=(1000, 300), b=(1000, 700)))

    rates = np.array([0.3, 0.7])
    bias = (rates**2).sum() / rates.sum() - rates.mean()
    # S is over n - 1, so the bound is that much wider than what it bounds.
    assert bias / rates.std() == pytest.approx(found.cv_unadjusted * (1999 / 2000) ** 0.5, rel=1e-9)


def test_even_response_is_fully_representative_without_a_standard_error() -> None:
    found = r_indicator(by_group(a=(400, 100), b=(800, 200)))

    assert (found.r.value, found.r.standard_error, found.r.interval) == (1.0, None, None)
    assert found.cv_standard_error is None
    assert found.partials[0].standard_error is None
    assert [part.conditional_standard_error for part in found.partials[0].categories] == [None, None]
    assert "do not vary" in found.r.warnings[0]


def test_what_chance_alone_explains_is_taken_off() -> None:
    found = r_indicator(by_group(a=(500, 200), b=(500, 203)))

    assert (found.r.value, found.bias_factor) == (1.0, 0.0)
    assert "chance alone" in found.r.warnings[0]


def test_few_invited_are_warned_of() -> None:
    told = " ".join(r_indicator(by_group(a=(60, 15), b=(60, 12), c=(60, 30))).r.warnings)

    assert "Only 180 were invited" in told
    few = r_indicator(by_group(a=(600, 10), b=(600, 5))).r.warnings
    assert "fewer than 10 for each" in few[0]


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"a": (50, 0), "b": (50, 20)}, "None of the 50 invited with group a"),
        ({"a": (50, 50), "b": (50, 20)}, "All of the 50 invited with group a"),
        ({"a": (50, 0), "b": (50, 0)}, "Nobody responded"),
        ({"a": (50, 50), "b": (50, 50)}, "Everybody responded"),
        ({"a": (50, 20)}, "the same group"),
        ({"a": (50, 1), "b": (50, 1), "c": (50, 0)}, "Only 2 responded; 3 coefficients"),
        ({"a": (0, 0)}, "Nobody was invited"),
        ({"a": (5, 6), "b": (5, 2)}, "more people responded"),
    ],
)
def test_it_refuses_in_words(groups: dict[str, tuple[int, int]], words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        r_indicator(by_group(**groups))


def test_a_combination_that_never_responds_is_refused() -> None:
    # Each category alone has both kinds; together they separate.
    rows = [("a", "x", 40, 40), ("a", "y", 40, 20), ("b", "x", 40, 20), ("b", "y", 40, 0)]
    first, second, invited, responded = zip(*rows, strict=True)

    with pytest.raises(NotEstimable, match="combination"):
        r_indicator(response_patterns(responded, {"first": first, "second": second}, counts=invited))


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(0, 12), st.floats(0, 1)),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([None, 1.0, 2.5, 40.0]),
)
def test_whatever_is_given_it_is_estimated_or_refused(
    groups: list[tuple[str, str, int, float]], weight: float | None
) -> None:
    first, second, invited, share = zip(*groups, strict=True)
    responded = [round(n * part) for n, part in zip(invited, share, strict=True)]
    weights = None if weight is None else [weight + (name == "a") for name in first]
    try:
        found = r_indicator(
            response_patterns(responded, {"first": first, "second": second}, counts=invited, weights=weights)
        )
    except NotEstimable:
        return
    assert 0 <= found.r.value <= 1
    errors = [found.r.standard_error, found.cv_standard_error, *(partial.standard_error for partial in found.partials)]
    parts = [part for partial in found.partials for part in partial.categories]
    errors += [part.conditional_standard_error for part in parts] + [part.conditional for part in parts]
    assert all(error is None or (np.isfinite(error) and error >= 0) for error in errors)


def test_a_variable_that_another_determines_is_named() -> None:
    cities = ["york", "leeds", "cardiff", "swansea"]
    countries = ["england", "england", "wales", "wales"]

    with pytest.raises(NotEstimable, match="leave country out"):
        r_indicator(response_patterns([20, 30, 25, 35], {"city": cities, "country": countries}, counts=[80] * 4))


def test_unknown_categories_and_unusable_weights_are_refused() -> None:
    with pytest.raises(NotEstimable, match="region of 1 invited is not known"):
        response_patterns([1, 0], {"region": ["north", None]})
    with pytest.raises(NotEstimable, match="at least one variable"):
        response_patterns([1, 0], {})
    with pytest.raises(NotEstimable, match="weight"):
        response_patterns([1, 0], {"region": ["north", "south"]}, weights=[1.0, 0.0])
    groups = {"group": ["a", "b"] * 50}
    with pytest.raises(NotEstimable, match="1 or more"):
        r_indicator(response_patterns([1, 1, 0, 0] * 25, groups, weights=np.full(100, 0.5)))


def test_weights_that_differ_inside_a_stratum_are_taken_as_drawn_by_size() -> None:
    groups = {"group": ["a", "b"] * 100}
    responded = [1, 1, 0, 1, 0, 1, 0, 0] * 25
    weights = np.tile([2.0, 3.0, 5.0, 8.0], 50)

    by_size = response_patterns(responded, groups, weights=weights, strata=np.zeros(200))
    by_weight = response_patterns(responded, groups, weights=weights)

    assert r_indicator(by_size).r_unadjusted == pytest.approx(r_indicator(by_weight).r_unadjusted)
    assert r_indicator(by_size).r.standard_error != r_indicator(by_weight).r.standard_error
    values = (by_size.codes[0] == 0) * 1.0
    expanded = np.repeat(values * by_size.weights, by_size.invited)
    # Hansen-Hurwitz: n times the variance of the values times their weights.
    assert variance_of_total(by_size, values) == pytest.approx(200 * expanded.var(ddof=1))


def test_a_million_invited_are_as_many_patterns_as_combinations() -> None:
    cells = list(product("abcd", "vwxyz", "mn"))
    columns = [list(column) for column in zip(*cells, strict=True)]
    patterns = response_patterns(
        [7_000 + 90 * index for index in range(40)],
        dict(zip(("one", "two", "three"), columns, strict=True)),
        counts=[25_000] * 40,
    )

    assert (patterns.n, patterns.invited.size) == (1_000_000, 40)
    assert 0 < r_indicator(patterns).r.value < 1
