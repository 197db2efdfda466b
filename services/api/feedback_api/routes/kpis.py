"""KPIs: value, series, breakdown, comparison; as JSON with a chart, or as CSV for who asks for it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from feedback_api.people_guard import GuardsPeople
from feedback_api.problems import problems
from feedback_api.routes.kpi_definitions import KpiKey
from feedback_api.schemas.kpis import KpiBreakdownOut, KpiComparisonOut, KpiHead, KpiSeriesOut, KpiValueOut
from feedback_api.schemas.times import Moment, instant_of
from feedback_api.security import CanReadKpis
from feedback_api.tables import CSV_RESPONSE, Answer
from feedback_api.unit_of_work import ClockDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Fault, Invalid, NotEstimable, NotFound
from feedback_core.kpis import use_cases
from feedback_core.kpis.charts import breakdown_chart, comparison_chart, kpi_series_chart, value_chart
from feedback_core.kpis.types import Bucket
from feedback_core.kpis.use_cases import Asked, KpiQuestion
from feedback_core.organisations.use_cases import get_organisation

router = APIRouter(prefix="/v1/kpis", route_class=TransactionalRoute, tags=["KPIs"], dependencies=[GuardsPeople])

Word = Annotated[str, Query(max_length=200, pattern=r"^[^\x00-\x1f]+$")]
GroupBy = Annotated[
    str,
    Query(
        alias="by",
        max_length=63,
        pattern=r"^[a-z][a-z0-9_]*$",
        description="A declared attribute, or `method`",
        examples=["region"],
    ),
]

REFUSALS = problems(NotFound, Conflict, Invalid, NotEstimable)
FIGURES = {**REFUSALS, **CSV_RESPONSE}


async def settled(
    kpi: KpiKey,
    caller: CanReadKpis,
    session: SnapshotDep,
    survey: Annotated[Word, Query(description="Id or key of the survey", examples=["post-visit"])],
    question: Annotated[Word | None, Query(description="Needed where several questions fit")] = None,
    item: Annotated[Word | None, Query(description="Row of a matrix, or choice of a ranking")] = None,
    choice: Annotated[Word | None, Query(description="Whose share is asked for")] = None,
    start: Annotated[Moment | None, Query(alias="from", description="First instant, or day in `tz`")] = None,
    end: Annotated[Moment | None, Query(alias="to", description="First instant (or day) no longer in it")] = None,
    tz: Annotated[Word | None, Query(description="IANA name; the organisation's if left out")] = None,
    where: Annotated[
        list[Word] | None,
        Query(description="`attribute:value`, as often as needed: values of one attribute are alternatives"),
    ] = None,
    level: Annotated[float, Query(ge=0.5, le=0.999, description="Coverage of the intervals")] = 0.95,
    weighting: Annotated[
        Word, Query(description="Key of a weighting scheme of the survey, or `none`", examples=["none"])
    ] = use_cases.UNWEIGHTED,
    include: Annotated[
        Literal["suspect"] | None,
        Query(description="Count responses, too, that the survey's inclusion rule holds for suspect"),
    ] = None,
) -> Asked:
    """What is asked of a KPI, checked against the survey."""
    zone = tz or (await get_organisation(session, caller.organisation_id)).time_zone
    wanted = KpiQuestion(
        kpi=kpi, survey=survey, question=question, item=item, choice=choice, time_zone=tz,
        where=conditions_of(where or []), level=level, weighting=weighting, include_suspects=include is not None,
    )  # fmt: skip
    asked = await use_cases.settle(session, caller.organisation_id, wanted)
    return use_cases.period_of(asked, instant_of(start, zone), instant_of(end, zone))


AskedDep = Annotated[Asked, Depends(settled)]


async def value_of(asked: AskedDep, session: SnapshotDep) -> Answer[KpiValueOut]:
    """The figure of everybody selected."""
    figure = await use_cases.kpi_value(session, asked)
    chart = value_chart(asked, figure)
    body = KpiValueOut.of(asked, figure, chart)
    return Answer(body, chart, [body])


ValueDep = Annotated[Answer[KpiValueOut], Depends(value_of)]


@router.get("/{kpi}/value", operation_id="getKpiValue", response_model=KpiValueOut, responses=FIGURES)
async def kpi_value(answer: ValueDep, request: Request) -> KpiValueOut | Response:
    """The figure of everybody selected, with its interval and what was excluded."""
    return answer.shown(request)


async def series_of(
    asked: AskedDep,
    session: SnapshotDep,
    clock: ClockDep,
    bucket: Annotated[Bucket, Query(description="Length of a period; weeks begin on Monday")] = Bucket.MONTH,
) -> Answer[KpiSeriesOut]:
    """The figure of each period."""
    points = await use_cases.kpi_series(session, asked, bucket, clock=clock)
    chart = kpi_series_chart(asked, bucket, points)
    body = KpiSeriesOut.of(asked, bucket, points, chart)
    return Answer(body, chart, body.points, KpiHead.head(asked))


SeriesDep = Annotated[Answer[KpiSeriesOut], Depends(series_of)]


@router.get("/{kpi}/series", operation_id="getKpiSeries", response_model=KpiSeriesOut, responses=FIGURES)
async def kpi_series(answer: SeriesDep, request: Request) -> KpiSeriesOut | Response:
    """The figure of each period in the organisation's time zone, empty ones included."""
    return answer.shown(request)


