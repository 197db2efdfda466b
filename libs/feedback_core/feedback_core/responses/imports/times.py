"""Times and days as files write them: ISO 8601, seconds since 1970, or a pattern of ``strptime``'s numeric directives.

Patterns are compiled to an expression once, several times faster than ``strptime`` and the same under every locale.
A time without a zone is local. Where clocks are turned back it is the earlier of the two instants that it may mean;
where they are put forward there are times that no clock shows, and those are refused.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from feedback_core.responses.imports.types import ISO, UNIX, UNIX_MS, ImportFault

_DIRECTIVES: Final = {
    "Y": r"(?P<Y>[0-9]{4})",
    "y": r"(?P<y>[0-9]{2})",
    "m": r"(?P<m>0?[1-9]|1[0-2])",
    "b": r"(?P<b>[A-Za-z]{3,4})\.?",
    "B": r"(?P<B>[A-Za-z]{3,9})",
    "d": r"(?P<d>0?[1-9]|[12][0-9]|3[01])",
    "H": r"(?P<H>[01]?[0-9]|2[0-3])",
    "I": r"(?P<I>0?[1-9]|1[0-2])",
    "M": r"(?P<M>[0-5]?[0-9])",
    "S": r"(?P<S>[0-5]?[0-9])",
    "f": r"(?P<f>[0-9]{1,6})[0-9]{0,3}",
    "p": r"(?P<p>[AaPp])\.?[Mm]\.?",
    "z": r"(?P<z>[Zz]|[+-][0-9]{2}:?[0-9]{2})",
}
_TOKEN: Final = re.compile(r"%(.)|(\s+)|([^%\s]+)", re.DOTALL)
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_UNITS_A_SECOND: Final = {UNIX: 1, UNIX_MS: 1_000}
_SINCE_1970: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TWO_DIGIT_PIVOT: Final = 69  # POSIX: 69-99 are 1969-1999

DIRECTIVES: Final = " ".join(f"%{letter}" for letter in _DIRECTIVES)


class UnknownDateFormat(ValueError):
    """The pattern has a directive that is not known, one twice, or says no day."""


class UnreadableTime(Exception):
    """A text is not a time of the format, or no clock shows it."""

    def __init__(self, code: ImportFault, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def local_times(date_format: str) -> Callable[[str], datetime]:
    """Reads texts of one format; the time has a zone only if the text says one.

    Raises:
        UnknownDateFormat: the format is neither ``iso``, ``unix`` or ``unix_ms`` nor a pattern that is known.
    """
    if date_format == ISO:
        return _iso
    if date_format in _UNITS_A_SECOND:
        return _since_1970(_UNITS_A_SECOND[date_format])
    fields, pattern = _compile(date_format)
    has_month_name = "b" in fields or "B" in fields
    refusal = f"Write it as {date_format}."

    def read(text: str) -> datetime:
        found = pattern.fullmatch(text.strip())
        if found is None:
            raise UnreadableTime(ImportFault.UNREADABLE_TIME, refusal)
        said = found.groupdict()
        try:
            return datetime(
                _year(said),
                _month_named(said) if has_month_name else int(said.get("m") or 1),
                int(said.get("d") or 1),
                _hour(said),
                int(said.get("M") or 0),
                int(said.get("S") or 0),
                int((said.get("f") or "0").ljust(6, "0")),
                tzinfo=_offset(said.get("z")),
            )
        except ValueError:
            raise UnreadableTime(ImportFault.UNREADABLE_TIME, "The calendar has no such day.") from None

    return read


def instants(zone: ZoneInfo) -> Callable[[datetime], datetime]:
    """Turns times into instants in UTC; those without a zone are local to ``zone``."""
    offset_of_day = lru_cache(maxsize=4096)(_constant_offset)

    def instant(time: datetime) -> datetime:
        try:
            if time.tzinfo is not None:
                return time.astimezone(UTC)
            offset = offset_of_day(zone, time.date())
            return _beside_a_turn(time, zone) if offset is None else (time - offset).replace(tzinfo=UTC)
        except OverflowError:
            raise UnreadableTime(ImportFault.UNREADABLE_TIME, "Give a time in 1970 or later.") from None

    return instant


def _beside_a_turn(time: datetime, zone: ZoneInfo) -> datetime:
    found = time.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != time:
        detail = f"Clocks in {zone.key} were put forward over this time: no clock showed it."
        raise UnreadableTime(ImportFault.NO_SUCH_TIME, detail)
    return found


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        detail = "Write it as ISO 8601, as 2026-03-01T10:00:00 or 2026-03-01."
        raise UnreadableTime(ImportFault.UNREADABLE_TIME, detail) from None


def _since_1970(units_a_second: int) -> Callable[[str], datetime]:
    refusal = f"Write it as a number of {'seconds' if units_a_second == 1 else 'milliseconds'} since 1970."

    def read(text: str) -> datetime:
        if not _SINCE_1970.fullmatch(text.strip()):
            raise UnreadableTime(ImportFault.UNREADABLE_TIME, refusal)
        try:
            # By whole microseconds: a double does not hold milliseconds of today exactly.
            return _EPOCH + timedelta(microseconds=int(Decimal(text.strip()) * (1_000_000 // units_a_second)))
        except OverflowError:
            raise UnreadableTime(ImportFault.UNREADABLE_TIME, refusal) from None

    return read


def _compile(date_format: str) -> tuple[frozenset[str], "re.Pattern[str]"]:
    expression = ""
    fields: list[str] = []
    end = 0
    for token in _TOKEN.finditer(date_format):
        if token.start() != end:
            break
        end = token.end()
        directive, space, literal = token.groups()
        if directive in _DIRECTIVES:
            fields.append(directive)
            expression += _DIRECTIVES[directive]
        elif directive == "%":
            expression += "%"
        elif directive is not None:
            raise UnknownDateFormat(f"%{directive} is not known; use {DIRECTIVES}.")
        else:
            expression += r"\s+" if space else re.escape(literal)
    if end != len(date_format):
        raise UnknownDateFormat("A single % ends the pattern.")
    if len(fields) != len(set(fields)):
        raise UnknownDateFormat("A directive stands there twice.")
    said = frozenset(fields)
    if not (said & {"Y", "y"} and said & {"m", "b", "B"} and "d" in said):
        raise UnknownDateFormat("A day takes year (%Y or %y), month (%m, %b or %B) and day (%d).")
    if ("I" in said) != ("p" in said):
        raise UnknownDateFormat("%I and %p go together.")
    return said, re.compile(expression)


def _year(said: dict[str, str | None]) -> int:
    if said.get("Y"):
        return int(said["Y"] or 0)
    short = int(said["y"] or 0)
    return short + (1900 if short >= _TWO_DIGIT_PIVOT else 2000)


def _month_named(said: dict[str, str | None]) -> int:
    name = (said.get("b") or said.get("B") or "").lower()
    return next((n for n, month in enumerate(_MONTHS, 1) if name in {month, month[:3], month[:4]}), 0)


def _hour(said: dict[str, str | None]) -> int:
    if said.get("H"):
        return int(said["H"] or 0)
    hour = int(said.get("I") or 0)
    half = (said.get("p") or "").lower()
    return hour % 12 + (12 if half == "p" else 0)


def _offset(said: str | None) -> timezone | None:
    if said is None:
        return None
    if said in "Zz":
        return UTC
    sign = -1 if said[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(said[1:3]), minutes=int(said[-2:])))


def _constant_offset(zone: ZoneInfo, day: date) -> timedelta | None:
    """What local time is ahead of UTC all through a day; ``None`` if clocks are turned on it, or beside it."""
    try:
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        ends = {(midnight + timedelta(days=step)).utcoffset() for step in (-1, 0, 1, 2)}
    except OverflowError:
        return None
    return ends.pop() if len(ends) == 1 else None
