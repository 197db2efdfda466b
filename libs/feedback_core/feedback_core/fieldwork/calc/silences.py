"""Whether a source has fallen silent: the pause since its last response against those before."""

from datetime import datetime

from feedback_core.fieldwork.types.outlook import Arrivals, Silence

FEWEST_PAUSES = 5
"""Below which nothing is usual."""


def silence_of(arrivals: Arrivals, *, now: datetime, false_alarm: float) -> Silence | None:
    """The pause of a source, and from when on it is a silence; ``None`` while there are too few pauses before.

    If responses come at random at a steady rate, pauses are exponential, and of the pauses of such a source exactly the
    share ``false_alarm`` is longer than the limit, however few pauses the rate was measured on: of m pauses with the
    sum T, the next is longer than t with the chance (1 + t / T)^-m. However often one looks, a pause is told once.

    Source: Lawless (2003), Statistical Models and Methods for Lifetime Data, 2nd ed., §4.1: prediction from exponential
    samples; a pause over the mean of m others has the F distribution with 2 and 2 m degrees of freedom.
    """
    if arrivals.gaps < FEWEST_PAUSES or not arrivals.span > 0:
        return None
    silent = max(0.0, (now - arrivals.last_at).total_seconds())
    return Silence(
        source=arrivals.source,
        last_at=arrivals.last_at,
        n=arrivals.n,
        gaps=arrivals.gaps,
        usual=arrivals.span / arrivals.gaps,
        silent=silent,
        longest=longest_pause(arrivals.gaps, arrivals.span, false_alarm),
        false_alarm=false_alarm,
        p=float((1 + silent / arrivals.span) ** -arrivals.gaps),
    )


def longest_pause(gaps: int, span: float, false_alarm: float) -> float:
    """The pause that only the share ``false_alarm`` exceeds, after so many pauses of that sum."""
    return float(span * (false_alarm ** (-1 / gaps) - 1))
