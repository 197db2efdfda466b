"""Figures by an attribute that names people take the scope for everybody's performance, whichever route is asked."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import Depends, Request

from feedback_api.security import CurrentCaller, MissingScope
from feedback_api.unit_of_work import UnitOfWork
from feedback_core.organisations.types import Scope
from feedback_core.people.access_queries import attributes_of_people

_PARAMETERS: Final = ("by", "rows", "columns")
# Fields of analyses, schedules and standards, however deep, whose keys or values are names of attributes.
_KEYED: Final = frozenset({"where", "control", "margins"})
_NAMING: Final = frozenset({"by", "attribute", "attributes"})


async def _guard(request: Request, caller: CurrentCaller) -> None:
    """Refuse a key that may not see everybody what would show people one by one.

    Raises:
        MissingScope: an attribute that is named is of people who are measured.
    """
    if Scope.PERFORMANCE_EVERYBODY in caller.scopes:
        return
    named = set(_in_query(request))
    if request.method in {"POST", "PUT"}:
        named |= set(_in_body(await request.json()))
    if not named:
        return
    unit: UnitOfWork = request.state.unit_of_work
    begin = unit.snapshot if request.method == "GET" else unit.session
    session = await begin(caller.organisation_id)
    of_people = named & await attributes_of_people(session, caller.organisation_id)
    if of_people:
        detail = f"By {min(of_people)} people are told apart: this key lacks the scope {Scope.PERFORMANCE_EVERYBODY}."
        raise MissingScope(detail)


GuardsPeople = Depends(_guard)


def _in_query(request: Request) -> Iterator[str]:
    for name, value in request.query_params.multi_items():
        if name in _PARAMETERS:
            yield value
        elif name == "where":
            yield value.partition(":")[0]


def _in_body(document: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON document
    if isinstance(document, list):
        for part in document:
            yield from _in_body(part)
    elif isinstance(document, dict):
        for name, value in document.items():
            if name in _KEYED and isinstance(value, dict):
                yield from value
            elif name in _NAMING:
                yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))
            yield from _in_body(value)
