"""Cells: the combinations of declared attributes and collection method by which answers are counted."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from feedback_core.surveys.types import RESERVED_ATTRIBUTES

_METHOD = "method"


@dataclass(frozen=True, slots=True)
class CellKey:
    """One cell.

    Attributes:
        id: made from ``json`` alone, so every process names the same cell alike; a UUID of version 8 (RFC 9562).
        json: object of attribute keys to values, and ``method``; sorted keys, no spaces, ASCII.
    """

    id: UUID
    json: str


def cell_of(attributes: Mapping[str, str], method: str | None) -> CellKey:
    """The cell of a response with these (checked) attributes, collected by ``method``.

    An attribute that a response does not have is left out, and so is a method that is not known.

    Raises:
        ValueError: an attribute has a reserved name.
    """
    return _cell(tuple(sorted(attributes.items())), method)


@lru_cache(maxsize=65_536)
def _cell(attributes: tuple[tuple[str, str], ...], method: str | None) -> CellKey:
    named = dict(attributes)
    if not RESERVED_ATTRIBUTES.isdisjoint(named):
        raise ValueError(f"reserved attribute among {sorted(named)}")
    if method is not None:
        named[_METHOD] = method
    canonical = json.dumps(named, sort_keys=True, separators=(",", ":"))
    digest = int.from_bytes(hashlib.blake2b(canonical.encode(), digest_size=16).digest(), "big")
    return CellKey(_as_version_8(digest), canonical)


def _as_version_8(bits: int) -> UUID:
    version_and_variant = (0xF << 76) | (0x3 << 62)
    return UUID(int=(bits & ~version_and_variant) | (0x8 << 76) | (0x2 << 62))
