"""Which responses are cases, by what they say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.cases.calc import Heard, Spoken, matches
from feedback_core.cases.rules import faults_of
from feedback_core.cases.types import CaseRule, Match, Says, ScoreAtMost, TriggerKind
from feedback_core.surveys.types import Choice, Confidentiality, Question, Questionnaire, QuestionType, Row, Scale

ASKED = Questionnaire(
    title="Visit",
    language="en",
    questions=(
        Question("nps", QuestionType.NPS, "Recommend?"),
        Question("staff", QuestionType.MATRIX, "Staff?", scale=Scale(1, 5), rows=(Row("desk", "Desk"),)),
        Question("call_me", QuestionType.BOOLEAN, "Call you?"),
        Question("may", QuestionType.SINGLE_CHOICE, "May we?", choices=(Choice("yes", "Yes"), Choice("no", "No"))),
        Question("why", QuestionType.TEXT, "Why?"),
    ),
)
CONSENT = Says("may", ("yes",))


def rule(**given: Any) -> CaseRule:
    fields: dict[str, Any] = {
        "enabled": True,
        "scores": (ScoreAtMost("nps", 6),),
        "themes": (),
        "contact": (),
        "consent": None,
        "owner": None,
        "due_hours": 48,
        "escalation": None,
    }
    return CaseRule(**{**fields, **given})


def heard(answers: dict[str, Any], **given: Any) -> Heard:
    fields: dict[str, Any] = {"confidentiality": Confidentiality.IDENTIFIED, "reachable": True}
    return Heard(answers, **{**fields, **given})


@pytest.mark.parametrize(("score", "is_case"), [(0, True), (6, True), (7, False), (None, False), (True, False)])
def test_a_score_at_or_below_the_value_is_a_case(score: object, is_case: bool) -> None:
    assert bool(matches(rule(), heard({} if score is None else {"nps": score}))) is is_case


def test_every_reason_is_named_once_and_never_its_answer() -> None:
    held = rule(
        scores=(ScoreAtMost("nps", 6), ScoreAtMost("staff", 2, "desk")),
        themes=("waiting",),
        contact=(Says("call_me"), CONSENT),
    )
    said = {"nps": 3, "staff": {"desk": 1}, "call_me": True, "may": "yes"}
    spoken = (Spoken("why", "waiting"), Spoken("why", "price"), Spoken("why", "waiting"))
    assert matches(held, heard(said, spoken=spoken)) == (
        Match(TriggerKind.SCORE, "nps"),
        Match(TriggerKind.SCORE, "staff"),
        Match(TriggerKind.THEME, "why", "waiting"),
        Match(TriggerKind.CONTACT, "call_me"),
        Match(TriggerKind.CONTACT, "may"),
    )


@pytest.mark.parametrize("said", [{}, {"may": "no"}, {"may": ["no"]}, {"may": None}])
def test_without_consent_nobody_is_followed_up(said: dict[str, Any]) -> None:
    assert matches(rule(consent=CONSENT), heard({"nps": 0, **said})) == ()


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "nps": st.integers(0, 10),
        "call_me": st.booleans(),
        "may": st.sampled_from(["yes", "no"]),
        "staff": st.fixed_dictionaries({"desk": st.integers(1, 5)}),
    },
)


@given(ANSWERS, st.sampled_from(Confidentiality), st.booleans(), st.booleans())
def test_nobody_is_followed_up_against_their_choice(
    answers: dict[str, Any], confidentiality: Confidentiality, reachable: bool, asks_consent: bool
) -> None:
    held = rule(contact=(Says("call_me"),), themes=("waiting",), consent=CONSENT if asks_consent else None)
    found = matches(
        held,
        heard(answers, confidentiality=confidentiality, reachable=reachable, spoken=(Spoken("why", "waiting"),)),
    )
    if confidentiality is Confidentiality.ANONYMOUS or not reachable:
        assert found == ()
    if asks_consent and answers.get("may") != "yes":
        assert found == ()


def test_a_rule_that_fits_the_survey_has_no_fault() -> None:
    held = rule(
        scores=(ScoreAtMost("nps", 6), ScoreAtMost("staff", 2, "desk")),
        themes=("waiting",),
        contact=(Says("call_me"),),
        consent=CONSENT,
    )
    assert faults_of(held, ASKED, {"waiting"}) == []


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"scores": ()}, "", "rule_without_trigger"),
        ({"scores": (ScoreAtMost("gone", 1),)}, "/scores/0/question", "unknown_question"),
        ({"scores": (ScoreAtMost("why", 1),)}, "/scores/0/question", "question_without_scale"),
        ({"scores": (ScoreAtMost("staff", 1),)}, "/scores/0/row", "unknown_row"),
        ({"scores": (ScoreAtMost("nps", 1, "desk"),)}, "/scores/0/row", "unknown_row"),
        ({"scores": (ScoreAtMost("nps", 10),)}, "/scores/0/at_or_below", "off_scale"),
        ({"themes": ("price",)}, "/themes/0", "unknown_theme"),
        ({"contact": (Says("why"),)}, "/contact/0/question", "question_not_chosen"),
        ({"contact": (Says("may"),)}, "/contact/0/choices", "choices_missing"),
        ({"contact": (Says("call_me", ("yes",)),)}, "/contact/0/choices", "choices_missing"),
        ({"consent": Says("may", ("maybe",))}, "/consent/choices/0", "unknown_choice"),
        ({"consent": Says("gone")}, "/consent/question", "unknown_question"),
    ],
)
def test_what_does_not_fit_is_named(given: dict[str, Any], pointer: str, code: str) -> None:
    assert [(fault.pointer, fault.code) for fault in faults_of(rule(**given), ASKED, {"waiting"})] == [(pointer, code)]
