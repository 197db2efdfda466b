"""Following a link into the result of a run, and holding a frozen figure against a newer run: pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from scipy.special import ndtri

from feedback_core.kit.errors import Fault

_IDENTITY: Final = (
    "feature_key",
    "question",
    "item",
    "kpi",
    "driver",
    "key",
    "standard",
    "attribute",
    "category",
    "name",
    "starts_on",
    "start",
    "group",
)
"""Fields by which a part of a result is found again in another run, wherever it stands there."""

_RELATIVE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link leads to.

    Attributes:
        value: the figure; ``None`` where it is a finding in words.
        level: of its interval.
        said: the finding in words, if it is one.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    n: int | None = None
    said: str | None = None


def linked(result: object, pointer: str) -> Linked | None:
    """The figure or finding that a JSON pointer leads to; ``None``: it leads nowhere, or to neither.

    A figure is a number, or an object with ``value``. Its interval and n are those that stand beside it.
    """
    steps = tokens(pointer)
    path = None if steps is None else _path(result, steps)
    if path is None:
        return None
    found, beside = path[-1], path[-2] if len(path) > 1 else None
    if isinstance(found, str):
        return Linked(None, said=found)
    if isinstance(found, Mapping):
        if is_number(found.get("value")):
            return _figure(found["value"], found)
        sentence = found.get("sentence")
        return Linked(None, said=sentence) if isinstance(sentence, str) else None
    if is_number(found):
        last = steps[-1] if steps else ""
        return _figure(found, beside if last == "value" and isinstance(beside, Mapping) else {})
    return None


def corresponding(old: object, pointer: str, new: object) -> str | None:
    """The pointer to the same figure in another run of the same question; ``None``: it has no such figure.

    A list may be in another order there: its parts are found by what they are about, not by their place.
    """
    steps = tokens(pointer)
    if steps is None:
        return None
    there: list[str] = []
    here: Any = old
    other: Any = new
    for step in steps:
        if isinstance(here, Sequence) and not isinstance(here, str):
            if not step.isdigit() or int(step) >= len(here) or not isinstance(other, Sequence):
                return None
            here = here[int(step)]
            place = next((at for at, part in enumerate(other) if _alike(here, part)), None)
            if place is None:
                return None
            there.append(str(place))
            other = other[place]
        elif isinstance(here, Mapping) and isinstance(other, Mapping) and step in here and step in other:
            here, other = here[step], other[step]
            there.append(step)
        else:
            return None
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in there)


def is_overtaken(value: float, low: float | None, high: float | None, newer: Linked, level: float = 0.95) -> bool:
    """Whether a newer figure differs from a frozen one by more than sampling error explains.

    The difference is held against both intervals, as of independent samples. Where the newer run holds the answers of
    the older one, too, the figures go together and less is called a difference than could be.
    """
    if newer.value is None or None in (low, high, newer.low, newer.high):
        return False
    assert low is not None
    assert high is not None
    assert newer.low is not None
    assert newer.high is not None
    half = float(ndtri(0.5 + level / 2))
    other = float(ndtri(0.5 + (newer.level or level) / 2))
    error = math.hypot((high - low) / 2 / half, (newer.high - newer.low) / 2 / other)
    return abs(newer.value - value) > half * error


def value_fault(pointer: str, said: float | None, found: Linked) -> Fault | None:
    """Whether what somebody quotes is what the run says; numbers may be rounded as they are shown, to 3 places."""
    if said is None or found.value is None:
        if said is not None:
            detail = "The run has no number there: leave the value out."
            return Fault(f"{pointer}/value", "evidence_differs", detail)
        return None
    tolerance = max(5e-4, abs(found.value) * _RELATIVE)
    if abs(said - found.value) > tolerance:
        detail = f"The run says {found.value:g} there, not {said:g}."
        return Fault(f"{pointer}/value", "evidence_differs", detail)
    return None


def tokens(pointer: str) -> list[str] | None:
    """The steps of a JSON pointer (RFC 6901); ``None``: it is none."""
    if pointer == "":
        return []
    if not pointer.startswith("/"):
        return None
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]


def is_number(value: object) -> TypeGuard[float]:
    """Whether a part of a JSON document is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _path(document: object, steps: Sequence[str]) -> list[Any] | None:
    path: list[Any] = [document]
    for step in steps:
        here = path[-1]
        if isinstance(here, Mapping) and step in here:
            path.append(here[step])
        elif isinstance(here, list) and step.isdigit() and int(step) < len(here):
            path.append(here[int(step)])
        else:
            return None
    return path


def _figure(value: float, beside: Mapping[str, Any]) -> Linked:
    interval = beside.get("interval")
    limits = interval if isinstance(interval, Mapping) else beside
    low, high, level, n = limits.get("low"), limits.get("high"), limits.get("level"), beside.get("n")
    return Linked(
        float(value),
        float(low) if is_number(low) else None,
        float(high) if is_number(high) else None,
        float(level) if is_number(level) else None,
        n if isinstance(n, int) else None,
    )


def _alike(one: object, other: object) -> bool:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        named = [name for name in _IDENTITY if name in one]
        return bool(named) and all(_named(one[name]) == _named(other.get(name)) for name in named)
    return one == other


def _named(value: object) -> object:
    return value.get("name", value) if isinstance(value, Mapping) else value