async def breakdown_of(asked: AskedDep, session: SnapshotDep, by: GroupBy) -> Answer[KpiBreakdownOut]:
    """The figure of each group."""
    groups = await use_cases.kpi_breakdown(session, asked, by)
    chart = breakdown_chart(asked, by, groups)
    body = KpiBreakdownOut.of(asked, by, groups, chart)
    return Answer(body, chart, body.groups, KpiHead.head(asked))


BreakdownDep = Annotated[Answer[KpiBreakdownOut], Depends(breakdown_of)]


@router.get("/{kpi}/breakdown", operation_id="getKpiBreakdown", response_model=KpiBreakdownOut, responses=FIGURES)
async def kpi_breakdown(answer: BreakdownDep, request: Request) -> KpiBreakdownOut | Response:
    """The figure of each group; small groups are withheld, and as many others as it takes to keep them so."""
    return answer.shown(request)


async def comparison_of(
    asked: AskedDep,
    session: SnapshotDep,
    by: Annotated[
        Word | None, Query(description="Attribute, to compare two of its groups", examples=["region"])
    ] = None,
    first: Annotated[Word | None, Query(description="First group of `by`", examples=["north"])] = None,
    second: Annotated[Word | None, Query(description="Second group of `by`", examples=["south"])] = None,
    versus_from: Annotated[Moment | None, Query(description="Compare with the period from here")] = None,
    versus_to: Annotated[Moment | None, Query(description="… to here")] = None,
) -> Answer[KpiComparisonOut]:
    """Two groups, or two periods."""
    zone = asked.selection.time_zone
    versus = (instant_of(versus_from, zone), instant_of(versus_to, zone))
    if by and first and second and not any(versus):
        sides = (use_cases.group_of(asked, by, first), use_cases.group_of(asked, by, second))
    elif any(versus) and not (by or first or second):
        sides = (asked, use_cases.period_of(asked, *versus))
    else:
        detail = "Give either by, first and second (two groups), or versus_from and versus_to (two periods)."
        raise Invalid([Fault("/query/by", "unclear_comparison", detail)])
    found = await use_cases.compare_kpi(session, *sides)
    chart = comparison_chart(sides, found)
    body = KpiComparisonOut.of(asked, found, chart)
    return Answer(body, chart, [body])


ComparisonDep = Annotated[Answer[KpiComparisonOut], Depends(comparison_of)]


@router.get("/{kpi}/compare", operation_id="compareKpi", response_model=KpiComparisonOut, responses=FIGURES)
async def compare_kpi(answer: ComparisonDep, request: Request) -> KpiComparisonOut | Response:
    """Two groups, or two periods, with the test that fits and an effect size; first minus second."""
    return answer.shown(request)


def conditions_of(given: list[str]) -> dict[str, tuple[str, ...]]:
    """Attribute to the values allowed, from `attribute:value` as often as given.

    Raises:
        Invalid: one is not written so.
    """
    where: dict[str, tuple[str, ...]] = {}
    for entry in given:
        attribute, colon, value = entry.partition(":")
        if not (attribute and colon and value):
            raise Invalid([Fault("/query/where", "malformed_condition", "Write attribute:value.")])
        where[attribute] = (*where.get(attribute, ()), value)
    return where
