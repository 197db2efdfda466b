"""In which language a page is shown, and that the page can say everything in each of its own."""

import dataclasses
import re

import pytest

from feedback_core.collectors.languages import Spoken, chosen_language, direction, languages_of, spoken
from feedback_core.collectors.page.words import WORDS, words_in
from feedback_core.collectors.page.words.english import ENGLISH
from feedback_core.collectors.page.words.form import Words
from feedback_core.surveys.types import Questionnaire

ASKED = Questionnaire({"en": "Visit", "de-AT": "Besuch", "ar": "زيارة"}, "en", ())


def test_the_survey_says_in_which_languages_it_is_written() -> None:
    assert languages_of(ASKED) == ("en", "de-AT", "ar")


@pytest.mark.parametrize(
    ("wishes", "accepted", "language"),
    [
        ([], None, "en"),
        (["ar"], "de", "ar"),
        ([None, "xx"], "de", "de-AT"),
        ([], "de-AT", "de-AT"),
        ([], "fr, ar;q=0.5, en;q=0.4", "ar"),
        ([], "ar;q=0, en", "en"),
        ([], "de;q=x, ar;q=0.1", "ar"),
        ([], "*", "en"),
        ([], ";;;q=,,\0", "en"),
        ([], "ar-EG", "ar"),
    ],
)
def test_a_language_is_chosen_by_who_reads(wishes: list[str | None], accepted: str | None, language: str) -> None:
    assert chosen_language(ASKED, wishes, accepted) == language


@pytest.mark.parametrize(
    ("tag", "runs"),
    [
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("fa", "rtl"),
        ("ur", "rtl"),
        ("en", "ltr"),
        ("az-Arab", "rtl"),
        ("ar-Latn", "ltr"),
    ],
)
def test_writing_runs_as_its_script_does(tag: str, runs: str) -> None:
    assert direction(tag) == runs


def test_words_say_in_which_language_they_are() -> None:
    assert spoken("Why?", "ar", own="en") == Spoken("Why?", "en")
    assert spoken({"en": "Why?", "ar": " "}, "ar", own="en") == Spoken("Why?", "en")
    assert spoken({"en": "Why?", "de": "Warum?"}, "de-AT", own="en") == Spoken("Warum?", "de")
    assert spoken({"fr": "Pourquoi ?"}, "de", own="en") == Spoken("Pourquoi ?", "fr")


@pytest.mark.parametrize("tag", list(WORDS))
def test_every_language_says_everything_with_the_names_that_belong_into_it(tag: str) -> None:
    for each in dataclasses.fields(Words):
        said, own = getattr(WORDS[tag], each.name), getattr(ENGLISH, each.name)
        assert said.strip()
        assert set(re.findall(r"\{\w*\}", said)) == set(re.findall(r"\{\w*\}", own)), each.name
        assert tag == "en" or said != own or said in {"Error", "No"}, each.name


def test_a_language_that_the_page_does_not_speak_is_answered_in_english() -> None:
    assert words_in("cy") == (ENGLISH, "en")
    assert words_in("de-CH")[1] == "de"
