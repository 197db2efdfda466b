"""States of a survey and of a response, and how much of a respondent is kept."""

from enum import StrEnum


class SurveyState(StrEnum):
    """Where a survey stands: a draft may change, a published one takes answers, a closed one takes none."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class ResponseStatus(StrEnum):
    """How far a respondent came.

    ``complete``: every required question that was shown is answered. ``partial``: not all of them.
    ``screened_out``: the respondent does not belong to those the survey is about. ``over_quota``: enough of their kind
    had answered before. ``invalid``: whoever collected it says that it was no answer: a test, a wrong person, a slip.
    Only of a complete response every required question must be answered.
    """

    COMPLETE = "complete"
    PARTIAL = "partial"
    SCREENED_OUT = "screened_out"
    OVER_QUOTA = "over_quota"
    INVALID = "invalid"


class Audience(StrEnum):
    """Who is asked."""

    CUSTOMERS = "customers"
    STAFF = "staff"


class Take(StrEnum):
    """Which of the responses that one known respondent gave in the selected time count."""

    ALL = "all"
    FIRST = "first"
    LATEST = "latest"


class Confidentiality(StrEnum):
    """What is kept of who answered, strictest first.

    ``anonymous``: nothing. ``pseudonymous``: a stable code that only the organisation can resolve.
    ``identified``: the identity, apart from the answers and encrypted.
    """

    ANONYMOUS = "anonymous"
    PSEUDONYMOUS = "pseudonymous"
    IDENTIFIED = "identified"

    def is_at_least_as_strict_as(self, other: "Confidentiality") -> bool:
        """Whether this keeps no more of the respondent than ``other`` does."""
        return _OPENNESS[self] <= _OPENNESS[other]

    def stricter(self, other: "Confidentiality") -> "Confidentiality":
        """The one of the two that keeps less of the respondent."""
        return self if self.is_at_least_as_strict_as(other) else other


_OPENNESS = {Confidentiality.ANONYMOUS: 0, Confidentiality.PSEUDONYMOUS: 1, Confidentiality.IDENTIFIED: 2}
