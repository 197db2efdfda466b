"""Vocabulary of what follows from a plan: its waves, what should be seen to, what is short, how it has changed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters; with a ``FAULT`` nobody can carry the plan out, so it is not approved."""

    FAULT = "fault"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Wave:
    """One time that a plan is carried out; ``ends_on`` is its last day."""

    number: int
    starts_on: date
    ends_on: date
    answers: int | None
    invitations: int | None


@dataclass(frozen=True, slots=True)
class PlanFinding:
    """Something about a plan that should be seen to.

    Attributes:
        pointer: place in the plan.
    """

    code: str
    pointer: str
    detail: str
    severity: Severity = Severity.WARNING


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Money or hours that the plan needs and does not have.

    Attributes:
        of: ``money``, or the person.
        needed: in the smallest unit of the currency, or hours.
        there: likewise.
    """

    of: str
    unit: str
    needed: float
    there: float

    @property
    def short(self) -> float:
        """What is missing."""
        return max(0.0, self.needed - self.there)


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where two revisions differ; what is not there is ``None``. Parts with a key are matched by it."""

    path: str
    before: object
    after: object
