"""Branching that cannot work, also in drafts with other faults: circles, what nobody sees, idle conditions."""

from collections.abc import Iterator, Sequence

from feedback_core.kit.pointers import step
from feedback_core.surveys.lint.types import LintFinding, RuleId
from feedback_core.surveys.types import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Op,
    Question,
    Questionnaire,
    QuestionType,
    comparisons_in,
)


def branches(questionnaire: Questionnaire) -> Iterator[LintFinding]:
    """Faults of conditions, by question."""
    questions = questionnaire.questions
    position = {question.key: index for index, question in reversed(list(enumerate(questions)))}
    circles = _circles(questions, position)
    hidden: set[int] = set()
    for index, question in enumerate(questions):
        if question.show_if is None:
            continue
        if index in circles:
            hidden.add(index)
            names = " → ".join(circles[index])
            what = f"It waits for an answer that waits for its own: {names}."
            yield _found(
                RuleId.CIRCULAR_BRANCH, index, question, what, "Let conditions ask about earlier questions only."
            )
        elif reason := _never(question.show_if, index, position, hidden):
            hidden.add(index)
            yield _found(RuleId.NEVER_SHOWN, index, question, reason, "Mend the condition, or leave the question out.")
        elif _always(question.show_if, questions, position):
            what = "The condition holds for whoever answers the question before: it shows the question to all of them."
            how = "Leave the condition out, or name the answers that the question is for."
            yield _found(RuleId.ALWAYS_SHOWN, index, question, what, how)


def _circles(questions: Sequence[Question], position: dict[str, int]) -> dict[int, list[str]]:
    """Questions on a circle of conditions, each with the circle; found by walking each edge once."""
    edges = [
        sorted({position[c.question] for c in comparisons_in(question.show_if) if c.question in position})
        if question.show_if is not None
        else []
        for question in questions
    ]
    found: dict[int, list[str]] = {}
    done: set[int] = set()
    for start in range(len(questions)):
        path: list[int] = []
        on_path: dict[int, int] = {}
        waiting = [(start, iter(edges[start]))] if start not in done else []
        if waiting:
            path.append(start)
            on_path[start] = 0
        while waiting:
            node, following = waiting[-1]
            target = next(following, None)
            if target is None:
                waiting.pop()
                path.pop()
                del on_path[node]
                done.add(node)
            elif target in on_path:
                circle = path[on_path[target] :]
                names = [questions[at].key for at in (*circle, circle[0])]
                found |= {at: names for at in circle if at not in found}
            elif target not in done:
                path.append(target)
                on_path[target] = len(path) - 1
                waiting.append((target, iter(edges[target])))
    return found


def _necessary(condition: Condition) -> Iterator[Comparison]:
    """Comparisons without which the condition is not true."""
    if isinstance(condition, Comparison):
        yield condition
    elif isinstance(condition, AllOf) or (isinstance(condition, AnyOf) and len(condition.conditions) == 1):
        for part in condition.conditions:
            yield from _necessary(part)


def _never(condition: Condition, index: int, position: dict[str, int], hidden: set[int]) -> str | None:
    """Why no answers show the question; ``None``: some may."""
    equal: dict[str, object] = {}
    for comparison in _necessary(condition):
        asked = position.get(comparison.question)
        if asked is None:
            return f"It waits for an answer to {comparison.question!r}, which is not asked."
        if asked > index:
            return f"It waits for an answer to {comparison.question!r}, which is asked after it."
        if asked in hidden:
            return f"It waits for an answer to {comparison.question!r}, which nobody is shown."
        if comparison.op is Op.EQUALS:
            if comparison.question in equal and equal[comparison.question] != comparison.value:
                return f"It asks for two different answers to {comparison.question!r} at once."
            equal[comparison.question] = comparison.value
    return None


def _always(condition: Condition, questions: Sequence[Question], position: dict[str, int]) -> bool:
    """Whether every answer that is given to a question that all must answer makes it true."""
    if not isinstance(condition, Comparison) or condition.question not in position:
        return False
    question = questions[position[condition.question]]
    if not question.required or question.show_if is not None:
        return False
    return condition.op is Op.ANSWERED or _covers(condition, question)


def _covers(comparison: Comparison, question: Question) -> bool:
    value, scale = comparison.value, question.answer_scale
    if comparison.op is Op.IN and isinstance(value, tuple):
        if question.type is QuestionType.SINGLE_CHOICE:
            return {choice.key for choice in question.choices} <= set(value)
        return scale is not None and set(scale.points) <= set(value)
    if scale is None or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (comparison.op is Op.AT_LEAST and value <= scale.min) or (comparison.op is Op.AT_MOST and value >= scale.max)


def _found(rule: RuleId, index: int, question: Question, what: str, how: str) -> LintFinding:
    return LintFinding(
        rule,
        f"/questions/{index}/show_if",
        f"/questions{step(question.key)}/show_if",
        what,
        how,
        about=repr(question.show_if),
    )
