"""What Schemathesis is told beside its configuration: whose ids to ask for, and checks of ours."""

import json
import os
import zlib
from collections.abc import Mapping
from itertools import cycle
from typing import Any, Final, get_args
from uuid import UUID

import schemathesis
from pydantic_core.core_schema import ErrorType
from schemathesis.generation.meta import TestPhase

# Ids of things that are there, by the name that parameters and fields have for them. An operation that uses things up
# has some of its own, under its id and the name.
THINGS: Final[Mapping[str, list[str]]] = json.loads(os.environ["CONTRACT_THINGS"])
TURNS: Final = {name: cycle(ids) for name, ids in THINGS.items()}

# Codes of a field of the wrong shape. A `value_error` is a rule that JSON Schema cannot say; the others are also codes
# of rules of the domain.
SHAPE: Final = set(get_args(ErrorType)) - {"value_error", "invalid_key", "too_long"}

OF_OTHER_MEANING: Final = {
    "role": {"coder", "adjudicator"},
    "measure": {"nps", "top_box", "mean", "median", "share", "ratio", "count"},
}
"""Words of fields that elsewhere name a thing of the organisation."""

ENOUGH_UNKNOWN: Final = 4
"""One of so many generated ids stays unknown."""

NEVER_SUCCEED: Final = {
    "POST /v1/inbound/{source_id}": "only a sender with a secret can sign",
    "POST /v1/inbound/{source_id}/{path_secret}": "as above",
    "POST /v1/invitation-notices": "as above",
    "POST /s/{link}": "only a form that was made for the link is taken",
    "GET /v1/downloads/{link}": "only a link that was made leads to a file",
    "GET /v1/public/{address}/you-said-we-did.json": "nothing is published, and an address cannot be generated",
    "GET /v1/public/{address}/you-said-we-did.html": "as above",
    "POST /v1/surveys/{survey_id}/imports": "a file needs a name, which cannot be generated",
    "POST /v1/frames/{frame_id}/imports": "as above",
    "POST /v1/survey-imports/xlsform": "a workbook cannot be generated",
    "GET /v1/surveys/{survey_id}/outcome-link": "it takes what customers then did, and the survey does not ask it",
    "GET /v1/surveys/{survey_id}/entries/interviewer-effects": "it takes ten answers to each of two interviewers",
    "GET /v1/kpis/{kpi}/ranking": "it takes three groups that may be shown, and the survey has two",
    "GET /v1/kpis/{kpi}/ranking.{form}": "as above",
    "GET /v1/analyses/{analysis_id}/verbatims": "it takes an analysis of themes, and here no worker makes any",
    "POST /v1/report-schedules/{report_schedule_id}/recipients": "no mail server is set here",
    "POST /v1/surveys": "drawn at random only: the key of its example is taken",
    "POST /v1/plans/{plan_id}/revisions": "drawn at random only: approval has changed the plan, so its tag is not 1",
    "POST /v1/fieldwork-alerts/{alert_id}/plan-revision": "their survey has no plan: nothing is to be revised",
    "PUT /v1/surveys/{survey_id}": "drawn at random only: a survey keeps its key, which is not that of the example",
}


@schemathesis.serializer("application/x-ndjson", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
def as_text(context: schemathesis.SerializationContext, value: object) -> bytes:
    """A file of any content: most are not of their kind, which the worker finds."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]) -> None:
    """Ask for things that are there: without it, nearly every answer is a 404. Follow-ups have ids of their own."""
    if case.meta is not None and case.meta.phase.name is not TestPhase.STATEFUL:
        operation = str(case.operation.definition.raw.get("operationId"))
        is_drawn = case.meta.phase.name is TestPhase.FUZZING
        for given in (case.path_parameters, case.query, case.body):
            _put_in(given, operation, is_drawn=is_drawn)
    if case.path_parameters and case.path_parameters.get("key_id") == os.environ["CONTRACT_KEY_ID"]:
        # The one key that every request carries stays.
        case.path_parameters["key_id"] = THINGS["key_id"][0]


def _put_in(given: object, operation: str, *, is_drawn: bool) -> None:
    if isinstance(given, list):
        for part in given:
            _put_in(part, operation, is_drawn=is_drawn)
    elif isinstance(given, dict):
        for name, value in given.items():
            things = next((known for known in (f"{operation} {name}", name) if known in THINGS), None)
            if isinstance(value, str) and value in OF_OTHER_MEANING.get(name, set()):
                continue
            if things and isinstance(value, str) and (name in {"token", "link"} or _is_id(value)):
                given[name] = _drawn(things, value) if is_drawn else next(TURNS[things])
            _put_in(value, operation, is_drawn=is_drawn)


def _drawn(name: str, value: str) -> str:
    """By the value alone, so that a case that is tried again is the same."""
    number = zlib.crc32(value.encode())
    return value if number % ENOUGH_UNKNOWN == 0 else THINGS[name][number % len(THINGS[name])]


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return value.isidentifier()
    return True


@schemathesis.check
def valid_data_has_the_right_shape(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> bool | None:
    """What the document calls valid may be refused by a rule of the domain, but never for its shape."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return None
    wrong = [fault for fault in response.json()["errors"] if fault["code"] in SHAPE]
    assert not wrong, f"The document does not say that this is refused: {wrong}"
    return None


class EveryOperationSucceeded:
    """A contract that is only tried with refusals is not tried."""

    def __init__(self) -> None:
        self.tried: set[str] = set()
        self.succeeded: set[str] = set()

    def after_response(
        self, _: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
    ) -> bool | None:
        """Note what an operation answered."""
        self.tried.add(case.operation.label)
        if response.status_code < 400:
            self.succeeded.add(case.operation.label)
        return None

    def after_run(self, _: schemathesis.CheckContext) -> None:
        """Name those that never succeeded."""
        never = self.tried - self.succeeded
        assert never <= NEVER_SUCCEED.keys(), f"never succeeded: {sorted(never - NEVER_SUCCEED.keys())}"


if "coverage" in os.environ["CONTRACT_PHASES"]:
    # Too few requests are drawn at random for it to hold of them.
    schemathesis.check(EveryOperationSucceeded)
