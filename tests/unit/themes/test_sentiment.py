"""Sentiment of comments: praise, complaint, wishes, denials, waits, and what a question turns them into."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.themes.calc import LANGUAGES_WITH_SENTIMENT, sentiment_of, what_is_asked
from feedback_core.themes.types import Asked, Sentiment, Tone


def tone(text: str, asked: Asked = Asked.OPENLY) -> Tone:
    return english(text, asked).tone


def english(text: str, asked: Asked = Asked.OPENLY) -> Sentiment:
    found = sentiment_of(text, "en", asked=asked)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Excellent service",
        "The driver was kind and very helpful.",
        "It could not have been better",
        "No complaints at all",
        "Nothing to improve, all good",
        "The ambulance came within ten minutes",
        "not bad",
        "can\u2019t fault them",
        "👍",
    ],
)
def test_praise_is_positive(text: str) -> None:
    assert tone(text) is Tone.POSITIVE
    assert english(text).score > 0


@pytest.mark.parametrize(
    "text",
    [
        "Rude and dismissive",
        "The staff were not helpful",
        "I waited four hours",
        "More staff please",
        "Better information would be nice",
        "They should answer the phone",
        "quicker response",
        "Too expensive",
        "👎",
    ],
)
def test_complaints_and_wishes_are_negative(text: str) -> None:
    assert tone(text) is Tone.NEGATIVE
    assert english(text).score < 0


def test_praise_and_complaint_together_are_mixed() -> None:
    assert tone("The nurse was lovely and kind. The waiting was awful.") is Tone.MIXED


@pytest.mark.parametrize("text", ["", "   ", "12:30", "The parcel is blue", "Nothing."])
def test_what_says_neither_is_neutral(text: str) -> None:
    assert english(text).score == 0.0
    assert tone(text) is Tone.NEUTRAL


@pytest.mark.parametrize("text", ["Nothing.", "no", "Can't think of anything", "none at all"])
def test_nothing_means_what_the_question_makes_of_it(text: str) -> None:
    assert tone(text, Asked.TO_IMPROVE) is Tone.POSITIVE
    assert tone(text, Asked.TO_PRAISE) is Tone.NEGATIVE


def test_a_bare_noun_means_what_the_question_makes_of_it() -> None:
    assert tone("The food", Asked.TO_IMPROVE) is Tone.NEGATIVE
    assert tone("The food", Asked.TO_PRAISE) is Tone.POSITIVE
    assert tone("The food") is Tone.NEUTRAL


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What could we do better?", Asked.TO_IMPROVE),
        ("How could we improve?", Asked.TO_IMPROVE),
        ("What was good?", Asked.TO_PRAISE),
        ("What did you like most?", Asked.TO_PRAISE),
        ("What is the main reason for your score?", Asked.OPENLY),
        ("What was good, and what could be better?", Asked.OPENLY),
        ("", Asked.OPENLY),
    ],
)
def test_what_a_question_is_after(question: str, asked: Asked) -> None:
    assert what_is_asked(question, "en") is asked
    assert what_is_asked(question, "de") is Asked.OPENLY


@pytest.mark.parametrize("language", ["de", "zh", None])
def test_a_language_without_a_model_has_no_sentiment(language: str | None) -> None:
    assert language not in LANGUAGES_WITH_SENTIMENT
    assert sentiment_of("Sehr gut", language) is None


def test_stronger_words_weigh_more_and_negation_turns_them() -> None:
    assert english("perfect").score > english("helpful").score > english("okay").score > 0
    assert english("very helpful").score > english("helpful").score > english("slightly helpful").score
    assert english("not helpful").score < 0


@given(st.text(), st.sampled_from(Asked))
def test_any_text_is_answered(text: str, asked: Asked) -> None:
    found = english(text, asked)
    assert math.isfinite(found.score)
    assert -1.0 <= found.score <= 1.0
    assert 0.0 <= found.confidence <= 1.0
    assert found.tone is not Tone.POSITIVE or found.score > 0
    assert found.tone is not Tone.NEGATIVE or found.score < 0
