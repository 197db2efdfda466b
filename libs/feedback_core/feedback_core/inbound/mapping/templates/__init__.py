"""Ready-made mappings: one for each payload that a preset is known to send, to be taken over and fitted to a survey."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from feedback_core.inbound.mapping.templates.crms import CRMS
from feedback_core.inbound.mapping.templates.survey_tools import SURVEY_TOOLS
from feedback_core.inbound.mapping.templates.template import MappingTemplate, Slot

__all__ = ["TEMPLATES", "MappingTemplate", "Slot"]

TEMPLATES: Final[Mapping[str, MappingTemplate]] = MappingProxyType(
    {template.key: template for template in (*SURVEY_TOOLS, *CRMS)}
)
"""By key, in the order in which they are listed."""
