"""The shortest of the conditions that say the same by their form: the one that an exchange gives back."""

from collections.abc import Iterable

from feedback_core.surveys.types import AllOf, AnyOf, Comparison, Condition, Not, Op


def simplest(condition: Condition) -> Condition:
    """A condition with the same meaning.

    No list of one; "is 1 or is 2" of one answer as "is in (1, 2)"; "has an answer, and not 5" as "is not 5", which here
    says both.
    """
    match condition:
        case Comparison(key, Op.IN, (value,)):
            return Comparison(key, Op.EQUALS, value)
        case Comparison():
            return condition
        case Not(inner):
            return Not(simplest(inner))
        case AllOf(parts):
            simple = _with_unlike(map(simplest, parts))
            return simple[0] if len(simple) == 1 else AllOf(simple)
        case AnyOf(parts):
            simple = tuple(map(simplest, parts))
            return simple[0] if len(simple) == 1 else _in(simple) or AnyOf(simple)


def _with_unlike(parts: Iterable[Condition]) -> tuple[Condition, ...]:
    joined: list[Condition] = []
    for part in parts:
        match joined[-1:], part:
            case [Comparison(asked, Op.ANSWERED)], Not(Comparison(key, Op.EQUALS, value)) if asked == key:
                joined[-1] = Comparison(key, Op.NOT_EQUALS, value)
            case _:
                joined.append(part)
    return tuple(joined)


def _in(parts: tuple[Condition, ...]) -> Comparison | None:
    values = []
    asked = set()
    for part in parts:
        match part:
            case Comparison(key, Op.EQUALS, value) if value is not None and not isinstance(value, tuple | bool):
                asked.add(key)
                values.append(value)
            case _:
                return None
    return Comparison(asked.pop(), Op.IN, tuple(values)) if len(asked) == 1 else None
