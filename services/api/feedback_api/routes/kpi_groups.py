"""KPIs of many groups or periods side by side: every pair as one family, and an order that chance does not make."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from feedback_api.people_guard import GuardsPeople
from feedback_api.routes.kpis import FIGURES, AskedDep, GroupBy, Word
from feedback_api.schemas.kpi_groups import KpiComparisonsOut, KpiRankingOut
from feedback_api.schemas.kpis import KpiHead
from feedback_api.tables import Answer
from feedback_api.unit_of_work import ClockDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis import use_cases
from feedback_core.kpis.calc.multiplicity import AdjustmentMethod
from feedback_core.kpis.charts import comparisons_chart, ranking_chart
from feedback_core.kpis.types import Bucket

router = APIRouter(prefix="/v1/kpis", route_class=TransactionalRoute, tags=["KPIs"], dependencies=[GuardsPeople])


async def comparisons_of(
    asked: AskedDep,
    session: SnapshotDep,
    clock: ClockDep,
    by: Annotated[Word | None, Query(description="Every pair of groups of this attribute", examples=["region"])] = None,
    bucket: Annotated[Bucket | None, Query(description="Each complete period against the one before")] = None,
    adjustment: Annotated[
        AdjustmentMethod, Query(description="How p-values are adjusted for the number of pairs: BH, if not said")
    ] = "BH",
) -> Answer[KpiComparisonsOut]:
    """All differences at once."""
    if by is not None and bucket is None:
        family, along = await use_cases.compare_groups(session, asked, by, method=adjustment), by
    elif bucket is not None and by is None:
        family = await use_cases.compare_periods(session, asked, bucket, method=adjustment, clock=clock)
        along = bucket.value
    else:
        detail = "Give either by (groups of an attribute) or bucket (periods)."
        raise Invalid([Fault("/query/by", "unclear_comparison", detail)])
    chart = comparisons_chart(asked, family, by=along)
    body = KpiComparisonsOut.of(asked, family, chart, by=by, bucket=bucket, adjustment=adjustment)
    return Answer(body, chart, body.pairs, KpiHead.head(asked))


ComparisonsDep = Annotated[Answer[KpiComparisonsOut], Depends(comparisons_of)]


@router.get(
    "/{kpi}/comparisons",  # noqa: FAST003 - read by AskedDep
    operation_id="listKpiComparisons",
    response_model=KpiComparisonsOut,
    responses=FIGURES,
)
async def kpi_comparisons(answer: ComparisonsDep, request: Request) -> KpiComparisonsOut | Response:
    """All differences at once, with p-values adjusted for how many they are."""
    return answer.shown(request)


async def ranking_of(asked: AskedDep, session: SnapshotDep, by: GroupBy) -> Answer[KpiRankingOut]:
    """Groups by their shrunk figures."""
    ranking, left_out = await use_cases.kpi_ranking(session, asked, by)
    chart = ranking_chart(asked, by, ranking, left_out)
    body = KpiRankingOut.of_ranking(asked, by, ranking, list(left_out), chart)
    return Answer(body, chart, body.groups, KpiHead.head(asked))


RankingDep = Annotated[Answer[KpiRankingOut], Depends(ranking_of)]


@router.get(
    "/{kpi}/ranking",  # noqa: FAST003 - read by AskedDep
    operation_id="getKpiRanking",
    response_model=KpiRankingOut,
    responses=FIGURES,
)
async def kpi_ranking(answer: RankingDep, request: Request) -> KpiRankingOut | Response:
    """Groups by figures that small groups do not lead by chance (empirical Bayes)."""
    return answer.shown(request)
