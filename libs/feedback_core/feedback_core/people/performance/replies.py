"""The right of reply: what people say to figures and reviews of theirs, kept beside them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.people.access import Entitlement
from feedback_core.people.performance import queries
from feedback_core.people.performance.types import NotTheirs, Reply, Subject
from feedback_core.recommendations.evidence.writing import refuse_people_gone
from feedback_core.recommendations.procedures.types import Actor


@dataclass(frozen=True, slots=True)
class Writing:
    """How what people write of people is kept: by whom, when, and sealed."""

    by: Actor
    seal: Seal
    clock: Clock

    def sealed(self, text: str) -> bytes:
        """As it is kept."""
        return self.seal.seal(text.encode())


@dataclass(frozen=True, slots=True)
class ToFigure:
    """The figure that is replied to: of a measure, and a period."""

    measure: str
    start: datetime | None
    end: datetime | None


async def write_reply(
    session: Session,
    organisation_id: UUID,
    subject: Subject,
    text: str,
    *,
    to: ToFigure | UUID,
    entitled: Entitlement,
    writing: Writing,
) -> Reply:
    """Keep what somebody says to a figure, or a review (``to`` its id), of theirs; it is never changed.

    Raises:
        NotTheirs: the figure or review is of somebody else, whom the caller may not represent.
        Invalid: the period ends before it begins.
        PersonLeft: who writes has left.
    """
    if not entitled.is_own(subject.id) and not writing.by.may_represent:
        raise NotTheirs("Only they themselves reply, with the key that is theirs, or who may act on behalf of others.")
    await refuse_people_gone(session, organisation_id, {"/on_behalf_of": writing.by.name})
    review_id = to if isinstance(to, UUID) else None
    figure = ToFigure("", None, None) if isinstance(to, UUID) else to
    if figure.start and figure.end and figure.start >= figure.end:
        raise Invalid([Fault("/to", "empty_period", "The period must end after it begins.")])
    reply = Reply(
        id=new_id(),
        subject=subject,
        review_id=review_id,
        measure=figure.measure or None,
        start=figure.start,
        end=figure.end,
        text=text,
        written_by=writing.by.name,
        key_name=writing.by.key_name,
        written_at=writing.clock.now(),
    )
    await queries.add_reply(
        session,
        organisation_id,
        subject,
        id=reply.id,
        review_id=reply.review_id,
        measure_key=reply.measure,
        starts_at=reply.start,
        ends_at=reply.end,
        sealed=writing.sealed(text),
        written_by=reply.written_by,
        key_name=reply.key_name,
        written_at=reply.written_at,
    )
    return reply


def shown_reply(stored: queries.StoredText, seal: Seal) -> Reply:
    """A reply as it was written."""
    row = stored.row
    return Reply(
        id=row.id,
        subject=stored.subject,
        review_id=row.review_id,
        measure=row.measure_key,
        start=row.starts_at,
        end=row.ends_at,
        text=seal.open(bytes(row.sealed)).decode(),
        written_by=row.written_by,
        key_name=row.key_name,
        written_at=row.written_at,
    )
