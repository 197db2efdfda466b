"""Answers: scales and what their ends mean, ranges, ways out, long lists."""

import pytest

from feedback_core.surveys.lint.calc.scales import ends_of
from feedback_core.surveys.lint.calc.texts import said
from feedback_core.surveys.types import Scale
from tests.unit.surveys.linting import Json, asked, chosen, findings, lint, only, rated, rules


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("How was it? (1 = very poor, 5 = very good)", "very poor", "very good"),
        ("Rate it from 1 (very poor) to 5 (very good)", "very poor", "very good"),
        ("Rate it: 1: poor; 5: good", "poor", "good"),
        ("1 means poor and 5 means good", "poor", "good"),
        ("Very poor (1) or very good (5)?", "poor", "good"),
        ("On a scale of 1 to 5, how was it?", "", "how was it"),
        ("How was it?", "", ""),
    ],
)
def test_what_a_text_says_of_the_ends_of_a_scale(text: str, low: str, high: str) -> None:
    assert ends_of(said("/text", "/text", "en", text), Scale(1, 5)) == (low, high)


def test_a_scale_without_words_gets_some() -> None:
    assert only(lint(rated("How clear was it?")), "unlabelled_scale").rewrites == (
        "How clear was it? (1 = not at all clear, 5 = extremely clear)",
    )
    ease = lint(asked("How easy was it?", "ces"))
    assert only(ease, "unlabelled_scale").rewrites == ("How easy was it? (1 = very difficult, 7 = very easy)",)
    assert "unlabelled_scale" not in rules(lint(rated("How clear was it? (1 = not clear, 5 = very clear)")))


@pytest.mark.parametrize(
    ("labels", "is_balanced"),
    [
        (("Very good", "Good", "Bad", "Very bad"), True),
        (("Very good", "Good", "Neither", "Bad", "Very bad", "Don't know"), True),
        (("Excellent", "Good", "Fair", "Poor"), False),
        (("Not at all clear", "Slightly clear", "Moderately clear", "Very clear"), True),
        (("Too long", "About right", "Too short"), True),
        (("Every day", "Every week", "Never"), True),
        (("Red", "Green", "Blue"), True),
        (("Sehr gut", "Gut", "Schlecht"), True),
    ],
)
def test_a_scale_has_as_many_answers_on_either_side(labels: tuple[str, ...], *, is_balanced: bool) -> None:
    assert ("unbalanced_scale" not in rules(lint(chosen(*labels)))) == is_balanced


def test_the_other_languages_have_scales_too() -> None:
    german = lint(chosen("Ausgezeichnet", "Sehr gut", "Gut", "Schlecht"), language="de")
    spanish = lint(chosen("Excelente", "Muy bueno", "Bueno", "Malo"), language="es")
    french = lint(chosen("Excellent", "Très bien", "Bien", "Mauvais"), language="fr")

    assert all("unbalanced_scale" in rules(linted) for linted in (german, spanish, french))


@pytest.mark.parametrize(
    ("labels", "rule", "at"),
    [
        (("18-25", "25-35", "36 or more"), "overlapping_options", 1),
        (("Under 20", "20 to 29", "30 or over"), None, None),
        (("Under 18", "20-29", "30+"), "gapped_options", 1),
        (("Once", "Twice", "More than five times"), "gapped_options", 2),
        (("0", "1 to 2", "3 or more"), None, None),
        (("£0.00 to £9.99", "£10 to £19.99", "£20 or more"), None, None),
        (("1,000 to 1,999", "2,000 to 2,999", "3,000 or more"), None, None),
        (("Less than 1 year", "1 year to less than 3 years", "3 years or more"), None, None),
        (("Up to 5 km", "5 to 10 km", "Over 10 km"), "overlapping_options", 1),
        (("1-2", "3-4", "5-6"), "gapped_options", 2),
        (("1-2", "3-4", "5-6", "None of these"), None, None),
        (("Less than a week", "1 to 4 weeks", "2 to 12 months"), None, None),
        (("Menos de 20", "20 a 30", "30 a 40", "Más de 40"), "overlapping_options", 2),
        (("Office 365", "Windows 11", "Other"), None, None),
    ],
)
def test_ranges_follow_each_other(labels: tuple[str, ...], rule: str | None, at: int | None) -> None:
    language = "es" if "Menos" in labels[0] else "en"
    linted = lint(chosen(*labels), language=language)
    found = [*findings(linted, "overlapping_options"), *findings(linted, "gapped_options")]

    assert [(one.rule.value, one.pointer) for one in found] == (
        [(rule, f"/questions/0/choices/{at}/label")] if rule else []
    )


def test_an_answer_that_overlaps_is_written_anew() -> None:
    assert only(lint(chosen("18-25", "25-35", "36+")), "overlapping_options").rewrites == ("26-35",)


@pytest.mark.parametrize(
    ("question", "is_missing"),
    [
        (chosen("Phone", "E-mail"), True),
        (chosen("Phone", "E-mail", "Other"), False),
        (chosen("Yes", "No"), False),
        (chosen("Phone", "E-mail", kind="multiple_choice"), True),
        (chosen("Phone", "E-mail", "None of these", kind="multiple_choice"), False),
        (chosen("I agree to be called", kind="multiple_choice"), False),
        (chosen("Very good", "Good", "Bad", "Very bad"), False),
        (chosen("I love it", "It is great", "It is good"), True),
        (chosen("Under 20", "20 to 40", "Over 40", text="What is your income?"), True),
    ],
)
def test_everybody_finds_an_answer(question: Json, *, is_missing: bool) -> None:
    assert ("missing_way_out" in rules(lint(question))) == is_missing


def test_an_exclusive_choice_is_a_way_out() -> None:
    question = chosen("Phone", "E-mail", "Nothing here", kind="multiple_choice")
    question["choices"][-1]["label"] = "I got in touch with nobody"
    question["choices"][-1]["exclusive"] = True

    assert "missing_way_out" not in rules(lint(question))


def test_long_lists_and_matrices_are_named() -> None:
    towns = [f"Town {chr(65 + number)}" for number in range(11)]
    rows = [{"key": f"r{number}", "label": f"Part {chr(65 + number)}"} for number in range(11)]
    matrix = asked("How is it? (1 = bad, 5 = good)", "matrix", scale={"min": 1, "max": 5}, rows=rows)

    assert "long_list" in rules(lint(chosen(*towns, "Other")))
    assert "long_list" not in rules(lint(chosen(*towns[:8], "Other")))
    assert "long_list" not in rules(lint(chosen(*[f"{ten}-{ten + 9}" for ten in range(0, 120, 10)], "120 or more")))
    assert only(lint(matrix), "long_matrix").pointer == "/questions/0/rows"
    assert "long_matrix" not in rules(lint({**matrix, "rows": rows[:10]}))
