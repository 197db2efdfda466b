"""When nights are, how long something is kept, and which groups are too small to stay apart: pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from feedback_core.subjects.types import Retention

__all__ = ["generalise", "kept_since", "next_night"]

NIGHT: Final = 2
"""The hour, as clocks of the organisation show it, at which retention is applied."""

Attributes: TypeAlias = frozenset[tuple[str, str]]
"""What is known of a respondent: pairs of attribute and value."""


def next_night(time_zone: str, *, after: datetime) -> datetime:
    """The first two o'clock in the morning after an instant, as clocks in a time zone show it; in UTC."""
    zone = ZoneInfo(time_zone)
    utc = after.tzinfo
    day = after.astimezone(zone).date() - timedelta(days=1)
    while (night := datetime.combine(day, time(NIGHT), zone).astimezone(utc)) <= after:
        day += timedelta(days=1)
    return night


def kept_since(retention: Retention, now: datetime) -> datetime | None:
    """Responses submitted before it are not to be kept any more; ``None``: all are."""
    if retention.days is not None:
        return now - timedelta(days=retention.days)
    assert retention.until is not None
    return now if now >= retention.until else None


def generalise(groups: Mapping[Attributes, int], minimum: int) -> dict[Attributes, Attributes]:
    """What is to stay known of each group so that nobody stands alone with what is known; only groups that change.

    A group that is too small joins the one that says most of the same, or, where there is none, says one attribute
    less, that with the most values. Of whom nothing is left to be said, these take the smallest of the other groups
    along until they are enough. Attributes are only ever left out, so that no response says what was not said.

    Args:
        groups: respondents by what is known of them.
        minimum: fewest respondents of a group (k of k-anonymity); all of them together if there are fewer.

    Source: local suppression after Samarati and Sweeney (1998), k-anonymity through generalisation and suppression.
    """
    becomes = {known: known for known in groups}
    values = _values(groups)
    sizes = _sizes(groups, becomes)
    while small := [known for known, n in sizes.items() if known and n < minimum]:
        alone = min(small, key=lambda known: (sizes[known], -len(known), sorted(known)))
        _move(becomes, alone, _more_general(alone, sizes, values))
        sizes = _sizes(groups, becomes)
    nothing: Attributes = frozenset()
    while 0 < sizes[nothing] < minimum and len(sizes) > 1:
        taken = min((known for known in sizes if known), key=lambda known: (sizes[known], sorted(known)))
        _move(becomes, taken, nothing)
        sizes = _sizes(groups, becomes)
    return {known: now for known, now in becomes.items() if now != known}


def _more_general(alone: Attributes, sizes: Counter[Attributes], values: Mapping[str, int]) -> Attributes:
    """The group that a small one joins: that which says most of the same; if there is none, one attribute less."""
    joins = [known for known in sizes if known < alone]
    if joins:
        return max(joins, key=lambda known: (len(known), sizes[known], sorted(known)))
    telling, _ = max(alone, key=lambda pair: (values[pair[0]], pair))
    return frozenset(pair for pair in alone if pair[0] != telling)


def _move(becomes: dict[Attributes, Attributes], group: Attributes, into: Attributes) -> None:
    for known, now in becomes.items():
        if now == group:
            becomes[known] = into


def _values(groups: Iterable[Attributes]) -> dict[str, int]:
    """How many values each attribute has."""
    values: dict[str, set[str]] = defaultdict(set)
    for known in groups:
        for attribute, value in known:
            values[attribute].add(value)
    return {attribute: len(found) for attribute, found in values.items()}


def _sizes(groups: Mapping[Attributes, int], becomes: Mapping[Attributes, Attributes]) -> Counter[Attributes]:
    sizes: Counter[Attributes] = Counter()
    for known, n in groups.items():
        sizes[becomes[known]] += n
    return sizes
