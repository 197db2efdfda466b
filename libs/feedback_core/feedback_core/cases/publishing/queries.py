"""SQL of what is told back to customers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, and_, case, delete, insert, or_, select, update

from feedback_core.cases.publishing.tables import you_said_item
from feedback_core.cases.publishing.types import Item, Progress, PublicFigure
from feedback_core.db.session import Session
from feedback_core.recommendations.actions.tables import action
from feedback_core.recommendations.actions.types import ActionState
from feedback_core.recommendations.tables import recommendation

_FIGURES = TypeAdapter(tuple[PublicFigure, ...])

# What was given up is closed without ever having been completed.
_DONE: Final = or_(
    action.c.state == ActionState.COMPLETED.value,
    and_(action.c.state == ActionState.CLOSED.value, action.c.change_on.is_not(None)),
)
_PROGRESS: Final = case(
    (_DONE, Progress.DONE.value), (action.c.state == ActionState.UNDER_WAY.value, Progress.UNDER_WAY.value)
)
_ITEMS: Final[Select[Any]] = select(*you_said_item.c, _PROGRESS.label("progress")).join(
    action,
    and_(action.c.organisation_id == you_said_item.c.organisation_id, action.c.id == you_said_item.c.action_id),
)


async def add_item(session: Session, organisation_id: UUID, item_id: UUID, **values: Any) -> None:  # noqa: ANN401 - columns
    """A new item."""
    await session.execute(insert(you_said_item).values(organisation_id=organisation_id, id=item_id, **_kept(values)))


async def replace_item(session: Session, organisation_id: UUID, item_id: UUID, **values: Any) -> None:  # noqa: ANN401 - columns
    """An item as it is to be from now on."""
    await session.execute(
        update(you_said_item)
        .where(*_this(organisation_id, item_id))
        .values(revision=you_said_item.c.revision + 1, **_kept(values))
    )


async def delete_item(session: Session, organisation_id: UUID, item_id: UUID) -> None:
    """An item that is not wanted any more."""
    await session.execute(delete(you_said_item).where(*_this(organisation_id, item_id)))


async def item_by_id(
    session: Session, organisation_id: UUID, survey_id: UUID, item_id: UUID, *, for_update: bool = False
) -> Item | None:
    """One item of a survey."""
    statement = _ITEMS.where(*_this(organisation_id, item_id), you_said_item.c.survey_id == survey_id)
    statement = statement.with_for_update(of=you_said_item) if for_update else statement
    row = (await session.execute(statement)).one_or_none()
    return _item(row) if row else None


async def items_before(
    session: Session, organisation_id: UUID, survey_id: UUID, *, before: UUID | None, limit: int
) -> list[Item]:
    """Items of a survey, the latest first, from behind ``before``."""
    statement = _ITEMS.where(you_said_item.c.organisation_id == organisation_id, you_said_item.c.survey_id == survey_id)
    if before is not None:
        statement = statement.where(you_said_item.c.id < before)
    return [_item(row) for row in await session.execute(statement.order_by(you_said_item.c.id.desc()).limit(limit))]


async def shown_items(session: Session, organisation_id: UUID, survey_id: UUID, *, most: int) -> list[Item]:
    """Items of a survey that everybody may read, those published last first."""
    statement = _ITEMS.where(
        you_said_item.c.organisation_id == organisation_id,
        you_said_item.c.survey_id == survey_id,
        you_said_item.c.published_at.is_not(None),
        _PROGRESS.is_not(None),
    ).order_by(you_said_item.c.published_at.desc(), you_said_item.c.id.desc())
    return [_item(row) for row in await session.execute(statement.limit(most))]


async def survey_of_action(session: Session, organisation_id: UUID, action_id: UUID) -> tuple[UUID, bool] | None:
    """The survey whose recommendation an action is about, and whether it is under way or done."""
    found = await session.execute(
        select(recommendation.c.survey_id, _PROGRESS.is_not(None).label("begun"))
        .join(
            action,
            and_(
                action.c.organisation_id == recommendation.c.organisation_id,
                action.c.recommendation_id == recommendation.c.id,
            ),
        )
        .where(action.c.organisation_id == organisation_id, action.c.id == action_id)
    )
    row = found.one_or_none()
    return (row.survey_id, row.begun) if row else None


def _this(organisation_id: UUID, item_id: UUID) -> Sequence[Any]:
    return (you_said_item.c.organisation_id == organisation_id, you_said_item.c.id == item_id)


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "figures": _FIGURES.dump_python(values["figures"], mode="json")}


def _item(row: Row[Any]) -> Item:
    published_at: datetime | None = row.published_at
    return Item(
        id=row.id,
        survey_id=row.survey_id,
        action_id=row.action_id,
        you_said=row.you_said,
        we_did=row.we_did,
        figures=_FIGURES.validate_python(row.figures),
        progress=Progress(row.progress) if row.progress else None,
        published_at=published_at,
        written_by=row.written_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision=row.revision,
    )
