"""Two attributes or questions crossed; as JSON with a chart, as CSV for who asks for it, or as a picture."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from feedback_api.people_guard import GuardsPeople
from feedback_api.pictures import PICTURES, Format, IfNoneMatch, picture_of
from feedback_api.routes.kpis import FIGURES, REFUSALS, Word, conditions_of
from feedback_api.schemas.cross_tabs import CrossTabHead, CrossTabOut
from feedback_api.schemas.times import Moment, instant_of
from feedback_api.security import CanReadKpis
from feedback_api.tables import Answer
from feedback_api.unit_of_work import SnapshotDep, TransactionalRoute
from feedback_core.kpis import use_cases
from feedback_core.kpis.calc.multiplicity import AdjustmentMethod
from feedback_core.kpis.charts import cross_table_chart
from feedback_core.kpis.types.cross_tabs import CrossTabStatistic
from feedback_core.kpis.use_cases import CrossTabQuestion
from feedback_core.organisations.use_cases import check_time_zone, get_organisation

router = APIRouter(
    prefix="/v1/surveys/{survey_id}/cross-tab",
    route_class=TransactionalRoute,
    tags=["KPIs"],
    dependencies=[GuardsPeople],
)

AXIS = (
    "An attribute, `method`, or a question with few answers: nps (in its three groups), ces, csat, rating, "
    "single_choice, boolean, `question.row` of a matrix, `question.choice` of a multiple choice; `attribute:` or "
    "`question:` before it where both have the key"
)


async def crossed(
    caller: CanReadKpis,
    session: SnapshotDep,
    rows: Annotated[Word, Query(description=AXIS, examples=["nps"])],
    columns: Annotated[Word, Query(description="As `rows`", examples=["region"])],
    start: Annotated[Moment | None, Query(alias="from", description="First instant, or day in `tz`")] = None,
    end: Annotated[Moment | None, Query(alias="to", description="First instant (or day) no longer in it")] = None,
    tz: Annotated[Word | None, Query(description="IANA name; the organisation's if left out")] = None,
    where: Annotated[
        list[Word] | None,
        Query(description="`attribute:value`, as often as needed: values of one attribute are alternatives"),
    ] = None,
    weighting: Annotated[
        Word, Query(description="Key of a weighting scheme of the survey, or `none`", examples=["none"])
    ] = use_cases.UNWEIGHTED,
    statistic: Annotated[
        CrossTabStatistic | None,
        Query(
            description="Of the test: `Pearson` for plain counts, Rao and Scott's `F` for weighted ones, if not said"
        ),
    ] = None,
    adjustment: Annotated[AdjustmentMethod, Query(description="How p-values of residuals are adjusted")] = "BH",
    level: Annotated[float, Query(ge=0.5, le=0.999, description="Coverage of the intervals")] = 0.95,
) -> CrossTabQuestion:
    """What is to be crossed, as given."""
    if tz is not None:
        check_time_zone(tz, "/query/tz")
    zone = tz or (await get_organisation(session, caller.organisation_id)).time_zone
    return CrossTabQuestion(
        rows=rows, columns=columns, start=instant_of(start, zone), end=instant_of(end, zone), time_zone=tz,
        where=conditions_of(where or []), weighting=weighting, statistic=statistic, adjustment=adjustment, level=level,
    )  # fmt: skip


async def crossed_answer(
    survey_id: UUID,
    question: Annotated[CrossTabQuestion, Depends(crossed)],
    caller: CanReadKpis,
    session: SnapshotDep,
) -> Answer[CrossTabOut]:
    """The table."""
    found = await use_cases.cross_tab(session, caller.organisation_id, survey_id, question)
    chart = cross_table_chart(found)
    table = CrossTabOut.of(str(survey_id), found, question.adjustment, chart)
    return Answer(table, chart, table.cells, CrossTabHead.head(str(survey_id), found, question.adjustment))


CrossTabDep = Annotated[Answer[CrossTabOut], Depends(crossed_answer)]


@router.get("", operation_id="getCrossTab", response_model=CrossTabOut, responses=FIGURES)
async def get_cross_tab(answer: CrossTabDep, request: Request) -> CrossTabOut | Response:
    """Two attributes or questions crossed: counts, shares, what stands out, and whether they go together."""
    return answer.shown(request)


@router.get(".{form}", operation_id="drawCrossTab", response_class=Response, responses={**REFUSALS, **PICTURES})
async def draw_cross_tab(
    answer: CrossTabDep, form: Format, request: Request, if_none_match: IfNoneMatch = None
) -> Response:
    """The share of each column that is in each row, with its interval; what stands out is told apart."""
    return picture_of(request, answer.chart, form, if_none_match)
