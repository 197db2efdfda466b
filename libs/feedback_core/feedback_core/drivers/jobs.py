"""The worker's part of drivers: read the patterns of answers, analyse them, keep what was found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from feedback_core.analyses.cuts import cut_of
from feedback_core.analyses.documents import from_document
from feedback_core.analyses.outcomes import keep_outcome, seed_of_request
from feedback_core.analyses.payloads import RunDrivers
from feedback_core.analyses.use_cases import get_run, version_now
from feedback_core.db.session import Session
from feedback_core.drivers.calc import (
    AnswerPatterns,
    DriversQuestion,
    analyse_drivers,
    numeric_driver,
    performance_of,
    weighted_performances,
)
from feedback_core.drivers.queries import AskedQuestion, PatternQuery, PatternTable, answer_patterns
from feedback_core.drivers.types import DriverFinding, DriversOutcome, DriversParameters, Performance
from feedback_core.drivers.use_cases import AskedDrivers, settle_drivers
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.types import Figure, Withheld
from feedback_core.kpis.use_cases import kpi_value
from feedback_core.kpis.use_cases.responses import ResponsesByAttributes, complete_responses
from feedback_core.service.use_cases import assumed_importances
from feedback_core.weighting.calc import encode, kish_design_effect, rake_capped, read_margins
from feedback_core.weighting.calc.fitting import fit_scheme
from feedback_core.weighting.schemes import WeightingScheme

LIBRARIES = ("numpy", "scipy")
_STEPS = 2


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """What the analysis stands on.

    Attributes:
        table: patterns of answers, the outcome first.
        outcome: figure of the outcome over all who were selected.
        drivers: figure of each driver, likewise.
        responses: all complete responses of the period, to which a scheme fits its weights.
        assumed: how much features are thought to matter, by their keys.
    """

    table: PatternTable
    outcome: Figure | Withheld
    drivers: Sequence[Figure | Withheld]
    responses: ResponsesByAttributes = ()
    assumed: Mapping[str, int] = field(default_factory=dict)


async def run_drivers(run: JobRun[RunDrivers]) -> None:
    """Make a run of a drivers analysis.

    Raises:
        NotEstimable: too few answers, or answers that cannot be explained.
        MarginsUnusable: respondents have a category that the frame does not name.
        Invalid: what was asked for is not there any more.
    """
    run_id = run.payload.run_id
    async with run.snapshot() as session:
        analysis = await get_run(session, run.organisation_id, run_id)
        parameters = from_document(DriversParameters, analysis.parameters)
        as_of = cut_of(parameters.end, now=run.clock.now())
        asked = await settle_drivers(session, run.organisation_id, analysis.survey_id, parameters)
        answers = await _read(session, asked, parameters)
        version = await version_now(session, run.organisation_id, analysis.survey_id, clock=run.clock)
    await run.progress(1, _STEPS, "steps")
    outcome = await run.calculate(drivers_of, asked, parameters, answers, seed=seed_of_request(analysis), as_of=as_of)
    await run.progress(_STEPS, _STEPS, "steps")
    async with run.completion() as session:
        await keep_outcome(
            session, run, run_id, outcome, sentence=outcome.drivers.sentence, libraries=LIBRARIES, version=version
        )


def drivers_of(
    asked: AskedDrivers, parameters: DriversParameters, answers: ReadAnswers, *, seed: int, as_of: datetime
) -> DriversOutcome:
    """The analysis of patterns of answers, without any figure of too few people.

    Raises:
        NotEstimable: too few answers, or answers that cannot be explained.
        MarginsUnusable: respondents have a category that the frame does not name.
    """
    minimum, table = asked.outcome.organisation.minimum_cell_size, answers.table
    used = round(float(table.counts.sum()))
    if isinstance(answers.outcome, Withheld) or used < minimum:
        raise NotEstimable(
            f"Fewer than {minimum} answered all of these questions, or fewer are left out by the selection; "
            "that is too few to show anything."
        )
    question = DriversQuestion(
        outcome=asked.questions.outcome.about,
        top=asked.questions.outcome.top,
        drivers=[driver.about for driver in asked.questions.drivers],
        method=parameters.method,
        level=parameters.level,
    )
    patterns = AnswerPatterns(
        outcome=table.values[:, 0],
        drivers=tuple(
            numeric_driver(driver.name, values)
            for driver, values in zip(question.drivers, table.values[:, 1:].T, strict=True)
        ),
        counts=table.counts,
    )
    performances = _performances(question, answers.drivers)
    scheme = asked.outcome.scheme
    if scheme is not None:
        patterns = replace(patterns, weights=_weights_by(scheme, answers.responses, table, minimum))
    if parameters.frame is not None:
        codes, weights = _weights(parameters.frame.margins, answers.table, minimum)
        patterns = replace(patterns, weights=weights)
        performances = weighted_performances(patterns, question.drivers, codes, level=parameters.level)
    rng = np.random.default_rng(seed) if parameters.intervals else None
    found = analyse_drivers(patterns, question, performances, rng=rng)
    return DriversOutcome(
        outcome=question.outcome,
        as_of=as_of,
        seed=seed,
        selected=table.selected,
        left_out=table.selected - used,
        weighted=parameters.frame is not None or scheme is not None,
        drivers=replace(found, drivers=tuple(_with_assumed(each, answers.assumed) for each in found.drivers)),
        weighting=scheme.key if scheme else None,
        weighting_version=scheme.version if scheme else None,
    )


def _with_assumed(found: DriverFinding, assumed: Mapping[str, int]) -> DriverFinding:
    return replace(found, assumed_importance=assumed.get(found.driver.feature or ""))


async def _read(session: Session, asked: AskedDrivers, parameters: DriversParameters) -> ReadAnswers:
    selection, scheme = asked.outcome.selection, asked.outcome.scheme
    organisation, survey_id = asked.outcome.organisation, asked.outcome.target.survey_id
    everybody = replace(selection, where={})
    query = PatternQuery(
        organisation_id=organisation.organisation_id,
        survey_id=survey_id,
        questions=[
            AskedQuestion(question.question, question.item, question.about.minimum, question.about.maximum)
            for question in (asked.questions.outcome, *asked.questions.drivers)
        ],
        attributes=list(parameters.frame.margins if parameters.frame else scheme.attributes if scheme else []),
        start=selection.start,
        end=selection.end,
        where=selection.where,
    )
    return ReadAnswers(
        table=await answer_patterns(session, query),
        outcome=await kpi_value(session, asked.outcome),
        drivers=[await kpi_value(session, driver) for driver in asked.drivers],
        responses=await complete_responses(session, organisation, survey_id, everybody) if scheme else (),
        assumed=await assumed_importances(
            session,
            organisation.organisation_id,
            {question.about.feature for question in asked.questions.drivers if question.about.feature},
        ),
    )


def _performances(question: DriversQuestion, figures: Sequence[Figure | Withheld]) -> Mapping[str, Performance]:
    """Performance of each driver as its KPI shows it: whoever skipped another question cannot be worked out from it."""
    return {
        driver.name: performance_of(driver, figure.estimate.value, figure.estimate.interval)
        for driver, figure in zip(question.drivers, figures, strict=True)
        if not isinstance(figure, Withheld) and figure.estimate is not None
    }


def _weights(
    frame: Mapping[str, Mapping[str, float]], table: PatternTable, minimum: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Category of each pattern in each margin, and the weight of its respondents."""
    margins = read_margins(frame)
    columns = [[known[i] for known in table.known] for i in range(len(margins))]
    codes = encode(margins, columns)
    weights = rake_capped(codes, margins, counts=table.counts).weights
    if kish_design_effect(weights, table.counts).effective_n < minimum:
        raise NotEstimable(f"Weighted to this frame, the answers are worth fewer than {minimum}; that is too few.")
    return codes, weights


def _weights_by(
    scheme: WeightingScheme, responses: ResponsesByAttributes, table: PatternTable, minimum: int
) -> NDArray[np.float64]:
    """The weight of a respondent of each pattern: those that the scheme gives to all complete responses."""
    heard: Counter[tuple[str, ...]] = Counter()
    for attributes, n in responses:
        if all(name in attributes for name in scheme.attributes):
            heard[tuple(attributes[name] for name in scheme.attributes)] += n
    units = sorted(heard)
    described = [dict(zip(scheme.attributes, unit, strict=True)) for unit in units]
    weights = fit_scheme(scheme, described, np.array([heard[unit] for unit in units], dtype=np.int64))[1]
    if not (weights > 0).all():
        raise NotEstimable(
            f"{scheme.key} gives some respondents a weight that is not above 0: use the raking or logit distance, or a "
            "lower bound."
        )
    of_unit = dict(zip(units, weights.tolist(), strict=True))
    of_pattern = np.array([of_unit[known] for known in table.known])
    if kish_design_effect(of_pattern, table.counts).effective_n < minimum:
        raise NotEstimable(f"Weighted by {scheme.key}, the answers are worth fewer than {minimum}; that is too few.")
    return of_pattern
