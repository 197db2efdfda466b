"""Reviews of people and teams: figures as of then, what was said, and what they reply."""

from uuid import UUID

from fastapi import APIRouter, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.routes.sources import SealDep
from feedback_api.schemas.common import Cursor, Limit
from feedback_api.schemas.performance import ReplyHeadOut, ReviewReplyIn
from feedback_api.schemas.performance_reviews import ReviewHeadOut, ReviewIn, ReviewOut, ReviewPage
from feedback_api.schemas.times import instant_of
from feedback_api.security import CanReadPerformance, CanReply, CanWritePerformance
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Forbidden, Invalid, NotFound
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.people.access import entitlement_of
from feedback_core.people.performance import replies, reviews
from feedback_core.people.performance.replies import Writing
from feedback_core.people.performance.standings import AskedPeriod
from feedback_core.people.subjects_named import subject_named
from feedback_core.recommendations.procedures.deciding import actor_of

router = APIRouter(prefix="/v1/performance-reviews", route_class=TransactionalRoute, tags=["Performance"])


@router.post(
    "",
    operation_id="writePerformanceReview",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Forbidden, Invalid),
)
async def write_review(
    body: ReviewIn,
    caller: CanWritePerformance,
    session: SessionDep,
    seal: SealDep,
    clock: ClockDep,
    response: Response,
) -> ReviewHeadOut:
    """Keep a review of somebody whom the key may see. It is never changed; they may reply."""
    organisation_id = caller.organisation_id
    entitled = await entitlement_of(session, caller)
    about = await subject_named(session, organisation_id, entitled, staff_id=body.staff_id, team_id=body.team_id)
    zone = (await get_organisation(session, organisation_id)).time_zone
    period = AskedPeriod(instant_of(body.start, zone), instant_of(body.end, zone))
    writing = Writing(actor_of(caller, body.on_behalf_of), seal, clock)
    made = await reviews.write_review(
        session, organisation_id, about, body.measures, period, body.summary, writing=writing
    )
    response.headers["Location"] = f"/v1/performance-reviews/{made.id}"
    return ReviewHeadOut.of(made)


@router.get(
    "", operation_id="listPerformanceReviews", dependencies=[NeverStored], responses=problems(NotFound, Invalid)
)
async def list_reviews(
    caller: CanReadPerformance,
    session: SnapshotDep,
    seal: SealDep,
    staff_id: UUID | None = None,
    team_id: UUID | None = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> ReviewPage:
    """Reviews of those whom the key may see, the latest first."""
    entitled = await entitlement_of(session, caller)
    found, following = await reviews.list_reviews(
        session,
        caller.organisation_id,
        entitled=entitled,
        staff_id=staff_id,
        team_id=team_id,
        seal=seal,
        cursor=cursor,
        limit=limit,
    )
    return ReviewPage(items=[ReviewOut.of(each) for each in found], next_cursor=following)


@router.get(
    "/{review_id}", operation_id="getPerformanceReview", dependencies=[NeverStored], responses=problems(NotFound)
)
async def get_review(review_id: UUID, caller: CanReadPerformance, session: SnapshotDep, seal: SealDep) -> ReviewOut:
    """One review, with what was replied."""
    entitled = await entitlement_of(session, caller)
    return ReviewOut.of(
        await reviews.get_review(session, caller.organisation_id, review_id, entitled=entitled, seal=seal)
    )


@router.post(
    "/{review_id}/replies",
    operation_id="replyToPerformanceReview",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Forbidden, Invalid),
)
async def reply(
    review_id: UUID, body: ReviewReplyIn, caller: CanReply, session: SessionDep, seal: SealDep, clock: ClockDep
) -> ReplyHeadOut:
    """Reply to a review of one's own; it is shown with the review, and never changed."""
    organisation_id = caller.organisation_id
    entitled = await entitlement_of(session, caller)
    found = await reviews.get_review(session, organisation_id, review_id, entitled=entitled, seal=seal)
    writing = Writing(actor_of(caller, body.on_behalf_of), seal, clock)
    written = await replies.write_reply(
        session, organisation_id, found.subject, body.text, to=review_id, entitled=entitled, writing=writing
    )
    return ReplyHeadOut.of(written)
