"""Does what the service found agree with what was planted?"""

from dataclasses import dataclass
from datetime import date

from feedback_dev.demo.ferries import Truth
from feedback_dev.demo.findings import Findings


@dataclass(frozen=True, slots=True)
class Check:
    """One claim, and whether it holds."""

    claim: str
    holds: bool


def judge(found: Findings, truth: Truth) -> tuple[Check, ...]:
    """Every claim that the demonstration stands on."""
    capture = found.capture
    before, during, after = capture.n
    return (
        Check("The same answer or file sent again adds nothing", capture.repeated and capture.imported_again == 0),
        Check("An excluded answer counts in no figure", (during, after) == (before + 1, before)),
        Check("The weighted NPS is nearer the truth than the unweighted", _nearer(found, truth)),
        Check("The truth lies in the weighted interval", _covered(found, truth)),
        Check("The wait got worse within one month of the true date", _dated(found.change.first_period, truth.shift)),
        Check("Its size is right: the true difference lies in the interval", _sized(found, truth)),
        Check("The islands are named as under-represented", _missed(found)),
        Check("There is a recommendation for the waiting time", _improve(found, "waiting_time")),
        Check("There is one for information, the weaker feature", _improve(found, "information")),
        Check(
            "The standard of a short wait is not met, that of a good crew is",
            (found.verdicts.get("short_wait"), found.verdicts.get("good_crew")) == ("not_met", "met"),
        ),
        Check("It was accepted, with who and why", found.decision.state == "accepted" and bool(found.decision.reason)),
    )


def _nearer(found: Findings, truth: Truth) -> bool:
    weighted, unweighted = found.bias.weighted.value, found.bias.unweighted.value
    return weighted is not None and unweighted is not None and abs(weighted - truth.nps) < abs(unweighted - truth.nps)


def _covered(found: Findings, truth: Truth) -> bool:
    low, high = found.bias.weighted.low, found.bias.weighted.high
    return low is not None and high is not None and low <= truth.nps <= high


def _dated(day: date | None, true_day: date) -> bool:
    return day is not None and abs((day.year - true_day.year) * 12 + day.month - true_day.month) <= 1


def _sized(found: Findings, truth: Truth) -> bool:
    before, after = truth.wait
    return found.wait.low <= after - before <= found.wait.high


def _missed(found: Findings) -> bool:
    return any(group.group == "islands" and group.representation == "under" for group in found.bias.groups)


def _improve(found: Findings, feature: str) -> bool:
    return any(each.feature == feature and each.kind == "improve" for each in found.recommendations)
