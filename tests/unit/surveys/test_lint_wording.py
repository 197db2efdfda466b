"""Words of a question: what is found, where, and what is proposed instead."""

import pytest

from feedback_core.surveys.lint.types import OwnWord, WordList
from tests.unit.surveys.linting import Json, asked, chosen, findings, lint, only, own, rated, rules


def test_a_finding_says_where_in_the_text_it_is() -> None:
    found = only(lint(asked("What do you think of our fantastic menu?")), "loaded")

    assert (found.pointer, found.place, found.language) == ("/questions/0/text", "/questions/asked/text", "en")
    assert found.span is not None
    assert (found.span.start, found.span.end, found.span.text) == (25, 34, "fantastic")
    assert found.rewrites == ("What do you think of our menu?",)


def test_a_place_keeps_to_the_key_when_questions_move() -> None:
    question = asked("Have you seen our fantastic menu today?", "boolean", key="menu")

    first = only(lint(question), "loaded")
    third = only(lint(asked("Why?", key="a"), asked("Where?", key="b"), question), "loaded")

    assert (first.pointer, third.pointer) == ("/questions/0/text", "/questions/2/text")
    assert first.place == third.place == "/questions/menu/text"


@pytest.mark.parametrize(
    ("text", "rule", "better"),
    [
        ("How satisfied are you with the speed and accuracy of our service?", "double_barrelled", 2),
        ("How satisfied are you with the cleanliness of the rooms and the choice of food?", "double_barrelled", 2),
        ("Is the app fast and reliable?", "double_barrelled", 2),
        ("Did the technician arrive on time and solve your problem?", "double_barrelled", 0),
        ("Please rate our waiting times, opening hours and parking.", "double_barrelled", 0),
    ],
)
def test_two_questions_are_written_apart_where_it_is_plain_how(text: str, rule: str, better: int) -> None:
    assert len(only(lint(asked(text)), rule).rewrites) == better


def test_two_questions_written_apart_are_questions() -> None:
    found = only(lint(asked("How satisfied are you with the speed and accuracy of our service?")), "double_barrelled")

    assert found.rewrites == (
        "How satisfied are you with the speed of our service?",
        "How satisfied are you with the accuracy of our service?",
    )


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("Do you always read the terms?", "How often do you read the terms?"),
        ("Are you totally satisfied with your line?", "Are you satisfied with your line?"),
    ],
)
def test_a_word_without_exception_is_asked_as_how_often_or_left_out(text: str, better: str) -> None:
    assert only(lint(asked(text, "boolean")), "absolute").rewrites == (better,)


def test_a_sentence_that_leads_is_left_out() -> None:
    text = "Experts recommend a yearly service. Do you have one every year?"

    assert only(lint(asked(text, "boolean")), "leading").rewrites == ("Do you have one every year?",)


def test_a_time_is_put_before_a_question_without_one() -> None:
    found = only(lint(asked("How many times have you called us?", "number")), "recall_missing")

    assert found.rewrites == ("In the past four weeks, how many times have you called us?",)


@pytest.mark.parametrize(
    ("period", "rule"),
    [
        ("in the past 7 days", None),
        ("in the last twelve months", None),
        ("in the past year", None),
        ("in the past 13 months", "recall_too_long"),
        ("over the last two years", "recall_too_long"),
        ("in your life", "recall_too_long"),
        ("", "recall_missing"),
    ],
)
def test_a_year_is_the_longest_that_is_asked_for(period: str, rule: str | None) -> None:
    found = rules(lint(asked(f"How many times did you call us {period}?", "number")))

    assert found == ({rule} if rule else set())


def test_what_is_taken_for_granted_may_be_so_where_it_was_asked_before() -> None:
    before = asked("Did you have a problem today?", "boolean", key="had")
    condition = {"question": "had", "op": "equals", "value": True}
    question = asked("What problems did you have?", key="which")

    assert "assumptive" in rules(lint(before, question))
    assert "assumptive" not in rules(lint(before, {**question, "show_if": condition}))
    assert "assumptive" not in rules(lint(asked("What problems, if any, did you have?")))


