"""How those who edit a thing at once differ from one another, operation by operation."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.architecture.served import Operation

Json = dict[str, Any]

SEEN_BY: Final = ("name", "title", "description", "label", "we_did", "reason", "statement", "text")
"""Fields that say whose edit it was, in most bodies."""

AUDIENCES: Final = ("customers", "front_line", "supervisors", "senior_managers")

OTHERWISE: Final[Mapping[str, Callable[[Json, int], Json]]] = {
    "changeOpenResponse": lambda _, number: {"answers": {"nps": number}},
    "changeStaff": lambda body, number: {**body, "reference": f"agent_{number}"},
    "changeSurveyConfidentiality": lambda body, _: body,
    "changeSurveySettings": lambda body, number: {**body, "auto_close_after_hours": 48 + number},
    "editCase": lambda body, number: {**body, "owner": f"Number {number}"},
    "enterRecommendationDetails": lambda body, number: {**body, "owner": f"Number {number}"},
    "putAnswer": lambda _, number: {"answer": 4 + number},
    "putCaseRule": lambda body, number: {**body, "owner": f"Number {number}"},
    "putCodebook": lambda body, number: {"themes": [*body["themes"], {"key": "of", "label": f"Number {number}"}]},
    "putDepartures": lambda body, number: {"people": [{**body["people"][0], "name": f"Gone {number}"}]},
    "putFieldworkRules": lambda body, number: {"rules": [{**body["rules"][0], "after_days": 1 + number}]},
    "putInclusionRule": lambda body, number: {**body, "since": f"2026-01-0{1 + number}T00:00:00Z"},
    "putLintWords": lambda body, number: {"words": [{**body["words"][0], "word": f"till{'abcd'[number]}"}]},
    "putMethodCosts": lambda body, number: {**body, "fixed": number},
    "putQuotas": lambda body, number: {**body, "reserve_minutes": 10 + number},
    "putRetention": lambda body, number: {**body, "days": 730 + number},
    "putSourceConnector": lambda body, number: {**body, "token": f"token-number-{number}"},
    "putSourceMapping": lambda body, number: {**body, "when": f"event_type == 'form_{number}'"},
    "replaceAnalysisSchedule": lambda body, number: {**body, "hour": number},
    "replaceReportSchedule": lambda body, number: {
        **body,
        "editions": [{"audience": AUDIENCES[number], "format": "html"}],
    },
}
"""Bodies without such a field: what says whose edit it was."""

SAME: Final = frozenset({"changeSurveyConfidentiality"})
"""A promise that is kept can only be made tighter, so all of them ask for the same."""


def edit_of(operation: Operation, body: Json, number: int) -> Json:
    """The body of the one of that number, who differs from the others unless the operation is one of ``SAME``."""
    otherwise = OTHERWISE.get(operation.document["operationId"])
    field = next((name for name in SEEN_BY if isinstance(body.get(name), str)), None)
    if otherwise is None:
        assert field, f"{operation}: say in tests/support/edits.py how those who edit it at once differ"
        return {**body, field: f"Number {number}"}
    return otherwise(body, number)


NOT_THERE_YET: Final = frozenset({"putKpi", "putLintWords"})
"""What the seeded organisation does not have under the name that is edited: its example is written first."""

OF_DRAFTS: Final = frozenset({"replaceSurveyDraft", "publishSurvey"})
"""What takes a draft, where the seeded survey has none: a next version is begun first."""
