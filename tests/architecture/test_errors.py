"""Every code that a caller can be told stands in the list of errors, and the list names no other."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import get_args

from pydantic_core.core_schema import ErrorType

import feedback_api
import feedback_core
from feedback_api.problems import STATUS, status_of
from feedback_core.kit.errors import DomainError
from tests.architecture import codes
from tests.architecture.codes import codes_in_use
from tests.architecture.sources import Source, text_of

LIST = "docs/errors.md"
PYDANTIC = "## Fields of the wrong shape"
ROW = re.compile(r"^\| `([a-z0-9_]+)` \|", re.MULTILINE)
STATUSED = re.compile(r"^\| `([a-z0-9_]+)` \| (\d{3})(?:, (\d{3}))* \|", re.MULTILINE)

# Given to a base class or an attempt only; what reaches a caller is a more exact one.
ONLY_BASES = {"error"}


def listed() -> tuple[set[str], set[str]]:
    """Our own codes, and Pydantic's."""
    text = text_of(LIST)
    before, _, after = text.partition(PYDANTIC)
    shape, _, rest = after.partition("\n## ")
    return set(ROW.findall(before)) | set(ROW.findall(rest)), set(ROW.findall(shape))


def domain_errors(kind: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for below in kind.__subclasses__():
        yield below
        yield from domain_errors(below)


def test_every_code_in_the_code_can_be_read() -> None:
    assert codes_in_use().unknown == []


def test_the_list_has_every_code() -> None:
    ours, pydantic = listed()
    used = {code: places for code, places in codes_in_use().literal.items() if code not in ONLY_BASES}
    assert {code: places for code, places in used.items() if code not in ours | pydantic} == {}


def test_the_list_has_no_code_that_is_not_used() -> None:
    ours, _ = listed()
    assert ours - set(codes_in_use().literal) == set()


def test_what_is_called_pydantics_is_pydantics() -> None:
    _, pydantic = listed()
    assert pydantic
    assert pydantic <= set(get_args(ErrorType))


def test_every_error_has_a_status_and_the_list_says_which() -> None:
    for package in (feedback_core, feedback_api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(("__main__", ".asgi")):
                importlib.import_module(module.name)
    given = {
        code: {int(status) for status in statuses if status} for code, *statuses in STATUSED.findall(text_of(LIST))
    }
    kinds = [kind for kind in domain_errors() if kind.__module__.startswith("feedback_")]
    assert len(kinds) > len(STATUS)
    for kind in kinds:
        status = status_of(kind.__new__(kind))
        assert status in given.get(kind.code, set()), f"{kind.__name__}: {kind.code} is answered with {status}"


def test_a_code_is_found_wherever_it_is_written() -> None:
    text = """
class Worse(Invalid):
    code = "in_a_class"

def _fault(pointer: str, code: str) -> None: ...

_fault("/x", "in_a_call")
Fault("/x", "in_a_fault", "Do better.")
problem(1, 413, "in_a_problem", "Too large.")
code = "one" if large else "another"
"""
    read = Source("services/api/feedback_api/example.py", text)

    found = codes.Codes()
    takers = {"Fault": 1, "problem": 2, "_fault": 1}
    for line, expression in (*codes._assigned_codes(read), *codes._passed_codes(read, takers)):
        codes._note(found, str(line), expression, {})
    assert set(found.literal) == {"in_a_class", "in_a_call", "in_a_fault", "in_a_problem", "one", "another"}
