"""Languages, sentiment and themes against people who coded real comments: floors of accuracy, above simple rules."""

import pytest

from bench.text_accuracy import english_named, learnt_accuracy, suggestion_accuracy, tone_accuracy
from bench.text_data import BANKING, NHS, CodedComment, banking, by_respondent, nhs_comments
from bench.texts import CODING_SPLIT, TONE_SPLIT
from tests.support.real_data import data_file

INTENTS = 15


@pytest.fixture(scope="module")
def nhs() -> tuple[CodedComment, ...]:
    data_file(NHS)
    return nhs_comments()


def of_some_intents(part: str) -> list[CodedComment]:
    data_file(BANKING[part])
    comments = banking(part)
    some = set(sorted({theme for comment in comments for theme in comment.themes})[:INTENTS])
    return [comment for comment in comments if comment.themes <= some]


def test_english_comments_are_named_english_or_not_named(nhs: tuple[CodedComment, ...]) -> None:
    texts = [comment.text for comment in nhs]
    right, other = english_named(texts)
    assert right > 0.87
    assert other < 0.003
    right, other = english_named(texts, expected=("en", "es"))
    assert right > 0.98
    assert other < 0.003


def test_sentiment_agrees_with_the_coder(nhs: tuple[CodedComment, ...]) -> None:
    toned = by_respondent([one for one in nhs if one.sentiment is not None], seed=TONE_SPLIT, share=0.5)
    found = tone_accuracy(toned.held_out)
    assert found["words"].accuracy > 0.70
    assert found["words"].macro_f1 > 0.62
    assert found["words"].kappa > 0.49
    assert found["words_and_question"].accuracy > 0.77
    assert found["words_and_question"].macro_f1 > 0.64
    assert found["words_and_question"].kappa > 0.58
    assert found["words"].accuracy > found["majority"].accuracy > found["word_list"].accuracy
    assert found["words"].kappa > 2 * found["word_list"].kappa


def test_coding_learnt_from_some_respondents_holds_for_others(nhs: tuple[CodedComment, ...]) -> None:
    # Those with a theme of 300 comments or more, so that it takes seconds.
    common = {"Positive experience & gratitude", "Staff manner & personal attributes", "Timeliness of care"}
    coded = [one for one in nhs if one.coded and one.themes & common]
    split = by_respondent(coded, seed=CODING_SPLIT, share=0.7)
    found = learnt_accuracy(
        [_only(one, common) for one in split.learning], [_only(one, common) for one in split.held_out]
    )
    assert found.themes == len(common)
    assert found.micro_f1 > 0.85
    assert found.macro_f1 > 0.85
    assert found.macro_f1 > found.keyword_macro_f1 + 0.1
    assert found.micro_f1 > found.majority_micro_f1 + 0.2
    assert found.micro_f1 == pytest.approx(found.within.micro_f1, abs=0.04)
    assert found.within.calibration_error < 0.03


def test_coding_of_banking_intents_holds_for_the_published_test_part() -> None:
    found = learnt_accuracy(of_some_intents("train"), of_some_intents("test"))
    assert found.themes == INTENTS
    assert found.micro_f1 > 0.9
    assert found.first_right > 0.9
    assert found.micro_f1 > found.keyword_micro_f1 + 0.2


def test_suggested_themes_are_more_like_intents_than_plain_clusters() -> None:
    found = suggestion_accuracy(of_some_intents("test"), most=INTENTS)
    assert found.covered > 0.7
    assert found.ours.v_measure > found.k_means.v_measure + 0.05
    assert found.ours.adjusted_rand > found.k_means.adjusted_rand
    assert found.all_grouped.v_measure > found.k_means_of_all.v_measure + 0.05
    assert found.random.v_measure < 0.1


@pytest.mark.timeout(900)  # some 15 s of a processor, which may be a busy one
def test_suggested_themes_of_nhs_are_more_like_human_themes_than_plain_clusters(nhs: tuple[CodedComment, ...]) -> None:
    found = suggestion_accuracy(nhs, most=12)
    assert found.suggested >= 6
    assert found.covered > 0.4
    assert found.ours.v_measure > found.k_means.v_measure
    assert found.ours.adjusted_rand > found.k_means.adjusted_rand + 0.05


def _only(comment: CodedComment, themes: set[str]) -> CodedComment:
    kept = comment.themes & themes
    return CodedComment(comment.respondent, comment.question, comment.text, comment.sentiment, kept, coded=True)
