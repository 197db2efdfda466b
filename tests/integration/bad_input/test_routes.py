"""Routes and methods that are not there."""

import pytest

from tests.architecture.served import document
from tests.integration.bad_input.conftest import Unharmed
from tests.support.operations import SHARED
from tests.support.refusals import refused
from tests.support.seeded import Seeded

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "BREW"]
NO_ROUTES = [
    "/",
    "/v1",
    "/v1/",
    "/v2/surveys",
    "/v1/surveys/",
    "/v1//surveys",
    "/v1/surveys/a%00b/x",
    "/%ff",
    "/V1/surveys",
]


@pytest.mark.parametrize("path", NO_ROUTES)
async def test_there_is_no_such_route(path: str, seeded: Seeded, unharmed: Unharmed) -> None:
    async with unharmed():
        for method in ("GET", "POST"):
            refused(await seeded.api.call(method, path), 404, "no_such_route")


@pytest.mark.parametrize("path", sorted(document()["paths"]))
async def test_a_method_that_a_route_lacks_is_refused_and_the_others_are_named(
    path: str, seeded: Seeded, unharmed: Unharmed
) -> None:
    known = {method.upper() for method in document()["paths"][path]}
    names = {f"{{{name}}}": value for name, value in {**seeded.ids, **SHARED}.items()}
    url = "/".join(names.get(part, part) for part in path.split("/"))

    async with unharmed():
        for method in METHODS:
            if method in known:
                continue
            answer = await seeded.api.call(method, url)

            assert answer.status_code == 405, (method, answer.text)
            assert set(answer.headers["Allow"].split(", ")) == known
            if method != "HEAD":
                refused(answer, 405, "method_not_allowed")
