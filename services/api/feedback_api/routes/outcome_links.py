"""The link from satisfaction to retention, repeat business or whatever else customers then did."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from feedback_api.routes.kpis import REFUSALS, Word, conditions_of
from feedback_api.schemas.outcome_links import OutcomeLinkOut
from feedback_api.schemas.times import Moment, instant_of
from feedback_api.security import CanReadKpis
from feedback_api.unit_of_work import SnapshotDep, TransactionalRoute
from feedback_core.kpis.charts import outcome_link_chart
from feedback_core.kpis.use_cases import OutcomeLinkQuestion, outcome_link
from feedback_core.organisations.use_cases import check_time_zone, get_organisation

router = APIRouter(prefix="/v1/surveys/{survey_id}/outcome-link", route_class=TransactionalRoute, tags=["KPIs"])


@router.get("", operation_id="getOutcomeLink", responses=REFUSALS)
async def get_outcome_link(
    survey_id: UUID,
    caller: CanReadKpis,
    session: SnapshotDep,
    satisfaction: Annotated[
        Word, Query(description="A question: nps, ces, csat, rating, or `question.row`", examples=["nps"])
    ],
    outcome: Annotated[
        Word,
        Query(description="An attribute, or a question with few answers, as in cross-tabs", examples=["came_back"]),
    ],
    counts: Annotated[
        list[Word],
        Query(description="Values of it that count; as often as needed", min_length=1, max_length=100),
    ],
    start: Annotated[Moment | None, Query(alias="from", description="First instant, or day in `tz`")] = None,
    end: Annotated[Moment | None, Query(alias="to", description="First instant (or day) no longer in it")] = None,
    tz: Annotated[Word | None, Query(description="IANA name; the organisation's if left out")] = None,
    where: Annotated[
        list[Word] | None, Query(description="`attribute:value`, as often as needed, as in KPI queries")
    ] = None,
    level: Annotated[float, Query(ge=0.5, le=0.999, description="Coverage of intervals, level of tests")] = 0.95,
) -> OutcomeLinkOut:
    """How often customers came back, bought again or left, by how satisfied they had said they were.

    Each share with its interval, a test of the trend, and the odds among those who gave a best answer.
    """
    zone = tz and check_time_zone(tz, "/query/tz")
    zone = zone or (await get_organisation(session, caller.organisation_id)).time_zone
    question = OutcomeLinkQuestion(
        satisfaction=satisfaction, outcome=outcome, counts=tuple(dict.fromkeys(counts)), level=level, time_zone=tz,
        start=instant_of(start, zone), end=instant_of(end, zone), where=conditions_of(where or []),
    )  # fmt: skip
    found = await outcome_link(session, caller.organisation_id, survey_id, question)
    return OutcomeLinkOut.of(str(survey_id), found, outcome_link_chart(found))
