"""Signed requests that vendors and their client libraries publish, read in place; and each with one byte changed."""

import json
from functools import cache
from typing import Any

import pytest

from feedback_core.inbound.types import RefusalReason
from feedback_core.inbound.verification import Refused
from tests.reference.goldens import shared_file
from tests.support.vectors import SIGNATURES, verified

COUNT = 16


@cache
def vectors() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shared_file("reference/webhook-vectors.json").read_text(encoding="utf-8"))
    return found


def test_there_is_one_of_every_preset_that_has_any() -> None:
    assert len(vectors()) == COUNT
    assert {vector["preset"] for vector in vectors()} == set(SIGNATURES)


@pytest.mark.parametrize("number", range(COUNT))
def test_a_published_request_is_believed_unless_it_must_not_be(number: int) -> None:
    vector = vectors()[number]
    if vector.get("must_fail"):
        with pytest.raises(Refused) as refused:
            verified(vector)
        assert refused.value.reason is RefusalReason.SIGNATURE_WRONG
    else:
        assert verified(vector).secret_id


@pytest.mark.parametrize("number", range(COUNT))
def test_one_changed_letter_is_found_wherever_it_is(number: int) -> None:
    vector = vectors()[number]
    secret, middle = vector["secret"], len(vector["secret"]) // 2
    other = "Y" if secret[middle] == "X" else "X"
    changes: list[dict[str, Any]] = [{"secret": secret[:middle] + other + secret[middle + 1 :]}]
    if vector.get("body"):
        changes.append({"body": vector["body"][:-1] + " "})
    if "params" in vector:
        changes.append({"params": {**vector["params"], "Digits": "1235"}})
    if "uri" in vector:
        changes.append({"uri": vector["uri"] + "0"})
    if "id" in vector:
        changes.append({"id": vector["id"] + "x"})

    for change in changes:
        with pytest.raises(Refused):
            verified(vector, **change)
