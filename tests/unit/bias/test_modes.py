"""Methods compared at the same composition."""

import numpy as np
import pytest
import statsmodels.api as sm

from feedback_core.bias.calc import AnswerCount, CellTable, KpiScores, KpiUnit, cell_table, mode_effect, mode_effects
from feedback_core.kit.errors import NotEstimable

SCORE = KpiScores("Score", KpiUnit.SCALE, {value: float(value) for value in range(11)})


def answers(**cells: dict[int, int]) -> CellTable:
    """Answers by region: value to number."""
    return cell_table(
        ["region"], [AnswerCount((cell,), value, n) for cell, counts in cells.items() for value, n in counts.items()]
    )


def test_a_difference_of_composition_is_no_difference_of_method() -> None:
    # Inside each region phone and web agree; phone reached more of the happy north.
    phone = answers(north={9: 80, 10: 80}, south={3: 10, 4: 10})
    web = answers(north={9: 20, 10: 20}, south={3: 40, 4: 40})

    found = mode_effect(("phone", phone), ("web", web), SCORE)

    assert found.raw_difference == pytest.approx((160 * 9.5 + 20 * 3.5) / 180 - (40 * 9.5 + 80 * 3.5) / 120)
    assert found.difference == pytest.approx(0)
    assert found.p_value == pytest.approx(1)
    assert (found.cells, found.overlap) == (2, 1.0)


def test_a_shift_within_every_cell_is_found_whatever_the_composition() -> None:
    phone = answers(north={8: 30, 10: 30}, south={4: 5, 6: 5})
    web = answers(north={7: 10, 9: 10}, south={3: 50, 5: 50})

    found = mode_effect(("phone", phone), ("web", web), SCORE)

    assert found.difference == pytest.approx(1.0)
    variances = [60 / 59, 10 / 9, 20 / 19, 100 / 99]
    shares = [80 / 190, 110 / 190, 80 / 190, 110 / 190]
    parts = [w**2 * v / n for w, v, n in zip(shares, variances, (60, 10, 20, 100), strict=True)]
    assert found.statistic == pytest.approx(1 / sum(parts) ** 0.5)
    assert found.df == pytest.approx(
        sum(parts) ** 2 / sum(part**2 / (n - 1) for part, n in zip(parts, (60, 10, 20, 100), strict=True))
    )
    spread = ((60 + 10 + 20 + 100) / (59 + 9 + 19 + 99)) ** 0.5
    assert found.effect_size == pytest.approx(1 / spread)
    assert found.interval.low < 1.0 < found.interval.high


def test_it_is_the_contrast_of_a_regression_with_all_interactions() -> None:
    rng = np.random.default_rng(7)
    region, phone = rng.integers(0, 3, 400), rng.random(400) < 0.4
    score = np.clip(rng.integers(0, 9, 400) + region + phone, 0, 10)
    tables = [
        cell_table(
            ["region"], [AnswerCount((str(r),), int(s), 1) for r, s in zip(region[who], score[who], strict=True)]
        )
        for who in (phone, ~phone)
    ]
    composition: dict[tuple[str | None, ...], float] = {("0",): 0.5, ("1",): 0.3, ("2",): 0.2}

    found = mode_effect(("phone", tables[0]), ("web", tables[1]), SCORE, composition=composition)

    dummies = np.eye(3)[region]
    fit = sm.OLS(score, np.hstack([dummies, dummies * phone[:, None]])).fit()
    contrast = np.array([0, 0, 0, 0.5, 0.3, 0.2])
    assert found.difference == pytest.approx(float(contrast @ fit.params))
    # Unequal variances by cell: the robust error with each cell's own degrees of freedom.
    cells = [(r, p) for r in range(3) for p in (True, False)]
    variances = [
        score[(region == r) & (phone == p)].var(ddof=1) / ((region == r) & (phone == p)).sum() for r, p in cells
    ]
    error = sum(contrast[3 + r] ** 2 * v for (r, _), v in zip(cells, variances, strict=True)) ** 0.5
    assert found.difference / found.statistic == pytest.approx(error)


def test_cells_of_one_method_only_are_left_out_and_told() -> None:
    phone = answers(north={8: 30, 9: 30}, east={1: 40, 2: 40})
    web = answers(north={8: 30, 9: 30}, south={5: 70, 6: 70})

    found = mode_effect(("phone", phone), ("web", web), SCORE)

    assert (found.cells, found.n, found.n_reference) == (1, 60, 60)
    assert found.overlap == pytest.approx(120 / 340)
    assert "Only 35% of the answers" in found.warnings[1]


def test_a_single_answer_borrows_the_spread_of_its_method() -> None:
    phone = answers(north={8: 30, 10: 30}, south={5: 1})
    web = answers(north={8: 30, 10: 30}, south={5: 30, 7: 30})

    found = mode_effect(("phone", phone), ("web", web), SCORE)

    lent = 60 / 59
    parts = [(120 / 181) ** 2 * (60 / 59 / 60) * 2, (61 / 181) ** 2 * (lent + 60 / 59 / 60)]
    assert found.difference / found.statistic == pytest.approx(sum(parts) ** 0.5)
    # The lent variance has the 59 degrees of freedom that it was estimated with.
    each = [parts[0] / 2, parts[0] / 2, (61 / 181) ** 2 * lent, (61 / 181) ** 2 / 59]
    assert found.df == pytest.approx(sum(parts) ** 2 / sum(part**2 / 59 for part in each))


def test_several_methods_are_held_against_the_largest_with_holm() -> None:
    web = answers(north={7: 100, 9: 100})
    found = mode_effects(
        {"web": web, "sms": answers(north={6: 40, 8: 40}), "email": answers(north={7: 9, 9: 11})}, SCORE
    )

    assert [(effect.method, effect.reference) for effect in found] == [("email", "web"), ("sms", "web")]
    assert found[1].p_adjusted == pytest.approx(2 * found[1].p_value)
    assert found[0].p_adjusted == pytest.approx(found[0].p_value)


def test_methods_that_cannot_be_compared_are_refused_or_left_out() -> None:
    web, kiosk = answers(north={7: 5, 9: 5}), answers(south={7: 5, 9: 5})

    with pytest.raises(NotEstimable, match="one method only"):
        mode_effects({"web": web}, SCORE)
    with pytest.raises(NotEstimable, match="No group was reached both by web and by kiosk"):
        mode_effects({"web": web, "kiosk": kiosk}, SCORE)
    both = answers(north={7: 5, 8: 5})
    assert [e.method for e in mode_effects({"web": web, "kiosk": kiosk, "app": both}, SCORE)] == ["web"]
    with pytest.raises(NotEstimable, match="two answers by fax"):
        mode_effect(("fax", answers(north={3: 1})), ("web", web), SCORE)
    with pytest.raises(NotEstimable, match="all answers are the same"):
        mode_effect(("a", answers(north={3: 9})), ("b", answers(north={4: 9})), SCORE)
    with pytest.raises(NotEstimable, match="composition"):
        mode_effect(("a", web), ("b", web), SCORE, composition={("south",): 1.0})
