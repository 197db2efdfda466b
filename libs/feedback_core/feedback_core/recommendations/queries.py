"""SQL of recommendations: proposing, listing, reading; see ``history_queries`` for what happened to one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql import cast

from feedback_core.analyses.documents import to_document
from feedback_core.analyses.tables import analysis_run
from feedback_core.db.session import Session
from feedback_core.kit.money import Money
from feedback_core.recommendations.procedures.built_in import BUILT_IN
from feedback_core.recommendations.procedures.tables import recommendation_reassignment
from feedback_core.recommendations.tables import recommendation, recommendation_sighting
from feedback_core.recommendations.types import (
    Candidate,
    Confidence,
    Entered,
    Evidence,
    ExpectedEffect,
    Recommendation,
    RecommendationKind,
    RecommendationState,
)
from feedback_core.service.tables import feature, process


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a recommendation enters, and until when that is to be decided."""

    procedure_key: str = BUILT_IN.key
    procedure_version: int = BUILT_IN.version
    step: str = BUILT_IN.procedure.start
    due_at: datetime | None = None
    escalates_at: datetime | None = None


_BUILT_IN_ENTRY = Entry()


async def propose(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    run_id: UUID,
    proposals: Sequence[tuple[UUID, Candidate]],
    *,
    at: datetime,
    entry: Entry = _BUILT_IN_ENTRY,
) -> list[tuple[UUID, bool]]:
    """Add candidates under these ids; one already proposed takes the newer evidence, one decided on keeps its own.

    That the run met it is kept of each. A run that ended later but was asked for earlier changes nothing else.

    Returns: the id of the recommendation of each candidate, and whether it is new.
    """
    version = await _version_of(session, organisation_id, run_id)
    found = []
    for new_id, candidate in proposals:
        evidence = [_as_of(piece, run_id, version) for piece in candidate.evidence]
        effect = candidate.expected_effect
        values = {
            "feature_key": candidate.feature_key,
            "standard_key": candidate.standard_key,
            "kind": candidate.kind,
            "title": candidate.title,
            "rationale": candidate.rationale,
            "evidence": evidence,
            "gap": candidate.gap,
            "confidence": candidate.confidence,
            "priority": candidate.priority,
            "priority_reason": candidate.priority_reason,
            "expected_effect": None if effect is None else to_document(effect),
            "expected_effect_reason": candidate.expected_effect_reason,
            "run_id": run_id,
            "updated_at": at,
        }
        statement = upsert(recommendation).values(
            organisation_id=organisation_id,
            id=new_id,
            survey_id=survey_id,
            subject=candidate.subject,
            state=RecommendationState.PROPOSED,
            created_at=at,
            entered_at=at,
            **asdict(entry),
            **values,
        )
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["organisation_id", "survey_id", "subject"],
                set_={**values, "revision": recommendation.c.revision + 1},
                where=(recommendation.c.state == RecommendationState.PROPOSED)
                & recommendation.c.written_by.is_(None)
                & (recommendation.c.run_id < run_id),
            )
        )
        known = await _id_of(session, organisation_id, survey_id, candidate.subject)
        await add_sighting(session, organisation_id, known, run_id, candidate, evidence, at=at)
        found.append((known, known == new_id))
    return found


async def add_written(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    new_id: UUID,
    candidate: Candidate,
    *,
    entry: Entry,
    entered: Entered,
    by: str,
    at: datetime,
) -> None:
    """A recommendation that somebody wrote, on the run of its first piece of evidence."""
    evidence = [_as_of(piece, None, None) for piece in candidate.evidence]
    first, effect = candidate.evidence[0], candidate.expected_effect
    await session.execute(
        insert(recommendation).values(
            organisation_id=organisation_id,
            id=new_id,
            survey_id=survey_id,
            feature_key=candidate.feature_key,
            kind=candidate.kind,
            subject=candidate.subject,
            title=candidate.title,
            rationale=candidate.rationale,
            evidence=evidence,
            gap=candidate.gap,
            confidence=candidate.confidence,
            priority=candidate.priority,
            priority_reason=candidate.priority_reason,
            expected_effect=None if effect is None else to_document(effect),
            expected_effect_reason=candidate.expected_effect_reason,
            state=RecommendationState.PROPOSED,
            run_id=first.run_id,
            written_by=by,
            created_at=at,
            updated_at=at,
            entered_at=at,
            **asdict(entry),
            **_entered_columns(entered),
        )
    )


