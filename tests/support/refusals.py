"""How a refusal must look."""

import httpx


def refused(answer: httpx.Response, status: int, code: str, *pointers: str) -> None:
    """Assert that it is a problem of this status and code whose faults are at these places."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["code"] == code, problem
    assert problem["detail"]
    assert problem["request_id"] == answer.headers["x-request-id"]
    if pointers:
        assert [fault["pointer"] for fault in problem["errors"]] == list(pointers), problem
    assert all(fault["code"] and fault["detail"] for fault in problem["errors"])
