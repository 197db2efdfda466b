"""Amounts of money: whole numbers in the smallest unit of their currency."""

from typing import Annotated

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import AS_WHOLE, Input
from feedback_core.kit.money import Money

Hours = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False, strict=True)]


class MoneyBody(Input):
    """An amount: 12345 and EUR are 123.45 euros."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    amount: Annotated[int, Field(strict=True, ge=0, le=10**15), AS_WHOLE] = Field(
        description="In the smallest unit of the currency"
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = Field(description="Code of ISO 4217", examples=["EUR"])

    def money(self) -> Money:
        """For the domain."""
        return Money(self.amount, self.currency)
