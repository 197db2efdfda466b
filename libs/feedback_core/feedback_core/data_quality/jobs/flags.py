"""Measuring responses for signs of careless answering, and holding them to the survey's rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from feedback_core.data_quality.calc import flags_of, measure_part, outlier_basis, suspects_of
from feedback_core.data_quality.items import item_sets, scale_items
from feedback_core.data_quality.payloads import FlagResponses
from feedback_core.data_quality.queries import marking, measuring, rules
from feedback_core.data_quality.queries.measuring import RecordedRange
from feedback_core.data_quality.types import (
    FlagBasis,
    FlagState,
    InclusionRule,
    MeasuredPart,
    ResponsePart,
    VersionBasis,
    VersionItems,
)
from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.kpis.corrections import recount_many
from feedback_core.kpis.queries import folding
from feedback_core.surveys import queries as surveys
from feedback_core.surveys.types import Questionnaire, QuestionType

RESPONSES_PER_PART: Final = 10_000
LEAST_TIMES: Final = 30
"""Known times of a version and method from which their median is one to hold others to."""

MOST_ANSWERS_OF_BASIS: Final = 50_000
"""Responses that the distribution of answers is computed from, the latest ones."""

_GROWTH: Final = 2


@dataclass(frozen=True, slots=True)
class NewPass:
    """Every response is to be measured anew: the rule has changed, or there are twice as many responses as there were.

    Attributes:
        counts: responses by version.
        median_seconds: by version and method.
        answers: what the distribution of answers to a version is computed from.
    """

    rule: InclusionRule
    counts: Mapping[UUID, int]
    median_seconds: Mapping[UUID, Mapping[str, float]]
    answers: Sequence[tuple[VersionItems, NDArray[np.float64]]]


@dataclass(frozen=True, slots=True)
class NextPart:
    """Responses to be measured, by the version that they answer."""

    rule: InclusionRule
    state: FlagState
    range: RecordedRange
    parts: Sequence[ResponsePart]


async def run_flags(run: JobRun[FlagResponses]) -> None:
    """Measure part by part, each in a transaction, until nothing is left that can be measured now."""
    survey_id = run.payload.survey_id
    while True:
        async with run.snapshot() as session:
            due = await next_due(session, run.organisation_id, survey_id)
        if due is None:
            return
        if isinstance(due, NewPass):
            basis = await run.calculate(basis_of, due)
            async with run.transaction() as session:
                await begin_pass(session, run.organisation_id, survey_id, due.rule, basis, now=run.clock.now())
        else:
            measured = await run.calculate(measure, due)
            async with run.transaction() as session:
                await keep_part(session, due, measured, now=run.clock.now())


async def next_due(
    session: Session, organisation_id: UUID, survey_id: UUID, *, most: int = RESPONSES_PER_PART
) -> NewPass | NextPart | None:
    """What is to be done next, as one snapshot shows it; ``None``: nothing.

    Responses that an open transaction may still add to wait until it has ended, as they do for a fold.
    """
    rule = await rules.current_rule(session, organisation_id, survey_id)
    if rule is None:
        return None
    state = await marking.state_of(session, organisation_id, survey_id)
    if state is None or state.rule_version != rule.version:
        return await _new_pass(session, organisation_id, survey_id, rule)
    found = await folding.next_range(session, organisation_id, survey_id, state.watermark, most=most)
    if found.upper <= found.lower or not await folding.has_unfolded(session, organisation_id, survey_id, found.lower):
        return None
    if state.measured >= _GROWTH * state.basis.n and state.measured > 0:
        return await _new_pass(session, organisation_id, survey_id, rule)
    part = RecordedRange(organisation_id, survey_id, found.lower, found.upper)
    parts = []
    for version_id in await measuring.versions_in(session, part):
        items = await _items_of(session, organisation_id, version_id, rule)
        if (read := await measuring.read_part(session, part, items, rule.thresholds)) is not None:
            parts.append(read)
    return NextPart(rule, state, part, parts)


def basis_of(due: NewPass) -> FlagBasis:
    """What the responses of a pass are held against."""
    confidence = due.rule.thresholds.outlier_confidence
    versions = tuple(
        VersionBasis(
            version_id=items.version_id,
            median_seconds=due.median_seconds.get(items.version_id, {}),
            outliers=outlier_basis(items.items, answers, confidence=confidence),
        )
        for items, answers in due.answers
    )
    return FlagBasis(sum(due.counts.values()), versions)


def measure(due: NextPart) -> list[MeasuredPart]:
    """Every sign of the responses of a part, version by version."""
    return [measure_part(part, due.rule, due.state.basis.of_version(part.items.version_id)) for part in due.parts]


async def begin_pass(
    session: Session, organisation_id: UUID, survey_id: UUID, rule: InclusionRule, basis: FlagBasis, *, now: datetime
) -> None:
    """Measure every response anew from here on."""
    await folding.lock_watermark(session, organisation_id, survey_id)
    await marking.begin_pass(session, organisation_id, survey_id, rule, basis, at=now)
    await folding.count_correction(session, organisation_id, survey_id)


async def keep_part(session: Session, due: NextPart, measured: Sequence[MeasuredPart], *, now: datetime) -> bool:
    """Keep the flags of a part and who is suspect by them; false if it was measured already, or another pass began.

    The cells follow in the same transaction, under the survey's watermark: no fold, exclusion or erasure sees a
    response half changed.
    """
    organisation_id, survey_id = due.range.organisation_id, due.range.survey_id
    await folding.lock_watermark(session, organisation_id, survey_id)
    n = sum(len(part.ids) for part in due.parts)
    if not await marking.advance(session, organisation_id, survey_id, due.state, upper=due.range.upper, n=n):
        return False
    if any([await _keep(session, due, one, now) for one in measured]):
        await folding.count_correction(session, organisation_id, survey_id)
    return True


async def _keep(session: Session, due: NextPart, measured: MeasuredPart, now: datetime) -> bool:
    """Keep what was measured of the responses to one version; whether there is any sign, or one less."""
    organisation_id, survey_id, rule = due.range.organisation_id, due.range.survey_id, due.rule
    ids = measured.part.ids
    prints = [
        (one, fingerprint) for one, found in zip(ids, measured.fingerprints, strict=True) for _, fingerprint in found
    ]
    came_before = await marking.take_fingerprints(session, organisation_id, survey_id, prints)
    flags = flags_of(measured, came_before)
    await marking.replace_flags(session, organisation_id, survey_id, ids, flags, rule_version=rule.version, at=now)
    suspects = suspects_of(rule, dict(zip(ids, measured.part.submitted_at, strict=True)), flags)
    before = await marking.suspects_among(session, organisation_id, ids)
    changed = sorted(before ^ suspects.keys())
    if before or suspects:
        async with recount_many(session, organisation_id, survey_id, changed):
            await marking.replace_suspicions(
                session, organisation_id, survey_id, ids, suspects, rule_version=rule.version, at=now
            )
    return bool(flags or before)


async def _new_pass(session: Session, organisation_id: UUID, survey_id: UUID, rule: InclusionRule) -> NewPass:
    counts = await measuring.counts_of_versions(session, organisation_id, survey_id)
    answers = []
    for version_id in counts:
        items = await _items_of(session, organisation_id, version_id, rule)
        found = await measuring.latest_answers(session, organisation_id, survey_id, items, most=MOST_ANSWERS_OF_BASIS)
        answers.append((items, found))
    medians = await measuring.median_seconds(session, organisation_id, survey_id, least=LEAST_TIMES)
    return NewPass(rule, counts, medians, answers)


async def _items_of(session: Session, organisation_id: UUID, version_id: UUID, rule: InclusionRule) -> VersionItems:
    questionnaire = await surveys.version_questionnaire(session, organisation_id, version_id)
    assert questionnaire is not None, "a version that has responses cannot be deleted"
    return items_of_version(version_id, questionnaire, rule)


def items_of_version(version_id: UUID, questionnaire: Questionnaire, rule: InclusionRule) -> VersionItems:
    """What of a version is measured."""
    items = tuple(scale_items(questionnaire))
    grids: dict[str, tuple[int, ...]] = {}
    for place, item in enumerate(items):
        if item.row is not None:
            grids[item.question] = (*grids.get(item.question, ()), place)
    return VersionItems(
        version_id=version_id,
        items=items,
        sets=tuple(item_sets(questionnaire, rule.scales)),
        grids={key: places for key, places in grids.items() if len(places) > 1},
        texts=tuple(question.key for question in questionnaire.questions if question.type is QuestionType.TEXT),
    )
