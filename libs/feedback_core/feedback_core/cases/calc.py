"""Which responses are cases, by what they say: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from feedback_core.cases.types import CaseRule, Match, Says, ScoreAtMost, TriggerKind
from feedback_core.surveys.types import Confidentiality


@dataclass(frozen=True, slots=True)
class Spoken:
    """A comment that speaks of a theme."""

    question: str
    theme: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a response when cases are looked for.

    Attributes:
        reachable: whether something is kept by which its respondent can be found: an identity, or the caller's own name
            for the response.
    """

    answers: Mapping[str, object] = field(repr=False)
    confidentiality: Confidentiality
    reachable: bool
    spoken: Sequence[Spoken] = ()


def matches(rule: CaseRule, heard: Heard) -> tuple[Match, ...]:
    """Why a response is a case, in the order of the rule; nothing: it is none.

    Whoever answered anonymously, or does not consent, is never followed up, whatever else they say.
    """
    if heard.confidentiality is Confidentiality.ANONYMOUS or not heard.reachable:
        return ()
    if rule.consent is not None and not says(rule.consent, heard.answers):
        return ()
    found = [Match(TriggerKind.SCORE, low.question) for low in rule.scores if is_low(low, heard.answers)]
    found += [
        Match(TriggerKind.THEME, spoken.question, spoken.theme)
        for theme in rule.themes
        for spoken in heard.spoken
        if spoken.theme == theme
    ]
    found += [Match(TriggerKind.CONTACT, asked.question) for asked in rule.contact if says(asked, heard.answers)]
    return tuple(dict.fromkeys(found))


def is_low(low: ScoreAtMost, answers: Mapping[str, object]) -> bool:
    """Whether the answer is there, and at or below the value."""
    answer = answers.get(low.question)
    if low.row is not None:
        answer = answer.get(low.row) if isinstance(answer, Mapping) else None
    return isinstance(answer, int | float) and not isinstance(answer, bool) and answer <= low.at_or_below


def says(asked: Says, answers: Mapping[str, object]) -> bool:
    """Whether the answer is there, and is one of those that say yes."""
    answer = answers.get(asked.question)
    if not asked.choices:
        return answer is True
    if isinstance(answer, str):
        return answer in asked.choices
    return isinstance(answer, Sequence) and any(choice in asked.choices for choice in answer)
