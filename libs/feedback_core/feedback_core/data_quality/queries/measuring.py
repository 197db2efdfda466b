"""SQL that reads what signs of careless answering are measured from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from feedback_core.data_quality.types import ResponsePart, Thresholds, VersionItems
from feedback_core.db.session import Session

_MEASURED: Final = "r.status IN ('complete', 'partial')"
"""Of whom signs are measured: whoever was screened out has hardly answered."""

_OF_PART: Final = """
     WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
       AND r.recorded_xid >= :lower AND r.recorded_xid < :upper
"""

_VERSIONS = text(f"SELECT DISTINCT r.survey_version_id FROM response r {_OF_PART} ORDER BY 1")  # noqa: S608

_COUNTS = text(
    f"""
    SELECT r.survey_version_id, count(*) AS n FROM response r
     WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id AND {_MEASURED}
     GROUP BY 1 ORDER BY 1
    """  # noqa: S608 - composed of constants
)

_MEDIANS = text(
    """
    SELECT r.survey_version_id, r.method, count(*) AS n,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY EXTRACT(epoch FROM r.submitted_at - r.started_at)) AS seconds
      FROM response r
     WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
       AND r.status = 'complete' AND r.started_at <= r.submitted_at
     GROUP BY 1, 2 HAVING count(*) >= :least
     ORDER BY 1, 2
    """
)

# What an earlier response of the same respondent is, the order of recording says: it is the same whenever one looks.
_TO_OTHER: Final = """
    CASE WHEN r.respondent_ref IS NOT NULL THEN (
        SELECT min(abs(EXTRACT(epoch FROM r.submitted_at - o.submitted_at)))::float8 FROM response o
         WHERE o.organisation_id = r.organisation_id AND o.survey_id = r.survey_id
           AND o.respondent_ref = r.respondent_ref
           AND o.submitted_at > r.submitted_at - make_interval(secs => :window)
           AND o.submitted_at < r.submitted_at + make_interval(secs => :window)
           AND (o.recorded_xid, o.id) < (r.recorded_xid, r.id)
    ) END
