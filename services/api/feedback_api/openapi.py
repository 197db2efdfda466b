"""The OpenAPI document: what FastAPI writes, with the problems that every route can answer."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from feedback_api.problems import PROBLEM_JSON, Problem, problem_response
from feedback_api.schemas.invited import NoticesIn
from feedback_api.schemas.you_said_we_did import PublicFeedOut

TAGS = [
    {"name": "Surveys", "description": "Questionnaires: drafts, published versions, closing."},
    {
        "name": "Planning",
        "description": "How to ask, how many, at what cost: methods, sample sizes, plans and their revisions.",
    },
    {"name": "Sampling", "description": "Frames of who could be asked, and random samples of them."},
    {"name": "Invitations", "description": "Who is invited by which way, reminders, and what became of each."},
    {"name": "Quotas", "description": "How many responses of a kind a survey takes, how far that is, and refills."},
    {"name": "Staff entry", "description": "Interviews, focus groups, calls and forms as they were said; guides."},
    {"name": "Fieldwork", "description": "Collections under way: how they stand, rules on them, and alerts."},
    {"name": "Answering", "description": "Answering a survey from outside: one by one, from pages, without our form."},
    {"name": "Collectors", "description": "Links by which a survey goes out, and their QR codes."},
    {"name": "Questionnaire", "description": "The hosted questionnaire: pages for people, without a key or a script."},
    {"name": "Responses", "description": "What customers said, one by one, in batches, from files and into files."},
    {"name": "Sources", "description": "Other systems that send what their customers said, and what they delivered."},
    {"name": "Comments", "description": "Codebooks, coding by hand, and what comments speak of."},
    {"name": "KPIs", "description": "Figures with interval, n and method."},
    {"name": "Weighting", "description": "Schemes that weight the answers to a survey to its frame."},
    {"name": "Data quality", "description": "Which signs of careless answering count, and what follows from them."},
    {"name": "Standards", "description": "What is to be reached, whether it is, and what others reach."},
    {"name": "Analyses", "description": "Longer work, done by the worker."},
    {"name": "Events", "description": "What happened, in order, for those who ask."},
    {"name": "Webhooks", "description": "What happened, told to other systems: signed, retried, logged, replayed."},
    {"name": "Recommendations", "description": "Findings on their way to a decision."},
    {"name": "Procedures", "description": "How the organisation decides: steps, roles, deadlines, and who has left."},
    {"name": "Actions", "description": "What is done about it, by whom, until when, and whether it worked."},
    {"name": "Reports", "description": "Editions of one analysis for each audience, and whom they reached."},
    {"name": "Evidence", "description": "The organisation's own records, for each criterion of a unit, in one file."},
    {"name": "Cases", "description": "Following up those who had reason to complain, and agreed to it."},
    {"name": "You said, we did", "description": "What is told back to everybody who answered."},
    {"name": "People", "description": "Staff, teams and roles: sent, and acknowledged."},
    {
        "name": "Performance",
        "description": "How people and teams do against standards, to those entitled: figures, reviews, goals, thanks.",
    },
    {"name": "Culture", "description": "Notes and assessments of the culture, and what motivates."},
    {"name": "Data protection", "description": "Retention, erasure, anonymity, and what people ask for their data."},
    {
        "name": "Service",
        "description": "The features that customers judge, and the processes, offers and touchpoints of these.",
    },
    {"name": "Organisation", "description": "Settings and API keys."},
    {"name": "Operation", "description": "Health and metrics."},
]


def document(app: FastAPI, public_url: str | None) -> None:
    """Have the app serve this document."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _build(app, public_url)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


_BESIDE_ROUTES: Final[tuple[tuple[type[BaseModel], JsonSchemaMode], ...]] = (
    (Problem, "validation"),
    (PublicFeedOut, "serialization"),
    (NoticesIn, "validation"),
)


def _build(app: FastAPI, public_url: str | None) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        routes=app.routes,
        tags=TAGS,
        servers=[{"url": public_url}] if public_url else None,
    )
    schemas = schema["components"]["schemas"]
    # What no route declares by itself: problems, a feed that is read raw, and a body whose signature is checked first.
    for model, mode in _BESIDE_ROUTES:
        definition = model.model_json_schema(mode=mode, ref_template="#/components/schemas/{model}")
        schemas.update(definition.pop("$defs", {}))
        schemas[model.__name__] = definition
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    _close_objects(schemas)
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            _with_problems(path, operation)
            _without_null(operation)
    return schema


def _with_problems(path: str, operation: dict[str, Any]) -> None:
    """Add what every route of its kind can answer."""
    responses = operation["responses"]
    if path.startswith("/v1/inbound/"):
        # Any path is an address, of a source or of none; these routes say by themselves all that they can answer.
        responses.pop("422", None)
        return
    given = responses.get("422")
    if given and PROBLEM_JSON not in given["content"]:
        responses["422"] = problem_response(422)
    if not path.startswith("/v1"):
        return
    statuses = [422]
    if "requestBody" in operation:
        statuses += [413, 415]
    if any(parameter["name"] == "idempotency-key" for parameter in operation.get("parameters", [])):
        statuses.append(409)
    for status in statuses:
        responses.setdefault(str(status), problem_response(status))


def _without_null(operation: dict[str, Any]) -> None:
    """A parameter is there or it is not: the null that stands for its absence in Python cannot be sent."""
    for parameter in operation.get("parameters", []):
        schema = parameter["schema"]
        choices = [choice for choice in schema.pop("anyOf", []) if choice != {"type": "null"}]
        schema.update(choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {})


def _close_objects(schema: object) -> None:
    """Pydantic documents what the names in an object must look like, but not that there may be no others."""
    if isinstance(schema, dict):
        if "patternProperties" in schema:
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            _close_objects(part)
    elif isinstance(schema, list):
        for part in schema:
            _close_objects(part)
