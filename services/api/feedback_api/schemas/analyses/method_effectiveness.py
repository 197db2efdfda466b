"""Shapes of analyses of method effectiveness."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.analyses.parts import SURVEY, KpiAnalysisIn, in_utc, zone_of
from feedback_api.schemas.analyses.runs import AnalysisRunOut
from feedback_api.schemas.common import AS_WHOLE, Input
from feedback_api.schemas.money import MoneyBody
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.db.session import Session
from feedback_core.method_effectiveness.types import (
    MethodContacts,
    MethodEffectivenessOutcome,
    MethodEffectivenessParameters,
)
from feedback_core.method_effectiveness.use_cases import check_method_effectiveness
from feedback_core.planning.types import CollectionMethod

METHOD_EFFECTIVENESS_EXAMPLE: Final[JsonDict] = {
    "kind": "method_effectiveness",
    "survey_id": SURVEY,
    "kpi": "nps",
    "from": "2026-01-01",
    "to": "2026-04-01",
    "contacts": {
        "online_questionnaire": {"contacted": 2000, "cost": {"amount": 50000, "currency": "EUR"}},
        "telephone": {"contacted": 400, "cost": {"amount": 320000, "currency": "EUR"}},
    },
}


class MethodContactsIn(Input):
    """What a method was used for."""

    contacted: Annotated[int, Field(strict=True, ge=1, le=1_000_000_000), AS_WHOLE] = Field(
        description="People or addresses"
    )
    cost: MoneyBody | None = Field(default=None, description="Of all of it; left out: no cost of a response is told")

    def contacts(self) -> MethodContacts:
        """For the domain."""
        return MethodContacts(self.contacted, self.cost.money() if self.cost else None)


class MethodEffectivenessIn(KpiAnalysisIn):
    """Which way of asking brings what, at what price, and does it change the answers?"""

    model_config = ConfigDict(json_schema_extra={"examples": [METHOD_EFFECTIVENESS_EXAMPLE]})

    kind: Literal[AnalysisKind.METHOD_EFFECTIVENESS]
    contacts: dict[CollectionMethod, MethodContactsIn] = Field(
        default_factory=dict,
        description="Method to whom it contacted and what that cost, which the service does not know; costs in one "
        "currency. Response rate and cost are told of the methods that are in it",
    )

    async def checked(self, session: Session, organisation_id: UUID) -> AnalysisRequest:
        """The request, held against the survey."""
        zone = await zone_of(session, organisation_id, None)
        parameters = MethodEffectivenessParameters(
            kpi=self.kpi,
            contacts={method: self.contacts[method].contacts() for method in sorted(self.contacts)},
            question=self.question,
            item=self.item,
            choice=self.choice,
            start=in_utc(self.start, zone),
            end=in_utc(self.end, zone),
            level=self.level,
        )
        return await check_method_effectiveness(session, organisation_id, self.survey_id, parameters)


class MethodEffectivenessAnalysisOut(AnalysisRunOut):
    """A run of an analysis of method effectiveness."""

    kind: Literal[AnalysisKind.METHOD_EFFECTIVENESS]
    parameters: MethodEffectivenessParameters = Field(description="As asked for, with what was left out filled in")
    result: MethodEffectivenessOutcome | None = Field(description="Null until it has succeeded")
