"""What is told of recommendations and actions as events: ids and words of ours, never what somebody wrote."""

from uuid import UUID

from feedback_core.events.types import Event, EventKind
from feedback_core.recommendations.actions.types import Action, ActionMove, ActionState
from feedback_core.recommendations.types import RecommendationKind, Transition


def created(recommendation_id: UUID, survey_id: UUID, run_id: UUID, kind: RecommendationKind, *, by: str) -> Event:
    """A recommendation has entered; ``by`` is ``analysis`` or ``person``."""
    data = {"survey_id": str(survey_id), "analysis_id": str(run_id), "kind": kind.value, "by": by}
    return Event(EventKind.RECOMMENDATION_CREATED, recommendation_id, data, version=1)


def moved(recommendation_id: UUID, taken: Transition) -> Event:
    """A decision was taken on it."""
    data = {
        "from_step": taken.from_step,
        "to_step": taken.to_step,
        "from_state": taken.from_state.value,
        "to_state": taken.to_state.value,
    }
    return Event(EventKind.RECOMMENDATION_MOVED, recommendation_id, data)


def overtaken(recommendation_id: UUID) -> Event:
    """Its evidence does not hold any more; told once of the same evidence."""
    return Event(EventKind.RECOMMENDATION_OVERTAKEN, recommendation_id)


def overdue(recommendation_id: UUID, step: str, *, escalated: bool) -> Event:
    """The step where it stands is past its deadline, or has gone to those whom it escalates to."""
    return Event(EventKind.RECOMMENDATION_OVERDUE, recommendation_id, {"step": step, "escalated": escalated})


def action_created(action_id: UUID, recommendation_id: UUID) -> Event:
    """An action was planned."""
    data = {"recommendation_id": str(recommendation_id)}
    return Event(EventKind.ACTION_CREATED, action_id, data, version=1)


def action_changed(found: Action, what: str, to: ActionState) -> Event:
    """An action was edited, answered, moved."""
    data = {
        "recommendation_id": str(found.recommendation_id),
        "what": what,
        "from_state": found.state.value,
        "to_state": to.value,
    }
    return Event(EventKind.ACTION_CHANGED, found.id, data)


def action_closed(found: Action, move: ActionMove) -> Event:
    """An action was closed, with what became of it."""
    data = {
        "recommendation_id": str(found.recommendation_id),
        "outcome": move.outcome.value if move.outcome else None,
        "analysis_id": str(move.effect_run_id) if move.effect_run_id else None,
    }
    return Event(EventKind.ACTION_CLOSED, found.id, data, version=1)


def action_overdue(action_id: UUID, state: ActionState) -> Event:
    """An action was to be done by now, and is not."""
    return Event(EventKind.ACTION_OVERDUE, action_id, {"state": state.value})
