"""Themes whose speakers score worse become candidates; those that score better, or alike, do not."""

from datetime import UTC, datetime

import pytest

from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.comparison import Comparison
from feedback_core.kpis.types import Bucket
from feedback_core.recommendations.candidates.calc import from_themes
from feedback_core.recommendations.candidates.types import Subjects
from feedback_core.themes.analysis.types import ThemeFinding, ThemeScore, ThemesOutcome

SUBJECTS = Subjects({}, {"waiting_time": "Waiting time"}, higher_is_better=True)


def outcome(difference: float, *, differ: bool | None = True) -> ThemesOutcome:
    interval = Interval(difference - 10, difference + 10, 0.95, "t")
    compared = Comparison(difference, interval, "welch", None, 0.001, None, None, "cohens_d", 50, 150, differ)
    score = ThemeScore(None, None, compared, 0.001, differ, withheld=False)
    share = Estimate(0.25, Interval(0.2, 0.3, 0.95, "wilson"), 0.03, 200, 200.0)
    theme = ThemeFinding("waiting", "Waiting", "waiting_time", False, share, (), None, score, ())
    return ThemesOutcome(
        questions=("why",),
        time_zone="UTC",
        bucket=Bucket.MONTH,
        as_of=datetime(2026, 3, 1, tzinfo=UTC),
        seed=1,
        level=0.95,
        comments=200,
        respondents=200,
        coded=200,
        languages=(),
        tones=(),
        tone_known=None,
        codebook_version=1,
        quality=None,
        themes=(theme,),
        uncoded=None,
        kpi="nps",
        kpi_question="nps",
        unit="points",
        suggestions=None,
        sentence="",
        warnings=(),
        subject="NPS",
        bounds=(-100.0, 100.0),
    )


def test_a_theme_of_those_who_score_worse_is_a_candidate() -> None:
    (found,) = from_themes(outcome(-40.0), SUBJECTS)

    assert (found.subject, found.title) == ("improve:waiting_time", "Improve Waiting time")
    assert found.gap == pytest.approx(40 * 0.25 / 200)
    assert found.priority == pytest.approx(40 * 0.25 / 200 * 0.6)
    assert found.expected_effect is not None
    assert found.expected_effect.value == pytest.approx(10.0)
    assert found.expected_effect.low == pytest.approx(7.5)
    assert found.expected_effect.high == pytest.approx(12.5)
    assert found.evidence[0].pointer == "/themes/0/score/comparison/difference"


@pytest.mark.parametrize(("difference", "differ"), [(40.0, True), (-40.0, False), (-40.0, None)])
def test_a_theme_of_those_who_score_better_or_alike_is_none(difference: float, differ: bool | None) -> None:
    assert from_themes(outcome(difference, differ=differ), SUBJECTS) == []
