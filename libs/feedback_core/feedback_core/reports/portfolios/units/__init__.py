"""The units that evidence can be asked for. What a criterion asks for is data: a line of its unit's file."""

from collections.abc import Mapping
from typing import Final

from feedback_core.reports.portfolios.types import UnitKey
from feedback_core.reports.portfolios.units.gather import GATHER
from feedback_core.reports.portfolios.units.manage import MANAGE
from feedback_core.reports.portfolios.units.obtain import OBTAIN
from feedback_core.reports.portfolios.units.review import REVIEW
from feedback_core.reports.portfolios.units.types import Unit

UNITS: Final[Mapping[UnitKey, Unit]] = {unit.key: unit for unit in (GATHER, REVIEW, OBTAIN, MANAGE)}
