"""Errors of the domain: named as what is wrong, carrying data; the API alone turns them into words and status codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input.

    Attributes:
        pointer: JSON pointer (RFC 6901) to the field, from the root of the body: ``/answers/nps``.
        code: stable, machine-readable: ``unknown_question``.
        detail: one sentence that says how to mend it.
    """

    pointer: str
    code: str
    detail: str

    def under(self, prefix: str) -> "Fault":
        """The same fault, seen from an enclosing document: ``/answers/nps`` under ``/items/3``."""
        return Fault(prefix + self.pointer, self.code, self.detail)


class DomainError(Exception):
    """Base of everything that can go wrong for a caller; ``code`` is stable and documented."""

    code: ClassVar[str] = "error"

    def __init__(self, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)


class NotFound(DomainError):
    """No such thing in the caller's organisation."""

    code = "not_found"

    def __init__(self, thing: str, identifier: object) -> None:
        super().__init__(f"There is no {thing} {identifier} here.")
        self.thing = thing


class Invalid(DomainError):
    """Well-formed, but it contradicts a rule; each fault is named with a pointer."""

    code = "invalid"

    def __init__(self, faults: Sequence[Fault], detail: str | None = None) -> None:
        super().__init__(detail or (faults[0].detail if faults else "The input is not valid."), faults)


class Conflict(DomainError):
    """The thing is in a state that forbids this."""

    code = "conflict"


class Gone(DomainError):
    """The thing was here, and will not come back."""

    code = "gone"


class Forbidden(DomainError):
    """The caller is known, but may not do this."""

    code = "forbidden"


class Unauthenticated(DomainError):
    """No valid credential came with the request."""

    code = "unauthenticated"


class PreconditionFailed(DomainError):
    """The thing has changed since the caller read it (``If-Match``)."""

    code = "precondition_failed"


class PreconditionRequired(DomainError):
    """An edit must say which version it was made from (``If-Match``)."""

    code = "precondition_required"


class NotEstimable(DomainError):
    """The data cannot bear this figure; ``detail`` says why and what it would take."""

    code = "not_estimable"


class Unavailable(DomainError):
    """It cannot be had at this moment; the same request may well succeed a little later."""

    code = "unavailable"


def require_current(thing: str, current: int | None, edited: int | None) -> None:
    """Hold an edit to the version that it was made from; ``None``: there is no such thing, or none was named.

    Raises:
        PreconditionRequired: it is there, and the caller does not say which version was edited.
        PreconditionFailed: it has changed since, or it is not there.
    """
    if current is None and edited is not None:
        raise PreconditionFailed(f"There is no such {thing}: leave If-Match out to create it.")
    if current is not None and edited is None:
        raise PreconditionRequired(f"There is such a {thing}: send If-Match with the ETag that you read.")
    if current != edited:
        raise PreconditionFailed(f"The {thing} has changed since you read it: read it again.")
