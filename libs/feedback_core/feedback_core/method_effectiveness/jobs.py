"""The worker's part of method effectiveness: read counts by method, compare them, keep what was found."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from feedback_core.analyses.cuts import cut_of
from feedback_core.analyses.documents import from_document
from feedback_core.analyses.outcomes import keep_outcome
from feedback_core.analyses.payloads import RunMethodEffectiveness
from feedback_core.analyses.use_cases import get_run, version_now
from feedback_core.data_quality.queries import rules
from feedback_core.data_quality.queries.analysis import flags_by_group
from feedback_core.data_quality.queries.selection import SelectedResponses
from feedback_core.data_quality.types import InclusionRule
from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.queries.counts import read_counts
from feedback_core.kpis.types import RESPONSES, WHOLE, Standing, Withheld
from feedback_core.kpis.use_cases import METHOD, Asked, kpi_breakdown, kpi_cells
from feedback_core.kpis.use_cases.asking import count_query
from feedback_core.kpis.use_cases.responses import complete_responses
from feedback_core.method_effectiveness.calc import MethodReading, compare_methods
from feedback_core.method_effectiveness.queries import item_sums_by_method, seconds_by_method
from feedback_core.method_effectiveness.types import ItemSums, MethodCounts, MethodEffectivenessParameters
from feedback_core.method_effectiveness.use_cases import settle_method_effectiveness
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.quality.types import FlagKind
from feedback_core.surveys.use_cases import published_survey

LIBRARIES: Final = ("numpy", "scipy")
_STEPS: Final = 2
_BEGUN: Final = (Standing.PARTIAL, Standing.SUSPECT_PARTIAL)


async def run_method_effectiveness(run: JobRun[RunMethodEffectiveness]) -> None:
    """Make a run of an analysis of method effectiveness.

    Raises:
        NotEstimable: nobody responded, or too few by each method.
        Invalid: what was asked for is not there any more.
    """
    run_id = run.payload.run_id
    async with run.snapshot() as session:
        wanted = await get_run(session, run.organisation_id, run_id)
        parameters = from_document(MethodEffectivenessParameters, wanted.parameters)
        as_of = cut_of(parameters.end, now=run.clock.now())
        asked = await settle_method_effectiveness(session, run.organisation_id, wanted.survey_id, parameters)
        reading = await read_methods(session, asked)
        version = await version_now(session, run.organisation_id, wanted.survey_id, clock=run.clock)
    await run.progress(1, _STEPS, "steps")
    minimum = asked.organisation.minimum_cell_size
    outcome = await run.calculate(
        compare_methods, reading, parameters.contacts, minimum=minimum, level=parameters.level, as_of=as_of
    )
    await run.progress(_STEPS, _STEPS, "steps")
    async with run.completion() as session:
        await keep_outcome(
            session, run, run_id, outcome, sentence=outcome.sentence, libraries=LIBRARIES, version=version
        )


async def read_methods(session: Session, asked: Asked) -> MethodReading:
    """Everything that the analysis stands on, as one snapshot shows it."""
    organisation, survey_id = asked.organisation, asked.target.survey_id
    rule = await rules.current_rule(session, organisation.organisation_id, survey_id)
    flagging = await rules.flagging(session, organisation.organisation_id, survey_id)
    return MethodReading(
        counts=await _counts(session, asked, measured=await _shows_lines(session, asked, rule)),
        attributes=list(asked.attributes),
        complete=await complete_responses(session, organisation, survey_id, asked.selection),
        target=asked.target,
        answers=(await kpi_cells(session, asked)).cells,
        rule=rule is not None,
        up_to_date=flagging.up_to_date,
    )


async def _shows_lines(session: Session, asked: Asked, rule: InclusionRule | None) -> bool:
    """Whether the survey has a grid in which one answer to every row is a sign of carelessness."""
    if rule is None:
        return False
    questionnaire = (
        await published_survey(session, asked.organisation.organisation_id, asked.target.survey_id)
    ).questionnaire
    turned = {name for scale in rule.scales for name in scale.reversed}
    thresholds, grids = rule.thresholds, [question for question in questionnaire.questions if question.rows]
    return any(
        len(grid.rows) >= thresholds.straight_line_items
        and (thresholds.unreversed_grids or turned.intersection(f"{grid.key}.{row.key}" for row in grid.rows))
        for grid in grids
    )


async def _counts(session: Session, asked: Asked, *, measured: bool) -> dict[CollectionMethod, MethodCounts]:
    query = count_query(asked.organisation, asked.target.survey_id, RESPONSES, [WHOLE], asked.selection)
    selected = SelectedResponses(query.organisation_id, query.survey_id, query.start, query.end, query.where)
    standings: dict[CollectionMethod, dict[Standing, int]] = defaultdict(lambda: defaultdict(int))
    for row in await read_counts(session, replace(query, by=METHOD)):
        if row.group is not None:
            standings[CollectionMethod(str(row.group))][row.standing] += row.n
    signs = await flags_by_group(session, selected, METHOD)
    items, seconds = await item_sums_by_method(session, selected), await seconds_by_method(session, selected)
    kpi = await _kpi(session, asked)
    nothing: Mapping[FlagKind, int] = {}
    return {
        method: MethodCounts(
            complete=found[Standing.COMPLETE],
            suspect=found[Standing.SUSPECT],
            partial=sum(found[standing] for standing in _BEGUN),
            items=items.get(method, ItemSums()),
            seconds=seconds.get(method, {}),
            straight_lining=signs.get(str(method), nothing).get(FlagKind.STRAIGHT_LINING, 0) if measured else None,
            kpi=kpi.get(method),
        )
        for method, found in standings.items()
    }


async def _kpi(session: Session, asked: Asked) -> dict[CollectionMethod, Estimate | None]:
    return {
        CollectionMethod(one.group): None if isinstance(one.figure, Withheld) else one.figure.estimate
        for one in await kpi_breakdown(session, asked, METHOD)
        if one.group is not None
    }
