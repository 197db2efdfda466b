"""What every schema is made of."""

import re
from typing import Annotated, Generic, TypeVar

from fastapi import Header
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from feedback_core.kit.errors import Fault, Invalid, PreconditionRequired


class Input(BaseModel):
    """A body that comes in: nothing unknown is accepted."""

    model_config = ConfigDict(extra="forbid")


class Output(BaseModel):
    """A body that goes out."""

    model_config = ConfigDict(from_attributes=True)


def _printable(value: str) -> str:
    if not value.strip():
        message = "must not be blank"
        raise ValueError(message)
    return value


def _whole(value: object) -> object:
    """JSON has no integers of its own: 5.0 is the number 5."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


AS_WHOLE = BeforeValidator(_whole)
"""With ``Field(strict=True, ge=…)`` before it: a whole number, never a text that reads like one, nor true."""

Flag = Annotated[bool, Field(strict=True)]
"""True or false in a body: never 1, nor `"yes"`."""

# PostgreSQL's text refuses NUL.
Line = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]*$"), AfterValidator(_printable)]
LongText = Annotated[str, Field(min_length=1, max_length=30_000, pattern=r"^[^\x00]*$"), AfterValidator(_printable)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$", examples=["waiting_time"])]

Limit = Annotated[int, Field(ge=1, le=1000, description="Rows on a page")]
Cursor = Annotated[
    str, Field(max_length=1000, min_length=1, pattern=r"^[A-Za-z0-9_-]*$", description="next_cursor of the page before")
]

Item = TypeVar("Item")


class Page(Output, Generic[Item]):
    """A page of a list; `next_cursor` is null on the last one."""

    items: list[Item]
    next_cursor: str | None = Field(description="Give it as `cursor` to read on")


_TAG = re.compile(r'^"?([0-9]{1,18})"?$')  # the digits fit a bigint

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="ETag of the version that you edited",
        examples=['"1"'],
        json_schema_extra={"pattern": _TAG.pattern},
    ),
]


def etag(revision: int) -> str:
    """The strong entity tag of a revision."""
    return f'"{revision}"'


def matched_revision(if_match: str | None) -> int:
    """The revision that an edit was made from.

    Raises:
        PreconditionRequired: no ``If-Match`` came.
        Invalid: it is not one of our entity tags.
    """
    if if_match is None:
        raise PreconditionRequired("Send If-Match with the ETag that you read.")
    tag = _TAG.fullmatch(if_match)
    if tag is None:
        raise Invalid([Fault("/header/if-match", "unknown_etag", "Send the ETag as this service gave it.")])
    return int(tag[1])
