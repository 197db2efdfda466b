"""What is read out of each comment: light enough for every worker, which reads all that come in."""

from feedback_core.themes.reading.calc.comments import read_comments
from feedback_core.themes.reading.calc.languages import detect_language
from feedback_core.themes.reading.calc.sentiment import LANGUAGES_WITH_SENTIMENT, sentiment_of, what_is_asked

__all__ = ["LANGUAGES_WITH_SENTIMENT", "detect_language", "read_comments", "sentiment_of", "what_is_asked"]
