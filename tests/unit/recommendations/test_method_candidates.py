"""Methods that are clearly worse become candidates; those that are worse in one and better in the other do not."""

from dataclasses import replace

from feedback_core.analyses.documents import from_document, to_document
from feedback_core.method_effectiveness.types import MethodEffectivenessOutcome, MethodMeasure
from feedback_core.recommendations.candidates.methods import from_methods
from feedback_core.recommendations.candidates.types import Subjects
from feedback_core.recommendations.types import RecommendationKind
from tests.unit.method_effectiveness.builders import CONTACTS, EVEN, ONLINE, PHONE, compared, counts

SUBJECTS = Subjects({"nps": "visit"}, {})


def test_a_dearer_method_is_to_be_replaced_by_the_cheaper() -> None:
    outcome = compared({ONLINE: counts(), PHONE: counts()}, contacts=CONTACTS)

    (found,) = from_methods(outcome, SUBJECTS)

    assert (found.kind, found.feature_key) == (RecommendationKind.ASK_BETTER, "visit")
    assert found.title == "Ask by online questionnaire rather than by telephone"
    assert found.subject == "ask_better:online_questionnaire_rather_than_telephone"
    (piece,) = found.evidence
    place = int(piece.pointer.split("/")[2])
    told = outcome.comparisons[place]
    assert told.measure is MethodMeasure.COST_PER_EFFECTIVE_RESPONSE
    assert told.difference.interval is not None
    assert (piece.value, piece.low, piece.high) == (
        told.difference.value,
        told.difference.interval.low,
        told.difference.interval.high,
    )


def test_alike_methods_lead_to_nothing() -> None:
    assert from_methods(compared({ONLINE: counts(), PHONE: counts()}), SUBJECTS) == []


def test_a_cheaper_method_by_which_more_is_left_out_is_not_advised() -> None:
    outcome = compared({ONLINE: counts(missing=0.4), PHONE: counts()}, contacts=CONTACTS)

    assert from_methods(outcome, SUBJECTS) == []


def test_a_method_by_which_more_is_left_out_is_to_be_replaced() -> None:
    (found,) = from_methods(compared({ONLINE: counts(missing=0.4), PHONE: counts()}), SUBJECTS)

    assert found.title == "Ask by telephone rather than by online questionnaire"
    assert "more questions are left out" in found.rationale


def test_methods_that_change_the_answers_are_to_be_kept_apart() -> None:
    kinder = {region: {"10": 90, "8": 5, "3": 5} for region in EVEN}
    outcome = compared({ONLINE: counts(), PHONE: counts(kinder)}, {ONLINE: EVEN, PHONE: kinder})

    (found,) = from_methods(outcome, SUBJECTS)

    assert found.title.startswith("Ask groups that are compared by the same method: online questionnaire and telephone")
    assert found.evidence[0].value == outcome.mode_effects[0].effect.difference
    assert from_methods(replace(outcome, mode_effects=()), SUBJECTS) == []


def test_what_is_kept_is_read_back_as_it_was() -> None:
    outcome = compared({ONLINE: counts(), PHONE: counts()}, contacts=CONTACTS)

    assert from_document(MethodEffectivenessOutcome, to_document(outcome)) == outcome
