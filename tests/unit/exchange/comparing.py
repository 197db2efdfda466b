"""When two questionnaires say the same."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from feedback_core.surveys.exchange.drafting import scale_as_written
from feedback_core.surveys.exchange.expressions.simplest import simplest
from feedback_core.surveys.types import Questionnaire, Text, questionnaire_to_json

Json = dict[str, Any]


def meant(questionnaire: Questionnaire) -> Json:
    """The document of a questionnaire, with each thing that can be written in two ways in one of them."""
    own = questionnaire.language

    def text(words: Text) -> Text:
        return words[own] if not isinstance(words, str) and words.keys() == {own} else words

    questions = tuple(
        replace(
            question,
            text=text(question.text),
            show_if=question.show_if and simplest(question.show_if),
            scale=scale_as_written(question.type, question.scale),
            choices=tuple(replace(choice, label=text(choice.label)) for choice in question.choices),
            rows=tuple(replace(row, label=text(row.label)) for row in question.rows),
        )
        for question in questionnaire.questions
    )
    attributes = tuple(
        replace(
            attribute,
            label=attribute.label and text(attribute.label),
            values=tuple(replace(value, label=value.label and text(value.label)) for value in attribute.values),
        )
        for attribute in questionnaire.attributes
    )
    return questionnaire_to_json(
        replace(questionnaire, title=text(questionnaire.title), questions=questions, attributes=attributes)
    )


def but_for(document: Json, pointers: Iterable[str]) -> Json:
    """The document without what stands at these places."""
    for pointer in pointers:
        *path, last = pointer.split("/")[1:]
        place: Any = document
        for step in path:
            place = place.get(step, {}) if isinstance(place, dict) else place[int(step)]
        if isinstance(place, dict):
            place.pop(last, None)
    return document
