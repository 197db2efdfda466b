"""What the comments say that an analysis of themes shows: read when asked for, never kept with the analysis."""

from dataclasses import dataclass
from uuid import UUID

from feedback_core.analyses.documents import from_document
from feedback_core.analyses.types import AnalysisKind
from feedback_core.analyses.use_cases import get_run
from feedback_core.db.session import Session
from feedback_core.kit.errors import Conflict
from feedback_core.responses.masking.reader import reader_of
from feedback_core.themes.analysis.queries import texts_of
from feedback_core.themes.analysis.types import Example, ThemesOutcome


class ShowsNoComments(Conflict):
    """The run is of a kind that shows no comments, or it has no result yet."""

    code = "shows_no_comments"


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A comment as its reader may see it."""

    response_id: UUID
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class ThemeVerbatims:
    """Comments that show what a theme is about.

    Attributes:
        theme: its key, or the name of a suggestion.
        suggested: whether it is one.
    """

    theme: str
    suggested: bool
    comments: tuple[Verbatim, ...]


async def verbatims_of(
    session: Session, organisation_id: UUID, run_id: UUID, *, unmasked: bool
) -> list[ThemeVerbatims]:
    """What the comments say that a run shows; those erased or excluded since are gone.

    Unless ``unmasked``, personal data in them is masked.

    Raises:
        NotFound: no such analysis here.
        ShowsNoComments: it is of another kind, or has no result.
    """
    run = await get_run(session, organisation_id, run_id)
    if run.kind is not AnalysisKind.THEMES:
        raise ShowsNoComments(f"Only an analysis of themes shows comments; this one is of the kind {run.kind}.")
    if run.result is None:
        raise ShowsNoComments("The analysis has no result yet: look at its status.")
    outcome = from_document(ThemesOutcome, run.result)
    shown = [(theme.key, False, theme.examples) for theme in outcome.themes]
    if outcome.suggestions is not None:
        shown += [(theme.name, True, theme.examples) for theme in outcome.suggestions.themes]
    wanted = [example for _, _, examples in shown for example in examples]
    reader = await reader_of(session, organisation_id, run.survey_id, unmasked=unmasked)
    said = {example: reader.text(text) for example, text in (await texts_of(session, organisation_id, wanted)).items()}
    return [
        ThemeVerbatims(
            name, suggested, tuple(_verbatim(example, said[example]) for example in examples if example in said)
        )
        for name, suggested, examples in shown
        if examples
    ]


def _verbatim(example: Example, text: str) -> Verbatim:
    return Verbatim(example.response_id, example.question, text)