def test_what_many_will_not_tell_may_be_asked_where_they_need_not() -> None:
    text = "What is your religion?"
    named = chosen("Christian", "Muslim", "Other", "Prefer not to say", text=text)

    assert "sensitive" in rules(lint(asked(text)))
    assert "sensitive" not in rules(lint(named))
    assert "sensitive" in rules(lint({**named, "required": True}))


def test_an_abbreviation_is_named_unless_it_is_explained_or_known_to_all() -> None:
    assert only(lint(asked("Was the SLA kept?", "boolean")), "jargon").said.startswith("SLA")
    assert "jargon" not in rules(lint(asked("Was the service level agreement (SLA) kept?", "boolean")))
    assert "jargon" not in rules(lint(asked("Did you see it on TV?", "boolean")))
    assert "jargon" not in rules(lint(asked("WHAT WENT ON?")))


def test_the_meaning_of_points_is_not_read_as_wording() -> None:
    text = "How was the food? (1 = terrible and cold, 5 = excellent and hot)"

    assert rules(lint(rated(text))) == set()


def test_own_words_are_found_and_allowed_ones_are_not() -> None:
    text = "Did the concierge give you the TAN for our fantastic desk?"

    assert {found.span.text for found in findings(lint(asked(text)), "jargon") if found.span} == {"TAN"}
    with_own = lint(asked(text), known=own(WordList.JARGON, OwnWord("concierge", "receptionist")))
    assert {found.span.text for found in findings(with_own, "jargon") if found.span} == {"concierge", "TAN"}
    assert "receptionist" in findings(with_own, "jargon")[0].rewrites[0]
    allowed = lint(asked(text), known=own(WordList.ALLOWED, "tan", "Fantastic Desk"))
    assert rules(allowed) == set()


def test_own_words_of_another_language_are_not_found() -> None:
    words = own(WordList.LOADED, OwnWord("gift", language="de"))

    assert "loaded" not in rules(lint(asked("Did you get the gift today?"), known=words))
    assert "loaded" in rules(lint(asked("Haben Sie das Gift heute bekommen?"), language="de", known=words))


def test_own_words_are_found_in_languages_without_lists() -> None:
    linted = lint(
        asked("Hur var vår fantastiska meny?"), language="sv", known=own(WordList.LOADED, OwnWord("fantastiska"))
    )

    assert only(linted, "loaded").language == "sv"
    (left,) = linted.not_applied
    assert left.language == "sv"
    assert {"leading", "double_barrelled", "missing_way_out"} <= {rule.value for rule in left.rules}


@pytest.mark.parametrize(
    ("question", "is_altered"),
    [
        (asked("How likely are you to recommend us?", "nps"), False),
        (asked("How likely is it that you would recommend us to a friend or colleague?", "nps"), False),
        (asked("How satisfied are you with us?", "nps"), True),
        (asked("How likely are you to recommend our fantastic shop?", "nps"), True),
        (asked("How likely are you to recommend us and come again?", "nps"), True),
        (rated("How likely are you to come again? (1 = not at all likely, 5 = extremely likely)"), False),
    ],
)
def test_the_question_of_nps_is_known_by_its_words(question: Json, *, is_altered: bool) -> None:
    assert ("nps_wording" in rules(lint(question))) == is_altered


def test_a_statement_is_asked_as_a_question() -> None:
    agree = ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree")

    found = only(lint(chosen(*agree, text="I am satisfied with the repair.")), "agree_disagree")
    degree = only(lint(chosen(*agree, text="The letter was clear.")), "agree_disagree")

    assert found.rewrites == ("How satisfied are you with the repair?",)
    assert degree.rewrites == ("How clear was the letter?",)
