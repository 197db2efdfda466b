"""From what was measured to flags, and from flags to whom the rule holds for suspect."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import numpy as np

from feedback_core.data_quality.types import InclusionRule, MeasuredPart, NewFlag
from feedback_core.responses.quality.calc import combine_flags
from feedback_core.responses.quality.types import FlagKind


def flags_of(measured: MeasuredPart, came_before: Collection[tuple[UUID, bytes]]) -> list[NewFlag]:
    """One flag per response and kind, in the order of the responses.

    Args:
        measured: what the answers say.
        came_before: (response, fingerprint) of what an earlier response said already.
    """
    flags: dict[tuple[UUID, FlagKind], NewFlag] = {}
    ids = measured.part.ids
    for one in measured.measurements:
        for at in np.flatnonzero(one.flagged).tolist():
            value, threshold = float(one.values[at]), float(one.thresholds[at])
            flags[ids[at], one.kind] = NewFlag(ids[at], one.kind, one.signs[at], value, threshold)
    for response_id, prints in zip(ids, measured.fingerprints, strict=True):
        for sign, fingerprint in prints:
            key = (response_id, FlagKind.DUPLICATE)
            if (response_id, fingerprint) in came_before and key not in flags:
                # It came at least twice; once is what may be.
                flags[key] = NewFlag(*key, sign, 2.0, 1.0)
    return sorted(flags.values(), key=lambda flag: (flag.response_id, flag.kind))


def suspects_of(
    rule: InclusionRule, submitted_at: Mapping[UUID, datetime], flags: Sequence[NewFlag]
) -> dict[UUID, int]:
    """Responses that show enough different signs that count, with how many they show.

    Args:
        rule: which signs count, how many it takes, and from when.
        submitted_at: of every response that was measured.
        flags: of these responses.
    """
    if not rule.excludes or not submitted_at:
        return {}
    shown: dict[FlagKind, set[UUID]] = defaultdict(set)
    for flag in flags:
        shown[flag.kind].add(flag.response_id)
    ids = list(submitted_at)
    combined = combine_flags(
        {kind: np.array([one in shown[kind] for one in ids], dtype=bool) for kind in rule.kinds},
        required=rule.at_least,
    )
    return {
        one: int(combined.count[at])
        for at, one in enumerate(ids)
        if combined.exclusion_advised[at] and (rule.since is None or submitted_at[one] >= rule.since)
    }
