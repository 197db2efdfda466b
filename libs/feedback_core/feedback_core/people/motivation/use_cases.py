"""Keeping techniques and strategies of motivation, and seeing what followed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from feedback_core.analyses.types import AnalysisKind
from feedback_core.analyses.use_cases import get_run
from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import key_in_cursor, page_of
from feedback_core.kit.errors import Conflict, Fault, Invalid, NotFound, require_current
from feedback_core.kpis.calc.periods import day_of
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.people.motivation import queries
from feedback_core.people.motivation.types import (
    FollowedAction,
    FollowedEffect,
    FollowedStandard,
    NoEffectAnalysis,
    Strategy,
    StrategyDetails,
    StrategyKind,
    WhatFollowed,
)
from feedback_core.people.staff.types import TEAM_KEY
from feedback_core.recommendations.actions.queries import action_by_id
from feedback_core.recommendations.effect.types import EffectVerdict
from feedback_core.recommendations.evidence.calc import linked
from feedback_core.standards.use_cases import get_standard, list_verdicts

_KEY: Final = re.compile(TEAM_KEY)
_MOST_VERDICTS: Final = 200


class TechniqueInUse(Conflict):
    """Strategies use the technique, so it cannot be deleted."""

    code = "technique_in_use"


async def put_strategy(
    session: Session,
    organisation_id: UUID,
    key: str,
    details: StrategyDetails,
    *,
    if_revision: int | None,
    clock: Clock,
) -> tuple[Strategy, bool]:
    """Keep a technique or strategy, or replace it, and whether it is new.

    Raises:
        PreconditionRequired: it is there, and ``if_revision`` is ``None``.
        PreconditionFailed: it has changed since, or is not there.
        Invalid: it names a standard or technique that is not there, or ends before it begins.
        NotFound: no such action or analysis here.
        NoEffectAnalysis: an analysis is of another kind.
    """
    found = await queries.strategy_by_key(session, organisation_id, key, for_update=True)
    details = _once(details)
    await _check(session, organisation_id, key, details)
    require_current("strategy", None if found is None else found.revision, if_revision)
    if found is None:
        await queries.add_strategy(session, organisation_id, key, details, at=clock.now())
    else:
        await queries.change_strategy(session, organisation_id, key, details, at=clock.now())
    return await get_strategy(session, organisation_id, key), found is None


async def get_strategy(session: Session, organisation_id: UUID, key: str) -> Strategy:
    """A technique or strategy.

    Raises:
        NotFound: there is none with this key.
    """
    found = await queries.strategy_by_key(session, organisation_id, key)
    if found is None:
        raise NotFound("strategy", key)
    return found


async def list_strategies(
    session: Session,
    organisation_id: UUID,
    *,
    kind: StrategyKind | None,
    standard: str | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[Strategy], str | None]:
    """A page by key, and the cursor of the next one.

    Raises:
        InvalidCursor: the cursor belongs to another query.
    """
    query = {"list": "strategies", "organisation": organisation_id, "kind": kind, "standard": standard}
    after = key_in_cursor(cursor, query, _KEY)
    found = await queries.strategies_after(
        session, organisation_id, kind=kind, standard=standard, after=after, limit=limit + 1
    )
    return page_of(found, limit, query, at=lambda each: each.key)


async def delete_strategy(session: Session, organisation_id: UUID, key: str) -> None:
    """Delete a technique that no strategy uses, or a strategy.

    Raises:
        NotFound: there is none with this key.
        TechniqueInUse: strategies use it.
    """
    await get_strategy(session, organisation_id, key)
    using = await queries.used_by(session, organisation_id, key)
    if using:
        raise TechniqueInUse(f"It is used by: {', '.join(sorted(using))}.")
    await queries.delete_strategy(session, organisation_id, key)


async def what_followed(session: Session, organisation_id: UUID, strategy: Strategy) -> WhatFollowed:
    """Verdicts on its standards before it began and since, what became of its actions, and what analyses say."""
    details = strategy.details
    zone = (await get_organisation(session, organisation_id)).time_zone
    standards = []
    for key in details.standards:
        verdicts, _ = await list_verdicts(session, organisation_id, key, limit=_MOST_VERDICTS, cursor=None)
        began = details.started_on
        before = [each for each in verdicts if began is None or day_of(each.decided_at, zone) < began]
        since = [each for each in verdicts if began is not None and day_of(each.decided_at, zone) >= began]
        standards.append(
            FollowedStandard(
                key,
                max(before, key=lambda each: each.decided_at, default=None),
                max(since, key=lambda each: each.decided_at, default=None),
            )
        )
    actions = [found for each in details.actions if (found := await _action(session, organisation_id, each))]
    effects = [await _effect(session, organisation_id, each) for each in details.effects]
    return WhatFollowed(tuple(standards), tuple(actions), tuple(effects))


async def _check(session: Session, organisation_id: UUID, key: str, details: StrategyDetails) -> None:
    faults = [*await _unknown_standards(session, organisation_id, details)]
    faults += await _wrong_techniques(session, organisation_id, key, details)
    if details.started_on and details.ended_on and details.ended_on < details.started_on:
        faults.append(Fault("/ended_on", "empty_period", "It cannot end before it begins."))
    if faults:
        raise Invalid(faults)
    for action in details.actions:
        if await action_by_id(session, organisation_id, action) is None:
            raise NotFound("action", action)
    for place, run_id in enumerate(details.effects):
        run = await get_run(session, organisation_id, run_id)
        if run.kind is not AnalysisKind.EFFECT:
            detail = f"This is an analysis of kind {run.kind}: link one of kind effect."
            raise NoEffectAnalysis([Fault(f"/effects/{place}/analysis_id", NoEffectAnalysis.code, detail)])


async def _unknown_standards(session: Session, organisation_id: UUID, details: StrategyDetails) -> list[Fault]:
    faults = []
    for place, standard in enumerate(details.standards):
        try:
            await get_standard(session, organisation_id, standard)
        except NotFound as unknown:
            faults.append(Fault(f"/standards/{place}", "unknown_standard", unknown.detail))
    return faults


async def _wrong_techniques(session: Session, organisation_id: UUID, key: str, details: StrategyDetails) -> list[Fault]:
    if details.kind is StrategyKind.TECHNIQUE:
        detail = "Only a strategy uses techniques: leave them out."
        return [Fault("/techniques", "not_applicable", detail)] if details.techniques else []
    if await queries.used_by(session, organisation_id, key):
        return [Fault("/kind", "used_as_technique", "Strategies use it: it stays a technique.")]
    known = await queries.known_techniques(session, organisation_id, details.techniques)
    return [
        Fault(f"/techniques/{place}", "unknown_technique", f"There is no technique {technique} here.")
        for place, technique in enumerate(details.techniques)
        if technique not in known or technique == key
    ]


async def _action(session: Session, organisation_id: UUID, action_id: UUID) -> FollowedAction | None:
    found = await action_by_id(session, organisation_id, action_id)
    if found is None:
        return None
    effect = None
    if found.effect_run_id is not None:
        effect = await _effect(session, organisation_id, found.effect_run_id)
    return FollowedAction(found.id, found.details.title, found.state, found.outcome, effect)


async def _effect(session: Session, organisation_id: UUID, run_id: UUID) -> FollowedEffect:
    run = await get_run(session, organisation_id, run_id)
    result: Mapping[str, Any] = run.result or {}
    verdict = result.get("verdict")
    figure = linked(result, "/effect")
    return FollowedEffect(
        run_id=run_id,
        verdict=EffectVerdict(verdict) if isinstance(verdict, str) else None,
        sentence=run.sentence,
        value=figure.value if figure else None,
        low=figure.low if figure else None,
        high=figure.high if figure else None,
        n=figure.n if figure else None,
    )


def _once(details: StrategyDetails) -> StrategyDetails:
    """The same, with everything that is named twice named once."""
    return replace(
        details,
        standards=tuple(dict.fromkeys(details.standards)),
        techniques=tuple(dict.fromkeys(details.techniques)),
        actions=tuple(dict.fromkeys(details.actions)),
        effects=tuple(dict.fromkeys(details.effects)),
    )
