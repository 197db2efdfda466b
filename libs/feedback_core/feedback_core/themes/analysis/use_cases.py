"""Asking for an analysis of themes."""

from dataclasses import dataclass, replace
from uuid import UUID

from feedback_core.analyses.documents import to_document
from feedback_core.analyses.kpi_questions import settle_in_body
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis.types import WHOLE, Measure, Selection, Take
from feedback_core.kpis.use_cases import Asked, KpiQuestion, attributes_of, check_where
from feedback_core.organisations.types import Organisation
from feedback_core.organisations.use_cases import check_time_zone, get_organisation
from feedback_core.surveys.audience import strict_for
from feedback_core.surveys.types import Questionnaire
from feedback_core.surveys.use_cases import published_survey
from feedback_core.themes.analysis.types import Source, ThemesParameters
from feedback_core.themes.codebooks.types import CodebookHistory
from feedback_core.themes.codebooks.use_cases import codebook_history, language_of, text_questions

_UNFIT = frozenset({Measure.COUNT, Measure.RATIO})


@dataclass(frozen=True, slots=True)
class AskedThemes:
    """An analysis of themes, settled: every name in it is known to be good.

    Attributes:
        questions: whose answers are looked at.
        selection: of responses.
        kpi: that themes are held against; ``None``: none.
        history: the codebook; ``None``: the survey has none.
        default_language: that comments are taken for where it cannot be told.
    """

    organisation: Organisation
    survey_id: UUID
    questions: tuple[str, ...]
    selection: Selection
    kpi: Asked | None
    history: CodebookHistory | None
    default_language: str


async def check_themes(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: ThemesParameters
) -> AnalysisRequest:
    """The request for these parameters, checked, with what was left out filled in.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there; the pointer says which.
    """
    asked = await settle_themes(session, organisation_id, survey_id, parameters)
    settled = replace(
        parameters,
        questions=asked.questions,
        where={attribute: tuple(sorted(set(values))) for attribute, values in parameters.where.items()},
        question=asked.kpi.target.question_key if asked.kpi else None,
        item=None if asked.kpi is None or asked.kpi.target.item == WHOLE else asked.kpi.target.item,
        tz=asked.selection.time_zone,
    )
    return AnalysisRequest(AnalysisKind.THEMES, survey_id, to_document(settled))


async def settle_themes(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: ThemesParameters
) -> AskedThemes:
    """What the analysis is about.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a field names something that is not there; the pointer says which.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    organisation = strict_for(await get_organisation(session, organisation_id), survey.settings)
    zone = organisation.time_zone if parameters.tz is None else check_time_zone(parameters.tz, "/tz")
    if parameters.start and parameters.end and parameters.start >= parameters.end:
        raise Invalid([Fault("/to", "empty_period", "The period must end after it begins.")])
    check_where(parameters.where, attributes_of(survey.questionnaire), "/where")
    history = await codebook_history(session, organisation_id, survey_id)
    _check_source(parameters.source, history)
    return AskedThemes(
        organisation=organisation,
        survey_id=survey_id,
        questions=_questions(survey.questionnaire, parameters.questions),
        selection=Selection(parameters.start, parameters.end, zone, parameters.where),
        kpi=await _kpi(session, organisation_id, survey_id, parameters),
        history=history,
        default_language=language_of(survey.questionnaire),
    )


def _questions(questionnaire: Questionnaire, wanted: tuple[str, ...]) -> tuple[str, ...]:
    known = text_questions(questionnaire)
    for place, key in enumerate(wanted):
        if key not in known:
            detail = f"The survey has no text question {key}; it has: {', '.join(known)}."
            raise Invalid([Fault(f"/questions/{place}", "unknown_question", detail)])
    return tuple(key for key in known if key in wanted) or known


def _check_source(source: Source, history: CodebookHistory | None) -> None:
    if history is None and source is not Source.RULES:
        detail = "The survey has no codebook, so nothing was coded: put one first, or leave the source out."
        raise Invalid([Fault("/source", "no_codebook", detail)])
    if history is not None and source is Source.RULES and not history.codebook.has_rules:
        detail = "No theme of the codebook has a rule: give it some, or take what was coded by hand."
        raise Invalid([Fault("/source", "no_rules", detail)])


async def _kpi(session: Session, organisation_id: UUID, survey_id: UUID, parameters: ThemesParameters) -> Asked | None:
    if parameters.kpi is None:
        for name in ("question", "item", "choice"):
            if getattr(parameters, name) is not None:
                raise Invalid([Fault(f"/{name}", "not_applicable", "Only a KPI has one; name the KPI, too.")])
        return None
    question = KpiQuestion(
        kpi=parameters.kpi,
        survey=str(survey_id),
        question=parameters.question,
        item=parameters.item,
        choice=parameters.choice,
        time_zone=parameters.tz,
        where=parameters.where,
        level=parameters.level,
        every_response=True,
    )
    asked = await settle_in_body(session, organisation_id, question, parameters.start, parameters.end)
    definition = asked.target.definition
    if definition.measure in _UNFIT or definition.take is not Take.ALL:
        detail = (
            "Themes are held against answers of the same response: name an NPS, a share, a mean or a median of all."
        )
        raise Invalid([Fault("/kpi", "not_applicable", detail)])
    return asked
