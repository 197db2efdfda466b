"""What a drivers analysis says in words."""

from collections.abc import Sequence
from typing import Final

from feedback_core.drivers.types import DriverFinding, Quadrant

# Rules of thumb for regressions on survey answers: fewer and the order of the drivers is mostly chance.
ENOUGH_RESPONDENTS: Final = 200
ENOUGH_PER_DRIVER: Final = 20

CANNOT_TELL: Final = (
    "Answers that go together need not cause each other: what an improvement would do, only a change can show.",
    "Who likes one thing tends to like all (halo), which makes every driver look more important.",
    "What nobody was asked about cannot appear as a driver, and its part may show under another.",
    "Only those who answered every one of these questions count; others may judge differently.",
)


def size_warnings(n_effective: float, drivers: int) -> tuple[str, ...]:
    """What to say where there are too few answers for so many drivers."""
    needed = max(ENOUGH_RESPONDENTS, ENOUGH_PER_DRIVER * drivers)
    if n_effective >= needed:
        return ()
    named = "one driver" if drivers == 1 else f"{drivers} drivers"
    return (f"{n_effective:.0f} effective answers are few for {named}: from {needed} on the order is dependable.",)


def finding_in_words(outcome: str, drivers: Sequence[DriverFinding], r_squared: float) -> str:
    """One or two sentences: how much is explained, what leads, and where to act."""
    explained = f"The drivers explain {100 * r_squared:.0f} % of the differences in {outcome}"
    leading = [finding for finding in drivers if finding.rank == 1] or list(drivers[:1])
    names = _listed([finding.driver.name for finding in leading])
    if len(leading) == len(drivers) > 1:
        sentence = f"{explained}; none of them is clearly more important than another."
    elif len(leading) > 1:
        sentence = f"{explained}; {names} matter most, and which of them more cannot be told."
    else:
        sentence = f"{explained}; {names} matters most ({100 * leading[0].share:.0f} % of that)."
    urgent = [
        finding.driver.name
        for finding in drivers
        if finding.quadrant is Quadrant.CONCENTRATE_HERE and finding.quadrant_is_clear
    ]
    if urgent:
        sentence += f" Important and below the others in performance: {_listed(urgent)}."
    against = [finding.driver.name for finding in drivers if finding.slope.interval.high < 0]
    if against:
        sentence += f" Higher answers to {_listed(against)} go with lower ones to {outcome}: check how it is asked."
    return sentence


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
