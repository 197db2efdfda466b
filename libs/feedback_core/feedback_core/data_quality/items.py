"""The items of a questionnaire that are answered on scales, and the sets of them that measure one thing."""

from collections.abc import Sequence
from typing import Final

from feedback_core.data_quality.types.items import ItemSet, ScaleItem
from feedback_core.data_quality.types.rules import ItemScale
from feedback_core.surveys.types import Questionnaire, QuestionType

ON_SCALES: Final = frozenset(
    {QuestionType.NPS, QuestionType.CES, QuestionType.CSAT, QuestionType.RATING, QuestionType.MATRIX}
)


def scale_items(questionnaire: Questionnaire) -> list[ScaleItem]:
    """Every item on a scale, in the order in which they are put."""
    found = []
    for question in questionnaire.questions:
        scale = question.answer_scale
        if question.type in ON_SCALES and scale is not None:
            rows = [row.key for row in question.rows] if question.type is QuestionType.MATRIX else [None]
            everybody = question.show_if is None
            found += [ScaleItem(question.key, row, scale.min, scale.max, everybody) for row in rows]
    return found


def item_sets(questionnaire: Questionnaire, declared: Sequence[ItemScale]) -> list[ItemSet]:
    """The declared sets with the items that this version has, and each matrix of which no row is in one of them."""
    known = {item.name for item in scale_items(questionnaire)}
    sets = [
        ItemSet(scale.key, kept, frozenset(scale.reversed) & frozenset(kept), declared=True)
        for scale in declared
        if (kept := tuple(name for name in scale.items if name in known))
    ]
    taken = {name for one in sets for name in one.items}
    for question in questionnaire.questions:
        rows = tuple(f"{question.key}.{row.key}" for row in question.rows)
        if question.type is QuestionType.MATRIX and not taken.intersection(rows):
            sets.append(ItemSet(question.key, rows, frozenset(), declared=False))
    return sets
