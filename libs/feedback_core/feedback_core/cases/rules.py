"""What must hold of a rule against the survey that it is for."""

from collections.abc import Collection, Iterator

from feedback_core.cases.types import CaseRule, Says, ScoreAtMost
from feedback_core.kit.errors import Fault
from feedback_core.surveys.types import Questionnaire, QuestionType

_CHOSEN = (QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE)


def faults_of(rule: CaseRule, questionnaire: Questionnaire, themes: Collection[str]) -> list[Fault]:
    """Everything that is wrong with a rule; ``themes``: keys of those of the survey's codebook."""
    faults: list[Fault] = []
    if not (rule.scores or rule.themes or rule.contact):
        faults.append(Fault("", "rule_without_trigger", "Give a score, a theme or a contact question."))
    for place, low in enumerate(rule.scores):
        faults += _score_faults(f"/scores/{place}", low, questionnaire)
    for place, theme in enumerate(rule.themes):
        if theme not in themes:
            detail = f"The codebook of the survey has no theme {theme}."
            faults.append(Fault(f"/themes/{place}", "unknown_theme", detail))
    for place, asked in enumerate(rule.contact):
        faults += _answer_faults(f"/contact/{place}", asked, questionnaire)
    if rule.consent is not None:
        faults += _answer_faults("/consent", rule.consent, questionnaire)
    return faults


def _score_faults(pointer: str, low: ScoreAtMost, questionnaire: Questionnaire) -> Iterator[Fault]:
    asked = questionnaire.question(low.question)
    if asked is None:
        yield _unknown(pointer, low.question)
    elif asked.answer_scale is None:
        yield Fault(f"{pointer}/question", "question_without_scale", f"{low.question} is not answered on a scale.")
    elif (asked.type is QuestionType.MATRIX) != (low.row is not None) or (
        low.row is not None and low.row not in {row.key for row in asked.rows}
    ):
        detail = "Name a row of the matrix; of other questions none."
        yield Fault(f"{pointer}/row", "unknown_row", detail)
    elif not asked.answer_scale.min <= low.at_or_below < asked.answer_scale.max:
        scale = asked.answer_scale
        detail = f"Give a value from {scale.min} to {scale.max - 1}: not everybody who answers is to be a case."
        yield Fault(f"{pointer}/at_or_below", "off_scale", detail)


def _answer_faults(pointer: str, says: Says, questionnaire: Questionnaire) -> Iterator[Fault]:
    asked = questionnaire.question(says.question)
    if asked is None:
        yield _unknown(pointer, says.question)
        return
    if asked.type is not QuestionType.BOOLEAN and asked.type not in _CHOSEN:
        detail = "Name a question that is answered with yes or no, or by choosing."
        yield Fault(f"{pointer}/question", "question_not_chosen", detail)
        return
    known = {choice.key for choice in asked.choices}
    if (asked.type is QuestionType.BOOLEAN) == bool(says.choices):
        detail = "Name the choices that say yes; of a question answered with yes or no, none."
        yield Fault(f"{pointer}/choices", "choices_missing", detail)
    for place, choice in enumerate(says.choices):
        if asked.type in _CHOSEN and choice not in known:
            yield Fault(f"{pointer}/choices/{place}", "unknown_choice", f"{says.question} has no choice {choice}.")


def _unknown(pointer: str, question: str) -> Fault:
    return Fault(f"{pointer}/question", "unknown_question", f"The published survey has no question {question}.")
