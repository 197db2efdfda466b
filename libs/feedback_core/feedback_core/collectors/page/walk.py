"""The way through the pages of a questionnaire: which are shown, given the answers, and which comes next."""

from collections.abc import Sequence

from feedback_core.collectors.page.pages import QuestionPage, pages_of, shown_on
from feedback_core.collectors.page.troubles import missing
from feedback_core.surveys.types import Question, Questionnaire
from feedback_core.surveys.validation import Progress

END = "end"
"""The page after the last question, where the answers are sent."""

_MOST_DIGITS = 4


def number_of(page: str | None) -> int | None:
    """The number that names a page; ``None``: it is no number."""
    is_number = page is not None and page.isascii() and page.isdecimal() and len(page) <= _MOST_DIGITS
    return int(page) if page is not None and is_number else None


class Walk:
    """Pages are named by their number in the version, from 1; those of which nothing is shown are passed over."""

    def __init__(self, questionnaire: Questionnaire, progress: Progress) -> None:
        self._pages: Sequence[QuestionPage] = pages_of(questionnaire)
        self._answers = progress.answers
        shown = {*progress.answers, *progress.unanswered}
        self._shown = {
            number: questions
            for number, page in enumerate(self._pages, start=1)
            if (questions := shown_on(page, shown))
        }

    @property
    def numbers(self) -> list[int]:
        """The pages that are shown, in order."""
        return list(self._shown)

    def has(self, number: int) -> bool:
        """Whether a page is shown."""
        return number in self._shown

    def exists(self, number: int) -> bool:
        """Whether the version has such a page, shown or not."""
        return 1 <= number <= len(self._pages)

    def questions(self, number: int) -> QuestionPage:
        """The questions that are shown on a page."""
        return self._shown.get(number, ())

    def is_last(self, number: int) -> bool:
        """Whether nothing can come after a page, however it is answered."""
        return number == len(self._pages)

    def after(self, number: int) -> str:
        """The page after one, or the end."""
        return next((str(each) for each in self._shown if each > number), END)

    def before(self, number: int | None) -> str | None:
        """The page before one, or before the end (``None``); ``None``: there is none."""
        earlier = [each for each in self._shown if number is None or each < number]
        return str(earlier[-1]) if earlier else None

    def resumed(self) -> str:
        """Where somebody goes on who comes back: behind the last page on which something is answered."""
        answered = [number for number, page in self._shown.items() if any(q.key in self._answers for q in page)]
        if not answered:
            return str(next(iter(self._shown), END))
        return str(answered[-1]) if self.is_last(answered[-1]) else self.after(answered[-1])

    def incomplete(self) -> str | None:
        """The first page on which a required answer is missing."""
        return next((str(number) for number in self._shown if self.missing_on(number)), None)

    def missing_on(self, number: int) -> list[Question]:
        """The questions of a page whose required answer is missing."""
        return [each for each in self.questions(number) if missing(each, self._answers.get(each.key))]
