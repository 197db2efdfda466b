"""What matters to each audience, and what is none of its business."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from feedback_core.reports.types import Audience


@dataclass(frozen=True, slots=True)
class Profile:
    """What an edition tells.

    Attributes:
        name: of the audience.
        purpose: what the edition is for, a sentence.
        features: names of their table's columns, in order.
        questions: word for word; otherwise what they are about.
        courses: how each feature went, and whom its figure stands for, in a sentence each.
        series: charts of the features that moved.
        composition: who answered, against the frame, group by group.
        themes: what comments speak of.
        reasons: why a recommendation is made, and with which confidence.
        arithmetic: how the rank of a recommendation was reckoned.
        decisions: who decided what, and why; and what is to be decided.
        only_agreed: of recommendations only those that were accepted, without their text.
        owners: who owns an action.
        overviews: the chart of all features also where one of the standards shows the same figures.
        risks: what could go wrong with these figures, and what got worse.
        methods: formulae and versions, not only their names.
    """

    name: str
    purpose: str
    features: tuple[str, ...]
    questions: bool = True
    courses: bool = True
    series: bool = False
    composition: bool = False
    themes: bool = False
    reasons: bool = False
    arithmetic: bool = False
    decisions: bool = False
    only_agreed: bool = False
    owners: bool = False
    overviews: bool = True
    risks: bool = False
    methods: bool = False


PROFILES: Final[Mapping[Audience, Profile]] = {
    Audience.FRONT_LINE: Profile(
        name="Front line",
        purpose="For those who serve customers every day: how each part of the service is seen, in plain words.",
        features=("feature", "figure", "direction"),
        themes=True,
        reasons=True,
    ),
    Audience.SUPERVISORS: Profile(
        name="Supervisors",
        purpose="For those who lead the work: each feature with its process, its course and its standard.",
        features=("feature", "process", "owner", "question", "figure", "target", "verdict", "direction"),
        series=True,
        composition=True,
        themes=True,
        reasons=True,
        arithmetic=True,
        decisions=True,
        owners=True,
        methods=True,
    ),
    Audience.SENIOR_MANAGERS: Profile(
        name="Senior managers",
        purpose="For those who decide: standards and gaps, risks, and the decisions that are asked of you.",
        features=("feature", "figure", "target", "verdict", "direction"),
        questions=False,
        courses=False,
        decisions=True,
        owners=True,
        overviews=False,
        risks=True,
        reasons=True,
    ),
    Audience.OTHER_DEPARTMENTS: Profile(
        name="Other departments",
        purpose="For departments whose work customers meet here: the features that are yours, and nothing else.",
        features=("feature", "process", "owner", "figure", "target", "verdict", "direction"),
        series=True,
        reasons=True,
        decisions=True,
        owners=True,
    ),
    Audience.SERVICE_PARTNERS: Profile(
        name="Service partners",
        purpose="For partners who deliver a part of the service: the features that are yours, and nothing else.",
        features=("feature", "process", "figure", "direction"),
        series=True,
        reasons=True,
    ),
    Audience.CUSTOMERS: Profile(
        name="Customers",
        purpose="For everybody who answered, and everybody who did not: what you told us, and what becomes of it.",
        features=("feature", "figure", "direction"),
        courses=False,
        only_agreed=True,
    ),
}
