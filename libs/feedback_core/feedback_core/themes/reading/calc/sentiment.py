"""Sentiment of a comment by the words in it, and by what was asked."""

import math
import re
from typing import Final

from scipy.special import expit

from feedback_core.themes.reading.calc.clauses import Feelings, feelings_of, says_nothing
from feedback_core.themes.types import Asked, Sentiment, Tone
from feedback_core.themes.words import words_of

LANGUAGES_WITH_SENTIMENT: Final = frozenset({"en"})

# A balance of one clear word ("helpful") gives a score of .7.
_HALF: Final = 2.0
# What speaks for and against is mixed where the weaker of both is strong and near the stronger.
_MIXED_FROM, _MIXED_SHARE = 2.0, 0.65
_NEITHER: Final = 0.5
# Share of right tones over the score, as measured (docs/methods/sentiment.md): log-odds, and where words say neither.
_LEVEL, _SLOPE, _UNCLEAR = -1.4, 4.0, 0.3
_TO_IMPROVE: Final = re.compile(
    r"\b(?:improv\w*|better|change|changed|differently|wrong|bad|worst|dislike|disliked|disappoint\w*|dissatisf\w*|"
    r"problems?|issues?|frustrat\w*|missing|could we do|should we do)\b"
)
_TO_PRAISE: Final = re.compile(
    r"\b(?:good|well|best|like|liked|love|loved|enjoy|enjoyed|great|praise|satisfied|happy|pleased|positive)\b"
)


def sentiment_of(text: str, language: str | None, *, asked: Asked = Asked.OPENLY) -> Sentiment | None:
    """Sentiment of ``text``, or ``None`` where its language has no model here or is not known.

    Args:
        text: as it was written.
        language: ISO 639-1 code, as `detect_language` gives it; English is the only one with a model.
        asked: what the question was after (`what_is_asked`): "nothing" is praise when asked what to improve, and a
            complaint when asked what was good.
    """
    if language not in LANGUAGES_WITH_SENTIMENT:
        return None
    found = feelings_of(text, asked)
    words = words_of(text)
    if words and words[0] != "because" and not says_nothing(words):
        found += _lean(asked)
    return _verdict(found)


def what_is_asked(question: str, language: str | None) -> Asked:
    """What a question is after, by its words; openly, where it asks for both, for neither, or in another language."""
    if language not in LANGUAGES_WITH_SENTIMENT:
        return Asked.OPENLY
    plain = " ".join(words_of(question))
    improve, praise = bool(_TO_IMPROVE.search(plain)), bool(_TO_PRAISE.search(plain))
    if improve == praise:
        return Asked.OPENLY
    return Asked.TO_IMPROVE if improve else Asked.TO_PRAISE


def _lean(asked: Asked) -> Feelings:
    """What an answer means before its words are weighed."""
    if asked is Asked.TO_IMPROVE:
        return Feelings(complaint=1.0)
    return Feelings(praise=1.0) if asked is Asked.TO_PRAISE else Feelings()


def _verdict(found: Feelings) -> Sentiment:
    balance = found.praise - found.complaint
    score = balance / math.hypot(balance, _HALF)
    weaker, stronger = sorted((found.praise, found.complaint))
    if weaker >= _MIXED_FROM and weaker >= _MIXED_SHARE * stronger:
        return Sentiment(score, Tone.MIXED, _UNCLEAR)
    if abs(balance) < _NEITHER:
        return Sentiment(score, Tone.NEUTRAL, _UNCLEAR)
    tone = Tone.POSITIVE if balance > 0 else Tone.NEGATIVE
    return Sentiment(score, tone, float(expit(_LEVEL + _SLOPE * abs(score))))
