"""When a standard holds: which version is judged for a period, and on which part of it."""

from collections.abc import Iterable
from datetime import datetime

from feedback_core.kpis.calc.periods import first_instant
from feedback_core.standards.types import Standard, StandardDetails


def version_for(
    versions: Iterable[Standard], start: datetime | None, end: datetime | None, time_zone: str, *, now: datetime
) -> Standard | None:
    """The version that a period is judged by: the latest one that holds in a part of it that is not still to come.

    Args:
        versions: of one standard.
        start: first instant of the period; ``None``: the beginning.
        end: first instant no longer in it; ``None``: no end.
        time_zone: in which days are cut.
        now: what begins later does not hold yet.
    """
    last = min(end, now) if end else now
    holding = [version for version in versions if _holds(version.details, start, last, time_zone)]
    return max(holding, key=lambda version: version.version, default=None)


def part_in_which_it_holds(
    details: StandardDetails, start: datetime | None, end: datetime | None, time_zone: str
) -> tuple[datetime | None, datetime | None]:
    """The part of a period in which a standard holds."""
    begins, ends = _ends(details, time_zone)
    begin = begins if start is None else max(start, begins)
    if ends is None:
        return begin, end
    return begin, ends if end is None else min(end, ends)


def _holds(details: StandardDetails, start: datetime | None, last: datetime, time_zone: str) -> bool:
    begins, ends = _ends(details, time_zone)
    return begins < last and (ends is None or start is None or start < ends)


def _ends(details: StandardDetails, time_zone: str) -> tuple[datetime, datetime | None]:
    ends = first_instant(details.valid_to, time_zone) if details.valid_to else None
    return first_instant(details.valid_from, time_zone), ends
