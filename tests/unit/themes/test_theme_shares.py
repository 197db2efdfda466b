"""Shares, trends and scores of themes, from counts alone."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from feedback_core.kit.errors import Invalid
from feedback_core.kpis.built_in import BUILT_IN
from feedback_core.kpis.calc import compare_proportions
from feedback_core.kpis.calc.proportion_differences import Share
from feedback_core.kpis.types import AnswerCounts, Bucket, Selection, Standing, Target
from feedback_core.surveys.types import QuestionType
from feedback_core.themes.analysis.calc.changes import theme_trends
from feedback_core.themes.analysis.calc.scores import theme_scores
from feedback_core.themes.analysis.calc.shares import hidden_themes, language_shares, periods_of, theme_series
from feedback_core.themes.analysis.calc.tallies import Counted, ThemeTally
from feedback_core.themes.analysis.types import Source, ThemePeriod
from feedback_core.themes.codings.calc.settling import settle_codings
from feedback_core.themes.codings.types import CoderRole, Coding, CommentRef
from tests.support.analyses import months

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MONTHS = months(date(2025, 1, 1), 8)
PERIODS = dict.fromkeys(MONTHS, True)
COMPLETE = Standing.COMPLETE


def series(*mentions: int, n: int = 50) -> tuple[ThemePeriod, ...]:
    counts = {month: (count, n) for month, count in zip(MONTHS, mentions, strict=False)}
    return theme_series(counts, PERIODS, minimum=5, level=0.95)


def test_a_share_that_rises_is_rising_and_one_that_stays_is_steady() -> None:
    trends = theme_trends(
        {"up": series(5, 8, 11, 14, 20, 22, 26, 30), "flat": series(10, 11, 9, 10, 11, 9, 10, 10)}, level=0.95
    )

    assert (trends["up"].direction, trends["flat"].direction) == ("rising", "steady")
    assert trends["up"].change == compare_proportions(Share(98, 200), Share(38, 200))
    assert trends["up"].slope is not None
    assert trends["up"].slope.slope == pytest.approx(0.07, abs=0.005)


def test_all_themes_are_one_family() -> None:
    rising = series(5, 8, 11, 14, 20, 22, 26, 30)
    flat = series(10, 11, 9, 10, 11, 9, 10, 10)
    alone = theme_trends({"up": rising}, level=0.95)["up"]
    among = theme_trends({"up": rising, **{f"flat{i}": flat for i in range(9)}}, level=0.95)["up"]

    assert alone.test is not None
    assert alone.adjusted_p_value == alone.test.p_value
    assert among.adjusted_p_value == pytest.approx(10 * alone.test.p_value)


@pytest.mark.parametrize("mentions", [(), (3,), (0, 0, 0, 0, 0, 0, 0, 0), (50,) * 8])
def test_what_cannot_be_tested_is_said(mentions: tuple[int, ...]) -> None:
    trend = theme_trends({"it": series(*mentions)}, level=0.95)["it"]

    assert trend.test is None
    assert trend.why_not
    assert trend.direction in {"unknown", "steady"}


def test_a_running_period_counts_in_no_trend() -> None:
    selection = Selection(None, None, "UTC")
    periods = periods_of(MONTHS, selection, Bucket.MONTH, as_of=datetime(2025, 8, 15, tzinfo=UTC))

    assert [start for start, complete in periods.items() if not complete] == [date(2025, 8, 1)]


def test_periods_without_comments_are_there_and_too_many_are_refused() -> None:
    selection = Selection(datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC), "UTC")
    periods = periods_of([date(2025, 3, 1)], selection, Bucket.MONTH, as_of=NOW)
    assert list(periods) == MONTHS[:4]

    with pytest.raises(Invalid):
        periods_of([date(1990, 1, 1), date(2025, 1, 1)], Selection(None, None, "UTC"), Bucket.DAY, as_of=NOW)


def test_a_small_period_is_withheld_with_another_that_it_could_be_worked_out_from() -> None:
    counts = {MONTHS[0]: (1, 3), MONTHS[1]: (5, 20), MONTHS[2]: (5, 10), MONTHS[3]: (0, 0)}
    shown = theme_series(counts, dict.fromkeys(MONTHS[:4], True), minimum=5, level=0.95)

    assert [(period.n, period.withheld) for period in shown] == [(None, True), (20, False), (None, True), (0, False)]
    assert shown[3].value is None


@pytest.mark.parametrize(
    ("mentions", "uncoded", "hidden", "uncoded_hidden"),
    [
        ({"a": 10, "b": 20}, 30, set(), False),
        ({"a": 3, "b": 20}, 30, {"a", "b"}, False),
        ({"a": 3, "b": 40}, 30, {"a"}, True),
        ({"a": 3, "b": 4, "c": 40}, 30, {"a", "b"}, False),
        ({"a": 0, "b": 20}, 30, set(), False),
    ],
)
def test_a_small_theme_never_stands_alone_among_shown_ones(
    mentions: dict[str, int], uncoded: int, hidden: set[str], uncoded_hidden: bool
) -> None:
    assert hidden_themes(mentions, uncoded, minimum=5) == (frozenset(hidden), uncoded_hidden)


def test_a_rare_language_is_withheld() -> None:
    shares = language_shares({"en": 90, None: 8, "fi": 2}, minimum=5, level=0.95)

    assert [(found.language, found.share is None) for found in shares] == [("en", False), (None, True), ("fi", True)]


def counted(theme: str | None, score: str, n: int, *, version: int = 1, month: date = MONTHS[0]) -> Counted:
    return Counted(theme, theme is not None, month, COMPLETE, version, score, n)


def test_scores_of_those_who_speak_of_it_and_of_all_others_add_up() -> None:
    tally = ThemeTally(
        [counted(None, "3", 30), counted(None, "9", 50), counted("wait", "3", 25), counted("wait", "9", 5)],
        {"wait": 1},
        Source.RULES,
    )

    speaking, others = tally.scores("wait")

    assert (tally.coded, tally.mentions("wait")) == (80, 30)
    assert speaking.answered == {COMPLETE: {"3": 25, "9": 5}}
    assert others.answered == {COMPLETE: {"3": 5, "9": 45}}


def test_people_are_not_asked_about_themes_that_came_after_them_but_rules_are() -> None:
    counts = [counted(None, "9", 40, version=1), counted(None, "9", 10, version=2), counted("new", "9", 5, version=2)]

    by_hand = ThemeTally(counts, {"new": 2}, Source.HAND)
    by_rules = ThemeTally(counts, {"new": 2}, Source.RULES)

    assert (by_hand.mentions("new"), by_hand.asked("new")) == (5, 10)
    assert (by_rules.mentions("new"), by_rules.asked("new")) == (5, 50)


def test_a_score_of_few_is_withheld_and_the_others_are_a_family_without_it() -> None:
    nps = Target(next(one for one in BUILT_IN if one.key == "nps"), UUID(int=1), "nps", QuestionType.NPS, scale=(0, 10))

    def answers(low: int, high: int) -> AnswerCounts:
        return AnswerCounts({COMPLETE: {"3": low, "9": high}}, {COMPLETE: low + high})

    scores = theme_scores(
        {"wait": (answers(25, 5), answers(5, 45)), "rare": (answers(2, 1), answers(28, 49))},
        nps,
        minimum=5,
        level=0.95,
    )

    assert scores["rare"].withheld
    assert scores["rare"].mentioned is None
    assert scores["wait"].differ
    assert scores["wait"].comparison is not None
    assert scores["wait"].adjusted_p_value == scores["wait"].comparison.p_value


def coding(number: int, coder: str, *themes: str, role: CoderRole = CoderRole.CODER) -> Coding:
    at = datetime(2025, 1, number, tzinfo=UTC)
    return Coding(UUID(int=number), CommentRef(UUID(int=99), "why"), coder, role, themes, 1, "key", at)


def test_the_first_coder_holds_until_somebody_decides() -> None:
    ada, bo = coding(2, "ada", "wait"), coding(1, "bo", "staff")
    judge = coding(3, "chris", "parking", role=CoderRole.ADJUDICATOR)

    (open_,), (decided,), (agreed,) = (
        settle_codings([ada, bo]),
        settle_codings([ada, bo, judge]),
        settle_codings([ada, coding(4, "dan", "wait")]),
    )

    assert (open_.themes, open_.disputed) == (("staff",), True)
    assert (decided.themes, decided.disputed, decided.adjudicated) == (("parking",), False, True)
    assert (agreed.themes, agreed.disputed) == (("wait",), False)
