"""KPIs of many groups or periods side by side: every pair as one family, and an order that chance does not make."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from feedback_api.routes.kpis import FIGURES, AskedDep, GroupBy, Word
from feedback_api.schemas.kpi_groups import KpiComparisonsOut, KpiRankingOut
from feedback_api.schemas.kpis import KpiHead
from feedback_api.tables import csv_response, wants_csv
from feedback_api.unit_of_work import ClockDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kpis import use_cases
from feedback_core.kpis.calc.multiplicity import AdjustmentMethod
from feedback_core.kpis.types import Bucket

router = APIRouter(prefix="/v1/kpis", route_class=TransactionalRoute, tags=["KPIs"])


@router.get(
    "/{kpi}/comparisons",  # noqa: FAST003 - read by AskedDep
    operation_id="listKpiComparisons",
    response_model=KpiComparisonsOut,
    responses=FIGURES,
)
async def kpi_comparisons(
    asked: AskedDep,
    session: SnapshotDep,
    request: Request,
    clock: ClockDep,
    by: Annotated[Word | None, Query(description="Every pair of groups of this attribute", examples=["region"])] = None,
    bucket: Annotated[Bucket | None, Query(description="Each complete period against the one before")] = None,
    adjustment: Annotated[
        AdjustmentMethod, Query(description="How p-values are adjusted for the number of pairs: BH, if not said")
    ] = "BH",
) -> KpiComparisonsOut | Response:
    """All differences at once, with p-values adjusted for how many they are."""
    if by is not None and bucket is None:
        family = await use_cases.compare_groups(session, asked, by, method=adjustment)
    elif bucket is not None and by is None:
        family = await use_cases.compare_periods(session, asked, bucket, method=adjustment, clock=clock)
    else:
        detail = "Give either by (groups of an attribute) or bucket (periods)."
        raise Invalid([Fault("/query/by", "unclear_comparison", detail)])
    found = KpiComparisonsOut.of(asked, family, by=by, bucket=bucket, adjustment=adjustment)
    return csv_response(found.pairs, KpiHead.head(asked)) if wants_csv(request) else found


@router.get(
    "/{kpi}/ranking",  # noqa: FAST003 - read by AskedDep
    operation_id="getKpiRanking",
    response_model=KpiRankingOut,
    responses=FIGURES,
)
async def kpi_ranking(asked: AskedDep, session: SnapshotDep, request: Request, by: GroupBy) -> KpiRankingOut | Response:
    """Groups by figures that small groups do not lead by chance (empirical Bayes)."""
    ranking, left_out = await use_cases.kpi_ranking(session, asked, by)
    found = KpiRankingOut.of_ranking(asked, by, ranking, list(left_out))
    return csv_response(found.groups, KpiHead.head(asked)) if wants_csv(request) else found
