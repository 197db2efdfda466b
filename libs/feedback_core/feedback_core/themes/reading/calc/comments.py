"""Reading comments: language, sentiment, and the themes that rules give."""

from feedback_core.themes.codebooks.matching import RuleCoder
from feedback_core.themes.lots import lot_of
from feedback_core.themes.reading.calc.languages import detect_language
from feedback_core.themes.reading.calc.sentiment import sentiment_of, what_is_asked
from feedback_core.themes.reading.types import CommentDue, Part, Reading
from feedback_core.themes.types import Asked


def read_comments(part: Part) -> list[Reading]:
    """What is read out of each comment of a part, in its order."""
    coder = None if part.codebook is None else RuleCoder(part.codebook, default_language=part.default_language)
    language = part.default_language
    asked = {key: what_is_asked(question, language) for key, question in part.questions.items()}
    return [_read(comment, coder, language, asked.get(comment.question_key, Asked.OPENLY)) for comment in part.comments]


def _read(comment: CommentDue, coder: RuleCoder | None, default_language: str, asked: Asked) -> Reading:
    if comment.known is not None:
        language, tone, score = comment.known.language, comment.known.tone, comment.known.sentiment
    else:
        language = detect_language(comment.text, expected=(default_language,)).language
        # "Great!" is too short to tell a language by; it is most likely in the one that was asked in.
        sentiment = sentiment_of(comment.text, language or default_language, asked=asked)
        tone, score = (None, None) if sentiment is None else (sentiment.tone, sentiment.score)
    return Reading(
        response_id=comment.response_id,
        question_key=comment.question_key,
        language=language,
        tone=tone,
        sentiment=score,
        themes=None if coder is None else coder.themes(comment.text, language),
        lot=lot_of(comment.response_id, comment.question_key),
    )
