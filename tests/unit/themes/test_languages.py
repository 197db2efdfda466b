"""The language of a comment: sentences of many languages, and texts that tell none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.text_data import sentences
from feedback_core.themes.calc import detect_language

WRITTEN = sentences()


def test_languages_of_sentences_are_named_rightly_or_not_at_all() -> None:
    named = [(language, detect_language(text).language) for language, text in WRITTEN]
    right = sum(language == guess for language, guess in named)
    wrong = sum(guess not in {language, None} for language, guess in named)
    assert len({language for language, _ in WRITTEN}) >= 30
    assert right >= 0.94 * len(WRITTEN)
    assert wrong <= 0.035 * len(WRITTEN)


def test_an_expected_language_decides_where_the_text_does_not() -> None:
    named = [(language, detect_language(text, expected=(language, "en")).language) for language, text in WRITTEN]
    assert sum(language == guess for language, guess in named) >= 0.975 * len(WRITTEN)


@pytest.mark.parametrize("text", ["", "   ", "👍👍", "12345", "?!", "\x00\x01", "\ud800", "https://example.org/a"])
def test_a_text_without_letters_has_no_language(text: str) -> None:
    assert detect_language(text) == detect_language("")
    assert detect_language(text, expected=("en",)).language is None


@pytest.mark.parametrize("text", ["ok", "asdfgh jkl", "hjkhkjh kjhkjh kjhkj hkjh", "x"])
def test_what_is_too_short_or_unclear_is_not_guessed(text: str) -> None:
    assert detect_language(text).language is None


def test_one_word_is_told_by_what_is_expected() -> None:
    assert detect_language("good").language is None
    assert detect_language("good", expected=("en", "es")).language == "en"


def test_a_clear_language_is_named_though_another_is_expected() -> None:
    text = "Die Schwester hat mir alles in Ruhe erklärt, und ich fühlte mich sicher."
    assert detect_language(text, expected=("en", "es")).language == "de"


def test_near_languages_are_told_by_what_is_expected() -> None:
    text = "Ingenting å forbedre"
    assert detect_language(text, expected=("no",)).language == "no"


@pytest.mark.parametrize("address", ["a.b@example.org", "https://example.org/der/die/das", "www.example.org/und?oder"])
@pytest.mark.parametrize("text", ["The nurse was kind and explained {} all of it to me", "请看 {} 医院的护士很友好"])
def test_addresses_tell_no_language(text: str, address: str) -> None:
    assert detect_language(text.format(address)) == detect_language(text.format(""))


@given(st.text(), st.lists(st.sampled_from(["en", "es", "zh", "ar", "xx"]), max_size=3))
def test_any_text_is_answered(text: str, expected: list[str]) -> None:
    guess = detect_language(text, expected=expected)
    assert 0.0 <= guess.confidence <= 1.0
    assert guess.language is None or (len(guess.language) == 2 and guess.confidence > 0.0)
    assert guess == detect_language(text, expected=list(reversed(expected)))
