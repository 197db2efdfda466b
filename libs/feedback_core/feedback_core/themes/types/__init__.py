"""Vocabulary of themes and texts."""

from feedback_core.themes.types.coding import CodingAccuracy, Refusal, ThemeAccuracy, ThemeProbability
from feedback_core.themes.types.languages import LanguageGuess
from feedback_core.themes.types.sentiment import Asked, Sentiment, Tone
from feedback_core.themes.types.suggestions import SuggestedTheme, SuggestedThemes

__all__ = [
    "Asked",
    "CodingAccuracy",
    "LanguageGuess",
    "Refusal",
    "Sentiment",
    "SuggestedTheme",
    "SuggestedThemes",
    "ThemeAccuracy",
    "ThemeProbability",
    "Tone",
]
