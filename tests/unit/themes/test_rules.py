"""Rules of words: inflections, phrases, beginnings, languages, and what keeps a rule from ever holding."""

import pytest

from feedback_core.themes.codebooks.faults import faults_of
from feedback_core.themes.codebooks.matching import RuleCoder, words_in
from feedback_core.themes.codebooks.types import Codebook, Rule, Theme


def holds(text: str, rule: Rule, language: str | None = "en", *, asked_in: str = "en") -> bool:
    coder = RuleCoder(Codebook((Theme("it", "It", rules=(rule,)),)), default_language=asked_in)
    return coder.themes(text, language) == ("it",)


@pytest.mark.parametrize(
    ("text", "term", "language"),
    [
        ("We waited for hours.", "wait", "en"),
        ("WAITING!", "wait", "en"),
        ("Two nurses helped.", "nurse", "en"),
        ("Wir haben zwei Stunden gewartet, die Wartezeiten waren lang.", "Wartezeit", "de"),
        ("Die Schwestern waren nett.", "Schwester", "de"),
        ("Nous avons attendu des heures.", "heure", "fr"),
        ("Las enfermeras fueron amables.", "enfermera", "es"),
        ("De wachttijden zijn lang.", "wachttijd", "nl"),
        ("I medici erano gentili.", "medico", "it"),
        ("Os enfermeiros foram simpáticos.", "enfermeiro", "pt"),
        ("Медсёстры были очень добрые, очереди длинные.", "очередь", "ru"),
        ("待ち時間が長い。", "待ち時間", "ja"),
        ("等待时间太长了。", "等待时间", "zh"),
        ("เวลารอนานมาก", "นาน", "th"),
    ],
)
def test_a_word_stands_for_its_inflections_in_its_language(text: str, term: str, language: str) -> None:
    assert holds(text, Rule(any=(term,)), language)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("The waiter was rude.", "wait"),
        ("An unkind word.", "kind"),
        ("A long, hard time.", "long time"),
        ("My car.", "care"),
    ],
)
def test_a_part_of_a_word_is_not_the_word(text: str, term: str) -> None:
    assert not holds(text, Rule(any=(term,)))


def test_a_beginning_finds_every_ending_and_only_at_the_beginning() -> None:
    assert holds("Receptionists everywhere", Rule(any=("reception*",)))
    assert not holds("The misreception", Rule(any=("reception*",)))


def test_a_star_in_a_comment_is_no_wildcard() -> None:
    assert not holds("*** wai* ***", Rule(any=("wait",)))


def test_a_phrase_is_of_neighbouring_words_whatever_stands_between_them() -> None:
    rule = Rule(any=("waiting room",))
    assert holds("The waiting-room: cold.", rule)
    assert holds("waiting   rooms", rule)
    assert not holds("Waiting in a room", rule)


def test_any_all_and_none_hold_together() -> None:
    rule = Rule(any=("nurse", "doctor"), all=("rude",), none=("not rude",))
    assert holds("A rude nurse", rule)
    assert not holds("A rude porter", rule)
    assert not holds("The nurse was not rude", rule)
    assert not holds("A kind nurse", rule)


def test_exact_words_are_not_inflected() -> None:
    assert holds("We wait", Rule(any=("wait",), exact=True))
    assert not holds("We waited", Rule(any=("wait",), exact=True))


def test_a_rule_for_one_language_does_not_speak_of_others() -> None:
    rule = Rule(any=("die",), language="de")
    assert holds("Die Schwester", rule, "de")
    assert not holds("I nearly die of waiting", rule, "en")
    assert holds("Die Schwester", rule, None, asked_in="de")
    assert not holds("Die Schwester", rule, None, asked_in="en")


def test_a_mistaken_language_costs_no_inflection_of_the_surveys_own() -> None:
    assert holds("We waited.", Rule(any=("wait",)), "nl")


def test_a_theme_is_given_once_and_themes_come_in_the_order_of_the_codebook() -> None:
    codebook = Codebook(
        (
            Theme("staff", "Staff", rules=(Rule(any=("nurse",)), Rule(any=("kind",)))),
            Theme("waiting", "Waiting", rules=(Rule(any=("wait",)),)),
        )
    )
    coder = RuleCoder(codebook, default_language="en")
    said = "We waited, but the nurse was kind"

    assert coder.themes(said, "en") == ("staff", "waiting")
    assert [(match.theme, match.rule) for match in coder.matches(said, "en")] == [
        ("staff", 0),
        ("staff", 1),
        ("waiting", 0),
    ]


def test_marks_and_apostrophes_belong_to_words() -> None:
    assert words_in("Don't - l\u2019hôtel, स्थिति 24/7") == ("don't", "l'hôtel", "स्थिति", "24", "7")


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (Rule(all=("waiting room",), none=("waiting",)), "rule_never_holds"),
        (Rule(any=("wait", "waits"), none=("waited",), language="en"), "rule_never_holds"),
        (Rule(any=("a",), none=("a",)), "rule_never_holds"),
        (Rule(none=("a",)), "empty_rule"),
    ],
)
def test_a_rule_that_can_never_hold_is_found(rule: Rule, code: str) -> None:
    assert [fault.code for fault in faults_of(Codebook((Theme("x", "X", rules=(rule,)),)), ())] == [code]


@pytest.mark.parametrize(
    "rule",
    [
        Rule(any=("wait", "queue"), none=("waiting",), language="en"),
        Rule(all=("waiting",), none=("waiting room",)),
        Rule(any=("等待时间太长了",)),
    ],
)
def test_a_rule_that_can_hold_has_no_fault(rule: Rule) -> None:
    assert faults_of(Codebook((Theme("x", "X", rules=(rule,)),)), ()) == []


def test_a_comment_of_the_greatest_length_is_coded_in_no_time() -> None:
    rules = tuple(Rule(any=(f"word{number} thing",), none=(f"other{number}*",)) for number in range(20))
    coder = RuleCoder(
        Codebook(tuple(Theme(f"t{number}", str(number), rules=rules) for number in range(20))), default_language="en"
    )

    assert coder.themes("a" * 30_000, "en") == ()
    assert coder.themes("word1 " * 5_000, "en") == ()
