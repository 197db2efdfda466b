"""Of which moment the data of a run are, and when it read them."""

from datetime import datetime

from feedback_core.analyses.types import AnalysisRun


def cut_of(end: datetime | None, *, now: datetime) -> datetime:
    """The moment up to which a run knows what was said: now, or the end of its period once that has gone by.

    So what a run finds in a period that is over does not depend on the day on which it looks.

    Args:
        end: first instant no longer in the period; ``None``: no end.
        now: when the run reads.
    """
    return now if end is None else min(end, now)


def read_at(run: AnalysisRun) -> datetime:
    """When a run that has a result read its data, never later than it did.

    In a period that still ran, that is the moment that its data are of; otherwise nothing is known but when it began.
    """
    begun = run.job.started_at or run.created_at
    said = (run.result or {}).get("as_of")
    return begun if said is None else max(begun, datetime.fromisoformat(said))
