"""A question to a KPI: checked against its definition, the published survey and the scheme it is weighted by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kpis.calc.periods import day_of, first_instant
from feedback_core.kpis.calc.scores import MEANS
from feedback_core.kpis.queries.sources import CountQuery
from feedback_core.kpis.targets import target_of
from feedback_core.kpis.types import WHOLE, KpiDefinition, Measure, Selection, Take, Target
from feedback_core.kpis.use_cases.definitions import get_definition
from feedback_core.organisations.types import Organisation
from feedback_core.organisations.use_cases import check_time_zone, get_organisation
from feedback_core.sampling.queries.samples import drawn_samples
from feedback_core.surveys.audience import strict_for
from feedback_core.surveys.types import Questionnaire
from feedback_core.surveys.use_cases import published_survey, survey_id_of
from feedback_core.weighting.schemes import DESIGN_KEY, WeightingScheme, by_design
from feedback_core.weighting.use_cases import get_scheme

METHOD = "method"
"""How a response was collected: can be broken down by like any attribute."""

UNWEIGHTED = "none"
"""Instead of a scheme's key: every answer counts the same."""


@dataclass(frozen=True, slots=True)
class KpiQuestion:
    """What a caller asks about, as given.

    Attributes:
        survey: id or key.
        question: key; may be left out where the survey has only one of the KPI's type.
        item: row of a matrix, or choice of a ranking.
        choice: whose share is asked for.
        time_zone: IANA name; the organisation's if ``None``.
        level: coverage of the intervals.
        weighting: key of a weighting scheme of the survey; ``None``: every answer counts the same.
        include_suspects: whether suspect responses count, whatever the definition says of them.
        every_response: whether the survey's setting of how many responses of one respondent count is passed over.
    """

    kpi: str
    survey: str
    question: str | None = None
    item: str | None = None
    choice: str | None = None
    time_zone: str | None = None
    where: Mapping[str, tuple[str, ...]] | None = None
    level: float = 0.95
    weighting: str | None = None
    include_suspects: bool = False
    every_response: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a KPI, settled: every name in it is known to be good.

    Attributes:
        includes_suspects: whether suspect responses count because this was asked for, not by the definition.
    """

    organisation: Organisation
    target: Target
    selection: Selection
    level: float
    attributes: Mapping[str, Sequence[str]]
    scheme: WeightingScheme | None = None
    includes_suspects: bool = False


async def settle(session: Session, organisation_id: UUID, question: KpiQuestion) -> Asked:
    """Check what is asked against the published survey; it is about all time until ``period_of`` narrows it.

    Raises:
        NotFound: no such KPI or survey.
        Conflict: the survey was never published.
        Invalid: a parameter names something that is not there; the pointer says which.
    """
    definition = (await get_definition(session, organisation_id, question.kpi)).definition
    return await settle_definition(session, organisation_id, definition, question)


async def settle_definition(
    session: Session, organisation_id: UUID, definition: KpiDefinition, question: KpiQuestion
) -> Asked:
    """The same for a definition that is not kept; the KPI that the question names is passed over.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: a parameter names something that is not there; the pointer says which.
    """
    survey_id = await survey_id_of(session, organisation_id, question.survey)
    survey = await published_survey(session, organisation_id, survey_id)
    target = target_of(
        definition,
        survey_id,
        survey.questionnaire,
        question=question.question,
        item=question.item,
        choice=question.choice,
    )
    includes_suspects = question.include_suspects and not definition.counts_suspects
    if includes_suspects:
        target = replace(target, definition=replace(target.definition, counts_suspects=True))
    if target.definition.take is None:
        take = Take.ALL if question.every_response else survey.settings.responses_per_respondent
        target = replace(target, definition=replace(target.definition, take=take))
    organisation = strict_for(await get_organisation(session, organisation_id), survey.settings)
    time_zone = organisation.time_zone
    if question.time_zone is not None:
        time_zone = check_time_zone(question.time_zone, "/query/tz")
    attributes = attributes_of(survey.questionnaire)
    where = question.where or {}
    check_where(where, attributes, "/query/where")
    selection = Selection(None, None, time_zone, where)
    scheme = await _scheme(session, organisation_id, target, question.weighting)
    return Asked(organisation, target, selection, question.level, attributes, scheme, includes_suspects)


async def _scheme(session: Session, organisation_id: UUID, target: Target, key: str | None) -> WeightingScheme | None:
    if key not in {None, UNWEIGHTED} and target.definition.measure not in MEANS:
        detail = "Only a KPI that is a mean of answers can be weighted: an NPS, a share or a mean."
        raise Invalid([Fault("/query/weighting", "not_applicable", detail)])
    if key == DESIGN_KEY:
        if not await drawn_samples(session, organisation_id, target.survey_id):
            detail = "No sample was drawn for this survey: draw one that names it."
            raise Invalid([Fault("/query/weighting", "no_sample", detail)])
        return by_design()
    return await scheme_named(session, organisation_id, target.survey_id, key)


async def scheme_named(
    session: Session, organisation_id: UUID, survey_id: UUID, key: str | None
) -> WeightingScheme | None:
    """The scheme of a survey that weights by this name; ``None`` for no name and for `UNWEIGHTED`.

    Raises:
        Invalid: the survey has none of this name.
    """
    if key is None or key == UNWEIGHTED:
        return None
    if key == DESIGN_KEY:
        detail = "Figures of KPIs are weighted by design; here, name a scheme of the survey."
        raise Invalid([Fault("/query/weighting", "not_applicable", detail)])
    try:
        return (await get_scheme(session, organisation_id, survey_id, key)).scheme
    except NotFound as missing:
        raise Invalid([Fault("/query/weighting", "unknown_scheme", missing.detail)]) from missing


def group_of(asked: Asked, by: str, group: str) -> Asked:
    """The same question about one group of an attribute.

    Raises:
        Invalid: the attribute or the group is not declared.
    """
    where = {**asked.selection.where, by: (group,)}
    check_where({by: (group,)}, asked.attributes, "/query/where")
    return replace(asked, selection=replace(asked.selection, where=where))


def period_of(asked: Asked, start: datetime | None, end: datetime | None) -> Asked:
    """The same question about another period.

    Raises:
        Invalid: it ends before it begins.
    """
    if start and end and start >= end:
        raise Invalid([Fault("/query/to", "empty_period", "The period must end after it begins.")])
    return replace(asked, selection=replace(asked.selection, start=start, end=end))


def everybody(asked: Asked) -> Asked:
    """The same question about everybody of the period."""
    return replace(asked, selection=replace(asked.selection, where={}))


def minimum_of(asked: Asked) -> int:
    """Smallest n that may be shown; how many answered at all says nothing of what they said."""
    counts_everybody = asked.target.definition.measure is Measure.COUNT and not asked.selection.where
    return asked.target.definition.minimum_n if counts_everybody else minimum_of_groups(asked)


def minimum_of_groups(asked: Asked) -> int:
    """Smallest n of a group that may be shown."""
    return max(asked.organisation.minimum_cell_size, asked.target.definition.minimum_n)


def query_of(asked: Asked) -> CountQuery:
    """What is to be read: cells for whole days in the organisation's time zone, responses for the rest."""
    target = asked.target
    query = count_query(
        asked.organisation,
        target.survey_id,
        target.question_key,
        [WHOLE, *{target.item, target.choice or WHOLE} - {WHOLE}],
        asked.selection,
    )
    definition = target.definition
    return replace(
        query,
        denominator=definition.denominator,
        take=definition.take or Take.ALL,
        standings=definition.standings,
    )


