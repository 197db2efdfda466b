"""Counts of respondents by theme, period and score, added up."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from feedback_core.kpis.types import AnswerCounts, Standing
from feedback_core.themes.analysis.types import Source


@dataclass(frozen=True, slots=True)
class Counted:
    """So many respondents of one kind.

    Attributes:
        theme: that they speak of; ``None``: all of them.
        any_theme: whether they speak of any.
        version: of the codebook that they were coded by.
        score: their answer to the question of the KPI, if there is one.
    """

    theme: str | None
    any_theme: bool
    start: date
    standing: Standing
    version: int
    score: str | None
    n: int


class ThemeTally:
    """What the counts add up to."""

    def __init__(self, counts: Sequence[Counted], since: Mapping[str, int], source: Source) -> None:
        """``since``: of each theme, the version from which on the codebook has it."""
        self._everybody = [count for count in counts if count.theme is None]
        self._of_theme: dict[str, list[Counted]] = defaultdict(list)
        for count in counts:
            if count.theme is not None:
                self._of_theme[count.theme].append(count)
        # Rules are held against all comments anew; people only know the themes that were there.
        self._since = since if source is Source.HAND else dict.fromkeys(since, 0)

    @property
    def coded(self) -> int:
        """Respondents whose comments were coded."""
        return sum(count.n for count in self._everybody)

    @property
    def uncoded(self) -> int:
        """Of these, who speak of no theme."""
        return sum(count.n for count in self._everybody if not count.any_theme)

    def mentions(self, theme: str) -> int:
        """Who speak of a theme, of those coded since it is in the codebook."""
        return _total(self._speaking(theme))

    def asked(self, theme: str) -> int:
        """Who were coded since a theme is in the codebook."""
        return _total(self._all(theme))

    def periods(self) -> dict[date, int]:
        """Respondents coded, by first day of the period, in order."""
        found: Counter[date] = Counter()
        for count in self._everybody:
            found[count.start] += count.n
        return dict(sorted(found.items()))

    def series(self, theme: str) -> dict[date, tuple[int, int]]:
        """Who speak of a theme and who were coded since it is in the codebook, by period."""
        speak: Counter[date] = Counter()
        coded: Counter[date] = Counter()
        for count in self._speaking(theme):
            speak[count.start] += count.n
        for count in self._all(theme):
            coded[count.start] += count.n
        return {start: (speak[start], coded[start]) for start in sorted(coded)}

    def scores(self, theme: str) -> tuple[AnswerCounts, AnswerCounts]:
        """Answers of those who speak of a theme, and of those who were coded and do not."""
        speaking, everybody = _answers(self._speaking(theme)), _answers(self._all(theme))
        others = {key: n - speaking.get(key, 0) for key, n in everybody.items() if n > speaking.get(key, 0)}
        return _as_counts(speaking), _as_counts(others)

    def _speaking(self, theme: str) -> list[Counted]:
        return [count for count in self._of_theme[theme] if count.version >= self._since[theme]]

    def _all(self, theme: str) -> list[Counted]:
        return [count for count in self._everybody if count.version >= self._since[theme]]


def _total(counts: Iterable[Counted]) -> int:
    return sum(count.n for count in counts)


def _answers(counts: Iterable[Counted]) -> Counter[tuple[Standing, str | None]]:
    found: Counter[tuple[Standing, str | None]] = Counter()
    for count in counts:
        found[count.standing, count.score] += count.n
    return found


def _as_counts(answers: Mapping[tuple[Standing, str | None], int]) -> AnswerCounts:
    answered: dict[Standing, dict[str, int]] = defaultdict(dict)
    asked: Counter[Standing] = Counter()
    for (standing, score), n in answers.items():
        asked[standing] += n
        if score is not None:
            answered[standing][score] = n
    return AnswerCounts(dict(answered), dict(asked))
