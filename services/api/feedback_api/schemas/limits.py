"""HTTP shapes of quotas."""

from uuid import UUID

from pydantic import Field

from feedback_api.schemas.common import Output


class LimitOut(Output):
    """A quota and how it stands after this request."""

    name: str = Field(description="What is counted, as in the `RateLimit` header", examples=["key"])
    requests: int = Field(description="That can be made in the window; all of them may come at once", examples=[30000])
    window_seconds: int = Field(examples=[60])
    remaining: int = Field(description="That this process would let through now", examples=[29998])
    full_in_seconds: int = Field(description="Until all of them can be made again", examples=[1])


class LimitsOut(Output):
    """The quotas that this key's requests are taken from; none of them means that there is no limit."""

    api_key_id: UUID
    limits: list[LimitOut]