def count_query(
    organisation: Organisation,
    survey_id: UUID,
    question_key: str,
    items: Sequence[str],
    selection: Selection,
) -> CountQuery:
    """What is to be read of one question."""
    zone = organisation.time_zone
    first_day = last_day = None
    if selection.start is not None:
        first_day = day_of(selection.start, zone)
        first_day += timedelta(days=first_instant(first_day, zone) < selection.start)
    if selection.end is not None:
        last_day = day_of(selection.end, zone)
    whole = zone == selection.time_zone and not (first_day and last_day and first_day >= last_day)
    return CountQuery(
        organisation_id=organisation.organisation_id,
        survey_id=survey_id,
        question_key=question_key,
        items=items,
        start=selection.start,
        end=selection.end,
        time_zone=selection.time_zone,
        first_day=first_day,
        last_day=last_day,
        day_start=first_instant(first_day, zone) if first_day else None,
        day_end=first_instant(last_day, zone) if last_day else None,
        whole_days=whole,
        where=selection.where,
    )


def attributes_of(questionnaire: Questionnaire) -> dict[str, Sequence[str]]:
    """The values of each attribute that the survey declares."""
    return {attribute.key: [value.key for value in attribute.values] for attribute in questionnaire.attributes}


def check_where(where: Mapping[str, tuple[str, ...]], attributes: Mapping[str, Sequence[str]], pointer: str) -> None:
    """Hold the groups asked for to what the survey declares.

    Raises:
        Invalid: it declares no such attribute or value.
    """
    for attribute, values in where.items():
        known = known_attribute(attributes, attribute, pointer)
        unknown = [value for value in values if attribute != METHOD and value not in known]
        if unknown:
            detail = f"{attribute} has no value {unknown[0]}; it has: {', '.join(known)}."
            raise Invalid([Fault(pointer, "unknown_value", detail)])


def known_attribute(attributes: Mapping[str, Sequence[str]], name: str, pointer: str) -> Sequence[str]:
    """The values of an attribute that the survey declares; of the method none, since any may be recorded.

    Raises:
        Invalid: the survey does not declare it.
    """
    if name == METHOD:
        return ()
    if name not in attributes:
        known = ", ".join([*attributes, METHOD])
        raise Invalid([Fault(pointer, "unknown_attribute", f"The survey declares: {known}.")])
    return attributes[name]
