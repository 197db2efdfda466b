"""Who reads comments, and how much of them: what was said is kept as said, and masked on its way out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.regions import regions_of
from feedback_core.responses.masking.calc import mask
from feedback_core.responses.masking.queries import masking_facts
from feedback_core.responses.types import StoredResponse


@dataclass(frozen=True, slots=True)
class Reader:
    """Shows comments of one survey.

    Attributes:
        unmasked: whether personal data in them is shown.
        regions: countries whose national numbers are known.
        questions: keys of the questions whose answers are comments.
    """

    unmasked: bool
    regions: tuple[str, ...] = ()
    questions: frozenset[str] = frozenset()

    def text(self, text: str) -> str:
        """A comment as this reader may see it."""
        return text if self.unmasked else mask(text, self.regions)

    def answers(self, answers: Mapping[str, object]) -> Mapping[str, object]:
        """Answers by question key, comments as this reader may see them."""
        if self.unmasked:
            return answers
        return {
            key: self.text(said) if isinstance(said, str) and key in self.questions else said
            for key, said in answers.items()
        }

    def response(self, stored: StoredResponse) -> StoredResponse:
        """A response as this reader may see it."""
        return stored if self.unmasked else replace(stored, answers=self.answers(stored.answers))


async def reader_of(session: Session, organisation_id: UUID, survey_id: UUID, *, unmasked: bool) -> Reader:
    """Who may see comments of a survey, with or without personal data in them."""
    facts = None if unmasked else await masking_facts(session, organisation_id, survey_id)
    if facts is None:
        return Reader(unmasked)
    languages = [facts.language] if facts.language else []
    return Reader(unmasked, regions_of(facts.time_zone, *languages), facts.questions)
