"""Every operation of the API as a request that could be sent, made from its own document and examples."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.architecture.served import Operation, of_callers, operations, resolved
from tests.support.forms import WORKBOOK, a_form

# Words that every organisation shares, for parameters that name no thing of one.
SHARED = {
    "kpi": "nps",
    "by": "region",
    "first": "north",
    "second": "south",
    "rows": "nps",
    "columns": "region",
    "satisfaction": "nps",
    "outcome": "region",
    "counts": "north",
    "form": "svg",
    "chart": "series",
    "question_key": "nps",
    "word_list": "jargon",
    "collection_method": "email",
}

# Others, for one operation: what it changes, nothing else should rest on; words of its own.
SHARED_BY = {
    ("putKpi", "kpi"): "answered_within_an_hour",
    ("importXlsForm", "key"): "from-xlsform",
    ("getFieldwork", "by"): "stratum",
    ("getInterviewerEffects", "question"): "nps",
}

# Parameters that name a thing whose id has another name in `Seeded.ids`; and for one operation.
ALSO = {"survey": "survey_id", "api_key_id": "key_id"}
ALSO_BY = {("listActions", "recommendation_id"): "acted_on_id", ("editPlan", "plan_id"): "draft_plan_id"}

FILE = ("answers.csv", b"nps\n9\n", "text/csv")
MAPPINGS = {"importFrame": {"columns": [{"column": "nps", "to": "ref"}]}}
MAPPING = {"columns": [{"column": "nps", "to": "question", "key": "nps"}]}


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a request that names a thing of the organisation.

    Attributes:
        place: path, query or body.
        name: of the parameter or field.
        thing: key of the id in `Seeded.ids`.
    """

    place: str
    name: str
    thing: str

    def __str__(self) -> str:
        return f"/{self.place}/{self.name}"


@dataclass(frozen=True, slots=True)
class Call:
    """A request, ready to be sent."""

    method: str
    path: str
    rest: dict[str, Any] = field(default_factory=dict)


def every_operation() -> list[Operation]:
    """Every operation under /v1 that callers use; those that take something away come last, parts before wholes."""
    return sorted(filter(of_callers, operations()), key=_turn)


def _turn(operation: Operation) -> tuple[bool, int, str]:
    takes_away = operation.method == "delete" or operation.path.endswith(("/erase", "/redact", "/retire", "/withdraw"))
    return takes_away, -operation.path.count("/") if takes_away else 0, str(operation)


def slots(operation: Operation) -> list[Slot]:
    """Where the operation names things of an organisation."""
    found = []
    for parameter in operation.document.get("parameters", []):
        name, schema = parameter["name"], parameter["schema"]
        is_id = parameter["in"] == "path" or schema.get("format") == "uuid" or name in ALSO
        if is_id and parameter["in"] != "header" and name not in SHARED:
            thing = ALSO_BY.get((operation.document["operationId"], name), ALSO.get(name, name))
            found.append(Slot(parameter["in"], name, thing))
    in_bodies = dict.fromkeys(name for example in examples(operation) for name in _ids_in(example))
    return found + [Slot("body", name, name) for name in in_bodies]


def call(operation: Operation, ids: Mapping[Slot, str], *, example: Any = None) -> Call:
    """The request with these ids in its slots, and its first or this other example everywhere else."""
    path, query = operation.path, {}
    for parameter in operation.document.get("parameters", []):
        name, place = parameter["name"], parameter["in"]
        slot = next((slot for slot in ids if (slot.place, slot.name) == (place, name)), None)
        value = ids[slot] if slot else SHARED_BY.get((operation.document["operationId"], name), SHARED.get(name))
        if place == "path":
            assert value is not None, f"{operation}: say in tests/support/operations.py what {name} is"
            path = path.replace(f"{{{name}}}", value)
        elif place == "query" and (value or parameter["required"]):
            assert value is not None, f"{operation}: say in tests/support/operations.py what {name} is"
            query[name] = value
    rest: dict[str, Any] = {"params": query, "headers": {"If-Match": '"1"'}}
    body = operation.document.get("requestBody")
    if body and "application/json" in body["content"]:
        rest["json"] = _filled(example or examples(operation)[0], {slot.name: value for slot, value in ids.items()})
    elif body and WORKBOOK in body["content"]:
        rest |= {"content": a_form(), "headers": {**rest["headers"], "Content-Type": WORKBOOK}}
    elif body:
        mapping = MAPPINGS.get(operation.document["operationId"], MAPPING)
        rest |= {"data": {"mapping": json.dumps(mapping)}, "files": {"file": FILE}}
    return Call(operation.method.upper(), path, rest)


def examples(operation: Operation) -> list[Any]:
    """The examples of a JSON body, at least one; of an operation without such a body, none."""
    content = operation.document.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return []
    schema = resolved(content["schema"])
    branches = [resolved(branch) for branch in schema.get("oneOf", [])]
    found = [example for each in (schema, *branches) for example in each.get("examples", [])]
    assert found, f"{operation}: give its body an example"
    return found


def _ids_in(document: Any) -> list[str]:
    """Names of the fields that hold ids, however deep."""
    if isinstance(document, list):
        return [name for part in document for name in _ids_in(part)]
    if not isinstance(document, dict):
        return []
    own = [name for name in document if name.endswith("_id") and name != "external_id"]
    return own + [name for part in document.values() for name in _ids_in(part)]


def _filled(document: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(document, list):
        return [_filled(part, ids) for part in document]
    if not isinstance(document, dict):
        return document
    return {name: ids[name] if name in ids else _filled(part, ids) for name, part in document.items()}
