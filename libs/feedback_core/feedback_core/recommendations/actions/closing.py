"""What must hold for an action to be closed: an outcome, and an analysis of its effect that says so."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from feedback_core.analyses.types import AnalysisKind, AnalysisRun
from feedback_core.analyses.use_cases import get_run
from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.recommendations.actions.types import Action, ActionMove, ActionOutcome, ActionState
from feedback_core.recommendations.effect.types import EffectVerdict


async def check_closing(session: Session, organisation_id: UUID, found: Action, move: ActionMove) -> None:
    """Hold what is said of the effect of an action to the analysis of it.

    Raises:
        NotFound: no such analysis here.
        Invalid: the outcome is missing, or said too early, or the analysis is of something else or says otherwise.
    """
    run = None if move.effect_run_id is None else await get_run(session, organisation_id, move.effect_run_id)
    faults = list(_early(found, move)) or list(_unproved(found, move, run))
    if faults:
        raise Invalid(faults)


def _early(found: Action, move: ActionMove) -> list[Fault]:
    faults = []
    if move.to is not ActionState.COMPLETED and move.change_on is not None:
        faults.append(Fault("/change_on", "not_completed", "That is said when the action is completed."))
    if move.to is not ActionState.CLOSED:
        given = (("/outcome", move.outcome), ("/analysis_id", move.effect_run_id))
        faults += [
            Fault(pointer, "not_closed", "That is said when the action is closed.")
            for pointer, value in given
            if value is not None
        ]
    elif move.outcome is None:
        faults.append(Fault("/outcome", "outcome_missing", "Say whether it was effective, not_effective, or unknown."))
    elif found.state is not ActionState.COMPLETED and move.outcome is not ActionOutcome.UNKNOWN:
        detail = "It was never completed, so nothing can be known of its effect: close it as unknown."
        faults.append(Fault("/outcome", "not_completed", detail))
    return faults


def _unproved(found: Action, move: ActionMove, run: AnalysisRun | None) -> list[Fault]:
    if move.to is not ActionState.CLOSED or (run is None and move.outcome is ActionOutcome.UNKNOWN):
        return []
    if run is None:
        detail = "Name the analysis of its effect, or close it as unknown and say why."
        return [Fault("/analysis_id", "effect_missing", detail)]
    if run.kind is not AnalysisKind.EFFECT or run.result is None:
        return [Fault("/analysis_id", "no_effect_run", "Name an analysis of kind effect that has succeeded.")]
    return _contradicted(found, move, run, run.result)


def _contradicted(found: Action, move: ActionMove, run: AnalysisRun, result: Mapping[str, Any]) -> list[Fault]:
    asked = run.parameters
    if asked["action_id"] not in {None, str(found.id)} or asked["change_on"] != f"{found.change_on}":
        detail = f"It is of a change on {asked['change_on']}; this action changed something on {found.change_on}."
        return [Fault("/analysis_id", "effect_of_another_change", detail)]
    verdict = EffectVerdict(result["verdict"])
    says = ActionOutcome.UNKNOWN if verdict is EffectVerdict.CANNOT_BE_TOLD else ActionOutcome(verdict.value)
    if says is not move.outcome:
        return [Fault("/outcome", "effect_differs", f"The analysis says {says}: {run.sentence}")]
    return []
