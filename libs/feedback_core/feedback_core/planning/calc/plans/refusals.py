"""Refusals of a plan, with the place of the request that they are about."""

from collections.abc import Iterator
from contextlib import contextmanager

from feedback_core.kit.errors import Fault, NotEstimable


class NotPlannable(NotEstimable):
    """No sample does what is asked; ``detail`` says why and what to change."""

    code = "not_plannable"

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail, [Fault(pointer, self.code, detail)])


@contextmanager
def pointing_at(pointer: str) -> Iterator[None]:
    """Let what is refused inside point at ``pointer``."""
    try:
        yield
    except NotPlannable:
        raise
    except NotEstimable as refusal:
        raise NotPlannable(pointer, refusal.detail) from refusal
