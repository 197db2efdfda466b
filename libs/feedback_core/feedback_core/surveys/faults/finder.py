"""The walk over a questionnaire."""

from feedback_core.kit.errors import Fault
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.faults.collector import Collector
from feedback_core.surveys.faults.conditions import find_in_condition
from feedback_core.surveys.faults.questions import find_in_question
from feedback_core.surveys.faults.reachability import never_shown
from feedback_core.surveys.types import (
    CHOICE_KEY,
    MAX_ATTRIBUTE_VALUES,
    MAX_QUESTIONS,
    QUESTION_KEY,
    RESERVED_ATTRIBUTES,
    Attribute,
    Questionnaire,
)


def find_faults(questionnaire: Questionnaire) -> list[Fault]:
    """Everything in a questionnaire that contradicts itself or a rule, in reading order; none: it can be published.

    Pointers are of its JSON document: ``/questions/2/show_if/value``. The codes are those of ``FaultCode``. That a
    condition can never be true is looked for in a questionnaire that is otherwise in order, by trying the answers that
    make a difference; beyond a bounded number of tries the condition gets the benefit of the doubt.
    """
    collector = Collector(questionnaire.language)
    collector.text(questionnaire.title, "/title")
    collector.language(questionnaire.language, "/language")
    _attributes(questionnaire, collector)
    _questions(questionnaire, collector)
    if not collector.faults:
        for index in never_shown(questionnaire):
            detail = "No answers to the earlier questions show this question; mend the condition."
            collector.add(f"/questions/{index}/show_if", FaultCode.NEVER_TRUE, detail)
    return collector.faults


def _attributes(questionnaire: Questionnaire, collector: Collector) -> None:
    for index, attribute in enumerate(questionnaire.attributes):
        _attribute(attribute, f"/attributes/{index}", collector)
    collector.distinct((attribute.key for attribute in questionnaire.attributes), "/attributes")


def _attribute(attribute: Attribute, pointer: str, collector: Collector) -> None:
    collector.key(attribute.key, QUESTION_KEY, pointer + "/key")
    if attribute.key in RESERVED_ATTRIBUTES:
        detail = f"Choose another key: every response has a {attribute.key} already."
        collector.add(pointer + "/key", FaultCode.RESERVED_KEY, detail)
    if attribute.label is not None:
        collector.text(attribute.label, pointer + "/label")
    if not attribute.values:
        collector.add(pointer + "/values", FaultCode.NO_VALUES, "Declare the values that the attribute can have.")
    if len(attribute.values) > MAX_ATTRIBUTE_VALUES:
        detail = f"Declare at most {MAX_ATTRIBUTE_VALUES} values; group them."
        collector.add(pointer + "/values", FaultCode.TOO_MANY_VALUES, detail)
        return
    for index, value in enumerate(attribute.values):
        at = f"{pointer}/values/{index}"
        collector.key(value.key, CHOICE_KEY, at if value.label is None else at + "/key")
        if value.label is not None:
            collector.text(value.label, at + "/label")
    collector.distinct((value.key for value in attribute.values), pointer + "/values", suffix="")


def _questions(questionnaire: Questionnaire, collector: Collector) -> None:
    questions = questionnaire.questions
    if not questions:
        collector.add("/questions", FaultCode.NO_QUESTIONS, "Ask at least one question.")
    if len(questions) > MAX_QUESTIONS:
        collector.add("/questions", FaultCode.TOO_MANY_QUESTIONS, f"Ask at most {MAX_QUESTIONS} questions.")
        return
    for index, question in enumerate(questions):
        find_in_question(question, f"/questions/{index}", collector)
        if question.show_if is not None:
            find_in_condition(questions, index, question.show_if, collector)
    collector.distinct((question.key for question in questions), "/questions")