async def add_sighting(
    session: Session,
    organisation_id: UUID,
    recommendation_id: UUID,
    run_id: UUID,
    candidate: Candidate,
    evidence: list[dict[str, Any]],
    *,
    at: datetime,
) -> None:
    """That a run met it, with its figures as of then; once per run."""
    statement = upsert(recommendation_sighting).values(
        organisation_id=organisation_id,
        recommendation_id=recommendation_id,
        run_id=run_id,
        met_at=at,
        evidence=evidence,
        gap=candidate.gap,
        confidence=candidate.confidence,
        priority=candidate.priority,
    )
    await session.execute(statement.on_conflict_do_nothing())


async def enter(
    session: Session, organisation_id: UUID, recommendation_id: UUID, entered: Entered, *, at: datetime
) -> None:
    """What people say of it: cost, effort, owner."""
    await session.execute(
        update(recommendation)
        .where(recommendation.c.organisation_id == organisation_id, recommendation.c.id == recommendation_id)
        .values(updated_at=at, revision=recommendation.c.revision + 1, **_entered_columns(entered))
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which recommendations a list has.

    Attributes:
        overdue_at: those whose step was overdue at that instant.
        stuck: those that stand in one of these steps (procedure, version, step, whether only after it has escalated),
            unless given to somebody who is not among ``gone``; ``None``: whatever their step.
    """

    survey_id: UUID | None = None
    feature: str | None = None
    state: RecommendationState | None = None
    kind: RecommendationKind | None = None
    overdue_at: datetime | None = None
    stuck: Sequence[tuple[str, int, str, bool]] | None = None
    gone: Sequence[str] = ()
    now: datetime | None = None


async def recommendations(
    session: Session,
    organisation_id: UUID,
    wanted: Wanted,
    *,
    after: tuple[float, UUID] | None,
    limit: int,
) -> list[Recommendation]:
    """Recommendations, highest priority first, from behind ``after``."""
    columns = recommendation.c
    statement = _with_feature().where(columns.organisation_id == organisation_id)
    for column, value in (
        (columns.survey_id, wanted.survey_id),
        (columns.feature_key, wanted.feature),
        (columns.state, wanted.state),
        (columns.kind, wanted.kind),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.overdue_at is not None:
        statement = statement.where(columns.due_at <= wanted.overdue_at)
    if wanted.stuck is not None:
        statement = statement.where(_stuck(wanted))
    if after is not None:
        statement = statement.where(tuple_(columns.priority, columns.id) < after)
    rows = await session.execute(statement.order_by(columns.priority.desc(), columns.id.desc()).limit(limit))
    return [_recommendation(row) for row in rows]


async def recommendation_by_id(
    session: Session, organisation_id: UUID, recommendation_id: UUID, *, for_update: bool = False
) -> Recommendation | None:
    """One recommendation; held until the end of the transaction if it is to be changed."""
    statement = _with_feature().where(
        recommendation.c.organisation_id == organisation_id, recommendation.c.id == recommendation_id
    )
    if for_update:
        statement = statement.with_for_update(of=recommendation)
    row = (await session.execute(statement)).one_or_none()
    return _recommendation(row) if row else None


async def steps_in_use(session: Session, organisation_id: UUID) -> list[tuple[str, int]]:
    """Procedures (key, version) that recommendations stand under."""
    columns = recommendation.c
    rows = await session.execute(
        select(columns.procedure_key, columns.procedure_version)
        .where(columns.organisation_id == organisation_id)
        .distinct()
    )
    return [(row.procedure_key, row.procedure_version) for row in rows]


def _stuck(wanted: Wanted) -> ColumnElement[bool]:
    columns, given = recommendation.c, recommendation_reassignment.c
    step = tuple_(columns.procedure_key, columns.procedure_version, columns.step)
    before = [(key, version, name) for key, version, name, late in wanted.stuck or () if not late]
    beyond = [(key, version, name) for key, version, name, late in wanted.stuck or () if late]
    escalated = and_(columns.escalates_at.is_not(None), columns.escalates_at <= wanted.now)
    somebody = (
        select(given.id)
        .where(
            given.organisation_id == columns.organisation_id,
            given.recommendation_id == columns.id,
            given.step == columns.step,
            given.assigned_at >= columns.entered_at,
            ~given.people.contained_by(cast(list(wanted.gone), ARRAY(TEXT))),
        )
        .exists()
    )
    return and_(or_(and_(~escalated, step.in_(before)), and_(escalated, step.in_(beyond))), ~somebody)


def _with_feature() -> Select[Any]:
    owner = func.coalesce(process.c.owner, feature.c.owner).label("process_owner")
    return (
        select(recommendation, feature.c.process_key.label("process"), owner)
        .join(
            feature,
            (feature.c.organisation_id == recommendation.c.organisation_id)
            & (feature.c.key == recommendation.c.feature_key),
            isouter=True,
        )
        .join(
            process,
            (process.c.organisation_id == feature.c.organisation_id) & (process.c.key == feature.c.process_key),
            isouter=True,
        )
    )


async def _id_of(session: Session, organisation_id: UUID, survey_id: UUID, subject: str) -> UUID:
    statement = select(recommendation.c.id).where(
        recommendation.c.organisation_id == organisation_id,
        recommendation.c.survey_id == survey_id,
        recommendation.c.subject == subject,
    )
    found: UUID = (await session.execute(statement)).scalar_one()
    return found


async def _version_of(session: Session, organisation_id: UUID, run_id: UUID) -> str:
    statement = select(analysis_run.c.data_version).where(
        analysis_run.c.organisation_id == organisation_id, analysis_run.c.id == run_id
    )
    found: str = (await session.execute(statement)).scalar_one()
    return found


def _as_of(piece: Evidence, run_id: UUID | None, version: str | None) -> dict[str, Any]:
    document = to_document(piece)
    if document["run_id"] is None:
        document["run_id"], document["data_version"] = str(run_id), version
    return document


def _entered_columns(entered: Entered) -> dict[str, Any]:
    return {
        "cost_amount": entered.cost.amount if entered.cost else None,
        "cost_currency": entered.cost.currency if entered.cost else None,
        "effort_hours": entered.effort_hours,
        "owner": entered.owner,
    }


def _recommendation(row: Row[Any]) -> Recommendation:
    cost = None if row.cost_amount is None else Money(row.cost_amount, row.cost_currency)
    return Recommendation(
        id=row.id,
        survey_id=row.survey_id,
        feature_key=row.feature_key,
        kind=RecommendationKind(row.kind),
        subject=row.subject,
        title=row.title,
        rationale=row.rationale,
        evidence=tuple(row.evidence),
        gap=row.gap,
        confidence=Confidence(row.confidence),
        priority=row.priority,
        priority_reason=row.priority_reason,
        expected_effect=ExpectedEffect(**row.expected_effect) if row.expected_effect else None,
        entered=Entered(cost, row.effort_hours, row.owner),
        process=row.process,
        process_owner=row.process_owner,
        state=RecommendationState(row.state),
        step=row.step,
        procedure_key=row.procedure_key,
        procedure_version=row.procedure_version,
        entered_at=row.entered_at,
        due_at=row.due_at,
        escalates_at=row.escalates_at,
        written_by=row.written_by,
        run_id=row.run_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision=row.revision,
        standard_key=row.standard_key,
        expected_effect_reason=row.expected_effect_reason,
    )
