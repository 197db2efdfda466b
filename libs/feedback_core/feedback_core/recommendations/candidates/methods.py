"""What follows from methods compared: ask by the one that is clearly better; keep apart what answers differ by."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from feedback_core.method_effectiveness.types import (
    MethodDifference,
    MethodEffectivenessOutcome,
    MethodMeasure,
    MethodModeEffect,
)
from feedback_core.method_effectiveness.wording import difference_in_words, effect_in_words, method_in_words
from feedback_core.planning.types import CollectionMethod
from feedback_core.recommendations.calc import CONFIDENCE_FACTORS
from feedback_core.recommendations.candidates.types import Subjects
from feedback_core.recommendations.expected import ASK_FIRST
from feedback_core.recommendations.types import Candidate, Confidence, Evidence, RecommendationKind

_ACTED_ON: Final = frozenset({MethodMeasure.COST_PER_EFFECTIVE_RESPONSE, MethodMeasure.ITEM_NONRESPONSE})
_PRIORITY: Final = CONFIDENCE_FACTORS[Confidence.LOW]
_PRIORITY_REASON: Final = f"No gap can be measured; asking better counts as {_PRIORITY}."


def from_methods(outcome: MethodEffectivenessOutcome, subjects: Subjects) -> list[Candidate]:
    """One for each pair of which a method is clearly worse, and one for each whose answers clearly differ.

    Worse is dearer by effective response, or leaving out more questions. Where one method is worse in the one and the
    other in the other, nothing says which to ask by, and no candidate does.
    """
    feature = subjects.feature_of(outcome.question)
    by_pair: defaultdict[tuple[CollectionMethod, CollectionMethod], list[tuple[int, MethodDifference]]]
    by_pair = defaultdict(list)
    for place, one in enumerate(outcome.comparisons):
        if one.clear and one.better is not None and one.measure in _ACTED_ON:
            by_pair[one.first, one.second].append((place, one))
    found = []
    for (first, second), pieces in by_pair.items():
        better = {one.better for _, one in pieces}
        if len(better) == 1:
            chosen = better.pop()
            assert chosen is not None
            found.append(_rather(outcome, chosen, second if chosen == first else first, pieces, feature))
    found += [_apart(outcome, at, one, feature) for at, one in enumerate(outcome.mode_effects) if one.clear]
    return found


def _rather(
    outcome: MethodEffectivenessOutcome,
    better: CollectionMethod,
    worse: CollectionMethod,
    pieces: Sequence[tuple[int, MethodDifference]],
    feature: str | None,
) -> Candidate:
    methods = {str(one.name): one for one in outcome.methods}
    said = {place: difference_in_words(one, methods) for place, one in pieces}
    evidence = tuple(
        Evidence(
            f"/comparisons/{place}/difference/value",
            said[place],
            None,
            one.difference.value,
            one.difference.interval.low if one.difference.interval else None,
            one.difference.interval.high if one.difference.interval else None,
            one.difference.n,
        )
        for place, one in pieces
    )
    return _candidate(
        f"ask_better:{better}_rather_than_{worse}",
        f"Ask by {method_in_words(better)} rather than by {method_in_words(worse)}",
        " ".join(said.values()),
        evidence,
        feature,
    )


def _apart(outcome: MethodEffectivenessOutcome, at: int, one: MethodModeEffect, feature: str | None) -> Candidate:
    found = one.effect
    first, second = method_in_words(found.method), method_in_words(found.reference)
    said = effect_in_words(one, outcome.subject, f"{abs(found.difference):.3g}")
    evidence = Evidence(
        f"/mode_effects/{at}/effect/difference",
        said,
        outcome.kpi,
        found.difference,
        found.interval.low,
        found.interval.high,
        found.n + found.n_reference,
    )
    return _candidate(
        f"ask_better:{found.method}_and_{found.reference}_alike",
        f"Ask groups that are compared by the same method: {first} and {second} give other answers",
        said,
        (evidence,),
        feature,
    )


def _candidate(
    subject: str, title: str, rationale: str, evidence: tuple[Evidence, ...], feature: str | None
) -> Candidate:
    return Candidate(
        kind=RecommendationKind.ASK_BETTER,
        subject=subject,
        feature_key=feature,
        title=title,
        rationale=rationale,
        evidence=evidence,
        gap=None,
        confidence=Confidence.LOW,
        priority=_PRIORITY,
        priority_reason=_PRIORITY_REASON,
        expected_effect_reason=ASK_FIRST,
    )
