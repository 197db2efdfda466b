"""Does what the service found agree with what was planted?"""

from dataclasses import dataclass
from datetime import date

from feedback_dev.demo.editions import AUDIENCES, FORMATS
from feedback_dev.demo.ferries import Truth
from feedback_dev.demo.findings import Findings
from feedback_dev.demo.outcomes import Acted, Outcomes


@dataclass(frozen=True, slots=True)
class Check:
    """One claim, and whether it holds."""

    claim: str
    holds: bool


def judge(found: Findings, truth: Truth) -> tuple[Check, ...]:
    """Every claim about what was found."""
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
        Check("The wait moves the score before all else, as it does in truth", found.drivers.ranks[:1] == (("wait",),)),
        Check("There is a recommendation for the waiting time", _improve(found, "waiting_time")),
        Check("There is one for information, the weaker feature", _improve(found, "information")),
        Check(
            "A short wait: not met. A good crew: met. Easy booking: not enough evidence",
            found.verdicts == {"short_wait": "not_met", "good_crew": "met", "easy_booking": "not_enough_evidence"},
        ),
    )


def judge_outcomes(became: Outcomes, truth: Truth) -> tuple[Check, ...]:
    """Every claim about what became of it."""
    wait = became.decided[0]
    refused = ("not_yours_to_decide", "required_by_procedure")
    followed = became.followed_up
    return (
        Check(
            "What review, drivers and comments met is one recommendation",
            {"review", "drivers", "themes"} <= set(wait.met_by),
        ),
        Check(
            "Nobody decides but whom the procedure names, and nobody without the cost",
            all(each.refusals == refused for each in became.decided),
        ),
        Check(
            "Both were accepted, with who and why",
            all(each.state == "accepted" and each.decided_by and each.reason for each in became.decided),
        ),
        Check("The lane at the north quay is found effective, as it is", _closed_as(became.lane, "effective")),
        Check("Its size is right: the true effect lies in the interval", _contains(became.lane, truth.repair)),
        Check("The signs, which change nothing, are found not effective", _closed_as(became.signs, "not_effective")),
        Check(
            "The feed tells all that happened to both, in its order", _in_order(became.lane) and _in_order(became.signs)
        ),
        Check(
            "Of the desk's visitors the one who asked for it was followed up, of the anonymous nobody",
            (followed.cases, followed.anonymous, followed.state, followed.outcome) == (1, 0, "closed", "helped"),
        ),
        Check("Everybody reads what was done, without a key", len(became.public) == 1),
        Check("Each audience has its edition, the same in each format", _all_written(became)),
        Check(
            "The report sent was opened and acknowledged",
            became.distributed.states == ("sent", "opened", "acknowledged") and became.distributed.same_bytes,
        ),
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


def _closed_as(action: Acted, outcome: str) -> bool:
    """Its outcome is the verdict of the analysis, and another one was refused."""
    said = (action.state, action.outcome, action.effect.verdict, action.refusal)
    return said == ("closed", outcome, outcome, "effect_differs")


def _contains(action: Acted, value: float) -> bool:
    low, high = action.effect.low, action.effect.high
    return low is not None and high is not None and low <= value <= high


def _in_order(action: Acted) -> bool:
    kinds = [kind for _, kind in action.told]
    return (
        [sequence for sequence, _ in action.told] == list(range(1, len(kinds) + 1))
        and kinds[:1] == ["action.created"]
        and kinds[-1:] == ["action.closed"]
    )


def _all_written(became: Outcomes) -> bool:
    said = {(each.audience, each.content_sha256) for each in became.written}
    files = {(each.audience, each.format) for each in became.written if each.path.is_file()}
    return files == {(audience, kind) for audience in AUDIENCES for kind in FORMATS} and len(said) == len(AUDIENCES)
