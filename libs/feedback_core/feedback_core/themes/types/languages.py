"""Which language a comment is in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """The language of a text, where it can be told.

    Attributes:
        language: ISO 639-1 code, ``en``; ``None`` where the text is too short or too unclear to tell.
        confidence: of the best candidate among all languages, 0..1; also where that was not enough to name it.
    """

    language: str | None
    confidence: float
