"""What the comments say that an analysis of themes shows."""

from uuid import UUID

from fastapi import APIRouter

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.schemas.analyses.themes import ThemeVerbatimsOut, VerbatimsOut
from feedback_api.security import CanReadResponses
from feedback_api.unit_of_work import SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import NotFound
from feedback_core.themes.analysis.verbatims import ShowsNoComments, verbatims_of

router = APIRouter(prefix="/v1/analyses/{analysis_id}/verbatims", route_class=TransactionalRoute, tags=["Comments"])


@router.get(
    "",
    operation_id="getAnalysisVerbatims",
    dependencies=[NeverStored],
    responses=problems(NotFound, ShowsNoComments),
)
async def get_analysis_verbatims(analysis_id: UUID, caller: CanReadResponses, session: SnapshotDep) -> VerbatimsOut:
    """Comments that show what each theme of an analysis is about, with what identifies people masked.

    The analysis itself only names them: who may read figures need not be allowed to read what customers wrote.
    """
    found = await verbatims_of(session, caller.organisation_id, analysis_id, unmasked=caller.unmasked)
    return VerbatimsOut(items=[ThemeVerbatimsOut.model_validate(shown) for shown in found])
