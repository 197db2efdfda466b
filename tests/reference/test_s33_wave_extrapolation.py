"""Extrapolation to those who did not answer, and early against late answers, against R."""

from typing import Any

import pytest

from feedback_core.bias.calc import Extrapolation, Wave, early_against_late, extrapolate_waves
from tests.reference.goldens import golden_rows, load_golden

CASE = "s33_wave_extrapolation"


def close(expected: object) -> Any:
    return pytest.approx(expected, rel=1e-9)


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    golden = load_golden(CASE)
    assert golden["tolerance"] == {"default_rel": 1e-9}
    figures: dict[str, Any] = golden["expected"]
    return figures


def test_the_scenarios_from_the_waves(expected: dict[str, Any]) -> None:
    rows = golden_rows(CASE)
    waves = [Wave(int(row["completed"]), float(row["mean_score"]), float(row["sd"])) for row in rows]

    found = extrapolate_waves(waves, int(rows[0]["invited"]))

    assert found.response_rate == close(expected["response_rate"])
    assert found.respondent_mean == close(expected["respondent_mean"])
    assert found.cumulative_share == close(expected["cumulative_share"])
    assert found.wave_midpoints == close(expected["wave_midpoints"])
    assert found.nonrespondent_midpoint == close(expected["nonrespondent_midpoint"])
    assert found.intercept == close(expected["linear_all_waves"]["intercept"])
    assert found.slope == close(expected["linear_all_waves"]["slope"])
    assert found.first_vs_last_wave_t == close(expected["first_vs_last_wave_t"])
    for name in ("last_wave", "linear_all_waves", "linear_weighted", "linear_last_two_waves"):
        scenario: Extrapolation = getattr(found, name)
        assert scenario.nonrespondent == close(expected[name]["nonrespondent"])
        assert scenario.population == close(expected[name]["population"])
        if "bias" in expected[name]:
            assert scenario.bias == close(expected[name]["bias"])


def test_the_first_quarter_against_the_last(expected: dict[str, Any]) -> None:
    rows = golden_rows(CASE, "input_respondents.csv")
    rows.sort(key=lambda row: (float(row["day"]), int(row["respondent"])))
    figures = expected["early_late_quartile"]

    found = early_against_late([float(row["day"]) for row in rows], [float(row["score"]) for row in rows])

    assert found.n_early == found.n_late == figures["n_each"]
    assert found.mean_early == close(figures["mean_early"])
    assert found.mean_late == close(figures["mean_late"])
    assert found.welch_t == close(figures["welch_t"])
    assert found.welch_df == close(figures["welch_df"])
    assert found.welch_p == close(figures["welch_p"])
    assert [found.interval.low, found.interval.high] == close(figures["ci"])
    assert found.cohen_d == close(figures["cohen_d_avg_sd"])
    assert found.wilcoxon_w == close(figures["wilcoxon_W"])
    assert found.wilcoxon_p == close(figures["wilcoxon_p"])
    assert found.spearman_rho == close(figures["spearman_rho"])
    assert found.spearman_p == close(figures["spearman_p"])
    assert found.kendall_tau_b == close(figures["kendall_tau_b"])
    assert found.kendall_p == close(figures["kendall_p"])
