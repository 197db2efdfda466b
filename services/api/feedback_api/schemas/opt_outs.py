"""Shapes of opt-outs."""

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Flag, Input, Line, Output
from feedback_api.schemas.frames import Said
from feedback_core.sampling.types.frames import MOST_UNITS_OF_A_BATCH
from feedback_core.sampling.use_cases.units import OptOut


class OptOutIn(Input):
    """Somebody who does not want to be asked; named by exactly one of `email`, `phone` and `ref`."""

    email: Said | None = None
    phone: Said | None = None
    ref: Said | None = None
    opted_out: Flag = Field(default=True, description="False: they want to be asked again")
    reason: Line | None = None

    def opt_out(self) -> OptOut:
        """For the domain."""
        return OptOut(self.email, self.phone, self.ref, self.reason, self.opted_out)


class OptOutsIn(Input):
    """Who does not want to be asked, in whatever frame they are or will be. Only keyed hashes of it are kept."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [{"email": "ada@example.org", "reason": "Asked by telephone"}]}]}
    )

    items: list[OptOutIn] = Field(min_length=1, max_length=MOST_UNITS_OF_A_BATCH)


class OptOutOut(Output):
    """Of how many units an opt-out is; of units that come in later it is too."""

    opted_out: bool
    units: int


class OptOutsOut(Output):
    """What each came to, in their order."""

    items: list[OptOutOut]
