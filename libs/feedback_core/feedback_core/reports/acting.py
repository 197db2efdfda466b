"""Reading what was done about recommendations: actions, what became of them, and what everybody is told of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from feedback_core.analyses.cuts import read_at
from feedback_core.analyses.documents import from_document
from feedback_core.analyses.types import AnalysisRun
from feedback_core.analyses.use_cases import get_run
from feedback_core.cases.publishing.queries import shown_items
from feedback_core.cases.publishing.types import MOST_SHOWN, Item
from feedback_core.db.session import Session
from feedback_core.recommendations.actions.queries import actions_of
from feedback_core.recommendations.actions.types import Action
from feedback_core.recommendations.effect.queries import latest_effects
from feedback_core.recommendations.effect.types import EffectOutcome
from feedback_core.reports.model import sha256_of
from feedback_core.reports.source import ActionFact, EffectFacts, RunFacts


async def actions_about(
    session: Session, organisation_id: UUID, survey_id: UUID, recommendation_ids: Collection[UUID]
) -> Mapping[UUID, tuple[ActionFact, ...]]:
    """The actions about each of these recommendations of a survey, those due first first."""
    found = await actions_of(session, organisation_id, recommendation_ids)
    if not found:
        return {}
    effects = await _effects(session, organisation_id, found)
    public = defaultdict(list)
    for item in await shown_items(session, organisation_id, survey_id, most=MOST_SHOWN):
        public[item.action_id].append(item)
    told = defaultdict(list)
    for action in found:
        told[action.recommendation_id].append(_fact(action, effects.get(action.id), public[action.id]))
    return {recommendation_id: tuple(facts) for recommendation_id, facts in told.items()}


def facts_of(run: AnalysisRun) -> RunFacts:
    """A run as it was kept."""
    return RunFacts(run.id, sha256_of(run.result), run.data_version, read_at(run), run.libraries or {})


async def _effects(session: Session, organisation_id: UUID, found: Collection[Action]) -> dict[UUID, EffectFacts]:
    """The analysis that each was closed with, or else the newest of its effect."""
    newest = await latest_effects(session, organisation_id, [action.id for action in found])
    chosen = newest | {action.id: action.effect_run_id for action in found if action.effect_run_id is not None}
    effects = {}
    for action_id, run_id in chosen.items():
        run = await get_run(session, organisation_id, run_id)
        effects[action_id] = EffectFacts(facts_of(run), from_document(EffectOutcome, run.result))
    return effects


def _fact(action: Action, effect: EffectFacts | None, public: Collection[Item]) -> ActionFact:
    return ActionFact(
        title=action.details.title,
        owner=action.details.owner,
        due_on=action.details.due_on,
        state=action.state,
        change_on=action.change_on,
        outcome=action.outcome,
        changed_at=max(action.updated_at, *(item.updated_at for item in public)) if public else action.updated_at,
        effect=effect,
        public=tuple(item.we_did for item in public),
    )
