"""Sentiment of a comment by the words in it."""

from functools import cache
from typing import TYPE_CHECKING

from feedback_core.themes.types import Sentiment, Tone

if TYPE_CHECKING:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

LANGUAGES_WITH_SENTIMENT = frozenset({"en"})
_NEUTRAL = 0.05


def sentiment_of(text: str, language: str | None) -> Sentiment | None:
    """Sentiment of ``text``, or ``None`` where its language has no model here or is not known.

    Args:
        text: as it was written.
        language: ISO 639-1 code, as `detect_language` gives it.
    """
    if language not in LANGUAGES_WITH_SENTIMENT:
        return None
    found = _analyser().polarity_scores(text)
    score = float(found["compound"])
    tone = Tone.NEUTRAL if abs(score) < _NEUTRAL else Tone.POSITIVE if score > 0 else Tone.NEGATIVE
    return Sentiment(score, tone, abs(score))


@cache
def _analyser() -> "SentimentIntensityAnalyzer":
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # reads its word list, so not at start

    return SentimentIntensityAnalyzer()
