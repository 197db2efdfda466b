"""The course of the culture, from its assessments: pure."""

from collections import Counter
from collections.abc import Sequence

from feedback_core.people.culture.types import Assessment, CoursePoint, DimensionCourse


def courses_of(assessments: Sequence[Assessment]) -> list[DimensionCourse]:
    """Every dimension over time, in the order of the first time that it was judged.

    A change is told from one judgement to the next of the same dimension; levels are judgements, so no trend is tested.
    """
    in_order = sorted(assessments, key=lambda each: (each.as_of, each.id))
    points: dict[str, list[CoursePoint]] = {}
    labels: dict[str, str] = {}
    for assessment in in_order:
        for dimension in assessment.dimensions:
            before = points.setdefault(dimension.key, [])
            change = dimension.level - before[-1].level if before else None
            kinds = Counter(piece.kind for piece in dimension.evidence)
            before.append(CoursePoint(assessment.id, assessment.as_of, dimension.level, change, dict(kinds)))
            labels[dimension.key] = dimension.label
    return [DimensionCourse(key, labels[key], tuple(of_key)) for key, of_key in points.items()]
