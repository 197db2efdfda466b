"""How measures are ranked: by places, and what is not known comes last."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from feedback_core.standards.selection.calc import rank_measures
from feedback_core.standards.selection.types import Cost, Importance, Measure, Spread

BARE = Measure("q", None, None, None, None, None, None, ())


def measure(name: str, share: float | None, spread: float | None, answers: int | None) -> Measure:
    return replace(
        BARE,
        question=name,
        importance=None if share is None else Importance("nps", share, None, UUID(int=1)),
        spread=None if spread is None else Spread(spread, 100),
        cost=None if answers is None else Cost(answers, None),
    )


def test_the_mean_of_the_places_decides_and_is_shown() -> None:
    first, second = rank_measures([measure("staff", 0.2, 0.3, 200), measure("wait", 0.7, 0.6, 300)])

    assert (first.measure.question, first.by_importance, first.by_spread, first.by_cost) == ("wait", 1, 1, 2)
    assert first.why == "Places 1 by importance, 1 by spread, 2 by cost: 4 / 3."
    assert second.mean_rank > first.mean_rank


def test_what_was_only_assumed_comes_behind_what_was_measured_and_before_what_is_not_known() -> None:
    assumed = replace(measure("staff", None, 0.5, 200), assumed_importance=5)
    ranked = {
        one.measure.question: one
        for one in rank_measures([measure("place", None, None, None), assumed, measure("wait", 0.01, 0.5, 200)])
    }

    assert [ranked[name].by_importance for name in ("wait", "staff", "place")] == [1, 2, 3]
    assert [ranked[name].by_spread for name in ("wait", "staff", "place")] == [1, 1, 3]
    assert "is only assumed" in ranked["staff"].why
    assert "not known: too few answered" in ranked["place"].why


@given(
    st.lists(
        st.tuples(st.none() | st.floats(0, 1), st.none() | st.floats(0, 1), st.none() | st.integers(1, 10_000)),
        min_size=1,
        max_size=6,
    )
)
def test_a_measure_that_is_best_in_all_comes_first(found: list[tuple[float | None, float | None, int | None]]) -> None:
    measures = [measure(str(place), *each) for place, each in enumerate(found)]

    (best, *_) = rank_measures([*measures, measure("best", 1.5, 1.5, 0)])

    assert (best.measure.question, best.mean_rank) == ("best", 1.0)
