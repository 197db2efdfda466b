"""Every route: who may call it, what it is called, what it can answer, and that it can be repeated safely."""

import re
from typing import Any

from pydantic import TypeAdapter

from feedback_api.openapi import TAGS
from feedback_api.problems import PROBLEM_JSON
from feedback_api.security import Requires, current_caller
from feedback_api.unit_of_work import TransactionalRoute
from tests.architecture.served import (
    OF_PROVIDERS,
    OF_SENDERS,
    WITHOUT_KEY,
    Operation,
    dependencies,
    document,
    of_callers,
    operations,
    resolved,
    routes,
)

CAMEL_CASE = re.compile(r"[a-z]+([A-Z][a-z]+)*")
SNAKE_CASE = re.compile(r"[a-z][a-z0-9_]*")
EVERYWHERE = {"400", "401", "403", "422", "503"}

SHOWS_A_SECRET = "remembering the answer would keep the secret that it shows"
SHOWS_WHAT_WAS_SAID = "it changes nothing, and remembering the answer would keep what customers said"
WITHOUT_IDEMPOTENCY_KEY = {
    "createApiKey": SHOWS_A_SECRET,
    "addSourceSecret": SHOWS_A_SECRET,
    "addWebhookSecret": SHOWS_A_SECRET,
    "createDownloadLink": SHOWS_A_SECRET,
    "previewSourceMapping": SHOWS_WHAT_WAS_SAID,
    "previewDelivery": SHOWS_WHAT_WAS_SAID,
}
OF_EVERY_SENDER = {"401", "408", "413", "415", "503"}
CREATES = "it creates what is not there"
NAMED = "the document names every list, and an empty one is there"
WITHOUT_404 = {
    "putFeature": CREATES,
    "putKpi": CREATES,
    "putProcess": CREATES,
    "putOffer": CREATES,
    "putTouchpoint": CREATES,
    "putBenchmark": CREATES,
    "putPracticeNote": CREATES,
    "putProcedure": CREATES,
    "getLintWords": NAMED,
    "putLintWords": NAMED,
    "putRole": CREATES,
}


def test_the_document_shows_every_route_and_no_other() -> None:
    served = {(method.lower(), route.path_format) for route in routes() for method in route.methods or ()}
    assert served == {(operation.method, operation.path) for operation in operations()}
    assert len(served) > 20


def test_every_route_knows_its_caller_and_asks_for_a_scope() -> None:
    for route in (route for route in routes() if route.operation_id not in WITHOUT_KEY):
        called = list(dependencies(route.dependant))
        assert current_caller in called, route.path
        assert [call for call in called if isinstance(call, Requires)], route.path


def test_what_senders_and_recipients_use_and_links_lead_to_asks_for_no_key() -> None:
    found = [route for route in routes() if route.operation_id in WITHOUT_KEY]
    assert {route.operation_id for route in found} == WITHOUT_KEY
    assert [route.path for route in found if current_caller in dependencies(route.dependant)] == []


def test_every_route_commits_before_it_answers() -> None:
    # What senders deliver is committed in groups, and what providers tell by organisation; answered after that.
    others = {route.operation_id for route in routes() if not isinstance(route, TransactionalRoute)}
    assert others == OF_SENDERS | OF_PROVIDERS


def test_every_operation_id_is_chosen_camel_case_and_unique() -> None:
    chosen = [route.operation_id for route in routes()]
    assert all(name and CAMEL_CASE.fullmatch(name) for name in chosen), chosen
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) == {operation.document["operationId"] for operation in operations()}


def test_every_operation_has_summary_description_and_a_known_tag() -> None:
    known = {tag["name"] for tag in TAGS}
    for operation in operations():
        assert operation.document["summary"], operation
        assert operation.document["description"].strip().endswith((".", ")")), operation
        assert set(operation.document["tags"]) <= known, operation


def test_every_operation_documents_the_problems_that_any_can_answer() -> None:
    for operation in filter(of_callers, operations()):
        expected = set(EVERYWHERE)
        if "requestBody" in operation.document:
            expected.add("413")
        if "{" in operation.path and operation.document["operationId"] not in WITHOUT_404:
            expected.add("404")
        assert expected <= set(operation.document["responses"]), operation


def test_what_senders_are_answered_is_documented() -> None:
    for operation in operations():
        if operation.document["operationId"] in OF_SENDERS and operation.method == "post":
            problems = {status for status in operation.document["responses"] if status >= "400"}
            assert problems == OF_EVERY_SENDER, operation


def test_every_error_is_documented_as_a_problem() -> None:
    for operation in operations():
        for status, response in operation.document["responses"].items():
            if status >= "400":
                assert response["content"].keys() == {PROBLEM_JSON}, f"{operation} {status}"
                schema = response["content"][PROBLEM_JSON]["schema"]
                assert schema["$ref"] == "#/components/schemas/Problem", f"{operation} {status}"
    assert "Problem" in document()["components"]["schemas"]


def test_every_post_can_be_repeated_safely() -> None:
    posts = {o.document["operationId"]: o for o in operations() if o.method == "post"}
    without = {name for name, operation in posts.items() if "idempotency-key" not in operation.headers}
    assert without - WITHOUT_KEY == set(WITHOUT_IDEMPOTENCY_KEY)


def test_only_a_post_takes_an_idempotency_key() -> None:
    assert [str(o) for o in operations() if o.method != "post" and "idempotency-key" in o.headers] == []


def test_what_can_be_edited_is_edited_as_it_was_read() -> None:
    assert [str(o) for o in operations() if o.method in {"put", "patch"} and "if-match" not in o.headers] == []


def test_every_parameter_is_named_in_snake_case() -> None:
    for operation in operations():
        for parameter in operation.document.get("parameters", []):
            if parameter["in"] != "header":
                assert SNAKE_CASE.fullmatch(parameter["name"]), f"{operation}: {parameter['name']}"


def test_every_request_body_has_an_example() -> None:
    assert [str(operation) for operation in operations() if not _examples(operation)] == []


def test_every_example_is_accepted() -> None:
    bodies = {route.operation_id: route.body_field for route in routes()}
    checked = 0
    for operation in operations():
        body = bodies[operation.document["operationId"]]
        for example in _examples(operation) if body else []:
            assert body is not None
            assert body.field_info.annotation is not None
            TypeAdapter(body.field_info.annotation).validate_python(example)
            checked += 1
    assert checked


def _examples(operation: Operation) -> list[Any]:
    """The examples of the body, nothing if one kind of body has none; of an operation without one, a single None."""
    if "requestBody" not in operation.document:
        return [None]
    found: list[Any] = []
    for media in operation.document["requestBody"]["content"].values():
        given = [media["example"]] if "example" in media else []
        given += [example["value"] for example in media.get("examples", {}).values()]
        if not given:
            kinds = resolved(media["schema"]).get("oneOf", [media["schema"]])
            of_kinds = [resolved(kind).get("examples", []) for kind in kinds]
            given = [example for of_kind in of_kinds for example in of_kind] if all(of_kinds) else []
        if not given:
            return []
        found += given
    return found
