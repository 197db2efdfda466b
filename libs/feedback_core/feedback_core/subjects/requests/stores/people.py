"""What people of the organisation wrote, and what is kept of themselves."""

from uuid import UUID

from feedback_core.cases import queries as cases
from feedback_core.cases.tables import case_entry
from feedback_core.db.sealed_queries import AnyColumn, every_sealed
from feedback_core.people.sealed_queries import WITH_TEXTS, take_out
from feedback_core.people.staff.queries import delete_staff, staff_sealed_after
from feedback_core.people.staff.sealing import opened as opened_person
from feedback_core.people.staff.texts import staff_texts
from feedback_core.people.staff.types import Person
from feedback_core.responses.types import Respondent
from feedback_core.subjects.requests.matching import Known
from feedback_core.subjects.requests.stores.place import BATCH, NO_ID, Place


class CaseEntries:
    """What people wrote about cases, of which those of the subject's responses go with them."""

    name = "case_entry"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """What was written about their cases, or names them."""
        return [{"entry_id": str(entry_id), "said": said} for entry_id, said in await self._theirs(place, known)]

    async def erase(self, place: Place, known: Known) -> int:
        """Delete what names them."""
        theirs = [entry_id for entry_id, _ in await self._theirs(place, known)]
        return await cases.delete_entries(place.session, place.organisation_id, theirs) if theirs else 0

    async def _theirs(self, place: Place, known: Known) -> list[tuple[UUID, str]]:
        responses = [UUID(each) for each in known.response_ids]
        of_theirs = await cases.cases_of_responses(place.session, place.organisation_id, responses)
        found = []
        async for entry_id, sealed in every_sealed(place.session, place.organisation_id, case_entry.c.sealed):
            said = place.seal.open(sealed).decode()
            if entry_id in of_theirs or known.stands_in(said):
                found.append((entry_id, said))
        return found


class Staff:
    """Members of staff, with everything that was kept of how they do."""

    name = "staff_member"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Who they are, and what was written about them."""
        found: list[dict[str, object]] = []
        for staff_id, reference, person in await self._theirs(place, known):
            who = {"name": person.name, "email": person.email, "phone": person.phone}
            about = await staff_texts(place.session, place.organisation_id, staff_id, place.seal)
            found.append({"staff_id": str(staff_id), "reference": reference, **who, "about_them": about})
        return found

    async def erase(self, place: Place, known: Known) -> int:
        """Delete them with everything that hangs on them; what responses call them then leads to nobody."""
        theirs = [staff_id for staff_id, _, _ in await self._theirs(place, known)]
        return await delete_staff(place.session, place.organisation_id, theirs) if theirs else 0

    async def _theirs(self, place: Place, known: Known) -> list[tuple[UUID, str, Person]]:
        found, after = [], NO_ID
        while batch := await staff_sealed_after(place.session, place.organisation_id, after, limit=BATCH):
            for staff_id, reference, sealed in batch:
                person = opened_person(sealed, place.seal)
                who = Respondent(id=reference, name=person.name, email=person.email, phone=person.phone)
                only_name = Respondent(name=person.name)
                nothing_else = person.email is None and person.phone is None
                if known.is_of(who, place.regions) or (nothing_else and known.is_of(only_name, place.regions)):
                    found.append((staff_id, reference, person))
            after = batch[-1][0]
        return found


class TextsAboutPeople:
    """What was written about people, and about the culture, where the subject is named in it."""

    name = "texts_about_people"

    async def held(self, place: Place, known: Known) -> list[dict[str, object]]:
        """Where they are named."""
        return [
            {"store": table.name, "id": str(found), "said": said}
            for table in WITH_TEXTS
            for found, said in await self._naming(place, known, table.c.sealed)
        ]

    async def erase(self, place: Place, known: Known) -> int:
        """Take those texts out; of a review its figures stay."""
        taken = 0
        for table in WITH_TEXTS:
            ids = [found for found, _ in await self._naming(place, known, table.c.sealed)]
            if ids:
                taken += await take_out(place.session, place.organisation_id, table, ids)
        return taken

    async def _naming(self, place: Place, known: Known, column: AnyColumn) -> list[tuple[UUID, str]]:
        found = []
        async for row_id, sealed in every_sealed(place.session, place.organisation_id, column):
            said = place.seal.open(sealed).decode()
            if known.stands_in(said):
                found.append((row_id, said))
        return found
