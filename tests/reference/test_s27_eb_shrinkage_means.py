"""Shrunk means of agents against R's metafor (from summary means) and lme4 (from single ratings)."""

from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest

from feedback_core.kpis.calc.heterogeneity import HeterogeneityMethod, weighted_fit
from feedback_core.kpis.calc.means import Moments, moments
from feedback_core.kpis.calc.roots import DEFAULT_TOLERANCE, crossing
from feedback_core.kpis.calc.shrinkage import (
    Shrinkage,
    WithinVariance,
    pooled_within_variance,
    shrink_group_means,
    shrink_ratings,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s27_eb_shrinkage_means"


def ratings() -> dict[str, Counter[int]]:
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for row in golden_rows(CASE):
        counts[row["agent"]][int(row["rating"])] += 1
    return counts


def agents() -> dict[str, Moments]:
    return {agent: moments(counts) for agent, counts in ratings().items()}


def test_means_and_variances_of_agents() -> None:
    expected = load_golden(CASE)["expected"]
    groups = agents()
    assert {agent: group.n for agent, group in groups.items()} == expected["n"]
    assert {agent: group.mean for agent, group in groups.items()} == pytest.approx(expected["mean"], rel=1e-12)
    assert {agent: group.variance for agent, group in groups.items()} == pytest.approx(expected["variance"], rel=1e-12)
    pooled = pooled_within_variance(list(groups.values()))
    assert pooled == pytest.approx(expected["pooled_within_variance"], rel=1e-12)


def own_or_pooled(within: WithinVariance, groups: list[Moments]) -> list[float]:
    if within == "own":
        return [group.squared_error for group in groups]
    return [pooled_within_variance(groups) / group.n for group in groups]


def agree(result: Shrinkage, expected: dict[str, Any], near: float) -> None:
    assert result.mu == pytest.approx(expected["mu"], rel=near)
    assert result.se_mu == pytest.approx(expected["se_mu"], rel=near)
    assert result.tau2 == pytest.approx(expected["tau2"], rel=near)
    assert result.q == pytest.approx(expected["Q"], rel=1e-8)
    assert result.i2 == pytest.approx(expected["I2"], rel=near)
    assert [group.shrunk for group in result.groups] == pytest.approx(list(expected["blup"].values()), rel=near)
    errors = [group.standard_error for group in result.groups]
    assert errors == pytest.approx(list(expected["blup_se"].values()), rel=near)


@pytest.mark.parametrize(("within", "method"), [("own", "DL"), ("own", "REML"), ("pooled", "DL")])
def test_random_effects_of_summary_means(within: WithinVariance, method: HeterogeneityMethod) -> None:
    expected = load_golden(CASE)["expected"][f"{within}_variance"][method]
    groups = agents()
    assert list(groups) == list(expected["blup"])
    agree(
        shrink_group_means(list(groups.values()), within=within, method=method),
        expected,
        {"DL": 1e-8}.get(method, 1e-5),
    )


@pytest.mark.parametrize("within", ["own", "pooled"])
def test_paule_and_mandel_stop_where_the_program_does(within: WithinVariance) -> None:
    """R metafor leaves uniroot at its default tolerance: its tau2 is up to 2e-5 off the root, and ours with it."""
    expected = load_golden(CASE)["expected"][f"{within}_variance"]["PM"]
    groups = list(agents().values())
    means = np.array([group.mean for group in groups])
    variances = np.array(own_or_pooled(within, groups))

    ours = shrink_group_means(groups, within=within, method="PM")

    agree(ours, expected, 1e-8)
    root = crossing(
        lambda tau2: weighted_fit(means, variances, tau2).q - (len(groups) - 1), positive_at=0.0, beyond=100.0
    )
    assert abs(ours.tau2 - root) < DEFAULT_TOLERANCE / 2


def test_random_effects_of_single_ratings() -> None:
    golden = load_golden(CASE)
    expected = golden["expected"]["lmer_reml"]
    result = shrink_ratings(list(ratings().values()))

    assert golden["tolerance"]["lmer"] == "rel 1e-4"
    assert result.mu == pytest.approx(expected["mu"], rel=1e-6)
    assert result.tau2 == pytest.approx(expected["tau2"], rel=1e-4)
    assert result.sigma2 == pytest.approx(expected["sigma2"], rel=1e-6)
    shrunk = {agent: group.shrunk for agent, group in zip(ratings(), result.groups, strict=True)}
    assert shrunk == pytest.approx(expected["shrunk"], rel=1e-6)
