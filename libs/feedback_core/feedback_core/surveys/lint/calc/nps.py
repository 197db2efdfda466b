"""The wording of the Net Promoter question: altered, it is another question."""

from collections.abc import Iterator
from typing import Final

from feedback_core.surveys.lint.calc.lens import Lens, beside
from feedback_core.surveys.lint.calc.texts import Asked, Said, found_of
from feedback_core.surveys.lint.types import LintFinding, RuleId
from feedback_core.surveys.types import QuestionType

STANDARD: Final = {
    "en": "How likely is it that you would recommend us to a friend or colleague?",
    "es": "¿Qué tan probable es que nos recomiende a un amigo o colega?",
    "de": "Wie wahrscheinlich ist es, dass Sie uns einem Freund oder Kollegen weiterempfehlen?",
    "fr": "Quelle est la probabilité que vous nous recommandiez à un ami ou à un collègue ?",
}
"""The question as Reichheld (2003) has it, and as it is usually translated."""


def nps_wording(asked: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """Anything but how likely somebody is to recommend, and nothing else beside it."""
    if asked.question.type is QuestionType.NPS and lens.is_known and not is_nps_wording(text, lens):
        what = "This does not ask, plainly, how likely it is that one recommends: its figure is no Net Promoter Score."
        how = "Ask the question as it is known, or give this one the type rating."
        yield found_of(RuleId.NPS_WORDING, text, what, how, *filter(None, (STANDARD.get(text.root),)))


def is_nps_wording(text: Said, lens: Lens) -> bool:
    """Whether it asks how likely it is to recommend, and nothing beside."""
    lexicon, words = lens.lexicon, text.words
    joined = beside(lexicon.joins.find(words), list(lexicon.pairs.all(words)))
    asks = lexicon.recommend.are_in(words) and lexicon.likely.are_in(words)
    return asks and not joined and not lexicon.loaded.are_in(words)
