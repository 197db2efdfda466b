"""Whatever comes, the lint answers, the same each time, and its work grows with what it reads alone."""

import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.surveys.lint.calc import lint_questionnaire
from feedback_core.surveys.lint.calc.texts import READ_AT_MOST
from feedback_core.surveys.lint.phrases import phrases, words_of
from feedback_core.surveys.types import Questionnaire, questionnaire_from_json
from tests.unit.surveys.linting import asked, lint, rules
from tests.unit.surveys.strategies import questionnaires

LANGUAGES = ("en", "es", "de", "fr", "sv", "zh")
PIECES = st.sampled_from([
    "don't", "not", "never", "and", "or", "how", "many", "always", "our", "great", "if", "would", "(1", "=", "x,",
    "5", "y)", "no", "que", "nicht", "pas", "18-25", "3.50", ",", ".", "?", "'", "(", "[", "a" * 40, "\u2019\u2019",
    "---", "1.2.3.4",
])  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=20), max_size=60).map(" ".join)


def work(questionnaire: Questionnaire) -> int:
    """Calls that it takes, of functions of ours and of Python's."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        lint_questionnaire(questionnaire)
    finally:
        sys.setprofile(None)
    return calls


def many(questions: int, text: str) -> Questionnaire:
    asked_many = [asked(text, key=f"q{number}") for number in range(questions)]
    return questionnaire_from_json({"title": "Many", "language": "en", "questions": asked_many})


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sampled_from(LANGUAGES))
def test_any_text_is_read_and_every_span_is_of_it(text: str, language: str) -> None:
    choices = [{"key": "a", "label": text}, {"key": "b", "label": "25-30"}, {"key": "c", "label": "30+"}]
    linted = lint(asked(text), asked(text, "single_choice", key="b", choices=choices), language=language)

    for finding in linted.findings:
        if finding.span is not None:
            assert finding.about[finding.span.start : finding.span.end] == finding.span.text != ""
    assert linted == lint(asked(text), asked(text, "single_choice", key="b", choices=choices), language=language)


@settings(max_examples=25, deadline=None)
@given(questionnaires())
def test_any_questionnaire_is_read(questionnaire: Questionnaire) -> None:
    linted = lint_questionnaire(questionnaire)

    assert len(linted.focus.questions) == len(questionnaire.questions)
    assert all(finding.said and finding.how for finding in linted.findings)


def test_work_grows_with_the_number_of_questions_alone() -> None:
    text = "How great and fast was our omnichannel service in the past five years, wasn't it?"
    lint(asked(text))  # What is read once, is read.

    assert work(many(120, text)) < 2.2 * work(many(60, text))


def test_work_grows_with_the_length_of_a_text_alone() -> None:
    sentence = "Would you not always say that, if any, our great and fast and cheap KPI is never not bad? "
    lint(asked(sentence))

    assert work(many(1, sentence * 20)) < 2.3 * work(many(1, sentence * 10))


def test_a_word_of_ten_thousand_letters_is_one_word() -> None:
    assert len(words_of("a" * 10_000, "en")) == 1
    assert len(words_of("don't-" * 2_000, "en")) == 1
    linted = lint(asked("How was the " + "a" * 10_000 + "?"))
    assert "other_language" not in rules(linted)


def test_of_a_very_long_text_the_beginning_is_read_and_its_length_named() -> None:
    linted = lint(asked("word " * (READ_AT_MOST // 5) + "fantastic"))

    assert rules(linted) >= {"long_text"}
    assert "loaded" not in rules(linted)


def test_a_long_chain_of_conditions_is_followed() -> None:
    chain = [asked("Why is that?", key="q0")]
    chain += [
        asked("Why is that?", key=f"q{number}", show_if={"question": f"q{number - 1}", "op": "answered"})
        for number in range(1, 500)
    ]
    ring = [{**chain[0], "show_if": {"question": "q499", "op": "answered"}}, *chain[1:]]

    assert "circular_branch" not in rules(lint(*chain))
    found = [one for one in lint(*ring).findings if one.rule.value == "circular_branch"]
    assert len(found) == 500


def test_phrases_are_found_as_they_are_written() -> None:
    listed = phrases("""
        very|quite good -> fine
        good
        ^ begin* here
        , too $
        one ... five
    """)

    def found(text: str) -> list[tuple[int, int, str]]:
        return [tuple(match) for match in listed.find(words_of(text, "en"))]  # type: ignore[misc]

    assert found("Very good, quite good. Good!") == [(0, 2, "fine"), (2, 4, "fine"), (4, 5, "")]
    assert found("Beginning here. We begin here") == [(0, 2, "")]
    assert found("me, too. Me, too late") == [(1, 2, "")]
    assert found("one two three four five") == [(0, 5, "")]
    assert found("one two three four six seven five") == []
