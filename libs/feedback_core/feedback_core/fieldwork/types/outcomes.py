"""Vocabulary of fieldwork: final dispositions after AAPOR, and how e-mail and SMS contacts become them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from feedback_core.kit.estimates import Estimate


class Disposition(StrEnum):
    """Final disposition of an invitation, by the letters of the AAPOR formulas."""

    COMPLETE = "I"
    PARTIAL = "P"
    REFUSAL = "R"
    NON_CONTACT = "NC"
    OTHER = "O"
    UNKNOWN_HOUSEHOLD = "UH"
    UNKNOWN_OTHER = "UO"
    INELIGIBLE = "NE"


@dataclass(frozen=True, slots=True)
class Dispositions:
    """Invitations by final disposition: counts, or sums of design weights.

    Attributes:
        complete: I, complete interviews.
        partial: P, partial interviews: enough was answered to count.
        refusal: R, refusals and break-offs.
        non_contact: NC, known to be eligible, never reached.
        other: O, eligible and reached, but unable: absence, language, a technical fault.
        unknown_household: UH, not known whether there is anybody eligible.
        unknown_other: UO, not known for another reason.
        ineligible: NE, known not to belong to the population; in no rate, only in the estimate of e.
    """

    complete: float
    partial: float = 0
    refusal: float = 0
    non_contact: float = 0
    other: float = 0
    unknown_household: float = 0
    unknown_other: float = 0
    ineligible: float = 0

    @property
    def interviews(self) -> float:
        """I + P."""
        return self.complete + self.partial

    @property
    def contacted(self) -> float:
        """I + P + R + O."""
        return self.interviews + self.refusal + self.other

    @property
    def eligible(self) -> float:
        """Known to be eligible: I + P + R + NC + O."""
        return self.contacted + self.non_contact

    @property
    def unknown(self) -> float:
        """Of unknown eligibility: UH + UO."""
        return self.unknown_household + self.unknown_other


RateName = Literal[
    "rr1",
    "rr2",
    "rr3",
    "rr4",
    "rr5",
    "rr6",
    "coop1",
    "coop2",
    "coop3",
    "coop4",
    "ref1",
    "ref2",
    "ref3",
    "con1",
    "con2",
    "con3",
]


@dataclass(frozen=True, slots=True)
class OutcomeRates:
    """Outcome rates of one fieldwork.

    Attributes:
        rates: by name, each a share 0..1 with its interval.
        not_estimable: why the other rates have no value, by name.
        e: share of those of unknown eligibility that was taken to be eligible; print it with every rate that uses it.
        e_method: ``given``, ``proportional_allocation`` or ``none``.
    """

    rates: Mapping[RateName, Estimate]
    not_estimable: Mapping[RateName, str]
    e: float | None
    e_method: Literal["given", "proportional_allocation", "none"]


class Contact(StrEnum):
    """What is known of an invitation by e-mail or SMS to a named person who did not start to answer."""

    BOUNCED = "bounced"
    UNOPENED = "unopened"
    OPENED = "opened"
    OPTED_OUT = "opted_out"
    UNABLE = "unable"
    SCREENED_OUT = "screened_out"


@dataclass(frozen=True, slots=True)
class ContactPolicy:
    """What counts as what; fix it before the fieldwork and print it with the rates.

    Attributes:
        bounce: an address that does not exist: nobody of the population (``ineligible``), or nothing is known
            (``unknown``), as where the frame's addresses are old.
        unopened: whether the person got it is not known (``unknown``), or they are eligible and were not reached
            (``non_contact``), as where the frame is known to hold the population only.
        opened: seen and not started: an implicit refusal (``refusal``), or ``non_contact`` where opening is not to be
            trusted, since programs open mail too.
        partial_from: share of the core items from which a started answer is a partial interview; below, a break-off.
        complete_from: share from which it is complete.
    """

    bounce: Literal["ineligible", "unknown"] = "unknown"
    unopened: Literal["unknown", "non_contact"] = "unknown"
    opened: Literal["refusal", "non_contact"] = "refusal"
    partial_from: float = 0.5
    complete_from: float = 0.8
