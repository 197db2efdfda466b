"""The worker's part of sampling bias: read the cells, hold them against the frame, keep what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from feedback_core.analyses.cuts import cut_of
from feedback_core.analyses.documents import from_document
from feedback_core.analyses.outcomes import keep_outcome
from feedback_core.analyses.payloads import RunSamplingBias
from feedback_core.analyses.use_cases import get_run, version_now
from feedback_core.bias.calc import AnswerCount, CellTable, assess_sampling_bias, cell_table
from feedback_core.bias.calc.diagnostics import diagnose
from feedback_core.bias.calc.disclosure import Shown, merge_small
from feedback_core.bias.calc.frame_findings import assess_frame
from feedback_core.bias.calc.kpi_scores import scores_for
from feedback_core.bias.calc.weighted_kpi import kpi_by_scheme
from feedback_core.bias.frames import margins_given
from feedback_core.bias.types import SamplingBiasOutcome, SamplingBiasParameters, SamplingBiasResult
from feedback_core.bias.use_cases import settle_sampling_bias
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.types import WHOLE, CellAnswers
from feedback_core.kpis.use_cases import METHOD, Asked, KpiCells, kpi_answers_by_day, kpi_cells
from feedback_core.kpis.use_cases.responses import ResponsesByAttributes, complete_responses
from feedback_core.kpis.wording import bounds_of, title_of
from feedback_core.surveys.types import QuestionType
from feedback_core.weighting.calc import Margin, read_margins

LIBRARIES = ("numpy", "scipy")
_STEPS = 2


async def run_sampling_bias(run: JobRun[RunSamplingBias]) -> None:
    """Make a run of a sampling-bias assessment.

    Raises:
        NotEstimable: too few answers, or a group too small to show.
        MarginsUnusable: respondents have a category that the frame does not name.
        Invalid: what was asked for is not there any more.
    """
    run_id = run.payload.run_id
    async with run.snapshot() as session:
        analysis = await get_run(session, run.organisation_id, run_id)
        parameters = from_document(SamplingBiasParameters, analysis.parameters)
        as_of = cut_of(parameters.end, now=run.clock.now())
        asked = await settle_sampling_bias(session, run.organisation_id, analysis.survey_id, parameters)
        answers = await kpi_cells(session, asked)
        by_day = await kpi_answers_by_day(session, asked)
        heard: ResponsesByAttributes = ()
        if parameters.frame.invited or parameters.frame.outcomes:
            heard = await complete_responses(session, asked.organisation, analysis.survey_id, asked.selection)
        version = await version_now(session, run.organisation_id, analysis.survey_id, clock=run.clock)
    await run.progress(1, _STEPS, "steps")
    outcome = await run.calculate(bias_of, asked, parameters, answers, as_of=as_of, by_day=by_day, heard=heard)
    await run.progress(_STEPS, _STEPS, "steps")
    async with run.completion() as session:
        await keep_outcome(
            session, run, run_id, outcome, sentence=outcome.bias.sentence, libraries=LIBRARIES, version=version
        )


def bias_of(
    asked: Asked,
    parameters: SamplingBiasParameters,
    answers: KpiCells,
    *,
    as_of: datetime,
    by_day: Mapping[date, Mapping[str, int]] | None = None,
    heard: ResponsesByAttributes = (),
) -> SamplingBiasOutcome:
    """The assessment of a KPI's answers, without anything from which a small group could be worked out.

    Args:
        asked: the KPI's question.
        parameters: what was asked for.
        answers: the figure and its answers by respondent cell.
        as_of: the moment that they are of.
        by_day: the same answers by day; time is not assessed without.
        heard: complete responses by what is known of their respondents; needed where the frame names the invited or
            the outcomes.

    Raises:
        NotEstimable: too few answers, or a group too small to show.
        MarginsUnusable: respondents have a category that the frame does not name.
    """
    target, minimum = asked.target, asked.organisation.minimum_cell_size
    if answers.figure.answered < minimum:
        raise NotEstimable(f"Fewer than {minimum} answered; that is too few to show anything.")
    margins = _margins(asked, parameters)
    shown = merge_small(_table(asked.attributes, answers.cells), margins, minimum=minimum)
    scores = scores_for(target, answers.figure.counts)
    diagnostics = diagnose(
        shown.sample.onto([*(margin.attribute for margin in shown.margins), METHOD]),
        by_day or {},
        _left_out(answers, target.question_type),
        scores,
        level=parameters.level,
        minimum_cell=minimum,
    )
    fieldwork = assess_frame(
        parameters.frame,
        heard,
        scores,
        {value: n for value, n in answers.figure.counts.items() if value in scores.by_value},
        level=parameters.level,
        minimum_cell=minimum,
    )
    scheme = asked.scheme
    weigh = None
    if scheme is not None:
        weigh = partial(kpi_by_scheme, target, scheme, answers.cells, margins, level=parameters.level)
    found = assess_sampling_bias(
        shown.sample.onto(list(asked.attributes)),
        shown.margins,
        scores,
        unweighted=answers.figure.estimate,
        level=parameters.level,
        minimum_cell=minimum,
        evidence=(*diagnostics.evidence, *fieldwork.evidence),
        weigh=weigh,
    )
    found = replace(
        found,
        early_late=diagnostics.early_late,
        methods=diagnostics.methods,
        left_out=diagnostics.left_out,
        not_assessed=(*diagnostics.not_assessed, *fieldwork.not_assessed),
        response=fieldwork.response,
        coverage=fieldwork.coverage,
        fieldwork=fieldwork.fieldwork,
    )
    return SamplingBiasOutcome(
        kpi=target.definition.key,
        question=target.question_key,
        item=None if target.item == WHOLE else target.item,
        choice=target.choice,
        unit=target.definition.unit,
        as_of=as_of,
        merged=shown.merged,
        bias=_told(_without_thin_weights(found, minimum), shown),
        definition_version=target.definition.version,
        subject=title_of(target),
        bounds=bounds_of(target),
    )


def _left_out(answers: KpiCells, question_type: QuestionType | None) -> tuple[int, int] | None:
    """Those asked and those who left the question out; an item not ranked, or not chosen, is not left out."""
    if question_type is QuestionType.RANKING:
        return None
    return answers.figure.asked, answers.figure.excluded.missing


def _table(attributes: Mapping[str, Sequence[str]], cells: Sequence[CellAnswers]) -> CellTable:
    """Answers by the survey's attributes and, last, the method."""
    names = [*attributes, METHOD]
    return cell_table(
        names,
        (
            AnswerCount(tuple(cell.attributes.get(name) for name in names), value, n)
            for cell in cells
            for value, n in cell.counts.items()
        ),
    )


def _margins(asked: Asked, parameters: SamplingBiasParameters) -> tuple[Margin, ...]:
    """The frame in the order in which the survey declares attributes and values, former values last."""
    given = margins_given(parameters.frame, asked.scheme)
    return read_margins(
        {
            attribute: {
                value: given[attribute][value]
                for value in dict.fromkeys([*values, *sorted(given[attribute])])
                if value in given[attribute]
            }
            for attribute, values in asked.attributes.items()
            if attribute in given
        }
    )


def _without_thin_weights(found: SamplingBiasResult, minimum: int) -> SamplingBiasResult:
    """Without the weighted figure where it would speak of fewer people than may be shown."""
    if found.weighting is None or found.weighting.design_effect.effective_n >= minimum:
        return found
    return replace(found, weighting=None, weighted=None, shift=None)


def _told(found: SamplingBiasResult, shown: Shown) -> SamplingBiasResult:
    told = tuple(
        f"{together.attribute}: {', '.join(together.categories)} are shown as one"
        f"{', with those of whom it is not known' if together.includes_unknown else ''}, "
        "since too few answered to show each."
        for together in shown.merged
    )
    return replace(found, warnings=(*found.warnings, *told))
