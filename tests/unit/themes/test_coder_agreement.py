"""Agreement of coders: worked figures, laws, slow solutions, refusals."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.themes.calc import (
    KappaWeights,
    Metric,
    cohen_kappa,
    fleiss_agreement,
    krippendorff_alpha,
    percent_agreement,
)

WEIGHTS: tuple[KappaWeights, ...] = ("none", "linear", "quadratic")
METRICS: tuple[Metric, ...] = ("nominal", "ordinal", "interval", "ratio")
CODES = st.one_of(st.none(), st.integers(0, 4))
UNITS = st.lists(st.lists(CODES, min_size=2, max_size=5), min_size=1, max_size=9)


def test_printed_examples() -> None:
    # Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, example C, printed .743, .815, .849, .797.
    reliability_data: list[list[int | None]] = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = [list(unit) for unit in zip(*reliability_data, strict=True)]
    printed = {metric: round(krippendorff_alpha(units, metric=metric).alpha, 3) for metric in METRICS}
    assert printed == {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
    result = krippendorff_alpha(units)
    assert (result.units, result.pairable, result.verdict) == (11, 40, "tentative")


def test_cohens_table_of_two_psychologists() -> None:
    # By hand: 40 and 30 of 100 agreed, 60 : 40 and 50 : 50 in the margins, so .5 is expected of .7.
    first = ["a"] * 60 + ["b"] * 40
    second = ["a"] * 40 + ["b"] * 20 + ["a"] * 10 + ["b"] * 30
    result = cohen_kappa(first, second)
    assert result.kappa == pytest.approx(0.4)
    assert result.table == ((40, 20), (10, 30))
    assert result.percent_agreement == pytest.approx(0.7)
    assert result.interval is not None
    assert result.interval.low < 0.4 < result.interval.high


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(CODES, CODES), min_size=1, max_size=30), st.sampled_from(WEIGHTS))
def test_kappa_is_agreement_beyond_chance(pairs: list[tuple[int | None, int | None]], weights: KappaWeights) -> None:
    kept = [(a, b) for a, b in pairs if a is not None and b is not None]
    assume(len({code for pair in kept for code in pair}) > 1)

    def agreement(a: int, b: int) -> float:
        return {"none": float(a == b), "linear": 1 - abs(a - b) / 4, "quadratic": 1 - (a - b) ** 2 / 16}[weights]

    observed = np.mean([agreement(a, b) for a, b in kept])
    by_chance = np.mean([agreement(a, b) for a, _ in kept for _, b in kept])
    result = cohen_kappa([a for a, _ in pairs], [b for _, b in pairs], weights=weights, categories=range(5))
    assert result.kappa == pytest.approx((observed - by_chance) / (1 - by_chance), abs=1e-9)
    assert result.n == len(kept)
    swapped = cohen_kappa([b for _, b in pairs], [a for a, _ in pairs], weights=weights, categories=range(5))
    assert swapped.kappa == pytest.approx(result.kappa, abs=1e-12)
    assert swapped.standard_error == pytest.approx(result.standard_error, abs=1e-9)


def test_full_agreement_has_no_error_and_no_interval() -> None:
    result = cohen_kappa([1, 2, 3], [1, 2, 3])
    assert (result.kappa, result.standard_error, result.interval) == (1.0, None, None)
    assert result.z is not None


def test_one_coder_with_one_code_agrees_by_chance() -> None:
    result = cohen_kappa([1, 1, 1, 1], [1, 1, 2, 3])
    assert result.kappa == pytest.approx(0, abs=1e-12)
    assert (result.z, result.p_value) == (None, None)


def test_a_dominant_code_and_few_comments_are_told() -> None:
    assert len(cohen_kappa([1] * 19 + [2], [1] * 18 + [2, 1]).warnings) == 2
    assert not cohen_kappa([1, 2] * 30, [1, 2] * 29 + [2, 1]).warnings


def test_fleiss_is_the_mean_agreement_of_pairs_of_coders() -> None:
    counts = [[0, 3, 1], [2, 2, 0], [4, 0, 0], [1, 1, 2]]
    comments = [[code for code, n in enumerate(row) for _ in range(n)] for row in counts]
    observed = np.mean([np.mean([a == b for a, b in permutations(comment, 2)]) for comment in comments])
    shares = np.array(counts).sum(axis=0) / 16
    result = fleiss_agreement(counts)
    assert result.kappa == pytest.approx((observed - shares @ shares) / (1 - shares @ shares))
    assert (result.comments, result.coders) == (4, 4)
    # Fleiss, Nee & Landis (1979), written out.
    spread = (shares * (1 - shares)).sum()
    skew = (shares * (1 - shares) * (1 - 2 * shares)).sum()
    error = np.sqrt(2 * (spread**2 - skew)) / (spread * np.sqrt(4 * 4 * 3))
    assert result.z == pytest.approx(result.kappa / error)


@settings(deadline=None, max_examples=80)
@given(UNITS, st.sampled_from(METRICS))
def test_alpha_is_disagreement_inside_comments_beside_that_among_all(
    units: list[list[int | None]], metric: Metric
) -> None:
    given_codes = [[code for code in unit if code is not None] for unit in units]
    paired = [unit for unit in given_codes if len(unit) > 1]
    everything = [code for unit in paired for code in unit]
    assume(len(set(everything)) > 1)

    def apart(a: int, b: int) -> float:
        low, high = sorted((a, b))
        if metric == "nominal":
            return float(a != b)
        if metric == "ordinal":
            between = sum(low <= code <= high for code in everything)
            return (between - (everything.count(a) + everything.count(b)) / 2) ** 2
        return float((a - b) ** 2) / (1 if metric == "interval" or a + b == 0 else (a + b) ** 2)

    inside = sum(sum(apart(a, b) for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in paired)
    among = sum(apart(a, b) for a, b in permutations(everything, 2)) / (len(everything) - 1)
    assert krippendorff_alpha(units, metric=metric).alpha == pytest.approx(1 - inside / among, abs=1e-9)


def test_verdicts_follow_the_customary_limits() -> None:
    assert krippendorff_alpha([["a", "a"], ["b", "b"]]).verdict == "reliable"
    assert krippendorff_alpha([["a", "b"], ["b", "a"]]).verdict == "unreliable"


def test_percent_agreement_leaves_single_codings_out() -> None:
    assert percent_agreement([["a", "a", None], ["a", "b", "b"], [None, "a", None]]) == 0.5
    with pytest.raises(NotEstimable, match="twice"):
        percent_agreement([["a", None], []])


def test_agreement_is_refused_in_words() -> None:
    with pytest.raises(NotEstimable, match="both coders"):
        cohen_kappa([1, None], [None, 2])
    with pytest.raises(NotEstimable, match="one code"):
        cohen_kappa([1, 1], [1, 1])
    with pytest.raises(NotEstimable, match="one code"):
        cohen_kappa([1, 1], [1, 1], weights="linear", categories=[1, 2, 3])
    with pytest.raises(ValueError, match="outside"):
        cohen_kappa([1, 2], [1, 2], categories=[1, 3])
    with pytest.raises(ValueError, match="comments"):
        cohen_kappa([1, 2], [1])
    with pytest.raises(NotEstimable, match="No comment"):
        fleiss_agreement(np.empty((0, 3)))
    with pytest.raises(NotEstimable, match="Krippendorff"):
        fleiss_agreement([[1, 2], [2, 2]])
    with pytest.raises(NotEstimable, match="One coder"):
        fleiss_agreement([[1, 0], [0, 1]])
    with pytest.raises(NotEstimable, match="one code"):
        fleiss_agreement([[3, 0], [3, 0]])
    with pytest.raises(ValueError, match="below 0"):
        fleiss_agreement([[-1, 3]])
    with pytest.raises(NotEstimable, match="twice"):
        krippendorff_alpha([[1, None], []])
    with pytest.raises(NotEstimable, match="one code"):
        krippendorff_alpha([["a", "a"], ["a", "a", None]])
    with pytest.raises(ValueError, match="level"):
        cohen_kappa([1, 2], [1, 2], level=1.0)
    with pytest.raises(ValueError, match="NaN"):
        krippendorff_alpha([[1.0, float("nan")], [1.0, 2.0]])
    with pytest.raises(ValueError, match="numbers"):
        krippendorff_alpha([["a", "b"]], metric="interval")
    with pytest.raises(ValueError, match="0 or above"):
        krippendorff_alpha([[-1, 2]], metric="ratio")
