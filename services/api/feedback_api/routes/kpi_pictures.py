"""What a KPI answers, as pictures: each path is that of the question with `.svg` or `.png` behind it."""

from fastapi import APIRouter, Request, Response

from feedback_api.people_guard import GuardsPeople
from feedback_api.pictures import PICTURES, Format, IfNoneMatch, picture_of
from feedback_api.routes.kpi_groups import ComparisonsDep, RankingDep
from feedback_api.routes.kpis import REFUSALS, BreakdownDep, ComparisonDep, SeriesDep, ValueDep
from feedback_api.unit_of_work import TransactionalRoute

router = APIRouter(prefix="/v1/kpis", route_class=TransactionalRoute, tags=["KPIs"], dependencies=[GuardsPeople])

DRAWN = {**REFUSALS, **PICTURES}


@router.get("/{kpi}/value.{form}", operation_id="drawKpiValue", response_class=Response, responses=DRAWN)
async def draw_value(answer: ValueDep, form: Format, request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """The figure of everybody selected, with its interval, above the answers behind it."""
    return picture_of(request, answer.chart, form, if_none_match)


@router.get("/{kpi}/series.{form}", operation_id="drawKpiSeries", response_class=Response, responses=DRAWN)
async def draw_series(answer: SeriesDep, form: Format, request: Request, if_none_match: IfNoneMatch = None) -> Response:
    """The figure of each period as a line with its intervals; withheld periods are gaps that say so."""
    return picture_of(request, answer.chart, form, if_none_match)


@router.get("/{kpi}/breakdown.{form}", operation_id="drawKpiBreakdown", response_class=Response, responses=DRAWN)
async def draw_breakdown(
    answer: BreakdownDep, form: Format, request: Request, if_none_match: IfNoneMatch = None
) -> Response:
    """The figure of each group with its interval; a withheld group keeps its line."""
    return picture_of(request, answer.chart, form, if_none_match)


@router.get("/{kpi}/compare.{form}", operation_id="drawKpiComparison", response_class=Response, responses=DRAWN)
async def draw_comparison(
    answer: ComparisonDep, form: Format, request: Request, if_none_match: IfNoneMatch = None
) -> Response:
    """Two figures with their intervals, and the difference with its own."""
    return picture_of(request, answer.chart, form, if_none_match)


@router.get("/{kpi}/comparisons.{form}", operation_id="drawKpiComparisons", response_class=Response, responses=DRAWN)
async def draw_comparisons(
    answer: ComparisonsDep, form: Format, request: Request, if_none_match: IfNoneMatch = None
) -> Response:
    """Every difference with its interval, told apart by adjusted p-values."""
    return picture_of(request, answer.chart, form, if_none_match)


@router.get("/{kpi}/ranking.{form}", operation_id="drawKpiRanking", response_class=Response, responses=DRAWN)
async def draw_ranking(
    answer: RankingDep, form: Format, request: Request, if_none_match: IfNoneMatch = None
) -> Response:
    """Groups by their shrunk figures, in tiers against the overall figure."""
    return picture_of(request, answer.chart, form, if_none_match)
