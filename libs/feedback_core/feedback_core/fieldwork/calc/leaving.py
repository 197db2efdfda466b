"""Where people stop answering."""

from collections.abc import Mapping, Sequence

from feedback_core.fieldwork.types.outlook import DropOff, Leaving
from feedback_core.kpis.calc.proportions import proportion_estimate


def drop_off(
    questions: Sequence[str],
    completed: int,
    last_answered: Mapping[int, int],
    *,
    answering: int,
    seconds: Mapping[str, tuple[float, int]],
    minimum: int,
    level: float = 0.95,
) -> DropOff:
    """How many reached each question, and how many gave their last answer there.

    A question that was not put to somebody counts as reached by who answered a later one.

    Args:
        questions: keys, in their order.
        completed: who answered to the end.
        last_answered: of the others who are not answering now: place of their last answer (-1: none) to how many.
        answering: are answering now; they have not stopped.
        seconds: median time of a question, and on how many answers it rests.
        minimum: answers, below which no time is told.
        level: of the intervals.
    """
    left_at_start = last_answered.get(-1, 0)
    begun = completed + sum(last_answered.values())
    found, still = [], begun - left_at_start
    for place, key in enumerate(questions):
        left = last_answered.get(place, 0)
        rate = proportion_estimate(left, still, level=level) if still else None
        median, timed = seconds.get(key, (0.0, 0))
        found.append(Leaving(key, still, left, rate, median if timed >= minimum else None, timed))
        still -= left
    return DropOff(begun, answering, left_at_start, tuple(found))
