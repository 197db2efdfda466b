"""What was said in interviews, calls and focus groups, and typed from forms: transcripts, and who asked."""

from uuid import UUID

from feedback_core.db.sealed_queries import every_sealed, sealed_after
from feedback_core.responses.entries.erasing_queries import (
    entries_of_responses,
    entries_of_seconds,
    forget_interviewers,
    take_out_entries,
)
from feedback_core.responses.entries.tables import second_entry, staff_entry
from feedback_core.subjects.requests.matching import Known, readings_of
from feedback_core.subjects.requests.stores.place import BATCH, NO_ID, Place


class StaffEntries:
    """Sessions that the subject took part in, is named in, or held."""

    name = "staff_entry"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """What was written down of them; of a focus group others said the rest."""
        return [{"entry_id": str(entry_id), "said": said} for entry_id, said in await self._theirs(place, known)]

    async def erase(self, place: Place, known: Known) -> int:
        """Take out what was written down, and name nobody any more as who asked; the sessions themselves stay."""
        theirs = [entry_id for entry_id, _ in await self._theirs(place, known)]
        taken = 0
        if theirs:
            taken = await take_out_entries(place.session, place.organisation_id, theirs, at=place.at)
        return taken + await forget_interviewers(place.session, place.organisation_id, known.ids | known.names)

    async def _theirs(self, place: Place, known: Known) -> list[tuple[UUID, str]]:
        session, organisation_id = place.session, place.organisation_id
        responses = [UUID(each) for each in known.response_ids]
        of_theirs = await entries_of_responses(session, organisation_id, responses)
        found = []
        async for entry_id, sealed in every_sealed(session, organisation_id, staff_entry.c.sealed):
            said = _readable(place.seal.open(sealed).decode())
            if entry_id in of_theirs or known.stands_in(said):
                found.append((entry_id, said))
        after = NO_ID
        while batch := await sealed_after(session, organisation_id, second_entry.c.sealed, after, limit=BATCH):
            entry_of = await entries_of_seconds(session, organisation_id, [each for each, _ in batch])
            for second_id, sealed in batch:
                said = _readable(place.seal.open(sealed).decode())
                if entry_of[second_id] in of_theirs or known.stands_in(said):
                    found.append((entry_of[second_id], said))
            after = batch[-1][0]
        return found


def _readable(document: str) -> str:
    """The words of a JSON document as they read, without its escapes."""
    return next(iter([*readings_of(document)][1:]), document)
