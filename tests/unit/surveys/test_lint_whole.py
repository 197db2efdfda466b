"""The questionnaire as a whole: order, length, branching, languages, and what its questions serve."""

import pytest

from feedback_core.surveys.lint.calc.reading import syllables
from feedback_core.surveys.lint.rules import RULES
from feedback_core.surveys.lint.types import Aim, Known, RuleId
from tests.unit.surveys.linting import Json, asked, chosen, findings, lint, only, rated, rules

GOOD = "(1 = very poor, 5 = very good)"
SPEED = rated(f"How was the speed? {GOOD}", key="speed")
FOOD = rated(f"How was the food? {GOOD}", key="food")
NPS = asked("How likely are you to recommend us?", "nps", key="nps")


def test_every_rule_has_a_reason_and_a_source() -> None:
    assert set(RULES) == set(RuleId)
    assert all((rule.why and "(" in rule.source) or ":" in rule.source for rule in RULES.values())


def test_an_empty_survey_has_nothing_to_find() -> None:
    linted = lint()

    assert linted.findings == ()
    assert linted.burden.questions == 0
    assert linted.burden.seconds == linted.burden.reading_seconds < 1  # Its title is read.


def test_the_whole_is_asked_before_its_parts() -> None:
    assert only(lint(SPEED, FOOD, NPS), "overall_after_specifics").place == "/questions/nps/text"
    assert "overall_after_specifics" not in rules(lint(NPS, SPEED, FOOD))
    overall = asked("Overall, how satisfied are you?", "csat", key="all")
    assert "overall_after_specifics" in rules(lint(SPEED, FOOD, overall))


def test_what_is_sensitive_comes_late() -> None:
    income = asked("What is your income?", "number", key="income")

    assert "sensitive_first" in rules(lint(income, SPEED, FOOD))
    assert "sensitive_first" not in rules(lint(SPEED, FOOD, income))


def test_scales_keep_their_direction() -> None:
    turned = rated("How was the room? (1 = very good, 5 = very poor)", key="room")

    assert only(lint(SPEED, FOOD, turned), "scale_direction").place == "/questions/room/text"
    assert "scale_direction" not in rules(lint(SPEED, FOOD))
    good_first = chosen("Very good", "Good", "Bad", "Very bad", key="a")
    bad_first = chosen("Very bad", "Bad", "Good", "Very good", key="b")
    assert only(lint({**good_first}, {**bad_first}), "scale_direction").place == "/questions/b/text"


def test_much_that_is_required_is_named() -> None:
    several = [asked(f"What is number {key}?", key=key, required=True) for key in "abcd"]

    assert only(lint(*several), "mostly_required").pointer == ""
    assert "mostly_required" not in rules(lint(*several[:3]))


def test_what_takes_too_long_is_named_with_its_time() -> None:
    many = [asked("What did you see there?", key=f"q{number}") for number in range(20)]
    linted = lint(*many)

    assert 600 < linted.burden.seconds < 800
    assert "12 minutes" in only(linted, "too_long").said
    assert "too_long" not in rules(lint(*many[:10]))


def test_conditional_questions_are_not_in_the_shortest_way() -> None:
    condition = {"question": "nps", "op": "at_most", "value": 6}
    linted = lint(NPS, asked("What went on there?", key="why", show_if=condition))

    assert linted.burden.shortest_seconds < linted.burden.seconds


@pytest.mark.parametrize(
    ("questions", "rule", "at"),
    [
        ([asked("A?", key="a", show_if={"question": "b", "op": "answered"}),
          asked("B?", key="b", show_if={"question": "a", "op": "answered"})], "circular_branch", {0, 1}),
        ([asked("A?", key="a", show_if={"question": "a", "op": "answered"})], "circular_branch", {0}),
        ([asked("A?", key="a", show_if={"question": "b", "op": "answered"}), asked("B?", key="b")], "never_shown", {0}),
        ([asked("A?", key="a", show_if={"question": "z", "op": "answered"})], "never_shown", {0}),
        ([asked("A?", key="a", show_if={"question": "z", "op": "answered"}),
          asked("B?", key="b", show_if={"question": "a", "op": "answered"})], "never_shown", {0, 1}),
        ([{**NPS, "required": True},
          asked("A?", key="a", show_if={"question": "nps", "op": "at_least", "value": 0})], "always_shown", {1}),
        ([NPS, asked("A?", key="a", show_if={"all": [{"question": "nps", "op": "equals", "value": 1},
                                                     {"question": "nps", "op": "equals", "value": 2}]})],
         "never_shown", {1}),
        ([NPS, asked("A?", key="a", show_if={"any": [{"question": "nps", "op": "equals", "value": 1},
                                                     {"question": "nps", "op": "equals", "value": 2}]})], "", set()),
        ([NPS, asked("A?", key="a", show_if={"not": {"question": "z", "op": "answered"}})], "", set()),
    ],
)  # fmt: skip
def test_branching_that_cannot_work(questions: list[Json], rule: str, at: set[int]) -> None:
    linted = lint(*questions)
    named = {"circular_branch", "never_shown", "always_shown"}
    found = {(one.rule.value, one.pointer) for one in linted.findings if one.rule.value in named}

    assert found == {(rule, f"/questions/{index}/show_if") for index in at}


