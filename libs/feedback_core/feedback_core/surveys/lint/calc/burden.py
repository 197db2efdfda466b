"""How long answering takes: reading by the length of the texts, answering by the type of the question."""

from collections.abc import Iterator
from typing import Final

from feedback_core.surveys.lint.calc.reading import WITHOUT_SPACES
from feedback_core.surveys.lint.calc.texts import Asked, Reading, Said
from feedback_core.surveys.lint.types import Burden, LintFinding, RuleId
from feedback_core.surveys.types import Questionnaire, QuestionType

SECONDS_PER_CHARACTER: Final = 0.068 * 183 / 238
"""68 ms aloud, over 14 alphabetic languages (Trauzettel-Klosinski & Dietz 2012); silently 238 words for 183 aloud
(Brysbaert 2019)."""

SECONDS_PER_SIGN: Final = 60 / 255 * 183 / 238
"""Of Chinese and languages written likewise: 255 signs a minute aloud (the same), silently faster in the same ratio."""

SECONDS_PER_POINT: Final = 2.1
"""What is left of the 10.6 s that a question by itself takes (Pew 2022: 85 in 15 minutes) after some 25 words are read,
over the 2 points that such an answer has in the scheme of Schmid & Axhausen (2019)."""

SECONDS_OPEN: Final = 34.0
"""To write two or three sentences, discounted for those who write none: 40 s with its question (CivicPulse, rubric for
estimating time)."""

IDEAL_MINUTES: Final = 10
MOST_MINUTES: Final = 20
"""What respondents call ideal, and the most (Revilla & Ochoa 2017)."""

_SHORT_ANSWER: Final = 100
"""Characters: what is no longer is filled in rather than written."""


def burden_of(questionnaire: Questionnaire, reading: Reading) -> Burden:
    """What it takes to answer the questionnaire in its own language."""
    words = len(reading.title.words) if reading.title else 0
    seconds = shortest = read = _seconds_to_read(reading.title) if reading.title else 0.0
    for asked in reading.questions:
        texts = [text for text in (asked.text, *asked.choices, *asked.rows) if text is not None]
        words += sum(len(text.words) for text in texts)
        reads = sum(_seconds_to_read(text) for text in texts)
        takes = reads + _seconds_to_answer(asked)
        read += reads
        seconds += takes
        shortest += takes if asked.question.show_if is None else 0
    questions = questionnaire.questions
    return Burden(
        questions=len(questions),
        words=words,
        seconds=round(seconds, 1),
        shortest_seconds=round(shortest, 1),
        reading_seconds=round(read, 1),
        open_questions=sum(question.type is QuestionType.TEXT for question in questions),
        required_questions=sum(question.required for question in questions),
    )


def too_long(burden: Burden) -> Iterator[LintFinding]:
    """It takes longer than respondents hold out."""
    minutes = burden.seconds / 60
    if minutes > IDEAL_MINUTES:
        most = "more than the most that respondents accept" if minutes > MOST_MINUTES else "more than they call ideal"
        what = f"About {minutes:.0f} minutes for {burden.questions} questions: {most}."
        how = "Ask what decides something, and spread the rest over other surveys or over respondents."
        yield LintFinding(RuleId.TOO_LONG, "", "", what, how)


def _seconds_to_read(text: Said) -> float:
    each = SECONDS_PER_SIGN if text.root in WITHOUT_SPACES else SECONDS_PER_CHARACTER
    return len(text.text) * each


def _seconds_to_answer(asked: Asked) -> float:  # noqa: PLR0911 - one return for each kind of answer
    question, scale = asked.question, asked.question.answer_scale
    rating = 2 if scale is None or len(scale.points) <= 5 else 3
    match question.type:
        case QuestionType.TEXT:
            short = question.max_length is not None and question.max_length <= _SHORT_ANSWER
            return 6 * SECONDS_PER_POINT if short else SECONDS_OPEN
        case QuestionType.BOOLEAN | QuestionType.NUMBER:
            return SECONDS_PER_POINT
        case QuestionType.DATE:
            return 2 * SECONDS_PER_POINT
        case QuestionType.SINGLE_CHOICE:
            return (2 if len(question.choices) <= 8 else 4) * SECONDS_PER_POINT
        case QuestionType.MULTIPLE_CHOICE:
            return 4 * SECONDS_PER_POINT
        case QuestionType.RANKING:
            return (4 + 3 * max(len(question.choices) - 2, 0)) * SECONDS_PER_POINT
        case QuestionType.MATRIX:
            return rating * len(question.rows) * SECONDS_PER_POINT
    return rating * SECONDS_PER_POINT
