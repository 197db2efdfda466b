"""How a comment feels about what it speaks of."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a comment says on the whole; ``mixed`` praises and complains, ``neutral`` does neither."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    MIXED = "mixed"


class Asked(StrEnum):
    """What a question was after; the same answer can mean the opposite."""

    OPENLY = "openly"
    TO_PRAISE = "to_praise"
    TO_IMPROVE = "to_improve"


@dataclass(frozen=True, slots=True)
class Sentiment:
    """Sentiment of a text by the words in it.

    Attributes:
        score: -1 wholly negative, 0 neither, 1 wholly positive.
        tone: what that amounts to.
        confidence: that the tone is right, 0..1, as far as the words tell; low where few words carry a feeling.
    """

    score: float
    tone: Tone
    confidence: float