"""


@dataclass(frozen=True, slots=True)
class RecordedRange:
    """Responses of a survey recorded by transactions from ``lower`` up to, not including, ``upper``."""

    organisation_id: UUID
    survey_id: UUID
    lower: int
    upper: int

    def parameters(self) -> dict[str, Any]:
        """For a statement."""
        return {
            "organisation_id": self.organisation_id,
            "survey_id": self.survey_id,
            "lower": str(self.lower),
            "upper": str(self.upper),
        }


async def versions_in(session: Session, part: RecordedRange) -> list[UUID]:
    """Versions that the responses of a range answer."""
    return list((await session.execute(_VERSIONS, part.parameters())).scalars())


async def counts_of_versions(session: Session, organisation_id: UUID, survey_id: UUID) -> dict[UUID, int]:
    """Responses of which signs are measured, by version."""
    rows = await session.execute(_COUNTS, {"organisation_id": organisation_id, "survey_id": survey_id})
    return {row.survey_version_id: row.n for row in rows}


async def median_seconds(
    session: Session, organisation_id: UUID, survey_id: UUID, *, least: int
) -> dict[UUID, dict[str, float]]:
    """Median time of complete responses by version and method, where at least ``least`` times are known."""
    rows = await session.execute(_MEDIANS, {"organisation_id": organisation_id, "survey_id": survey_id, "least": least})
    medians: dict[UUID, dict[str, float]] = {}
    for row in rows:
        medians.setdefault(row.survey_version_id, {})[row.method] = float(row.seconds)
    return medians


async def latest_answers(
    session: Session, organisation_id: UUID, survey_id: UUID, items: VersionItems, *, most: int
) -> NDArray[np.float64]:
    """Answers of the complete responses to a version that came last, shape (responses, items), NaN where missing."""
    parameters: dict[str, Any] = {
        "organisation_id": organisation_id,
        "survey_id": survey_id,
        "version_id": items.version_id,
        "most": most,
    }
    statement = f"""
        SELECT {_answers(items, parameters)} AS answers FROM response r
         WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
           AND r.survey_version_id = :version_id AND r.status = 'complete'
         ORDER BY r.id DESC LIMIT :most
    """  # noqa: S608 - composed of constants
    rows = (await session.execute(text(statement), parameters)).scalars().all()
    return _grid(rows, len(items.items))


async def read_part(
    session: Session, part: RecordedRange, items: VersionItems, thresholds: Thresholds
) -> ResponsePart | None:
    """The responses of a range to one version, in the order in which they were recorded; ``None`` if there are none."""
    parameters: dict[str, Any] = {
        **part.parameters(),
        "version_id": items.version_id,
        "window": thresholds.duplicate_window_seconds,
        "scale_keys": sorted({item.question for item in items.items}),
    }
    answers = _answers(items, parameters)
    statement = f"""
        SELECT r.id, r.method, r.submitted_at, r.status = 'complete' AS complete,
               EXTRACT(epoch FROM r.submitted_at - r.started_at)::float8 AS seconds,
               cardinality(r.unanswered) AS unanswered,
               (SELECT count(*) FROM jsonb_object_keys(r.answers)) AS answered,
               (SELECT count(*) FROM jsonb_object_keys(r.answers) AS k WHERE k <> ALL(:scale_keys)) AS others,
               {answers} AS answers, {_texts(items, parameters)} AS texts, {_TO_OTHER} AS to_other,
               sha256(convert_to(concat_ws('|', r.cell_id, (r.submitted_at AT TIME ZONE 'UTC')::date,
                                           r.answers::text), 'UTF8')) AS vector
          FROM response r {_OF_PART}
           AND r.survey_version_id = :version_id AND {_MEASURED}
         ORDER BY r.recorded_xid, r.id
    """  # noqa: S608 - composed of constants
    rows = (await session.execute(text(statement), parameters)).all()
    if not rows:
        return None
    grid = _grid([row.answers for row in rows], len(items.items))
    answered = (~np.isnan(grid)).sum(axis=1) + np.array([row.others for row in rows])
    unanswered = np.array([row.unanswered for row in rows], dtype=float)
    vectors = _vectors(grid, answered, [row.vector for row in rows], thresholds.duplicate_answers)
    return ResponsePart(
        items=items,
        ids=[row.id for row in rows],
        methods=[row.method for row in rows],
        submitted_at=[row.submitted_at for row in rows],
        answers=grid,
        seconds=_numbers([row.seconds for row in rows]),
        answered=answered.astype(float),
        questions=unanswered + np.array([row.answered for row in rows]),
        unanswered=unanswered,
        complete=np.array([row.complete for row in rows], dtype=bool),
        seconds_to_other=_numbers([row.to_other for row in rows]),
        texts=[[said for said in row.texts if said is not None] for row in rows],
        vectors=vectors,
    )


def _vectors(
    grid: NDArray[np.float64], answered: NDArray[np.int64], hashes: Sequence[bytes], least: int
) -> list[bytes | None]:
    """What stands for all answers of a response; of few, or of equal ones, many can be the same by chance."""
    highest = np.where(np.isnan(grid), -np.inf, grid).max(axis=1, initial=-np.inf)
    lowest = np.where(np.isnan(grid), np.inf, grid).min(axis=1, initial=np.inf)
    telling = (answered >= least) & (highest > lowest)
    return [bytes(one) if tells else None for one, tells in zip(hashes, telling.tolist(), strict=True)]


def _answers(items: VersionItems, parameters: dict[str, Any]) -> str:
    """The answers to all items as one array."""
    terms = []
    for number, item in enumerate(items.items):
        parameters[f"question_{number}"] = item.question
        answer = f"r.answers ->> CAST(:question_{number} AS text)"
        if item.row is not None:
            parameters[f"row_{number}"] = item.row
            answer = f"r.answers -> CAST(:question_{number} AS text) ->> CAST(:row_{number} AS text)"
        terms.append(f"({answer})::float8")
    return f"ARRAY[{', '.join(terms)}]::float8[]"


def _texts(items: VersionItems, parameters: dict[str, Any]) -> str:
    terms = []
    for number, key in enumerate(items.texts):
        parameters[f"text_{number}"] = key
        terms.append(f"r.answers ->> CAST(:text_{number} AS text)")
    return f"ARRAY[{', '.join(terms)}]::text[]"


def _grid(rows: Sequence[Sequence[float | None]], items: int) -> NDArray[np.float64]:
    return np.array(rows, dtype=float).reshape(len(rows), items)


def _numbers(values: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array(values, dtype=float)
