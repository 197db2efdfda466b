"""Instants and days as parameters: what has no zone is a day in the time zone of the question."""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from feedback_core.kpis.calc.periods import first_instant

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})")
_EARLIEST, _LATEST = 1970, 2200


def _moment(value: object) -> date | datetime | None:
    if value is None:
        return None
    if not isinstance(value, str) or not (_DAY.fullmatch(value) or _INSTANT.fullmatch(value)):
        message = "give a day (2026-03-01) or an instant with its zone (2026-03-01T00:00:00Z)"
        raise ValueError(message)
    parsed = date.fromisoformat(value) if _DAY.fullmatch(value) else datetime.fromisoformat(value.upper())
    if not _EARLIEST <= parsed.year <= _LATEST:
        message = f"give a year from {_EARLIEST} to {_LATEST}"
        raise ValueError(message)
    return parsed


Moment = Annotated[
    date | datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
]


def _day(value: object) -> object:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        message = "give a day (2026-03-01)"
        raise ValueError(message)
    return _moment(value)


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


def instant_of(moment: date | datetime | None, time_zone: str) -> datetime | None:
    """The instant that a parameter means."""
    if moment is None or isinstance(moment, datetime):
        return moment
    return first_instant(moment, time_zone)