def test_languages_are_compared() -> None:
    linted = lint(
        asked({"en": "How often in the past 4 weeks?", "de": "Wie oft in den letzten 6 Wochen?"}, key="a"),
        asked("How was the light in there?", key="b"),
    )

    differs = only(linted, "translation_differs")
    assert (differs.place, differs.language) == ("/questions/a/text/de", "de")
    missing = {finding.place for finding in findings(linted, "missing_translation")}
    assert missing == {"/questions/b/de", "/title/de"}


@pytest.mark.parametrize(
    ("language", "text", "seems"),
    [
        ("en", "Wie zufrieden sind Sie mit der Sauberkeit und was hat Ihnen gefallen?", "de"),
        ("de", "How satisfied are you with the cleanliness of the shop?", "en"),
        ("en", "Насколько вы довольны нашим обслуживанием?", "Cyrillic"),
        ("en", "How satisfied are you with the cleanliness of the shop?", None),
        ("sv", "Hur nöjd är du med städningen i vår butik?", None),
        ("en", "Tagliatelle Quattro Stagioni?", None),
    ],
)
def test_a_text_is_in_the_language_that_it_says(language: str, text: str, seems: str | None) -> None:
    found = findings(lint(asked(text), language=language), "other_language")

    assert [seems in one.said for one in found if seems] == ([True] if seems else [])
    assert len(found) == (1 if seems else 0)


def test_a_question_serves_its_feature_or_a_standard() -> None:
    known = Known(
        features={"food": "Food", "parking": "Parking", "waiting_time": "Wait"},
        asked_elsewhere=frozenset({"parking"}),
        aims=(
            Aim("quick", questions=("speed",)),
            Aim("loved", types=frozenset({"nps"})),
            Aim("clean", questions=("rooms",)),
        ),
    )
    linted = lint(SPEED, {**FOOD, "feature": "food"}, NPS, asked("What else?", key="else"), known=known)

    assert dict(linted.focus.questions) == {
        "speed": ("standard:quick",),
        "food": ("feature:food",),
        "nps": ("standard:loved",),
        "else": (),
    }
    assert linted.focus.unserving == ("else",)
    assert linted.focus.features_without_question == ("waiting_time",)
    assert linted.focus.standards_without_question == ("clean",)
    assert only(linted, "serves_nothing").pointer == "/questions/3"
    assert only(linted, "standard_not_asked").place == "/standards/clean"


def test_a_feature_that_is_not_in_the_catalogue_is_named_with_one_like_it() -> None:
    known = Known(features={"waiting_time": "Wait"})

    assert only(lint({**SPEED, "feature": "wating_time"}, known=known), "new_feature").rewrites == ("waiting_time",)
    assert only(lint({**SPEED, "feature": "music"}, known=known), "new_feature").rewrites == ()
    assert not findings(lint({**SPEED, "feature": "waiting_time"}, known=known), "new_feature")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", {"cat": 1, "table": 2, "satisfied": 3, "experience": 4, "service": 2, "named": 1, "wanted": 2}),
        ("es", {"sol": 1, "casa": 2, "servicio": 3, "país": 2, "cuidado": 3, "atención": 3, "leer": 2}),
        ("de", {"haus": 1, "freunde": 2, "zufrieden": 3, "dienstleistung": 3, "liebe": 2}),
        ("fr", {"chat": 1, "table": 1, "service": 2, "satisfait": 3, "beaucoup": 2, "eau": 1}),
    ],
)  # fmt: skip
def test_syllables_are_counted_by_the_rules_of_the_language(language: str, words: dict[str, int]) -> None:
    assert {word: syllables(word, language) for word in words} == words


def test_readability_is_told_by_the_formula_of_the_language_or_by_length() -> None:
    plain = [asked("How was the food that you had in our shop on that day?", key=f"q{number}") for number in range(4)]
    (english,) = lint(*plain).readability
    (swedish,) = lint(*plain, language="sv").readability
    (chinese,) = lint(*plain, language="zh").readability

    assert english.formula is not None
    assert "Flesch-Kincaid" in english.formula
    assert not english.hard
    assert swedish.formula is not None
    assert "LIX" in swedish.formula
    assert chinese.formula is None


def test_long_words_make_a_survey_hard_to_read() -> None:
    text = "Subsequent administrative considerations necessitated organisational reconfiguration of telecommunications?"
    linted = lint(*[asked(text, key=f"q{number}") for number in range(4)])

    assert only(linted, "reading_level").pointer == ""
    assert len(findings(linted, "hard_to_read")) == 4
