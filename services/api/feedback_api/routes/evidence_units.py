"""The units that evidence can be asked for."""

from fastapi import APIRouter

from feedback_api.problems import problems
from feedback_api.schemas.evidence import UnitOut, UnitsOut
from feedback_api.security import CanReadEvidence
from feedback_api.unit_of_work import TransactionalRoute
from feedback_core.reports.portfolios.units import UNITS

router = APIRouter(prefix="/v1/evidence-units", route_class=TransactionalRoute, tags=["Evidence"])


@router.get("", operation_id="listEvidenceUnits", responses=problems())
async def list_units(caller: CanReadEvidence) -> UnitsOut:  # noqa: ARG001 - asked for by its scope
    """The units that evidence can be asked for: each criterion, what counts for it, and which records can show it."""
    return UnitsOut(items=[UnitOut.of(unit) for unit in UNITS.values()])
