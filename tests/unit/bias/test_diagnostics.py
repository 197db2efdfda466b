"""Time, method and omissions from the service's counts, and what may be shown of them."""

from collections.abc import Mapping
from datetime import date

import pytest

from feedback_core.bias.calc import AnswerCount, BiasDiagnostic, CellTable, KpiScores, KpiUnit, KpiUse, cell_table
from feedback_core.bias.calc.diagnostics import diagnose
from feedback_core.kit.errors import Invalid

SCORE = KpiScores("Score", KpiUnit.SCALE, {str(value): float(value) for value in range(11)})
ONE_METHOD = {("north", "web"): {"7": 20, "8": 20}}


def answers(cells: Mapping[tuple[str, str], Mapping[str, int]]) -> CellTable:
    """Answers by region and method."""
    counts = [AnswerCount(cell, value, n) for cell, row in cells.items() for value, n in row.items()]
    return cell_table(["region", "method"], counts)


def falling(days: int, a_day: int) -> dict[date, dict[str, int]]:
    """Scores from 9 down to 6, a step every quarter of the days."""
    step = days // 4
    return {date(2026, 1, 1 + day): {str(9 - day // step): a_day - 1, str(8 - day // step): 1} for day in range(days)}


def test_time_method_and_omissions_together() -> None:
    by_method = answers(
        {
            ("north", "web"): {"7": 40, "9": 40},
            ("north", "telephone"): {"8": 20, "10": 20},
            ("south", "web"): {"3": 20, "5": 20},
            ("south", "telephone"): {"4": 30, "6": 30},
        }
    )

    found = diagnose(by_method, falling(20, 10), (300, 90), SCORE)

    assert found.early_late is not None
    assert (found.early_late.n_early, found.early_late.n_late) == (50, 50)
    assert found.early_late.mean_early == pytest.approx(8.9)
    (by_telephone,) = found.methods
    assert (by_telephone.method, by_telephone.reference) == ("telephone", "web")
    assert by_telephone.difference == pytest.approx(1.0)
    assert found.left_out is not None
    assert found.left_out.value == 0.3
    assert [reason.diagnostic for reason in found.evidence] == [
        BiasDiagnostic.EARLY_LATE,
        BiasDiagnostic.METHODS,
        BiasDiagnostic.MISSING_ITEMS,
    ]
    assert {reason.not_usable_for for reason in found.evidence} == {
        KpiUse.NONRESPONDENTS,
        KpiUse.COMPARING_METHODS,
        KpiUse.THOSE_WHO_LEFT_IT_OUT,
    }
    assert found.not_assessed == ()


def test_a_figure_is_worded_in_the_units_of_the_kpi() -> None:
    share = KpiScores("CSAT", KpiUnit.SHARE, {"yes": 1.0, "no": 0.0})
    by_method = answers({("north", "web"): {"yes": 180, "no": 20}, ("north", "telephone"): {"yes": 40, "no": 60}})

    (reason,) = diagnose(by_method, {}, None, share).evidence

    assert reason.detail == "At the same composition, answers by telephone are 50.0 points lower than those by web."


def test_days_are_not_cut() -> None:
    by_day = {date(2026, 1, 1): {"9": 30, "8": 10}, date(2026, 1, 2): {"7": 30, "6": 30}, date(2026, 1, 3): {"5": 20}}

    found = diagnose(answers(ONE_METHOD), by_day, None, SCORE).early_late

    assert found is not None
    assert (found.n_early, found.mean_early) == (40, 8.75)
    assert "Times are those of submission" in found.warnings[-1]


def test_a_cell_too_small_to_show_is_in_no_comparison() -> None:
    with_small = {
        ("north", "web"): {"7": 40, "9": 40},
        ("north", "telephone"): {"8": 20, "10": 20},
        ("south", "web"): {"3": 20, "5": 20},
        ("south", "telephone"): {"0": 4},
    }

    (effect,) = diagnose(answers(with_small), {}, None, SCORE, minimum_cell=5).methods

    assert (effect.cells, effect.n) == (1, 40)
    assert effect.difference == pytest.approx(1.0)


def test_a_method_too_small_to_show_hides_another_and_is_not_named() -> None:
    cells = {
        ("north", "web"): {"7": 40, "9": 40},
        ("north", "telephone"): {"8": 20, "10": 20},
        ("north", "kiosk"): {"8": 2, "10": 1},
    }

    found = diagnose(answers(cells), {}, None, SCORE, minimum_cell=5)

    assert found.methods == ()
    assert found.not_assessed == (
        (
            "Method was not assessed. Fewer than two methods have enough answers to be shown (5 or more), so none can "
            "be compared."
        ),
    )


def test_what_cannot_be_assessed_is_said() -> None:
    one_day = {date(2026, 1, 1): {"7": 20, "8": 20}}

    found = diagnose(answers(ONE_METHOD), one_day, (0, 0), SCORE)

    assert (found.early_late, found.methods, found.left_out, found.evidence) == (None, (), None, ())
    assert found.not_assessed == (
        "Time was not assessed. All answers came at the same time, so none of them is early or late.",
        "Method was not assessed. Answers were collected by one method only, so there is none to compare it with.",
    )


def test_quarters_too_small_to_show_are_not_shown() -> None:
    found = diagnose(answers(ONE_METHOD), falling(8, 2), None, SCORE, minimum_cell=5)

    assert found.early_late is None
    assert "fewer than 5" in found.not_assessed[0]


def test_an_answer_without_a_score_is_refused() -> None:
    with pytest.raises(Invalid, match="no finite score"):
        diagnose(answers({("north", "web"): {"eleven": 3}}), {}, None, SCORE)
