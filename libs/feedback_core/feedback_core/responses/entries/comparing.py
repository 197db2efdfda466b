"""Two people's typing of the same form, compared field by field: pure."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from feedback_core.responses.entries.types import Difference

Fields: TypeAlias = Mapping[str, object]
_ANSWERS: Final = "answers/"
_ATTRIBUTES: Final = "attributes/"


def fields_of(answers: Mapping[str, object], attributes: Mapping[str, object]) -> dict[str, object]:
    """What was typed, by field: ``answers/nps``, ``answers/staff/desk`` of a matrix, ``attributes/region``."""
    fields: dict[str, object] = {f"{_ATTRIBUTES}{key}": value for key, value in attributes.items()}
    for key, value in answers.items():
        if isinstance(value, Mapping):
            fields |= {f"{_ANSWERS}{key}/{row}": point for row, point in value.items()}
        else:
            fields[f"{_ANSWERS}{key}"] = value
    return fields


def differences(first: Fields, second: Fields) -> list[Difference]:
    """Fields that were typed differently, in the order of their names."""
    return [
        Difference(name, first.get(name), second.get(name))
        for name in sorted({*first, *second})
        if not same(first.get(name), second.get(name))
    ]


def compared(first: Fields, second: Fields) -> int:
    """Fields that at least one of the two typed: what both left blank, neither could mistype."""
    return len({*first, *second})


def same(one: object, other: object) -> bool:
    """Whether two values are the same to JSON: true is not 1, and 4.0 is 4."""
    return isinstance(one, bool) is isinstance(other, bool) and one == other


def put_together(fields: Fields) -> tuple[dict[str, object], dict[str, object]]:
    """Answers and attributes of fields; what is ``None`` is left blank."""
    answers: dict[str, object] = {}
    attributes: dict[str, object] = {}
    for name, value in fields.items():
        if value is None:
            continue
        if name.startswith(_ATTRIBUTES):
            attributes[name.removeprefix(_ATTRIBUTES)] = value
            continue
        key, _, row = name.removeprefix(_ANSWERS).partition("/")
        if row:
            points = answers.setdefault(key, {})
            assert isinstance(points, dict)
            points[row] = value
        else:
            answers[key] = value
    return answers, attributes
