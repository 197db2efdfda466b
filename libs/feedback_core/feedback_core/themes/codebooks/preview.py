"""What a codebook would do, before anybody puts it to use."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.surveys.audience import strict_for
from feedback_core.surveys.use_cases import published_survey
from feedback_core.themes.codebooks.matching import Match, RuleCoder
from feedback_core.themes.codebooks.types import Codebook
from feedback_core.themes.codebooks.use_cases import check_codebook, get_codebook, language_of, text_questions
from feedback_core.themes.reading.queries import first_comments

COMMENTS_LOOKED_AT: Final = 2_000
"""Stored comments that a preview is held against, at most."""


@dataclass(frozen=True, slots=True)
class SampleText:
    """A text to try rules on; ``language``: ISO 639-1 code, ``None``: the survey's."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class RulePreview:
    """How many of the stored comments a rule, or any rule of its theme, would give the theme to.

    Attributes:
        rule: place among those of the theme; ``None``: any of them.
        share: of the comments looked at; ``None`` where fewer than the organisation's minimum would get it.
    """

    theme: str
    rule: int | None
    share: Estimate | None


@dataclass(frozen=True, slots=True)
class StoredPreview:
    """What a codebook would do to the comments that are stored.

    Attributes:
        comments: drawn at random and looked at; ``None``: too few to show anything.
        uncoded: share of them that would get no theme; ``None`` likewise.
        themes: share of each theme, by any of its rules.
        rules: of each rule, alone.
    """

    comments: int | None
    uncoded: Estimate | None
    themes: Sequence[RulePreview] = ()
    rules: Sequence[RulePreview] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """Matches of each sample text, in their order, and what would become of stored comments."""

    texts: Sequence[Sequence[Match]]
    stored: StoredPreview


async def preview_codebook(
    session: Session, organisation_id: UUID, survey_id: UUID, codebook: Codebook | None, texts: Sequence[SampleText]
) -> Preview:
    """Hold the rules of a codebook against sample texts and against stored comments; nothing is kept.

    Args:
        session: bound to the organisation.
        organisation_id: whose survey it is.
        survey_id: of a survey that was published.
        codebook: to be tried; ``None``: the one that holds.
        texts: to try it on.

    Raises:
        NotFound: no such survey, or no codebook is given and it has none.
        SurveyNotPublished: it never was.
        Invalid: the survey asks for no text, or the codebook has faults.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    text_questions(survey.questionnaire)
    if codebook is None:
        codebook = (await get_codebook(session, organisation_id, survey_id)).codebook
    else:
        await check_codebook(session, organisation_id, codebook)
    coder = RuleCoder(codebook, default_language=language_of(survey.questionnaire))
    stored = await first_comments(session, organisation_id, survey_id, most=COMMENTS_LOOKED_AT)
    minimum = strict_for(await get_organisation(session, organisation_id), survey.settings).minimum_cell_size
    return Preview(
        texts=[coder.matches(sample.text, sample.language) for sample in texts],
        stored=_stored(codebook, [coder.matches(text, language) for text, language in stored], minimum),
    )


def _stored(codebook: Codebook, matches: Sequence[Sequence[Match]], minimum: int) -> StoredPreview:
    n = len(matches)
    if n < minimum:
        return StoredPreview(None, None)
    by_theme = Counter(theme for found in matches for theme in {match.theme for match in found})
    by_rule = Counter((match.theme, match.rule) for found in matches for match in found)

    def share(count: int) -> Estimate | None:
        return proportion_estimate(count, n) if count >= minimum else None

    return StoredPreview(
        comments=n,
        uncoded=share(sum(not found for found in matches)),
        themes=[RulePreview(theme.key, None, share(by_theme[theme.key])) for theme in codebook.themes if theme.rules],
        rules=[
            RulePreview(theme.key, place, share(by_rule[theme.key, place]))
            for theme in codebook.themes
            for place in range(len(theme.rules))
        ],
    )
