"""The worker's part of an analysis of data quality: read counts and moments, analyse them, keep what was found."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from feedback_core.analyses.cuts import cut_of
from feedback_core.analyses.documents import from_document
from feedback_core.analyses.outcomes import keep_outcome
from feedback_core.analyses.payloads import RunDataQuality
from feedback_core.analyses.use_cases import get_run, version_now
from feedback_core.data_quality.asking import AskedQuality, settle_data_quality
from feedback_core.data_quality.calc import analyse_quality
from feedback_core.data_quality.items import item_sets, scale_items
from feedback_core.data_quality.queries import analysis, rules
from feedback_core.data_quality.queries.selection import SelectedResponses
from feedback_core.data_quality.types import DataQualityParameters, InclusionRule
from feedback_core.data_quality.types.reading import (
    AskedCounts,
    GroupCounts,
    QualityReading,
    QuestionCounts,
    ScaleAnswers,
)
from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.kpis.queries.counts import read_counts
from feedback_core.kpis.types import UNANSWERED, WHOLE, CountRow, Standing
from feedback_core.kpis.use_cases import kpi_value
from feedback_core.kpis.use_cases.asking import query_of
from feedback_core.responses.quality.types import FlagKind

LIBRARIES: Final = ("numpy", "scipy", "statsmodels")
_SUSPECT: Final = frozenset({Standing.SUSPECT, Standing.SUSPECT_PARTIAL})
_STEPS: Final = 2
_LEAST_ITEMS: Final = 2


async def run_data_quality(run: JobRun[RunDataQuality]) -> None:
    """Make a run of an analysis of data quality.

    Raises:
        NotEstimable: too few responses.
        Invalid: what was asked for is not there any more.
    """
    run_id = run.payload.run_id
    async with run.snapshot() as session:
        wanted = await get_run(session, run.organisation_id, run_id)
        parameters = from_document(DataQualityParameters, wanted.parameters)
        as_of = cut_of(parameters.end, now=run.clock.now())
        asked = await settle_data_quality(session, run.organisation_id, wanted.survey_id, parameters)
        reading = await read_quality(session, asked, parameters)
        version = await version_now(session, run.organisation_id, wanted.survey_id, clock=run.clock)
    await run.progress(1, _STEPS, "steps")
    minimum = asked.responses.organisation.minimum_cell_size
    outcome = await run.calculate(analyse_quality, reading, minimum=minimum, level=parameters.level, as_of=as_of)
    await run.progress(_STEPS, _STEPS, "steps")
    async with run.completion() as session:
        await keep_outcome(
            session, run, run_id, outcome, sentence=outcome.sentence, libraries=LIBRARIES, version=version
        )


async def read_quality(session: Session, asked: AskedQuality, parameters: DataQualityParameters) -> QualityReading:
    """Everything that the analysis stands on, as one snapshot shows it."""
    query = query_of(asked.responses)
    selected = SelectedResponses(query.organisation_id, query.survey_id, query.start, query.end, query.where)
    rule = await rules.current_rule(session, query.organisation_id, query.survey_id)
    everybody = await _groups(session, asked, selected, None)
    questions = [question.key for question in asked.questionnaire.questions]
    return QualityReading(
        rule=rule,
        flagging=await rules.flagging(session, query.organisation_id, query.survey_id),
        everybody=everybody.get(None, GroupCounts(0, 0, {})),
        groups={by: await _groups(session, asked, selected, by) for by in asked.by},
        questions=[await _question(session, asked, key) for key in questions],
        stopped=await analysis.stopped_after(session, selected, questions),
        scales=await _scales(session, asked, selected, rule, parameters),
        kpi=(asked.kpi.target, await kpi_value(session, asked.kpi)) if asked.kpi else None,
    )


async def _groups(
    session: Session, asked: AskedQuality, selected: SelectedResponses, by: str | None
) -> dict[str | None, GroupCounts]:
    rows = await read_counts(session, replace(query_of(asked.responses), by=by))
    signs = await analysis.flags_by_group(session, selected, by)
    looked_at: dict[str | None, int] = defaultdict(int)
    suspects: dict[str | None, int] = defaultdict(int)
    for row in rows:
        group = None if row.group is None else str(row.group)
        if row.standing in analysis.LOOKED_AT:
            looked_at[group] += row.n
            suspects[group] += row.n if row.standing in _SUSPECT else 0
    nothing: Mapping[FlagKind, int] = {}
    return {group: GroupCounts(n, suspects[group], signs.get(group, nothing)) for group, n in looked_at.items()}


async def _question(session: Session, asked: AskedQuality, key: str) -> QuestionCounts:
    query = replace(query_of(asked.responses), question_key=key, items=[WHOLE])
    by = {}
    for attribute in asked.by:
        by[attribute] = _asked_by_group(await read_counts(session, replace(query, by=attribute)))
    everybody = _asked_by_group(await read_counts(session, query)).get(None, AskedCounts(0, 0))
    return QuestionCounts(key, everybody, by)


def _asked_by_group(rows: Iterable[CountRow]) -> dict[str | None, AskedCounts]:
    asked: dict[str | None, int] = defaultdict(int)
    missing: dict[str | None, int] = defaultdict(int)
    for row in rows:
        if row.standing is Standing.COMPLETE:
            group = None if row.group is None else str(row.group)
            asked[group] += row.n
            missing[group] += row.n if row.value == UNANSWERED else 0
    return {group: AskedCounts(n, missing[group]) for group, n in asked.items()}


async def _scales(
    session: Session,
    asked: AskedQuality,
    selected: SelectedResponses,
    rule: InclusionRule | None,
    parameters: DataQualityParameters,
) -> list[ScaleAnswers]:
    declared = parameters.scales
    if declared is None:
        declared = rule.scales if rule else ()
    known = {item.name: item for item in scale_items(asked.questionnaire)}
    found = []
    for one in item_sets(asked.questionnaire, declared):
        if len(one.items) < _LEAST_ITEMS:
            found.append(ScaleAnswers(one, None, 0))
            continue
        items = [known[name] for name in one.items]
        moments, incomplete = await analysis.answer_moments(session, selected, items, one)
        found.append(ScaleAnswers(one, moments, incomplete))
    return found
