"""Invitations that the subject got, by name or as a unit of a frame, and those that they asked others by."""

from typing import Final

from feedback_core.invitations.queries import recipients as queries
from feedback_core.invitations.queries.invitations import forget_contacts, invitations_by_id, steps_of
from feedback_core.invitations.recipients import opened
from feedback_core.invitations.types.invitations import Invitation
from feedback_core.invitations.types.states import EndReason, InvitationState
from feedback_core.invitations.use_cases.moving import Happened, move
from feedback_core.subjects.requests.matching import Known
from feedback_core.subjects.requests.stores.place import Place

_BY: Final = "subjects"


class Invitations:
    """That they were invited, by which way, and what became of it; looked through before frames are emptied of them."""

    name = "invitation"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Their invitations with what happened, and how they were to be reached."""
        rows: list[dict[str, object]] = []
        for each in await self._theirs(place, known):
            steps = await steps_of(place.session, place.organisation_id, each.id)
            contact = None if each.contact is None else opened(each.contact, place.vault)[0]
            rows.append(
                {
                    "invitation_id": str(each.id),
                    "survey_id": str(each.survey_id),
                    "method": each.method.value,
                    "state": each.state.value,
                    "email": None if contact is None else contact.email,
                    "phone": None if contact is None else contact.phone,
                    "name": None if contact is None else contact.name,
                    "steps": [{"happening": step.happening, "at": step.at.isoformat()} for step in steps],
                }
            )
        return rows

    async def erase(self, place: Place, known: Known) -> int:
        """Take out how they are reached, end what has not ended, and forget who asked, where it was them.

        That somebody was invited, and how it ended, stays, of nobody: rates of the fieldwork count it.
        """
        session, organisation_id = place.session, place.organisation_id
        theirs = [each.id for each in await self._theirs(place, known)]
        held = await invitations_by_id(session, organisation_id, theirs, hold=True)
        ended = [Happened(each, InvitationState.CANCELLED, EndReason.ERASED) for each in held]
        await move(session, organisation_id, ended, by=_BY, at=place.at)
        if theirs:
            await forget_contacts(session, organisation_id, None, theirs)
        asked = await queries.of_interviewers(session, organisation_id, sorted({*known.ids, *known.names}))
        if asked:
            await queries.forget_interviewers(session, organisation_id, asked)
        return len({*theirs, *asked})

    async def _theirs(self, place: Place, known: Known) -> list[Invitation]:
        contacts = place.vault.of(place.organisation_id, place.regions)
        made = [contacts.email(email) for email in known.emails]
        made += [contacts.phone(phone) for phone in known.phones]
        made += [contacts.ref(ref) for ref in known.ids]
        refs = [ref for ref in dict.fromkeys(made) if ref is not None]
        if not refs:
            return []
        return await queries.invitations_of_people(
            place.session, place.organisation_id, refs, unit_refs=sorted(known.ids)
        )
