"""What is told of cases as events: ids and words of ours, never who answered, nor what was written."""

from uuid import UUID

from feedback_core.cases.types import CaseOutcome, CaseState
from feedback_core.events.types import Event, EventKind


def opened(case_id: UUID, survey_id: UUID, rule_version: int) -> Event:
    """A response became a case."""
    data = {"survey_id": str(survey_id), "rule_version": rule_version}
    return Event(EventKind.CASE_OPENED, case_id, data, version=1)


def changed(case_id: UUID, survey_id: UUID, what: str, before: CaseState, to: CaseState) -> Event:
    """A case was edited, noted, moved."""
    data = {"survey_id": str(survey_id), "what": what, "from_state": before.value, "to_state": to.value}
    return Event(EventKind.CASE_CHANGED, case_id, data)


def escalated(case_id: UUID, survey_id: UUID, state: CaseState) -> Event:
    """A case has waited for so long that it went to others."""
    return Event(EventKind.CASE_ESCALATED, case_id, {"survey_id": str(survey_id), "state": state.value}, version=1)


def closed(case_id: UUID, survey_id: UUID, outcome: CaseOutcome | None) -> Event:
    """A case was closed; without an outcome: it ended with its response."""
    data = {"survey_id": str(survey_id), "outcome": outcome.value if outcome else None}
    return Event(EventKind.CASE_CLOSED, case_id, data, version=1)
