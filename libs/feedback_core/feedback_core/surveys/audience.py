"""Who is asked: of staff, less is kept and only larger groups are shown, since those who read know them."""

from dataclasses import replace
from typing import Final

from feedback_core.kit.errors import Conflict, Fault, Invalid
from feedback_core.organisations.types import Organisation
from feedback_core.surveys.types.states import Audience, Confidentiality
from feedback_core.surveys.types.surveys import SurveySettings

FEWEST_STAFF: Final = 10
"""Figures from fewer of the staff are withheld, whatever the organisation's minimum."""


class AudienceFixed(Conflict):
    """Answers came in from those whom the survey was for: it stays for them."""

    code = "audience_fixed"


def strict_for(organisation: Organisation, settings: SurveySettings) -> Organisation:
    """The organisation as strict as a survey asks for: every minimum follows from it."""
    if settings.audience is not Audience.STAFF:
        return organisation
    return replace(organisation, minimum_cell_size=max(organisation.minimum_cell_size, FEWEST_STAFF))


def check_audience(
    audience: Audience, confidentiality: Confidentiality, *, before: Audience, is_published: bool, pointer: str
) -> None:
    """Hold an audience to what was promised.

    Raises:
        AudienceFixed: the survey was published for others.
        Invalid: staff would be asked who they are.
    """
    if is_published and audience is not before:
        detail = f"It was published for {before}: it stays for them."
        raise AudienceFixed(detail, [Fault("/audience", AudienceFixed.code, detail)])
    if audience is Audience.STAFF and confidentiality is Confidentiality.IDENTIFIED:
        detail = "Staff answer anonymous or pseudonymous: make the survey one of both first."
        raise Invalid([Fault(pointer, "staff_not_identified", detail)])
