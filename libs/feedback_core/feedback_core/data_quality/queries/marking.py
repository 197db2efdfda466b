"""SQL that keeps what was measured: flags, and who is suspect. All of it under the lock of the survey's watermark."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert

from feedback_core.data_quality.types import FlagBasis, FlagState, InclusionRule, NewFlag
from feedback_core.db.session import Session
from feedback_core.responses.tables import flag_state, response_fingerprint

_BASIS = TypeAdapter(FlagBasis)

_STATE = text(
    """
    SELECT watermark::text AS watermark, rule_version, basis, measured FROM flag_state
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id
    """
)

_ADVANCE = text(
    """
    UPDATE flag_state SET watermark = :upper, measured = measured + :n
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id
       AND watermark = :lower AND rule_version = :rule_version
    RETURNING measured
    """
)

# Joined with the responses: one may have been erased since it was measured.
_TAKE_FINGERPRINTS = text(
    """
    INSERT INTO response_fingerprint (organisation_id, survey_id, fingerprint, response_id)
    SELECT :organisation_id, :survey_id, decode(n.print, 'hex'), n.id
      FROM json_to_recordset(CAST(:rows AS json)) AS n (place int, id uuid, print text)
      JOIN response r ON r.organisation_id = :organisation_id AND r.id = n.id
     ORDER BY n.place
        ON CONFLICT DO NOTHING
    RETURNING response_id, fingerprint
    """
)

# The ids as one array: thousands of parameters take longer to write down than to look up.
_DROP_FLAGS = text("DELETE FROM response_flag WHERE organisation_id = :organisation_id AND response_id = ANY(:ids)")
_DROP_SUSPICIONS = text(
    "DELETE FROM response_suspicion WHERE organisation_id = :organisation_id AND response_id = ANY(:ids)"
)
_SUSPECTS = text(
    "SELECT response_id FROM response_suspicion WHERE organisation_id = :organisation_id AND response_id = ANY(:ids)"
)

_ADD_FLAGS = text(
    """
    INSERT INTO response_flag (organisation_id, response_id, kind, survey_id, sign, value, threshold, rule_version,
                               flagged_at)
    SELECT :organisation_id, n.id, n.kind, :survey_id, n.sign, n.value, n.threshold, :rule_version, :at
      FROM json_to_recordset(CAST(:rows AS json)) AS n (id uuid, kind text, sign text, value float8, threshold float8)
      JOIN response r ON r.organisation_id = :organisation_id AND r.id = n.id
    """
)

_ADD_SUSPICIONS = text(
    """
    INSERT INTO response_suspicion (organisation_id, response_id, survey_id, rule_version, signs, suspected_at)
    SELECT :organisation_id, n.id, :survey_id, :rule_version, n.signs, :at
      FROM json_to_recordset(CAST(:rows AS json)) AS n (id uuid, signs int)
      JOIN response r ON r.organisation_id = :organisation_id AND r.id = n.id
    """
)


async def state_of(session: Session, organisation_id: UUID, survey_id: UUID) -> FlagState | None:
    """How far the pass over the responses of a survey is; ``None`` before the first."""
    found = await session.execute(_STATE, {"organisation_id": organisation_id, "survey_id": survey_id})
    row = found.one_or_none()
    if row is None:
        return None
    return FlagState(int(row.watermark), row.rule_version, _BASIS.validate_python(row.basis), row.measured)


async def begin_pass(
    session: Session, organisation_id: UUID, survey_id: UUID, rule: InclusionRule, basis: FlagBasis, *, at: datetime
) -> None:
    """Measure every response anew from here on; flags stand until theirs is."""
    begun = {
        "watermark": text("'0'::xid8"),
        "rule_version": rule.version,
        "basis": _BASIS.dump_python(basis, mode="json"),
        "measured": 0,
        "begun_at": at,
    }
    await session.execute(
        insert(flag_state)
        .values(organisation_id=organisation_id, survey_id=survey_id, **begun)
        .on_conflict_do_update(index_elements=["organisation_id", "survey_id"], set_=begun)
    )
    await session.execute(
        delete(response_fingerprint).where(
            response_fingerprint.c.organisation_id == organisation_id, response_fingerprint.c.survey_id == survey_id
        )
    )


async def advance(
    session: Session, organisation_id: UUID, survey_id: UUID, state: FlagState, *, upper: int, n: int
) -> bool:
    """Note that ``n`` responses up to a mark are measured; false if another pass has begun, or is there already."""
    moved = await session.execute(
        _ADVANCE,
        {
            "organisation_id": organisation_id,
            "survey_id": survey_id,
            "lower": str(state.watermark),
            "upper": str(upper),
            "rule_version": state.rule_version,
            "n": n,
        },
    )
    return moved.first() is not None


async def take_fingerprints(
    session: Session, organisation_id: UUID, survey_id: UUID, prints: Sequence[tuple[UUID, bytes]]
) -> frozenset[tuple[UUID, bytes]]:
    """Keep fingerprints, each for the response that has it first; those that came before (response, fingerprint)."""
    rows = [{"place": place, "id": str(one), "print": found.hex()} for place, (one, found) in enumerate(prints)]
    taken = await session.execute(
        _TAKE_FINGERPRINTS, {"organisation_id": organisation_id, "survey_id": survey_id, "rows": json.dumps(rows)}
    )
    return frozenset(prints) - {(row.response_id, bytes(row.fingerprint)) for row in taken}


async def replace_flags(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    response_ids: Sequence[UUID],
    flags: Sequence[NewFlag],
    *,
    rule_version: int,
    at: datetime,
) -> None:
    """Let responses have these flags and no others."""
    await session.execute(_DROP_FLAGS, {"organisation_id": organisation_id, "ids": list(response_ids)})
    rows = [
        {
            "id": str(flag.response_id),
            "kind": flag.kind,
            "sign": flag.sign,
            "value": flag.value,
            "threshold": flag.threshold,
        }
        for flag in flags
    ]
    await session.execute(
        _ADD_FLAGS,
        {
            "organisation_id": organisation_id,
            "survey_id": survey_id,
            "rule_version": rule_version,
            "at": at,
            "rows": json.dumps(rows, allow_nan=False),
        },
    )


async def suspects_among(session: Session, organisation_id: UUID, response_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Which of the responses are suspect now."""
    found = await session.execute(_SUSPECTS, {"organisation_id": organisation_id, "ids": list(response_ids)})
    return frozenset(found.scalars())


async def replace_suspicions(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    response_ids: Sequence[UUID],
    suspects: Mapping[UUID, int],
    *,
    rule_version: int,
    at: datetime,
) -> None:
    """Let of these responses the ``suspects`` be suspect, with so many signs, and no others."""
    await session.execute(_DROP_SUSPICIONS, {"organisation_id": organisation_id, "ids": list(response_ids)})
    rows = [{"id": str(one), "signs": signs} for one, signs in suspects.items()]
    await session.execute(
        _ADD_SUSPICIONS,
        {
            "organisation_id": organisation_id,
            "survey_id": survey_id,
            "rule_version": rule_version,
            "at": at,
            "rows": json.dumps(rows),
        },
    )
